"""Pictures as phones send them: one message each, gathered for a moment, answered once."""

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.burst import LONGEST_WAIT, MESSAGE, PAUSE, burst_of
from bot.inbox import InboxWorker
from bot.storing import Arrival, InboxWriter
from models.db import Database
from models.errors import MediaUnavailable
from models.inbox import InboxMessage, InboxState
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind
from tests.factories import PLATFORM
from tests.hall import SIGNED, FakePlatform, Request
from tests.pictures import a_view, encoded
from tests.talk import Talk

OFFICE = "州发改委联络员"
AT = datetime(2021, 8, 2, 9, tzinfo=UTC)
REPORT = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
ALL = "图1至9 重点项目集中开工；7月20日；吉首市经开区"
VIEWS = [encoded(a_view(seed, 900, 450)) for seed in range(12)]


class Phone:
    """One liaison's phone: what is chosen together goes out as a message each."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.platform = FakePlatform()
        self.writer = InboxWriter(talk.database)
        self._numbers = itertools.count(1)

    def send(self, text: str = "", *pictures: bytes, **more: object) -> None:
        """One message at the door."""
        number = f"p{next(self._numbers)}"
        refs = [f"{number}-{at}.jpg" for at in range(len(pictures))]
        self.platform.files.update(zip(refs, pictures, strict=True))
        sender = self.talk._user_id(OFFICE)
        body = {"id": number, "sender": sender, "text": text, "files": refs, **more}
        call = Request("POST", SIGNED, {}, json.dumps(body).encode())
        message = self.platform.receive(call, self.talk.now)
        assert message is not None
        self.writer.store(Arrival(message, call.body, self.talk.now)).result(10)

    def recall(self, number: str) -> None:
        """An earlier message is taken back."""
        sender = self.talk._user_id(OFFICE)
        message = IncomingMessage(
            platform=PLATFORM,
            message_id=f"recall-{number}",
            sender_id=sender,
            chat_id=sender,
            chat_kind=ChatKind.SINGLE,
            text="",
            sent_at=self.talk.now,
            kind=MessageKind.RECALL,
            quoted_id=number,
        )
        self.writer.store(Arrival(message, b"", self.talk.now)).result(10)

    def burst(self, pictures: Sequence[bytes], seconds: float = 1.0) -> None:
        """Pictures one after another; the worker is woken by each."""
        for picture in pictures:
            self.talk.later(seconds=seconds)
            self.send("", picture)
            self.work()

    def work(self, *, may_wait: bool = True) -> None:
        """The worker looks once; a new one each time, as after a restart."""
        worker = InboxWorker(
            self.talk.database,
            {PLATFORM: self.platform},
            self.talk.services,
            lambda: self.talk.now,
            lambda: None,
        )
        worker.handle_due(may_wait=may_wait)

    def heard(self) -> list[str]:
        """Everything that was answered so far."""
        return self.talk.heard(OFFICE)

    def states(self) -> set[str]:
        with self.talk.database.read() as session:
            return {row.state for row in session.exec(select(InboxMessage)).all()}


@pytest.fixture
def phone(database: Database) -> Iterator[Phone]:
    phone = Phone(Talk(database))
    yield phone
    phone.writer.close()


@pytest.fixture
def light_phone(sqlite: Database) -> Iterator[Phone]:
    phone = Phone(Talk(sqlite))
    yield phone
    phone.writer.close()


def test_nine_pictures_before_the_text_are_answered_once_with_it(phone: Phone) -> None:
    phone.burst(VIEWS[:9])
    assert phone.heard() == []

    phone.send(f"{REPORT}\n{ALL}")
    phone.work()
    [answer] = phone.heard()
    assert "已收到 #1" in answer
    assert "图片9张" in answer
    assert phone.states() == {InboxState.DONE}


def test_pictures_alone_are_answered_once_when_no_more_have_come_for_a_moment(
    phone: Phone,
) -> None:
    phone.burst(VIEWS[:4])
    phone.talk.later(seconds=PAUSE.total_seconds() - 0.1)
    phone.work()
    assert phone.heard() == []

    phone.talk.later(seconds=0.2)
    phone.work()
    [answer] = phone.heard()
    assert "已收到图片，共4张" in answer


def test_pictures_after_the_text_are_answered_once_and_numbered_as_sent(phone: Phone) -> None:
    phone.send(REPORT)
    phone.work()
    assert "还差1张" in phone.heard()[0]

    phone.burst([VIEWS[0], b"no picture", VIEWS[2]])
    phone.talk.later(seconds=7)
    phone.work()
    [_, answer] = phone.heard()
    assert "图2：收到的文件不是图片" in answer
    assert "图1、图3缺标题、拍摄日期、地点" in answer


def test_a_text_between_pictures_is_answered_at_once_with_those_before_it(phone: Phone) -> None:
    phone.burst(VIEWS[:4])
    phone.send(f"{REPORT}\n图1至4 重点项目集中开工；7月20日；吉首市经开区")
    phone.work()
    assert "图片4张" in phone.heard()[0]

    phone.burst(VIEWS[4:9])
    phone.talk.later(seconds=7)
    phone.work()
    [_, answer] = phone.heard()
    assert "5张图片补入 #1" in answer


def test_a_command_after_pictures_is_answered_and_the_pictures_are_kept(
    light_phone: Phone,
) -> None:
    light_phone.burst(VIEWS[:2])
    light_phone.send("任务")
    light_phone.work()

    [answer] = light_phone.heard()
    assert "省2" in answer
    assert "已收到图片，共2张" in answer


def test_fifty_pictures_in_a_minute_are_answered_once_with_the_limit(light_phone: Phone) -> None:
    light_phone.burst([VIEWS[n % 12] + bytes(n) for n in range(50)], seconds=1.2)
    light_phone.talk.later(seconds=7)
    light_phone.work()

    [answer] = light_phone.heard()
    assert "最多9张" in answer
    assert "另有41张未收" in answer
    light_phone.send(REPORT)
    light_phone.work()
    assert "图片9张" in light_phone.heard()[1]


def test_pictures_sent_again_later_are_answered_again(light_phone: Phone) -> None:
    light_phone.send(REPORT)
    light_phone.work()
    for lot in (VIEWS[:2], VIEWS[2:5]):
        light_phone.burst(lot)
        light_phone.talk.later(seconds=8)
        light_phone.work()

    _, first, second = light_phone.heard()
    assert "图1、图2缺标题" in first
    assert "图1、图2、图3、图4、图5缺标题" in second


def test_a_picture_taken_back_while_the_others_come_is_left_out(light_phone: Phone) -> None:
    light_phone.burst(VIEWS[:3])
    light_phone.recall("p2")
    light_phone.send(f"{REPORT}\n图1至2 重点项目集中开工；7月20日；吉首市经开区")
    light_phone.work()
    first, second = light_phone.heard()
    assert "已收到图片，共2张" in first
    assert "图片2张" in second


def test_the_only_picture_taken_back_at_once_is_not_spoken_of(light_phone: Phone) -> None:
    light_phone.burst(VIEWS[:1])
    light_phone.recall("p1")
    light_phone.work()

    assert light_phone.heard() == []
    assert light_phone.states() == {InboxState.DONE}


def test_nobody_waits_longer_than_a_minute_and_a_half(light_phone: Phone) -> None:
    gaps = int(LONGEST_WAIT.total_seconds() // 5) + 1
    for number in range(gaps):
        light_phone.send("", VIEWS[number % 9])
        light_phone.work()
        light_phone.talk.later(seconds=5)

    assert len(light_phone.heard()) == 1


def test_a_picture_that_is_not_there_yet_holds_its_place(light_phone: Phone) -> None:
    light_phone.platform.troubles["p2-0.jpg"] = [MediaUnavailable("超时", retryable=True)]
    light_phone.burst(VIEWS[:3])
    light_phone.send(f"{REPORT}\n图1至3 重点项目集中开工；7月20日；吉首市经开区")
    light_phone.work()
    assert light_phone.heard() == []

    light_phone.talk.later(seconds=5)
    light_phone.work()
    [answer] = light_phone.heard()
    assert "图片3张" in answer


def test_other_people_do_not_wait_for_somebodys_pictures(light_phone: Phone) -> None:
    light_phone.burst(VIEWS[:1])
    light_phone.send("在吗", sender=light_phone.talk._user_id("州公安局联络员"))
    light_phone.work()

    assert light_phone.heard() == []
    assert len(light_phone.talk.heard("州公安局联络员")) == 1


def test_the_command_line_does_not_wait_for_more(light_phone: Phone) -> None:
    light_phone.send("", VIEWS[0])
    light_phone.work(may_wait=False)

    assert len(light_phone.heard()) == 1


def test_a_clock_set_back_makes_nobody_wait(light_phone: Phone) -> None:
    light_phone.burst(VIEWS[:2])
    light_phone.talk.later(seconds=-3600)
    light_phone.work()

    [answer] = light_phone.heard()
    assert "已收到图片，共2张" in answer


def _row(chat: str, text: str = "", kind: ChatKind = ChatKind.SINGLE) -> InboxMessage:
    """A picture, or a text, as it waits to be answered."""
    pictures = () if text else (Attachment(f"{chat}.jpg", f"{chat}.jpg", True),)
    message = IncomingMessage(
        platform=PLATFORM,
        message_id=f"{chat}{kind}{text}",
        sender_id="office",
        chat_id=chat,
        chat_kind=kind,
        text=text,
        attachments=pictures,
        sent_at=AT,
    )
    return InboxMessage(
        platform=PLATFORM,
        message_id=message.message_id,
        sender_id="office",
        chat_id=chat,
        received_at=AT,
        raw=b"",
        message=MESSAGE.dump_python(message, mode="json"),
    )


@pytest.mark.parametrize(
    "other",
    [_row("other"), _row("other", "收到"), _row("other", "", ChatKind.GROUP)],
    ids=["picture", "text", "group"],
)
def test_what_is_sent_to_another_chat_is_no_part_of_a_burst(other: InboxMessage) -> None:
    found = burst_of([_row("own"), _row("own"), other], AT)

    assert found.rows == found.answered
    assert [row.chat_id for row in found.rows] == ["own", "own"]
    assert (found.message.chat_id, len(found.message.attachments)) == ("own", 2)
