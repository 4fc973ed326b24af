"""Doors in trouble: words wait and do not fail one by one; a slow chat holds up no other."""

import threading
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models.chat import Door
from models.db import Database
from models.errors import DeliveryError, Shut
from models.outbox import OutboxState, Priority
from scheduler.closed import AWAY, SOON, TRY, UNTIL_MENDED, ClosedDoors
from scheduler.delivery import HANDS, KEPT, Delivery
from scheduler.routing import Pace, Parcel
from tests.post import NOW, FakeSender, Post

WRONG = DeliveryError("应用的 Secret 不正确", retryable=False, shut=Shut.ALL)
GONE = DeliveryError("连不上", retryable=True, shut=Shut.AWAY)
BUSY = DeliveryError("调用过于频繁", retryable=True, shut=Shut.BUSY, after=timedelta(seconds=60))
HANGS = DeliveryError("等待回应超时", retryable=True, unknown=True, shut=Shut.AWAY)
USED_UP = DeliveryError(
    "本月的调用额度已用完", retryable=False, shut=Shut.ALL, after=timedelta(hours=6)
)
STUCK = 10


class Office(Post):
    """The same with one delivery throughout, as a process has it."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.robot = FakeSender("robot", platform="sandbox")
        self.robot.reaches_people = False
        self.delivers = super().delivery(self.sender, self.robot)

    def deliver(self, **later: float) -> int:
        self.now += timedelta(**later)
        return self.delivers.deliver_due()

    def give_robot(self, chat: int) -> None:
        with self.database.write() as session:
            session.add(Door(chat_id=chat, platform="sandbox", via="robot", address="key"))


@pytest.fixture
def office(sqlite: Database) -> Office:
    return Office(sqlite)


def test_what_the_office_has_to_mend_burns_no_word(office: Office) -> None:
    """A wrong secret on Friday evening: on Monday everything is still there, in its order."""
    for number in range(30):
        office.owe(f"第{number}句", chat=(office.group, office.other)[number % 2])
    office.sender.troubles = [WRONG] * 6

    for _ in range(6):
        office.deliver(minutes=10)
    assert len(office.sender.keys) == 6, "one call in ten minutes, however many words wait"
    assert len(office.alarm_texts()) == 1
    assert "恢复后自动发送（不迟于10分钟）" in office.alarm_texts()[0]
    row = office.row("第29句")
    assert (row.state, row.attempts) == (OutboxState.WAITING, 0)
    assert office.row("第0句").answer == "应用的 Secret 不正确"

    office.deliver(minutes=10)

    said = [text for text in office.sender.texts if "告警" not in text]
    assert sorted(said) == sorted(f"第{number}句" for number in range(30))
    for chat in ("联络员群", "领导群"):
        heard = [text for to, text in office.sender.said if to == chat]
        assert heard == sorted(heard, key=lambda text: int(text[1:-1]))


def test_after_three_days_a_word_is_nobodys_news_any_more(office: Office) -> None:
    office.owe("周排名")
    office.sender.troubles = [WRONG] * 500

    office.deliver()
    office.deliver(seconds=KEPT.total_seconds() + 1)

    row = office.row("周排名")
    assert row.state == OutboxState.FAILED
    assert "已等待三天" in row.answer


def test_that_words_were_given_up_is_told_whenever_the_door_opens(office: Office) -> None:
    """The month's calls end on the 20th: on the 1st somebody hears that reminders are missing."""
    office.owe("周排名")
    office.sender.troubles = [USED_UP] * 44

    office.deliver()
    for _ in range(44):
        office.deliver(hours=6)

    assert office.row("周排名").state == OutboxState.FAILED
    [told] = [text for text in office.sender.texts if "没有送达" in text]
    assert "dajuan outbox list" in told


