"""The bot at its address: a first word at once, and an answer that WeCom goes on asking for."""

import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from wechatpy.work.crypto import PrpCrypto

from bot.platforms.wecom_bot import POSTED, SHOWN, WecomBot
from bot.queues import retry_message
from bot.wecom.growing import LONGEST, MOVED, NOTHING, WAIT
from handlers import phrases
from models.errors import MediaUnavailable
from models.inbox import InboxMessage
from models.message import Reply
from models.outbox import OutboxState
from models.submission import Submission
from scheduler.unreached import ASK_ALONE
from tests.bot.wecom.asking import (
    ADMIN,
    GROUP,
    POLICE,
    PROGRESS,
    REPORT,
    alarms,
    ask,
    last,
    owe,
    streams,
    words,
)
from tests.pictures import a_photo, a_view, encoded
from tests.twins.wecom.bot_door import Exchange
from tests.wecom import WecomOffice

ANOTHER_KEY = b"another key of 32 bytes, really."


# The address, and what is told at once


def test_02_the_address_check_is_answered_with_the_bare_echo(office):
    answer = office.twin.bot.checks_address()

    assert (answer.status_code, answer.text) == (200, "1616140317555161061")
    assert answer.headers["content-type"].startswith("text/plain")


def test_22_a_group_hears_a_first_word_at_once_and_the_answer_in_its_place(either_office):
    office = either_office
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)

    first = exchange.answer()
    assert first == {
        "msgtype": "stream",
        "stream": {"id": f"bot:{exchange.body['msgid']}", "finish": False, "content": WAIT},
    }
    outer = json.loads(exchange.delivery.tries[0].body)
    assert set(outer) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert outer["nonce"] == exchange.delivery.letter.query["nonce"]
    assert isinstance(outer["timestamp"], int)

    office.works()
    exchange.until_finished()

    assert [is_over for _, is_over in streams(exchange)] == [False, True]
    [bubble] = office.twin.seen(GROUP)
    assert "雪亮工程" in bubble.text
    assert office.twin.seen(POLICE) == []


