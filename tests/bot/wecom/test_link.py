"""What a bot on its long connection says and hears, against the stand-in."""

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.http import open_client
from bot.platforms.base import Connected, Request
from bot.platforms.wecom_link import NOTHING, PACES, WAIT, WecomLink
from bot.webhooks import Door
from bot.wecom.connection import Connection
from bot.wecom.frames import RESPOND, SEND, UPLOAD_PIECE
from bot.wecom.growing import MOVED_ASIDE
from bot.wecom.ownership import RENEWED_EVERY, Ownership
from models.chat import Door as ChatDoor
from models.db import Database
from models.errors import BadRequest, DeliveryError, MediaUnavailable
from models.inbox import InboxMessage
from models.message import Attachment, Choice, MediaRef, Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from scheduler.delivery import Delivery
from scheduler.routing import Parcel
from tests.hall import NOW, Hall, break_down
from tests.pauses import Pauses
from tests.twins.wecom.corp import Member
from tests.twins.wecom.frames import Exchange
from tests.twins.wecom.twin import Twin
from tests.wecom import move_to_wecom

PERSON = "联络员甲"


class Linked:
    """A service in small whose only door is a bot's connection."""

    def __init__(self, hall: Hall, twin: Twin) -> None:
        self.hall, self.twin = hall, twin
        self.arrived = threading.Semaphore(0)
        self.alarms: list[str] = []
        self.open()

    def open(self) -> None:
        """Another process of the office, as after a restart."""
        hall, self.pauses = self.hall, Pauses()
        owner = Ownership(hall.database, hall.clock)
        self.connection = Connection(
            self.twin.ws_url, "aib-connected", "bot-secret", owner, self.alarms.append, self.pauses
        )
        client = open_client()
        self.link = WecomLink(
            self.connection, client, hall.database, hall.clock, "答卷", self.twin.url
        )
        hall.platforms = {self.link.name: self.link}  # type: ignore[dict-item]
        hall.door = Door(hall.platforms, hall.writer, hall.spool, hall.clock, self.arrived.release)
        hall.worker = hall.another_worker(hall.database)
        hall.delivery = Delivery(
            hall.database, hall.platforms, hall.services, hall.clock, self.link.speaks_here
        )
        self.client = client

    def start(self) -> None:
        before = self.twin.gateway.subscriptions
        self.link.start(lambda call: self.hall.door.accept(self.link.name, call))
        self.twin.gateway.connected(before + 1)

    def stop(self) -> None:
        self.link.stop()
        self.client.close()

    def restart(self) -> None:
        self.stop()
        self.open()
        self.start()

    def says(self, text: str, **more: Any) -> Exchange:
        """A line to the bot, stored, with the first word below it."""
        exchange = self.twin.linked.says(PERSON, text, **more)
        self.stored(exchange)
        return exchange

    def stored(self, exchange: Exchange) -> None:
        assert self.arrived.acquire(timeout=10)
        self.twin.answers(exchange, 1)

    def works(self) -> None:
        """Everything that came in is handled and everything due is sent."""
        self.hall.worker.handle_due(may_wait=False)
        self.delivers()

    def delivers(self) -> None:
        self.hall.delivery.deliver_due()
        self.link.settle()

    def asks(self, text: str, **more: Any) -> Exchange:
        exchange = self.says(text, **more)
        self.works()
        return exchange

    def delivers_one(self) -> None:
        """The first word that is due is sent, and no other."""
        (first, *_) = self.hall.delivery._claim(self.hall.now)
        self.hall.delivery._deliver(first, self.hall.now)

    def forward(self, seconds: float) -> None:
        self.twin.clock.forward(seconds)
        self.hall.later(seconds=seconds)

    def streams(self, exchange: Exchange) -> list[tuple[str, bool]]:
        """The frames of an answer that grew."""
        bodies = [each.body for each in self.twin.answers(exchange)]
        streams = [each["stream"] for each in bodies if each["msgtype"] == "stream"]
        return [(each["content"], each["finish"]) for each in streams]

    def owes(self, reply: Reply, key: str = "more", *, answers: bool = True) -> None:
        """A further word to whoever wrote last, answering that message or nothing."""
        row = self.hall.rows()[-1]
        with self.hall.database.write() as session:
            chat = session.exec(
                select(ChatDoor.chat_id).where(ChatDoor.address == row.chat_id)
            ).one()
            reply_to = row.id if answers else None
            now, first = self.hall.now, Priority.REPLY
            say(session, chat, reply, key=key, now=now, priority=first, reply_to=reply_to)

    def words(self) -> list[OutboxMessage]:
        with self.hall.database.read() as session:
            return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())

    def kept(self, data: bytes, name: str, mime: str) -> MediaRef:
        return MediaRef(self.hall.shelf.put(data), name, mime)