def test_where_nobody_answers_few_calls_are_made_and_an_operator_hears_when_it_lasts(
    office: Office,
) -> None:
    for number in range(12):
        office.owe(f"第{number}句", chat=(office.group, office.other)[number % 2])
    office.sender.troubles = [GONE] * 3

    office.deliver()
    office.deliver(seconds=9)
    assert len(office.sender.keys) == 1
    office.deliver(seconds=1)
    office.deliver(seconds=59)
    assert (len(office.sender.keys), office.alarm_texts()) == (2, [])
    office.deliver(seconds=1)
    assert (len(office.sender.keys), len(office.alarm_texts())) == (3, 1)

    office.deliver(seconds=AWAY[-1].total_seconds())

    assert len([text for text in office.sender.texts if "告警" not in text]) == 12


def test_a_door_that_is_called_too_often_rests_for_all_chats(office: Office) -> None:
    office.owe("周排名")
    office.owe("另一群的排名", chat=office.other)
    office.sender.troubles = [BUSY]

    office.deliver()
    office.deliver(seconds=59)
    assert len(office.sender.keys) == 1
    office.deliver(seconds=1)

    assert sorted(office.sender.texts) == ["另一群的排名", "周排名"]
    assert office.alarm_texts() == []


def test_a_door_that_is_still_called_too_often_rests_twice_as_long_each_time() -> None:
    doors, now, rests = ClosedDoors(), NOW, []
    quick = DeliveryError(
        "每秒调用过多", retryable=True, shut=Shut.BUSY, after=timedelta(seconds=2)
    )

    for _ in range(10):
        assert doors.why("dingtalk", now) is None
        doors.close("dingtalk", quick, now)
        rests.append((doors.opens_at(["dingtalk"], now) - now).total_seconds())
        now += timedelta(seconds=rests[-1])

    assert rests == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert doors.why("dingtalk", now) is None
    doors.open("dingtalk", now)
    doors.close("dingtalk", quick, now)
    assert doors.opens_at(["dingtalk"], now) - now == timedelta(seconds=2)


def test_a_block_that_lasts_longer_than_any_rest_is_waited_for() -> None:
    doors = ClosedDoors()
    blocked = DeliveryError(
        "发送过于频繁", retryable=True, shut=Shut.BUSY, after=timedelta(minutes=10)
    )

    doors.close("robot", blocked, NOW)

    assert doors.opens_at(["robot"], NOW) == NOW + timedelta(minutes=10)


def test_a_months_quota_that_is_used_up_is_not_asked_for_every_ten_minutes(
    office: Office,
) -> None:
    office.owe("周排名")
    office.sender.troubles = [USED_UP]

    office.deliver()
    for _ in range(35):
        office.deliver(minutes=10)
    assert len(office.sender.keys) == 1
    [alarm] = office.alarm_texts()
    assert "恢复后自动发送（不迟于6小时）" in alarm

    office.deliver(minutes=10)
    assert [text for text in office.sender.texts if "告警" not in text] == ["周排名"]


def test_behind_a_word_of_unknown_outcome_the_others_wait_a_moment(office: Office) -> None:
    """A server that hangs costs one word, not all that are due."""
    for number in range(6):
        office.owe(f"第{number}句", chat=(office.group, office.other)[number % 2])
    office.sender.troubles = [HANGS]

    office.deliver()

    states = [office.row(f"第{number}句").state for number in range(6)]
    assert sorted(states) == [OutboxState.UNKNOWN] + [OutboxState.WAITING] * 5
    office.deliver(seconds=10)
    assert len([text for text in office.sender.texts if "告警" not in text]) == 5


def test_a_word_goes_by_another_door_while_its_own_is_closed(office: Office) -> None:
    office.give_robot(office.group)
    office.sender.troubles = [WRONG]
    office.owe("第一句")
    office.owe("第二句")

    office.deliver()

    assert office.robot.texts == ["第一句", "第二句"]
    assert [key for key in office.sender.keys if not key.startswith("alarm")] == ["第一句:0"]
    assert len([text for text in office.alarm_texts() if "robot" in text]) == 1


