"""Whom the app does not reach: noticed in whatever way WeCom says so, and told once a day."""

import pytest
from sqlmodel import col, select

from models.chat import chat_at
from models.errors import DeliveryError, Shut
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from scheduler.routing import Parcel
from tests.twins.wecom.corp import Member
from tests.wecom import WecomOffice

POLICE = "州公安局联络员"
PEOPLE = (POLICE, "州妇联联络员")
DAY = 24 * 3600


@pytest.fixture(params=[True, False], ids=["81013", "code 0"])
def unreached(office: WecomOffice, request: pytest.FixtureRequest) -> WecomOffice:
    """Two people are out of the app's sight; an admin hears of troubles."""
    office.twin.messages.refuses_unreached = request.param
    office.says("管理员甲", "任务")
    office.twin.corp.members[POLICE].visible = False
    office.twin.corp.members[PEOPLE[1]].licensed = False
    return office


def owe(office: WecomOffice, person: str, key: str) -> None:
    with office.house.database.write() as session:
        now = office.house.clock()
        chat = chat_at(session, "wecom", person, ChatKind.SINGLE, now)
        say(session, chat.id or 0, Reply(f"催报 {key}"), key=key, now=now)


def words(office: WecomOffice, begin: str) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(begin))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def test_17_ten_words_to_each_of_two_people_are_two_alarms(
    unreached: WecomOffice, logs: list[dict[str, object]]
) -> None:
    for number in range(10):
        for person in PEOPLE:
            owe(unreached, person, f"bulk:{number}:{PEOPLE.index(person)}")
    unreached.works()

    rows = words(unreached, "bulk")
    assert {(each.state, each.attempts) for each in rows} == {(OutboxState.FAILED, 1)}
    alarms = words(unreached, "alarm:")
    assert len(alarms) == 2
    for first, person in enumerate(PEOPLE):  # several chats are served at once
        [alarm] = [each.text for each in alarms if f"发给账号 {person}的消息没有送达" in each.text]
        assert "对方不在应用的可见范围内" in alarm
        assert f"dajuan outbox retry {rows[first].id} " in alarm
    assert len(unreached.twin.seen("管理员甲")) == 1 + 2
    assert not any(person in repr(logs) for person in PEOPLE)


def test_17_the_next_day_it_is_told_again_while_it_lasts(unreached: WecomOffice) -> None:
    owe(unreached, POLICE, "bulk:1")
    unreached.works()
    unreached.forward(DAY)
    owe(unreached, POLICE, "bulk:2")
    unreached.works()
    assert len(words(unreached, "alarm:")) == 2

    unreached.twin.corp.members[POLICE].visible = True
    unreached.forward(DAY)
    owe(unreached, POLICE, "bulk:3")
    unreached.works()

    assert len(words(unreached, "alarm:")) == 2
    assert [each.text for each in unreached.twin.seen(POLICE)] == ["催报 bulk:3"]


def test_17_ids_are_compared_without_regard_to_case(office: WecomOffice) -> None:
    """WeCom writes them in lower case where it lists whom it did not reach."""
    office.twin.messages.refuses_unreached = False
    office.twin.corp.join([Member("ZhangSan", "张三", visible=False)])

    with pytest.raises(DeliveryError) as refused:
        office.house.platforms["wecom_app"].send("ZhangSan", Parcel("k", "催报"))

    assert office.twin.sent("message/send")[-1].answer["invaliduser"] == "zhangsan"
    assert (refused.value.shut, refused.value.elsewhere) == (Shut.CHAT, True)