@pytest.fixture
def twin() -> Iterator[Twin]:
    people = [Member(name, name) for name in (PERSON, "联络员乙", "管理员甲")]
    with Twin(now=NOW.timestamp(), members=people) as twin:
        yield twin
        assert twin.complaints == []


@pytest.fixture
def linked(sqlite: Database, tmp_path: Path, twin: Twin) -> Iterator[Linked]:
    hall = Hall(sqlite, tmp_path)
    with sqlite.write() as session:
        move_to_wecom(session)
    linked = Linked(hall, twin)
    linked.start()
    yield linked
    linked.stop()
    hall.close()


def jpeg(width: int = 64) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, width), "red").save(file, "JPEG")
    return file.getvalue()


# 23: an answer grows below its question


def test_23_a_first_word_at_once_and_the_answer_in_its_place(twin, linked):
    exchange = linked.says("回声 进度")
    assert linked.streams(exchange) == [(WAIT, False)]
    linked.works()

    assert linked.streams(exchange) == [(WAIT, False), ("听到 进度", True)]
    assert [bubble.text for bubble in twin.seen(PERSON)] == ["听到 进度"]
    assert len({each.body["stream"]["id"] for each in twin.answers(exchange)}) == 1


def test_23_every_frame_has_all_of_the_text_so_far(twin, linked):
    exchange = linked.says("回声 一")
    linked.hall.worker.handle_due()
    linked.owes(Reply("二"))
    linked.owes(Reply("三"), "last")
    linked.delivers()

    assert linked.streams(exchange)[1:] == [
        ("听到 一", False), ("听到 一\n二", False), ("听到 一\n二\n三", True)
    ]  # fmt: skip
    assert len(twin.seen(PERSON)) == 1


def test_23_it_ends_once_even_when_the_program_fails(twin, linked):
    linked.hall.trouble = break_down
    exchange = linked.asks("记账 三")

    streams = linked.streams(exchange)
    assert [is_over for _, is_over in streams] == [False, True]
    assert "三" not in streams[-1][0]


def test_23_it_ends_once_when_nothing_is_said(twin, linked):
    exchange = linked.asks("沉默")
    linked.delivers()

    assert linked.streams(exchange) == [(WAIT, False), (NOTHING, True)]


def test_23_what_takes_long_ends_before_its_time_and_goes_on_as_a_message(twin, linked):
    exchange = linked.says("回声 进度")
    linked.forward(335)
    linked.link.settle()
    assert [is_over for _, is_over in linked.streams(exchange)] == [False, True]
    linked.works()

    assert twin.sees(PERSON, "听到 进度").msgtype == "markdown"
    assert [each.errcode for each in twin.sent(RESPOND, all=True)] == [0, 0, 0]


def test_23_a_repeat_is_neither_stored_nor_answered_again(twin, linked):
    exchange = linked.asks("回声 进度")
    twin.linked.repeat(exchange)
    assert linked.arrived.acquire(timeout=10)
    linked.works()

    assert len(linked.hall.rows()) == 1
    assert len(linked.streams(exchange)) == 2


def test_23_after_a_restart_an_answer_is_ended(twin, linked):
    exchange = linked.says("沉默")
    linked.restart()
    linked.works()

    assert linked.streams(exchange) == [(WAIT, False), (NOTHING, True)]


def test_23_after_a_restart_an_answer_goes_on_where_it_was(twin, linked):
    exchange = linked.says("回声 一")
    linked.hall.worker.handle_due()
    linked.owes(Reply("二"))
    linked.delivers_one()
    linked.restart()
    linked.delivers()

    assert linked.streams(exchange)[1:] == [("听到 一", False), ("听到 一\n二", True)]


def test_23_what_was_ended_is_not_ended_again_after_a_restart(twin, linked):
    exchange = linked.asks("回声 一")
    linked.restart()
    linked.works()

    assert len(twin.sent(RESPOND, all=True)) == 2
    assert len(linked.streams(exchange)) == 2