def test_the_pace_of_the_door_that_takes_over_is_kept_too(office: Office) -> None:
    office.give_robot(office.group)
    office.robot.paces = (Pace(2, timedelta(minutes=1)),)
    office.sender.troubles = [DeliveryError("不在群里", retryable=False, elsewhere=True)] * 9
    for number in range(5):
        office.owe(f"第{number}条" + "长" * 600)

    office.deliver()
    assert len(office.robot.said) == 2
    office.deliver(minutes=1)
    office.deliver(minutes=1)

    assert [text[:3] for text in office.robot.texts] == [f"第{number}条" for number in range(5)]


def test_words_that_left_together_wait_together(office: Office) -> None:
    """Put off behind a closed door, none of them counts as under way."""
    office.sender.paces = (Pace(2, timedelta(hours=1)),)
    office.owe("第一句")
    office.deliver()
    for text in ("第二句", "第三句", "第四句"):
        office.owe(text)
    office.sender.troubles = [BUSY]
    office.deliver(seconds=1)

    for text in ("第二句", "第三句", "第四句"):
        assert (office.row(text).state, office.row(text).in_flight) == (OutboxState.WAITING, False)
    office.deliver(seconds=60)
    assert office.sender.texts == ["第一句", "第二句\n第三句\n第四句"]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_a_clock_put_back_opens_a_door(back: timedelta) -> None:
    doors = ClosedDoors()
    doors.close("wecom_app", WRONG, NOW)

    assert doors.why("wecom_app", NOW + UNTIL_MENDED - timedelta(seconds=1)) is not None
    assert doors.why("wecom_app", NOW - back) is None


def test_a_clock_put_back_silences_no_chat(office: Office) -> None:
    office.sender.paces = (Pace(1, timedelta(minutes=1)),)
    office.owe("昨天的话", now=NOW)
    office.deliver()
    office.owe("今天的话", now=NOW - timedelta(days=1))

    office.deliver(days=-1)

    assert office.sender.texts == ["昨天的话", "今天的话"]


def test_of_several_that_meet_a_closed_door_at_once_one_is_told() -> None:
    doors = ClosedDoors()

    assert [doors.close("wecom_app", WRONG, NOW) for _ in range(4)] == [True, False, False, False]
    assert doors.opens_at(["wecom_app"], NOW) == NOW + UNTIL_MENDED


def test_a_closed_door_is_tried_by_one_word_and_opens_for_all() -> None:
    doors = ClosedDoors()
    doors.close("wecom_app", WRONG, NOW)
    later = NOW + UNTIL_MENDED

    doors.open("wecom_app", NOW)
    assert doors.why("wecom_app", NOW) is not None, "what left before says nothing"
    assert [doors.why("wecom_app", later) is None for _ in range(3)] == [True, False, False]
    assert doors.opens_at(["wecom_app"], later) == later + SOON
    doors.open("wecom_app", later)
    assert doors.why("wecom_app", later) is None


def test_whoever_tries_a_door_and_is_never_heard_of_holds_up_nobody_for_long() -> None:
    doors = ClosedDoors()
    doors.close("wecom_app", WRONG, NOW)
    later = NOW + UNTIL_MENDED

    assert doors.why("wecom_app", later) is None
    assert doors.why("wecom_app", later + TRY) is None


# Several at once


def several(office: Office, sender: FakeSender) -> Delivery:
    return Delivery(
        office.database, {"sandbox": sender}, office.delivers._services, lambda: NOW, hands=HANDS
    )


def test_a_slow_chat_holds_up_no_other_and_keeps_its_own_order(on_both: Office) -> None:
    others_heard = threading.Event()
    slow = FakeSender()

    def hang(parcel: Parcel) -> None:
        if parcel.text == "第0句":
            assert others_heard.wait(STUCK), "the other chat was held up"
        if parcel.text == "另一群的话":
            others_heard.set()

    slow.before = hang
    for number in range(3):
        on_both.owe(f"第{number}句")
    on_both.owe("另一群的话", chat=on_both.other)

    several(on_both, slow).deliver_due()

    assert slow.texts == ["另一群的话", "第0句", "第1句", "第2句"]


