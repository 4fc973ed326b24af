"""Doors whose words are counted month by month: what is free goes first, then who has more left."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from models.chat import ChatPurpose, Door
from models.db import Database
from models.message import Choice, Reply
from models.outbox import Priority, say
from scheduler.routing import MeteredDoor, OfferingDoor, Parcel, routes
from tests.factories import a_group
from tests.post import FakeSender, Post

DIGEST = "【周排名】本周 10 个单位全部按时报送"


class Metered(FakeSender):
    """A door of DingTalk that has used so much of its pool."""

    largest = 6000

    def __init__(self, name: str, used: float, *, reaches_people: bool = True) -> None:
        super().__init__(name, platform="dingtalk")
        self.used = used
        self.reaches_people = reaches_people

    def strain(self) -> float:
        return self.used


class Offering(Metered):
    """A door that shows choices better than the others do."""

    def offers(self, parcel: Parcel) -> bool:
        return bool(parcel.choices)


def robot(used: float) -> Metered:
    """A custom robot, which speaks into its own group."""
    return Metered("dingtalk_robot", used, reaches_people=False)


class Leaders(Post):
    """A leaders' group that several doors lead into, the enterprise robot's the oldest."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        with database.write() as session:
            chat = a_group(session, "州领导群", ChatPurpose.LEADERS)
            self.chat = chat.id or 0
            for door in (
                Door(chat_id=self.chat, platform="dingtalk", address="cidLeaders=="),
                Door(chat_id=self.chat, platform="dingtalk", via="dingtalk_robot", address="k1"),
                Door(chat_id=self.chat, platform="wecom", via="wecom_robot", address="k2"),
            ):
                session.add(door)

    def said_by(self, *senders: FakeSender) -> Mapping[str, list[str]]:
        """What each of these doors carried of what is due."""
        self.delivery(*senders).deliver_due()
        return {each.name: each.texts for each in senders if each.texts}


@pytest.fixture
def leaders(sqlite: Database) -> Leaders:
    return Leaders(sqlite)


@pytest.mark.parametrize("used", [0.0, 0.5], ids=["a month begins", "a month goes on"])
def test_a_digest_prefers_the_door_that_costs_nothing(leaders: Leaders, used: float) -> None:
    free = FakeSender("wecom_robot", platform="wecom")
    free.reaches_people = False
    leaders.owe(DIGEST, chat=leaders.chat)

    found = leaders.said_by(Metered("dingtalk", used), robot(used), free)

    assert found == {"wecom_robot": [DIGEST]}


@pytest.mark.parametrize(
    ("api", "webhook", "by"), [(0.10, 0.55, "dingtalk"), (0.60, 0.55, "dingtalk_robot")]
)
def test_of_two_that_cost_the_one_with_more_left_carries_it(
    leaders: Leaders, api: float, webhook: float, by: str
) -> None:
    leaders.owe(DIGEST, chat=leaders.chat)

    assert leaders.said_by(Metered("dingtalk", api), robot(webhook)) == {by: [DIGEST]}


@pytest.mark.parametrize(
    ("choices", "by"), [((Choice("通过", "通过 1"),), "dingtalk"), ((), "dingtalk_session")]
)
def test_choices_go_by_the_door_that_shows_them_best(choices: Sequence[Choice], by: str) -> None:
    every = (Metered("dingtalk_session", 0.1), Offering("dingtalk", 0.6))
    doors = [Door(chat_id=1, platform="dingtalk", address="wangwu")]

    best, other = routes(
        {e.name: e for e in every}, doors, Parcel("key", "待审1件", choices=choices)
    )

    assert (best.sender.name, other.sender.name != by) == (by, True)


def test_texts_that_are_due_together_cost_one_unit(leaders: Leaders) -> None:
    texts = ["【报送提醒】答卷专栏：州1-7今天截止", "【报送提醒】民生实事：新7今天截止"]
    for text in texts:
        leaders.owe(text, chat=leaders.chat)

    assert leaders.said_by(Metered("dingtalk", 0.1)) == {"dingtalk": ["\n".join(texts)]}


def test_a_text_does_not_pass_one_before_it_that_waits_for_its_time(leaders: Leaders) -> None:
    api = Metered("dingtalk", 0.1)
    morning = leaders.now + timedelta(hours=1)
    with leaders.database.write() as session:
        for text, when in (("第1条", None), ("第2条", morning), ("第3条", None)):
            say(session, leaders.chat, Reply(text), key=text, now=leaders.now, not_before=when)
    leaders.said_by(api)
    assert api.texts == ["第1条"]
    leaders.now = morning

    assert leaders.said_by(api) == {"dingtalk": ["第1条", "第2条\n第3条"]}


def test_an_alarm_does_not_wait_to_be_merged_with_digests(leaders: Leaders) -> None:
    leaders.owe(DIGEST, chat=leaders.chat)
    leaders.owe("【运维告警】", chat=leaders.chat, priority=Priority.ALARM)

    found = leaders.said_by(Metered("dingtalk", 0.1))

    assert found == {"dingtalk": ["【运维告警】", DIGEST]}


def test_the_fakes_are_what_they_stand_for() -> None:
    assert isinstance(robot(0.1), MeteredDoor)
    assert isinstance(Offering("dingtalk", 0.1), OfferingDoor)