def test_23_a_long_answer_goes_on_in_a_message_of_its_own(twin, linked):
    exchange = linked.says("回声 一")
    linked.hall.worker.handle_due()
    for number in range(4):
        linked.owes(Reply("项" * 2600), f"long{number}")
    linked.delivers()

    assert sum(is_over for _, is_over in linked.streams(exchange)) == 1
    shown = "".join(bubble.text for bubble in twin.seen(PERSON))
    assert shown.count("项") == 4 * 2600
    assert all(len(bubble.text.encode()) <= 20480 for bubble in twin.seen(PERSON))


def test_23_a_lost_acknowledgement_of_the_last_word_says_it_once(twin, linked):
    exchange = linked.says("回声 进度")
    twin.faults.hang_up(RESPOND, acted=True)
    linked.works()
    linked.pauses.end(1, 1.5)
    twin.gateway.connected(2)
    linked.forward(11)
    linked.delivers()

    assert [bubble.text for bubble in twin.seen(PERSON)] == ["听到 进度"]
    assert [word.state for word in linked.words()] == [OutboxState.SENT]
    assert len(linked.hall.alarms) == 0
    assert exchange.req_id


def test_23_what_a_process_said_while_it_died_is_not_said_again(twin, linked):
    exchange = linked.says("回声 进度")
    linked.hall.worker.handle_due()
    (claimed,) = linked.hall.delivery._claim(linked.hall.now)
    with linked.hall.database.write() as session:
        errand = linked.hall.delivery._begin(session, claimed, linked.hall.now)
    linked.link.send(PERSON, errand.parcel)  # it stands there, and nobody noted it
    linked.restart()
    linked.forward(46)
    linked.delivers()

    assert [bubble.text for bubble in twin.seen(PERSON)] == ["听到 进度"]
    assert [is_over for _, is_over in linked.streams(exchange)] == [False, True]
    assert [word.state for word in linked.words()] == [OutboxState.SENT]


# 24: groups


def test_24_a_group_is_answered_in_place_and_its_address_keeps_its_case(twin, linked):
    linked.asks("@答卷 回声 进度", chat="wrGroupA")

    (row,) = linked.hall.rows()
    assert (row.chat_id, row.message["text"]) == ("wrGroupA", "回声 进度")
    assert [bubble.text for bubble in twin.seen("wrGroupA")] == ["听到 进度"]


def test_24_a_group_that_has_spoken_is_spoken_to(twin, linked):
    linked.asks("@答卷 回声 进度", chat="wrGroupA")
    linked.owes(Reply("通报"), answers=False)
    linked.delivers()

    pushed = twin.sent(SEND, 1)[0].body
    assert (pushed["chatid"], pushed["chat_type"]) == ("wrGroupA", 2)


def test_24_what_is_personal_does_not_stand_below_a_groups_question(twin, linked):
    linked.asks("回声 在")  # known in the single chat
    asked = linked.asks("@答卷 我的 任务", chat="wrGroupA")

    assert linked.streams(asked) == [(WAIT, False), (MOVED_ASIDE, True)]
    assert "任务" not in "".join(bubble.text for bubble in twin.seen("wrGroupA"))
    assert twin.sees(PERSON, "任务")


def test_an_answer_that_cannot_be_ended_is_told_once(twin, linked):
    exchange = linked.says("沉默")
    linked.hall.worker.handle_due(may_wait=False)
    twin.faults.answer(RESPOND, 40058, times=3)
    with capture_logs() as logs:
        for _ in range(3):
            linked.delivers()
    linked.delivers()

    assert [each["event"] for each in logs] == ["answer not ended"]
    assert linked.streams(exchange)[-1] == (NOTHING, True)


def test_24_a_person_is_known_whatever_the_case(twin, linked):
    twin.corp.join([Member("WangWu", "王五")])
    twin.linked.says("WangWu", "回声")
    assert linked.arrived.acquire(timeout=10)

    assert linked.hall.rows()[0].sender_id == "wangwu"
    assert linked.link.can_carry("wangwu", Parcel("k", "x"))


# 26: codes


@pytest.mark.parametrize("code", [846605, 846608])
def test_26_what_cannot_be_answered_by_its_number_is_pushed(twin, linked, code):
    exchange = linked.says("回声 进度")
    twin.faults.answer(RESPOND, code)
    linked.works()

    assert [each.body["markdown"] for each in twin.sent(SEND, 1)] == [{"content": "听到 进度"}]
    assert linked.streams(exchange) == [(WAIT, False)]
    assert twin.record.tries[RESPOND] == 2  # the first word and the one that was refused