def test_what_goes_to_one_chat_leaves_one_after_the_other(on_both: Office) -> None:
    """Also an answer and a digest, so that no pace is overrun by two at once."""
    under_way, most = 0, 0
    lock = threading.Lock()
    sender = FakeSender()

    def count(parcel: Parcel) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1

    sender.before = count
    for number in range(4):
        on_both.owe(f"通报{number}")
        on_both.owe(f"答复{number}", priority=Priority.REPLY)

    several(on_both, sender).deliver_due()

    assert most == 1
    assert sorted(sender.texts) == sorted(
        f"{word}{number}" for number in range(4) for word in ("通报", "答复")
    )


@pytest.fixture
def on_both(database: Database) -> Office:
    return Office(database)


def test_a_fault_at_one_of_several_hands_does_not_stop_the_others(office: Office) -> None:
    sender = FakeSender()

    def break_down(parcel: Parcel) -> None:
        if parcel.text == "第0句":
            raise KeyError("a bug")

    sender.before = break_down
    office.owe("第0句")
    office.owe("另一群的话", chat=office.other)

    several(office, sender).deliver_due()

    assert office.row("另一群的话").state == OutboxState.SENT
    assert office.row("第0句").state == OutboxState.UNKNOWN


def test_nothing_is_closed_by_what_concerns_one_message() -> None:
    doors = ClosedDoors()
    for error in (
        DeliveryError("内容过长", retryable=False),
        DeliveryError("不可见", retryable=False, elsewhere=True, shut=Shut.CHAT),
    ):
        assert not doors.close("wecom_app", error, NOW)
        assert doors.why("wecom_app", _a_moment_later(NOW)) is None


def _a_moment_later(moment: datetime) -> datetime:
    return moment + timedelta(seconds=1)


class Flaky:
    """A database that refuses one write when told to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.breaks = False

    def write(self) -> AbstractContextManager[Session]:
        if self.breaks:
            self.breaks = False
            raise OperationalError("database is locked", {}, Exception())
        return self._database.write()


def test_a_word_that_left_while_the_database_broke_is_not_said_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had left: that this could not be noted is no reason to send it again."""
    flaky = Flaky(office.database)
    monkeypatch.setattr(office.delivers, "_database", flaky)
    office.owe("周排名")
    office.sender.before = lambda parcel: setattr(flaky, "breaks", True)
    with pytest.raises(OperationalError):
        office.deliver()
    office.sender.before = lambda parcel: None

    office.deliver(minutes=5)

    assert office.sender.texts.count("周排名") == 1
    assert office.row("周排名").state == OutboxState.UNKNOWN


def test_whoever_mends_it_and_restarts_waits_no_more(office: Office) -> None:
    """The secret is mended after a minute: neither the words kept nor new ones wait for ten."""
    office.owe("昨天的话")
    office.sender.troubles = [WRONG]
    office.deliver()
    assert office.sender.texts == []

    office.owe("今天的话")
    office.delivers = Post.delivery(office, office.sender, office.robot)
    office.deliver(minutes=1)

    assert office.sender.texts[-2:] == ["昨天的话", "今天的话"]


def test_one_word_that_leaves_takes_along_what_waits_in_other_chats(office: Office) -> None:
    office.owe("甲群的话")
    office.owe("乙群的话", chat=office.other)
    office.sender.troubles = [WRONG]
    office.deliver()

    office.deliver(minutes=10)
    assert sorted(office.sender.texts)[-2:] == ["乙群的话", "甲群的话"]


def test_what_failed_by_itself_keeps_its_pauses_when_a_process_begins(office: Office) -> None:
    office.owe("甲")
    office.sender.troubles = [DeliveryError("系统繁忙", retryable=True)]
    office.deliver()

    office.delivers = Post.delivery(office, office.sender, office.robot)
    office.deliver(seconds=1)
    assert office.sender.texts == []
