"""One text to several people: one call, and to each of them their own outcome."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from handlers.alarms import raise_alarm
from handlers.context import Services
from handlers.registry import Registry
from models.chat import chat_at
from models.db import Database
from models.errors import DeliveryError, Shut
from models.member import Account, RoleName
from models.message import ChatKind, Choice, Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from scheduler.delivery import CLAIM, HANDS, Delivery
from scheduler.routing import Pace, Parcel
from tests.conftest import SHANGHAI
from tests.factories import a_member
from tests.post import NOW, FakeSender, Post
from tests.talk import ADDRESSES, MediaShelf

LOST = DeliveryError("等待回应超时", retryable=True, unknown=True)
AWAY = DeliveryError("连不上", retryable=True, elsewhere=True, shut=Shut.AWAY)
UNREACHABLE = DeliveryError("对方收不到", retryable=False, elsewhere=True, shut=Shut.CHAT)
PEOPLE = ("甲", "乙", "丙", "丁", "戊")


class ManySender(FakeSender):
    """Says one text to many; *calls* are those of either kind, each with whom it went to."""

    largest = 6000

    def __init__(self) -> None:
        super().__init__("dingtalk")
        self.calls: list[tuple[str, ...]] = []
        self.outcomes: dict[str, DeliveryError] = {}
        self.trouble: BaseException | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def strain(self) -> float:
        return 0.0

    def send(self, address: str, parcel: Parcel) -> str:
        self.calls.append((address,))
        return super().send(address, parcel)

    def send_to_many(
        self, addresses: Sequence[str], parcel: Parcel
    ) -> Mapping[str, str | DeliveryError]:
        self.calls.append(tuple(addresses))
        self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        reached = [each for each in addresses if each not in self.outcomes]
        self.said += [(each, parcel.text) for each in reached]
        return {**dict.fromkeys(reached, "query-1"), **self.outcomes}


class Costly(FakeSender):
    """A door whose quota is nearly used up: it goes last."""

    largest = 6000

    def strain(self) -> float:
        return 0.9


class Office:
    """Five people with a single chat each, behind a door that says one text to many."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.sender = ManySender()
        self.hands = 1
        with database.write() as session:
            for name in PEOPLE:
                a_member(session, name, (RoleName.ADMIN, None))
            session.exec(update(Account).values(platform="dingtalk"))
            self.chats = {
                name: chat_at(session, "dingtalk", name, ChatKind.SINGLE, NOW).id or 0
                for name in PEOPLE
            }
        self.services = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES)
        self.delivery = self.opened()

    def opened(self, *more: FakeSender) -> Delivery:
        doors = {each.name: each for each in (self.sender, *more)}
        return Delivery(
            self.database,
            doors,
            self.services,
            lambda: self.now,
            hands=self.hands,
            chance=lambda: 0,
        )

    def alarm(self, text: str = "数据库磁盘将满") -> None:
        with self.database.write() as session:
            raise_alarm(session, self.services, text, key=text, now=self.now)

    def owe(self, reply: Reply | str, *names: str, priority: Priority = Priority.BULK) -> None:
        said = Reply(reply) if isinstance(reply, str) else reply
        with self.database.write() as session:
            for name in names or PEOPLE:
                key, chat = f"{said.text}:{name}", self.chats[name]
                say(session, chat, said, key=key, now=self.now, priority=priority)

    def deliver(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.delivery.deliver_due()

    def rows(self) -> dict[str, OutboxMessage]:
        """The first word owed to each person."""
        names = {chat: name for name, chat in self.chats.items()}
        with self.database.read() as session:
            rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id).desc())).all()
        return {names[row.chat_id]: row for row in rows if row.chat_id in names}

    def states(self) -> dict[str, str]:
        return {name: row.state for name, row in self.rows().items()}


@pytest.fixture
def office(sqlite: Database) -> Office:
    return Office(sqlite)


def test_an_alarm_to_five_administrators_is_one_call_of_five(database: Database) -> None:
    office = Office(database)
    office.alarm()

    office.deliver()

    assert office.sender.calls == [PEOPLE]
    assert office.sender.said == [(name, "【运维告警】数据库磁盘将满") for name in PEOPLE]
    rows = office.rows().values()
    assert {(row.state, row.answer, row.platform, row.attempts) for row in rows} == {
        (OutboxState.SENT, "query-1", "dingtalk", 1)
    }
    assert {(row.sent_at, row.in_flight, row.locked_until) for row in rows} == {(NOW, False, None)}


