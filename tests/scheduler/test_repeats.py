"""What nobody knows the outcome of is repeated by the door that may have taken it, as it was."""

from datetime import timedelta

import pytest

from models.chat import Door
from models.db import Database
from models.errors import DeliveryError, Shut
from models.message import Reply
from models.outbox import OutboxState, say
from scheduler.delivery import CLAIM, Delivery
from scheduler.routing import Parcel
from tests.post import FakeSender, Post

NO_ANSWER = DeliveryError("等待回应超时", retryable=True, unknown=True, shut=Shut.AWAY)
NOT_REACHED = DeliveryError("连不上", retryable=True, elsewhere=True, shut=Shut.AWAY)
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
    assert house.states("周排名") == {OutboxState.FAILED}
