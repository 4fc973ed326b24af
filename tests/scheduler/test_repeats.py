"""What nobody knows the outcome of is repeated by the door that may have taken it, as it was."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.queues import retry_word
from models.chat import Door
from models.db import Database
from models.errors import DeliveryError, Shut
from models.message import Reply
from models.outbox import OutboxState, say
from scheduler.delivery import CLAIM, Delivery
from scheduler.routing import Pace, Parcel
from tests.post import FakeSender, Post

NO_ANSWER = DeliveryError("等待回应超时", retryable=True, unknown=True, shut=Shut.AWAY)
NOT_REACHED = DeliveryError("连不上", retryable=True, elsewhere=True, shut=Shut.AWAY)
LOST = DeliveryError("连接断开", retryable=True, unknown=True)
SHAKY = DeliveryError("502", retryable=True)
GONE = DeliveryError("已移出群", retryable=False, elsewhere=True, shut=Shut.CHAT)


class Crash(BaseException):
    """The process dies here."""


class Robot(FakeSender):
    """Knows a number that it was told before, and then shows nothing; texts go together."""

    largest = 6000

    def __init__(self, name: str = "dingtalk_robot") -> None:
        super().__init__(name, platform="dingtalk", knows_keys=True)
        self.shown: dict[str, str] = {}
        #: What happens once the word was shown.
        self.after: list[BaseException | None] = []

    def strain(self) -> float:
        return 0.0

    def send(self, address: str, parcel: Parcel) -> str:
        self.before(parcel)
        if refusal := self.troubles.pop(0) if self.troubles else None:
            raise refusal
        self.shown.setdefault(parcel.key, parcel.text)
        trouble = self.after.pop(0) if self.after else None
        if trouble is not None:
            raise trouble
        return "ok"


class Costly(FakeSender):
    """A door whose quota is nearly used up: it goes last."""

    largest = 6000

    def strain(self) -> float:
        return 0.9


class House:
    """One group with two doors."""

    def __init__(self, database: Database) -> None:
        self.post = Post(database)
        self.robot, self.other = Robot(), Costly("dingtalk")
        with database.write() as session:
            for via in ("dingtalk_robot", "dingtalk"):
                chat = self.post.group
                door = Door(chat_id=chat, platform="dingtalk", via=via, address=f"behind {via}")
                session.add(door)
        self.delivery = self.opened()

    def opened(self) -> Delivery:
        return self.post.delivery(self.robot, self.other)

    def owe(self, *texts: str) -> None:
        for text in texts:
            with self.post.database.write() as session:
                say(session, self.post.group, Reply(text), key=text, now=self.post.now)

    def deliver(self, seconds: float = 0) -> None:
        self.post.now += timedelta(seconds=seconds)
        self.delivery.deliver_due()

    @property
    def said(self) -> list[str]:
        return [*self.robot.shown.values(), *self.other.texts]

    def states(self, *texts: str) -> set[str]:
        return {self.post.row(text).state for text in texts}


@pytest.fixture
def house(sqlite: Database) -> House:
    return House(sqlite)


def test_a_repeat_does_not_go_by_another_door_however_long_the_first_one_is_closed(
    house: House,
) -> None:
    house.robot.after = [NO_ANSWER, NOT_REACHED]
    house.owe("周排名")

    for seconds in (0, 11, 60, 600):
        house.deliver(seconds)

    assert house.said == ["周排名"]
    assert house.states("周排名") == {OutboxState.SENT}
    assert house.post.row("周排名").platform == "dingtalk_robot"


def test_a_repeat_says_what_the_first_try_said_and_what_came_since_follows(house: House) -> None:
    house.robot.after = [NO_ANSWER]
    house.owe("第1条", "第2条")
    house.deliver()
    house.owe("第3条")

    house.deliver(11)

    assert house.said == ["第1条\n第2条", "第3条"]
    assert house.states("第1条", "第2条", "第3条") == {OutboxState.SENT}


def test_so_it_does_after_its_process_died(house: House) -> None:
    house.other.knows_keys = True
    house.robot.after = [Crash()]
    house.owe("第1条", "第2条")
    with pytest.raises(Crash):
        house.deliver()
    house.owe("第3条")
    house.delivery = house.opened()

    house.deliver(CLAIM.total_seconds())

    assert house.said == ["第1条\n第2条", "第3条"]
    assert house.states("第1条", "第2条", "第3条") == {OutboxState.SENT}


def test_where_that_door_is_gone_meanwhile_the_word_is_not_said_again(house: House) -> None:
    house.robot.after = [NO_ANSWER, GONE]
    house.owe("周排名")
    house.deliver()

    house.deliver(11)

    assert "周排名" not in house.other.texts
    assert house.states("周排名") == {OutboxState.UNKNOWN}


def test_words_that_left_together_are_repeated_together_whatever_the_jitter(house: House) -> None:
    house.post.chance = iter((1.0, 0.0, 0.0, 0.0)).__next__
    house.delivery = house.opened()
    house.robot.after = [LOST]
    house.owe("第1条", "第2条")
    house.deliver()

    for seconds in (8.5, 3):
        house.deliver(seconds)

    assert house.said == ["第1条\n第2条"]
    assert house.states("第1条", "第2条") == {OutboxState.SENT}


def test_a_word_that_was_refused_before_is_not_tied_to_one_that_was_not(house: House) -> None:
    """Else one of them were given up, and the other repeated under a number of its own."""
    house.robot.troubles = [SHAKY, SHAKY, SHAKY, None]
    house.owe("第1条")
    for seconds in (0, 11, 61):
        house.deliver(seconds)
    house.owe("第2条")
    house.robot.after = [NO_ANSWER]

    for seconds in (600, 11):
        house.deliver(seconds)

    assert house.said == ["第1条", "第2条"]
    assert house.post.row("第1条").state == OutboxState.UNKNOWN
    assert house.post.row("第2条").state == OutboxState.SENT


@pytest.mark.parametrize("is_crash", [False, True])
def test_nothing_is_repeated_once_the_platform_may_have_forgotten_its_number(
    house: House, is_crash: bool
) -> None:
    house.robot.after = [Crash() if is_crash else NO_ANSWER]
    house.owe("周排名")
    with suppress(Crash):
        house.deliver()
    house.robot.after = [NOT_REACHED] * 4
    house.delivery = house.opened()
    for minutes in (1, 10, 10):
        house.deliver(minutes * 60)
    assert house.states("周排名") == {OutboxState.WAITING}
    house.robot.shown.clear()

    house.deliver(600)

    assert house.robot.shown == {}
    assert house.states("周排名") == {OutboxState.UNKNOWN}


def test_what_a_process_said_as_it_died_goes_by_no_other_door_that_knows_numbers(
    house: House,
) -> None:
    house.other.knows_keys = True
    house.robot.after = [Crash()]
    house.owe("周排名")
    with pytest.raises(Crash):
        house.deliver()
    house.delivery = house.opened()
    house.robot.after = [NOT_REACHED]

    for seconds in (CLAIM.total_seconds(), 11, 61):
        house.deliver(seconds)

    assert house.said == ["周排名"]
    assert house.post.row("周排名").platform == "dingtalk_robot"


def test_what_a_process_said_as_it_died_is_repeated_beside_a_door_that_knows_nothing(
    house: House,
) -> None:
    house.robot.after = [Crash()]
    house.owe("周排名")
    with pytest.raises(Crash):
        house.deliver()
    house.delivery = house.opened()

    house.deliver(CLAIM.total_seconds())

    assert house.said == ["周排名"]
    assert house.states("周排名") == {OutboxState.SENT}


def test_where_the_door_it_may_have_left_by_takes_no_more_nobody_knows(house: House) -> None:
    house.robot.after = [Crash()]
    house.owe("周排名")
    with pytest.raises(Crash):
        house.deliver()
    house.delivery = house.post.delivery(house.other)

    house.deliver(CLAIM.total_seconds())

    assert "周排名" not in house.other.texts
    assert house.states("周排名") == {OutboxState.UNKNOWN}
    [told] = house.post.alarm_texts()
    assert "结果不明（发送后未收到结果）" in told


def test_a_repeat_that_an_operator_hurries_is_still_a_repeat(house: House) -> None:
    house.robot.after = [NO_ANSWER]
    house.owe("第1条", "第2条")
    house.deliver()
    with house.post.database.write() as session:
        retry_word(session, house.post.row("第1条").id or 0, house.post.now)

    house.deliver(10.5)

    assert house.said == ["第1条\n第2条"]
    assert house.states("第1条", "第2条") == {OutboxState.SENT}


class App(FakeSender):
    """Compares texts with those that it was sent before; few may go to one chat at once."""

    def __init__(self) -> None:
        super().__init__(knows_keys=True)
        self.paces = (Pace(2, timedelta(seconds=8)),)
        self.after: list[BaseException | None] = []

    def send(self, address: str, parcel: Parcel) -> str:
        if parcel.text not in self.texts:
            self.said.append((address, parcel.text))
        if trouble := self.after.pop(0) if self.after else None:
            raise trouble
        return "ok"


def test_a_repeat_says_all_of_it_also_where_words_need_not_go_together_any_more(
    sqlite: Database,
) -> None:
    post, app = Post(sqlite), App()
    app.after = [None, NO_ANSWER]
    delivery = post.delivery(app)
    for text in ("第1条", "第2条", "第3条"):
        post.owe(text)
    delivery.deliver_due()

    post.now += timedelta(seconds=11)
    delivery.deliver_due()

    assert app.texts == ["第1条", "第2条\n第3条"]
    assert {post.row(f"第{n}条").state for n in (1, 2, 3)} == {OutboxState.SENT}


def test_a_word_that_opened_its_door_has_left_though_the_database_fails_behind_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.robot.after, house.other.troubles = [NOT_REACHED], [NOT_REACHED]
    house.owe("周排名")
    house.deliver()
    house.robot.shown.clear()

    def fails(*_: object) -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr("scheduler.delivery.wake_put_off", fails)
    with pytest.raises(OSError, match="gone"):
        house.deliver(11)
    monkeypatch.undo()
    house.deliver(61)

    assert house.said == ["周排名"]
    assert house.states("周排名") == {OutboxState.SENT}