def test_several_alarms_are_one_message_each_and_one_call_for_all(office: Office) -> None:
    for text in ("磁盘将满", "备份失败", "证书将到期"):
        office.alarm(text)

    office.deliver()

    whole = "【运维告警】磁盘将满\n【运维告警】备份失败\n【运维告警】证书将到期"
    assert office.sender.calls == [PEOPLE]
    assert office.sender.said == [(name, whole) for name in PEOPLE]


def test_who_has_more_waiting_gets_it_in_one_message_and_the_others_in_one_call(
    office: Office,
) -> None:
    office.owe("明天截止")
    office.owe("另有一件退回", "乙")

    office.deliver()

    assert sorted(office.sender.calls, key=len) == [("乙",), ("甲", "丙", "丁", "戊")]
    assert ("乙", "明天截止\n另有一件退回") in office.sender.said


@pytest.mark.parametrize("hands", [1, HANDS])
def test_what_is_not_a_mere_text_to_people_goes_one_by_one(office: Office, hands: int) -> None:
    office.hands = hands
    office.delivery = office.opened(FakeSender())
    office.owe(Reply("请选", choices=(Choice("收到", "收到"),)), "甲", "乙")
    office.owe(Reply("绑定码 K7Q2", secret=True), "丙", "丁")
    with office.database.write() as session:
        for name in ("群一", "群二"):
            chat = chat_at(session, "dingtalk", name, ChatKind.GROUP, NOW)
            say(session, chat.id or 0, Reply("周排名"), key=name, now=NOW)

    office.deliver()

    assert sorted(office.sender.calls) == sorted(
        (each,) for each in ("甲", "乙", "丙", "丁", "群一", "群二")
    )


def test_an_answer_goes_first_and_alone(office: Office) -> None:
    office.owe("明天截止")
    office.owe("已收到 #128", "丙", priority=Priority.REPLY)

    office.deliver()

    assert office.sender.calls[0] == ("丙",)
    assert [text for name, text in office.sender.said if name == "丙"] == [
        "已收到 #128",
        "明天截止",
    ]
    assert len(office.sender.said) == 6


def test_whom_it_did_not_reach_is_tried_by_another_door_and_nobody_else_is(office: Office) -> None:
    other = Costly("further", platform="dingtalk")
    office.delivery = office.opened(other)
    office.sender.outcomes = {"丁": UNREACHABLE}
    office.owe("明天截止")

    office.deliver()

    assert office.sender.calls[0] == PEOPLE
    assert [name for name, text in office.sender.said if text == "明天截止"] == [*"甲乙丙戊"]
    assert other.said[0] == ("丁", "明天截止")
    assert set(office.states().values()) == {OutboxState.SENT}
    assert office.rows()["丁"].platform == "further"
    [told] = {text for _, text in office.sender.said if text != "明天截止"}
    assert "账号 丁有一个发送通道不通" in told


def test_whom_it_did_not_reach_fails_alone(office: Office) -> None:
    office.sender.outcomes = {"丁": UNREACHABLE}
    office.owe("明天截止")

    office.deliver()

    assert office.sender.calls[0] == PEOPLE
    row = office.rows()["丁"]
    assert (row.state, row.answer, row.attempts) == (OutboxState.FAILED, "对方收不到", 1)
    assert list(office.states().values()).count(OutboxState.SENT) == 4


@pytest.mark.parametrize("trouble", [LOST, KeyError("processQueryKey")], ids=["no answer", "bug"])
def test_where_nobody_knows_what_came_of_the_call_all_of_it_is_unknown(
    office: Office, trouble: BaseException
) -> None:
    office.sender.trouble = trouble
    office.owe("明天截止")
    office.deliver()
    office.sender.trouble = None

    office.deliver(hours=1)

    assert set(office.states().values()) == {OutboxState.UNKNOWN}
    assert office.sender.calls[0] == PEOPLE
    assert "明天截止" not in [text for _, text in office.sender.said]