def test_26_after_an_expired_answer_the_rest_is_pushed(twin, linked):
    linked.says("回声 一")
    linked.hall.worker.handle_due()
    linked.owes(Reply("二"))
    twin.faults.answer(RESPOND, 846608)
    linked.delivers()

    assert [each.body["markdown"]["content"] for each in twin.sent(SEND, 2)] == ["听到 一", "二"]
    assert twin.record.tries[RESPOND] == 2


def test_26_too_often_waits_a_minute(twin, linked):
    linked.says("回声 进度")
    twin.faults.answer(RESPOND, 846607)
    linked.works()
    (word,) = linked.words()
    assert (word.state, word.attempts) == (OutboxState.WAITING, 1)
    linked.forward(61)
    linked.delivers()

    assert twin.sees(PERSON, "听到 进度")


def test_26_no_word_is_lost_while_nobody_answers(twin, linked):
    linked.says("回声 进度")
    twin.gateway.is_down = True
    twin.gateway.cut()
    linked.pauses.end(1, 1.5)
    linked.pauses.waits(2, 3)
    linked.works()
    twin.gateway.is_down = False
    linked.pauses.end(2, 3)
    twin.gateway.connected(2)
    linked.forward(15)
    linked.delivers()

    assert twin.sees(PERSON, "听到 进度")


def test_26_a_connection_that_is_down_for_an_hour_burns_no_word(twin, linked):
    """It is back: what waits leaves within half a minute, without anybody's doing."""
    linked.says("回声 进度")
    twin.gateway.is_down = True
    twin.gateway.cut()
    linked.pauses.end(1, 1.5)
    linked.pauses.waits(2, 3)
    linked.works()
    for _ in range(60):
        linked.forward(60)
        linked.delivers()
    assert [each.state for each in linked.words() if each.text == "听到 进度"] == ["waiting"]

    twin.gateway.is_down = False
    linked.pauses.turn(RENEWED_EVERY)
    linked.pauses.end(2, 3)
    twin.gateway.connected(2)
    linked.forward(30)
    linked.delivers()

    assert twin.sees(PERSON, "听到 进度")


# Speaking first, pictures, files, buttons


def test_nobody_is_spoken_to_who_has_not_spoken(twin, linked):
    assert not linked.link.can_carry("管理员甲", Parcel("k", "通报"))
    linked.asks("回声 在")
    assert linked.link.can_carry(PERSON, Parcel("k", "通报"))
    linked.owes(Reply("通报"), answers=False)
    linked.delivers()

    (pushed,) = twin.sent(SEND, 1)
    assert (pushed.body["chatid"], pushed.body["chat_type"]) == (PERSON, 1)
    assert linked.words()[-1].answer == "push"


def test_a_picture_is_uploaded_once_and_shown_below(twin, linked):
    exchange = linked.says("回声 图")
    linked.hall.worker.handle_due()
    picture = linked.kept(jpeg(), "进度.jpg", "image/jpeg")
    linked.owes(Reply("看图", pictures=(picture,)))
    linked.owes(Reply(pictures=(picture,)), "again", answers=False)
    linked.delivers()

    kinds = [bubble.msgtype for bubble in twin.seen(PERSON)]
    assert kinds == ["stream", "image", "image"]
    assert twin.seen(PERSON)[1].body["data"] == jpeg()
    assert twin.record.tries["aibot_upload_media_finish"] == 1
    assert linked.streams(exchange)[-1] == ("听到 图\n看图", True)
    assert sum(is_over for _, is_over in linked.streams(exchange)) == 1


@pytest.mark.parametrize("first", [0, 1])
def test_a_file_goes_in_pieces_however_they_are_counted(twin, linked, first):
    twin.linked.first_chunk = first
    linked.says("回声 表")
    linked.hall.worker.handle_due()
    data = bytes(range(256)) * 4096 + b"end"
    linked.owes(Reply(files=(linked.kept(data, "台账.xlsx", "application/octet-stream"),)))
    linked.delivers()

    (shown,) = [bubble for bubble in twin.seen(PERSON) if bubble.msgtype == "file"]
    assert (shown.body["data"], len(twin.sent(UPLOAD_PIECE))) == (data, 3)