def test_23_what_is_asked_for_grows_and_ends_once(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.twin.clock.forward(1)
    office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    office.house.inbox.handle_due()
    owe(office, Reply("另有1项将于8月25日到期。"))
    office.works()
    exchange.until_finished()

    assert streams(exchange)[:2] == [(WAIT, False), (WAIT, False)]
    assert [is_over for _, is_over in streams(exchange)] == [False, False, True]
    assert last(exchange).endswith("\n另有1项将于8月25日到期。")
    assert len({each["stream"]["id"] for each in exchange.answers if each}) == 1
    assert {row.answer for row in words(office)} == {SHOWN}


def test_22_who_asks_once_more_after_the_end_hears_the_same(office):
    exchange, bot = ask(office, PROGRESS, chat=GROUP), office.twin.bot
    stream = {"msgtype": "stream", "stream": {"id": f"bot:{exchange.body['msgid']}"}}
    again = bot.post(bot.letter({**exchange.body, **stream}))

    assert bot._opened(again.letter, again.answer().body) == exchange.answers[-1]


def test_23_a_fault_ends_it_with_a_courteous_word_and_what_is_owed_comes_later(office, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError(PROGRESS)

    monkeypatch.setattr("bot.inbox.answer", broken)
    exchange = ask(office, PROGRESS, chat=GROUP)

    assert [is_over for _, is_over in streams(exchange)] == [False, True]
    assert last(exchange) == phrases.FAULT
    monkeypatch.undo()

    with office.house.database.write() as session:
        retry_message(session, office.heard()[0].id or 0, office.house.clock())
    office.works()

    # The stream was told to be at its end: what comes now is posted, quoting the question.
    assert "雪亮工程" in office.twin.seen(GROUP, 2)[1].text
    assert len(office.twin.sent("aibot/response")) == 1


def test_23_it_ends_where_nothing_is_said(office):
    assert streams(ask(office, "谢谢")) == [(WAIT, False), (NOTHING, True)]


def test_23_a_stranger_is_told_how_to_be_known(office):
    assert "尚未绑定身份" in last(ask(office, PROGRESS, chat=GROUP, person="谁也不是"))


def test_22_questions_meanwhile_are_answered_from_what_is_stored(office, monkeypatch):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.works()
    monkeypatch.setattr(
        "bot.inbox.answer", lambda *_: pytest.fail("the question is dealt with once")
    )
    exchange.until_finished()

    assert "雪亮工程" in last(exchange)


def test_22_a_message_on_the_spool_is_waited_for(office, tmp_path, monkeypatch):
    """The database is away while it comes, and while it is asked for."""

    def away(*_: object, **__: object) -> Any:
        raise OperationalError("", {}, Exception("database is locked"))

    bot = office.house.platforms["wecom_bot"]
    monkeypatch.chdir(tmp_path)  # where the spool is
    with monkeypatch.context() as patched:
        patched.setattr(office.house.writer, "store", away)
        patched.setattr(bot, "_exchange", away)
        exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
        assert streams_of(exchange.answer()) == (WAIT, False)
        office.twin.clock.forward(1)
        office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    office.twin.clock.forward(1)
    office.twin.record.wait(lambda: exchange.polls == 2, 10, "a poll")
    assert office.heard() == []
    office.works()
    exchange.until_finished()

    assert streams(exchange)[:3] == [(WAIT, False)] * 3
    assert "雪亮工程" in last(exchange)


def test_22_a_picture_on_the_spool_is_acknowledged(office, tmp_path, monkeypatch):
    """Else the same picture comes again and again while the database is away."""

    def away(*_: object, **__: object) -> Any:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.chdir(tmp_path)  # where the spool is
    with monkeypatch.context() as patched:
        patched.setattr(office.house.writer, "store", away)
        patched.setattr(office.house.platforms["wecom_bot"], "_exchange", away)
        exchange = office.twin.bot.shows(POLICE, a_photo())
        assert streams_of(exchange.answer()) == (WAIT, False)


def streams_of(answer: dict[str, Any] | None) -> tuple[str, bool]:
    assert answer is not None
    return answer["stream"]["content"], answer["stream"]["finish"]


# Pictures, files and long answers of the bot


def test_22_pictures_stand_in_the_last_frame(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    shown = [
        office.house.services.keep(encoded(a_view(number)), f"排名{number}.jpg", "image/jpeg")
        for number in range(12)
    ]
    owe(office, Reply(pictures=tuple(shown)))
    office.works()
    exchange.until_finished()

    [bubble] = office.twin.seen(GROUP)
    assert len(bubble.body["pictures"]) == 10
    assert bubble.body["pictures"][0] == encoded(a_view(0))
    # Two more than a bubble holds go to whoever asked.
    assert [each.msgtype for each in office.twin.seen(POLICE, 2)] == ["image", "image"]
    assert last(exchange).endswith(MOVED)


def test_22_pictures_that_cannot_be_read_now_are_waited_for(office, monkeypatch):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    owe(office, Reply(pictures=(shown,)))
    office.works()

    def away(sha: str) -> bytes:
        raise MediaUnavailable("媒体库读取失败", retryable=True)

    with monkeypatch.context() as patched:
        patched.setattr(office.house.services.media, "get", away)
        office.twin.clock.forward(1)
        office.twin.record.wait(lambda: exchange.polls == 1, 10, "a poll")
    exchange.until_finished()

    assert [is_over for _, is_over in streams(exchange)] == [False, False, True]
    assert len(office.twin.seen(GROUP)[0].body["pictures"]) == 1


def test_a_document_asked_for_in_a_group_goes_to_the_asker_by_the_app(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    kept = office.house.services.keep(b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
    owe(office, Reply(files=(kept,)))
    office.works()
    exchange.until_finished()

    [file] = office.twin.seen(POLICE)
    assert (file.door, file.body["name"]) == ("app", "通报.pdf")
    assert last(exchange).endswith(MOVED)
    assert len(office.twin.seen(GROUP)) == 1


def test_22_an_answer_too_long_for_its_place_goes_on_elsewhere_and_nothing_is_cut(office):
    exchange = office.twin.bot.says(POLICE, PROGRESS, chat=GROUP)
    exchange.answer()
    office.house.inbox.handle_due()
    text = "\n".join(f"{number}. 州1-{number} 乡村公共部位安防设备建设" for number in range(1, 900))
    owe(office, Reply(text))
    office.works()
    exchange.until_finished()

    assert len(last(exchange).encode()) <= LONGEST
    screens = [*office.twin.seen(GROUP), *office.twin.seen(POLICE)]
    shown = "\n".join(each.text for each in screens).replace("\\", "")
    assert all(f"州1-{number} 乡村" in shown for number in range(1, 900))
    assert all(row.state == OutboxState.SENT for row in words(office))


def test_an_invitations_code_is_shown_before_it_is_forgotten(office):
    exchange = ask(office, "邀请 州公安局 李四", person=ADMIN)
    assert "邀请码" in last(exchange)
    [row] = [row for row in words(office) if row.secret]
    assert row.text

    office.forward(500)

    [row] = [row for row in words(office) if row.secret]
    assert (row.text, row.answer) == ("", SHOWN)


# What is for one person alone


def test_24_what_is_personal_comes_by_the_app_and_the_group_is_told_where(office):
    exchange = ask(office, "@答卷 任务", chat=GROUP)

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"
    assert last(exchange) == MOVED


def test_24_without_an_app_the_group_says_once_how_to_get_it(alone):
    exchange = ask(alone, "@答卷 任务", chat=GROUP)

    assert last(exchange) == ASK_ALONE
    assert "雪亮工程" not in "".join(each.text for each in alone.twin.seen(GROUP))
    assert alarms(alone) == []
    states = [(row.state, row.text == ASK_ALONE) for row in words(alone)]
    assert sorted(states) == [(OutboxState.DROPPED, False), (OutboxState.SENT, True)]

    again = ask(alone, "任务")
    assert "雪亮工程" in last(again)


def test_24_without_an_app_a_report_made_in_the_group_is_not_made_twice(alone):
    first = ask(alone, "@答卷 " + REPORT, chat=GROUP)
    again = ask(alone, REPORT)

    assert last(first) == ASK_ALONE
    with alone.house.database.read() as session:
        submissions = session.exec(select(Submission)).all()
    assert len(submissions) == 1, last(again)


def test_24_whom_the_app_does_not_reach_is_told_in_the_group(office):
    office.says(ADMIN, "任务")
    office.twin.corp.members[POLICE.casefold()].visible = False

    exchange = ask(office, "@答卷 任务", chat=GROUP)

    assert last(exchange) == ASK_ALONE
    [alarm, *_] = alarms(office)
    assert "可见范围" in alarm


def test_24_a_document_that_no_door_carries_is_opened_from_a_link(alone):
    exchange = alone.twin.bot.says(POLICE, "帮助")
    exchange.answer()
    alone.house.inbox.handle_due()
    kept = alone.house.services.keep(b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
    owe(alone, Reply(files=(kept,)))
    alone.works()
    exchange.until_finished()

    assert "通报.pdf" in last(exchange).replace("\\", "")
    assert "http" in last(exchange)


# What else may be amiss


def test_a_question_of_the_time_on_the_connection_goes_by_the_app(office):
    """The office changed the mode of its bot while a question was open."""
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": "R1"}, "body": {}}
    with office.house.database.write() as session:
        session.exec(select(InboxMessage)).one().raw = json.dumps(frame).encode()
    office.works()

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"


def test_an_answer_under_another_key_goes_by_the_app(office):
    office.twin.bot.says(POLICE, PROGRESS, chat=GROUP).answer()
    bot = office.house.platforms["wecom_bot"]
    bot._envelope._cipher = PrpCrypto(ANOTHER_KEY)
    office.works()

    assert office.twin.sees(POLICE, "雪亮工程").door == "app"


def many_ask(office: WecomOffice, count: int) -> list[Exchange]:
    """So many people mention the bot at the same moment; nobody knows them yet."""
    asked = [office.twin.bot.says(f"新人{n}", PROGRESS, chat=GROUP) for n in range(count)]
    for each in asked:
        each.answer()
    return asked


def test_18_many_questions_in_a_group_are_all_answered_at_once(office):
    """What WeCom asks for itself is held by no pace."""
    exchanges = many_ask(office, 40)
    office.works()
    for each in exchanges:
        each.until_finished()

    assert {last(each) for each in exchanges} == {phrases.NOT_BOUND}
    assert office.twin.sent("aibot/response") == []


def test_18_what_is_posted_keeps_the_pace_and_none_is_lost(office):
    many_ask(office, 35)

    office.forward(400)
    assert len(office.twin.sent("aibot/response")) == 30
    office.forward(61)

    assert len(office.twin.sent("aibot/response")) == 35
    assert {row.answer for row in words(office)} == {POSTED}


def test_18_its_paces_are_the_bots():
    assert [(pace.count, pace.within.total_seconds()) for pace in WecomBot.paces] == [
        (30, 60), (1000, 3600)
    ]  # fmt: skip