def test_a_person_of_whom_the_answer_says_nothing_is_unknown_alone(office: Office) -> None:
    office.sender.outcomes = {}
    answer = office.sender.send_to_many

    def without_one(addresses: Sequence[str], parcel: Parcel) -> Mapping[str, str | DeliveryError]:
        return {name: said for name, said in answer(addresses, parcel).items() if name != "乙"}

    office.sender.send_to_many = without_one  # type: ignore[method-assign]
    office.owe("明天截止")
    office.deliver()

    assert office.states() == dict.fromkeys(PEOPLE, OutboxState.SENT) | {"乙": OutboxState.UNKNOWN}


def test_a_closed_door_lets_one_word_try_and_all_of_them_leave_when_it_opens(
    office: Office,
) -> None:
    office.sender.trouble = AWAY
    office.owe("明天截止")
    office.deliver()
    assert office.sender.calls == [PEOPLE]
    assert set(office.states().values()) == {OutboxState.WAITING}
    office.sender.trouble = None

    office.deliver(seconds=11)
    office.deliver(seconds=3)

    assert sorted(office.sender.said) == sorted((name, "明天截止") for name in PEOPLE)
    assert set(office.states().values()) == {OutboxState.SENT}
    assert len(office.sender.calls[1]) == 1


def test_whose_chat_was_sent_much_waits_and_the_others_do_not(office: Office) -> None:
    office.sender.paces = (Pace(1, timedelta(minutes=1)),)
    office.owe("已收到 #128", "丙", priority=Priority.REPLY)
    office.deliver()
    office.owe("明天截止")

    office.deliver(seconds=5)
    assert office.sender.calls == [("丙",), ("甲", "乙", "丁", "戊")]
    office.deliver(seconds=55)

    assert office.sender.calls[-1] == ("丙",)
    assert set(office.states().values()) == {OutboxState.SENT}


def test_a_process_that_dies_within_the_call_leaves_it_unknown_and_nobody_is_told_twice(
    office: Office,
) -> None:
    class Crash(BaseException):
        """The process dies here."""

    office.sender.trouble = Crash()
    office.owe("明天截止")
    with pytest.raises(Crash):
        office.deliver()
    office.sender.trouble = None
    office.delivery = office.opened()

    office.deliver(seconds=CLAIM.total_seconds())

    assert set(office.states().values()) == {OutboxState.UNKNOWN}
    assert "明天截止" not in [text for _, text in office.sender.said]


def test_a_process_that_dies_at_one_word_leaves_alone_what_had_no_turn_yet(office: Office) -> None:
    class Crash(BaseException):
        """The process dies here."""

    office.owe("明天截止", *"甲乙丙丁")
    for name in "丙丁":
        office.owe(f"{name}另有一件退回", name)
    office.sender.troubles = [Crash()]
    with pytest.raises(Crash):
        office.deliver()
    office.delivery = office.opened()

    office.deliver(seconds=CLAIM.total_seconds())

    assert office.sender.calls[:2] == [("甲", "乙"), ("丙",)]
    assert ("丁", "明天截止\n丁另有一件退回") in office.sender.said
    assert {office.states()[name] for name in "甲乙丁"} == {OutboxState.SENT}
    assert office.states()["丙"] == OutboxState.UNKNOWN


def test_a_word_that_is_dropped_meanwhile_is_not_said(office: Office) -> None:
    office.owe("另有通知", "甲", "乙", "丙")
    office.owe("明天截止", "丁", "戊")

    def drop() -> None:
        with office.database.write() as session:
            row = session.exec(
                select(OutboxMessage).where(OutboxMessage.text == "明天截止")
            ).first()
            assert row is not None
            row.state = OutboxState.DROPPED
        office.sender.meanwhile = lambda: None

    office.sender.meanwhile = drop
    office.deliver()

    assert office.sender.calls == [("甲", "乙", "丙"), ("戊",)]


def test_the_same_words_to_people_of_two_platforms_take_a_call_each(post: Post) -> None:
    """Only a door that says one text to many is handed many."""
    many, one = ManySender(), FakeSender("wecom")
    with post.database.write() as session:
        for number in range(6):
            platform = "dingtalk" if number % 2 else "wecom"
            chat = chat_at(session, platform, f"u{number}", ChatKind.SINGLE, NOW)
            say(session, chat.id or 0, Reply("明天截止"), key=f"k{number}", now=NOW)

    post.delivery(many, one).deliver_due()

    assert many.calls == [("u1", "u3", "u5")]
    assert one.said == [(f"u{number}", "明天截止") for number in (0, 2, 4)]


@pytest.fixture
def post(sqlite: Database) -> Post:
    return Post(sqlite)