def test_a_file_that_ran_out_is_uploaded_again(twin, linked):
    linked.says("回声 图")
    linked.hall.worker.handle_due()
    linked.owes(Reply(pictures=(linked.kept(jpeg(), "进度.jpg", "image/jpeg"),)))
    linked.delivers_one()
    twin.faults.answer(RESPOND, 40007)
    linked.delivers()
    linked.forward(11)
    linked.delivers()

    assert twin.record.tries["aibot_upload_media_finish"] == 2
    assert [bubble.msgtype for bubble in twin.seen(PERSON)] == ["stream", "image"]


def test_an_upload_that_was_cut_off_is_tried_again(twin, linked):
    linked.says("回声 图")
    linked.hall.worker.handle_due()
    linked.owes(Reply(pictures=(linked.kept(jpeg(), "进度.jpg", "image/jpeg"),)))
    twin.faults.hang_up(UPLOAD_PIECE, acted=True)
    linked.delivers()
    assert linked.words()[-1].state == OutboxState.WAITING
    linked.pauses.end(1, 1.5)
    twin.gateway.connected(2)
    linked.forward(11)
    linked.delivers()

    assert [bubble.msgtype for bubble in twin.seen(PERSON)] == ["stream", "image"]


def test_an_upload_that_is_refused_is_given_up_and_the_next_is_not(twin, linked):
    linked.says("回声 图")
    linked.hall.worker.handle_due()
    linked.owes(Reply(pictures=(linked.kept(jpeg(), "进度.jpg", "image/jpeg"),)))
    linked.owes(Reply(pictures=(linked.kept(jpeg(65), "二.jpg", "image/jpeg"),)), "second")
    twin.faults.answer(UPLOAD_PIECE, 40058, times=2)
    linked.delivers()

    states = [word.state for word in linked.words() if word.media]
    assert states == [OutboxState.FAILED, OutboxState.SENT]


@pytest.mark.parametrize("code", [846605, 846608])
def test_26_a_picture_that_cannot_be_answered_by_number_is_pushed(twin, linked, code):
    linked.says("回声 图")
    linked.hall.worker.handle_due()
    linked.owes(Reply(pictures=(linked.kept(jpeg(), "进度.jpg", "image/jpeg"),)))
    linked.delivers_one()
    twin.faults.answer(RESPOND, code)
    linked.delivers()

    (pushed,) = twin.sent(SEND, 1)
    assert (pushed.body["chatid"], pushed.body["msgtype"]) == (PERSON, "image")


def test_a_question_that_came_by_the_bots_address_is_answered_by_a_push(twin, linked):
    linked.asks("回声 在")
    linked.says("回声 进度")
    with linked.hall.database.write() as session:
        row = session.get_one(InboxMessage, linked.hall.rows()[-1].id)
        row.raw = b'{"encrypt": "sealed"}'
    linked.restart()
    linked.works()

    assert [each.body["markdown"]["content"] for each in twin.sent(SEND, 1)] == ["听到 进度"]


def test_29_what_has_no_key_or_another_host_is_not_fetched(linked):
    for ref in (" https://wework.qpic.cn/x", f"{'A' * 43} https://example.com/x"):
        with pytest.raises(MediaUnavailable) as caught:
            linked.link.fetch(Attachment(ref, "", True))
        assert not caught.value.retryable


def test_what_is_too_large_goes_by_another_door(linked):
    linked.asks("回声 在")
    for size, carries in ((5, False), (6, True), (20_000_000, True), (20_000_001, False)):
        parcel = Parcel("k", "", data=bytes(size), name="a.docx", mime="application/msword")
        assert linked.link.can_carry(PERSON, parcel) is carries


def test_buttons_stand_below_the_text_and_show_when_they_were_tapped(twin, linked):
    linked.says("回声 审核")
    linked.hall.worker.handle_due()
    choices = (Choice("通过", "回声 通过"), Choice("退回", "回声 退回"))
    linked.owes(Reply("州公安局 第一季度，请审核。", choices=choices))
    linked.delivers()
    assert [bubble.msgtype for bubble in twin.seen(PERSON)] == ["stream", "template_card"]
    card = twin.seen(PERSON)[1].body
    assert [each["key"] for each in card["button_list"]] == ["回声 通过", "回声 退回"]

    tapped = twin.linked.taps_card(PERSON, card, "回声 通过")
    linked.stored(tapped)
    linked.works()
    assert [each["text"] for each in card_of(twin)["button_list"]] == ["已选：通过"]
    assert twin.sees(PERSON, "听到 通过").msgtype == "markdown"


def card_of(twin: Twin) -> dict[str, Any]:
    return next(e.body for e in twin.seen(PERSON) if e.msgtype == "template_card")


def test_a_word_with_buttons_that_answers_nothing_is_a_card(twin, linked):
    linked.asks("回声 在")
    linked.owes(Reply("请审核\n第一季度", choices=(Choice("通过", "通过 1"),)), answers=False)
    linked.delivers()

    assert card_of(twin)["main_title"] == {"title": "请审核"}


def test_buttons_that_are_refused_hold_nothing_up(twin, linked):
    exchange = linked.says("回声 审核")
    linked.hall.worker.handle_due()
    alike = (Choice("通过", "回声 通过"), Choice("同意", "回声 通过"))
    linked.owes(Reply("请审核", choices=alike))
    linked.delivers()

    assert twin.sent(RESPOND, all=True)[-1].errcode == 40058
    assert linked.streams(exchange)[-1] == ("听到 审核\n请审核", True)
    assert {word.state for word in linked.words()} == {OutboxState.SENT}


def test_29_a_picture_is_fetched_and_opened_with_its_own_key(twin, linked):
    exchange = twin.linked.mixes(PERSON, "数图", jpeg())
    linked.stored(exchange)
    linked.works()

    assert linked.streams(exchange)[-1] == ("1张，未取到：无", True)


def test_pictures_one_after_another_leave_no_exchange_open(twin, linked):
    pictures = [twin.linked.shows(PERSON, jpeg(64 + number)) for number in range(4)]
    for each in pictures:
        linked.stored(each)
    assert [linked.streams(each) for each in pictures] == [[(NOTHING, True)]] * 4
    linked.asks("数图")

    assert [e.text for e in twin.seen(PERSON)] == [NOTHING] * 4 + ["4张，未取到：无"]
    linked.delivers()
    assert {each.errcode for each in twin.sent(RESPOND, all=True)} == {0}


# What goes wrong inside


def test_without_the_database_a_message_is_kept_on_disk_and_the_first_word_said(
    twin, linked, monkeypatch
):
    store = linked.hall.writer.store

    def refuse(arrival: Any) -> Any:
        raise OperationalError("insert", {}, Exception("locked"))

    monkeypatch.setattr(linked.hall.writer, "store", refuse)
    exchange = twin.linked.says(PERSON, "回声 进度")
    twin.answers(exchange, 1)
    assert linked.hall.rows() == []
    monkeypatch.setattr(linked.hall.writer, "store", store)
    linked.hall.door.take_in_spooled()
    linked.works()

    assert linked.streams(exchange) == [(WAIT, False), ("听到 进度", True)]


def test_a_process_without_the_connection_delivers_nothing(twin, linked):
    linked.says("回声 进度")
    linked.hall.worker.handle_due()
    linked.link.stop()
    linked.delivers()

    (word,) = linked.words()
    assert (word.state, word.attempts) == (OutboxState.WAITING, 0)
    with pytest.raises(DeliveryError):
        linked.link.send(PERSON, Parcel("k", "x"))


def test_nothing_but_frames_is_taken(linked):
    forged = Request("POST", {}, {}, b'{"headers":{"req_id":"r"},"cmd":"aibot_msg_callback"}')
    with pytest.raises(BadRequest) as caught:
        linked.link.receive(forged, NOW)
    assert caught.value.status == 403
    with pytest.raises(BadRequest):
        linked.link.handshake(forged, NOW)


def test_events_that_ask_for_nothing_are_not_stored(twin, linked):
    twin.linked.enters(PERSON)
    twin.linked.judges(PERSON, "trace_1", 2, "慢")
    linked.asks("回声 在")

    assert len(linked.hall.rows()) == 1


def test_18_paces_are_the_bots(linked):
    assert isinstance(linked.link, Connected)
    assert [(pace.count, pace.within.total_seconds()) for pace in PACES] == [(30, 60), (1000, 3600)]


def test_18_the_thirty_first_word_of_a_minute_waits(twin, linked):
    linked.asks("回声 在")
    for number in range(31):
        linked.owes(Reply(f"通报{number}"), f"bulk{number}", answers=False)
    linked.delivers()
    linked.forward(61)
    linked.delivers()

    shown = "".join(bubble.text for bubble in twin.seen(PERSON))
    assert all(f"通报{number}" in shown for number in range(31))
    assert {each.errcode for each in twin.sent(None, all=True)} == {0}
