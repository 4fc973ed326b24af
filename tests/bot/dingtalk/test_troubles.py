"""What becomes of words when DingTalk takes none: calls, pauses, what is kept, who hears of it."""

import pytest
from sqlmodel import col, select

from models.chat import chat_at
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from tests.dingtalk import DingTalkOffice

POLICE, LIAISON, ADMIN = "州公安局联络员", "联络员甲", "管理员甲"
PEOPLE, DOWNLOAD = "robot/oToMessages/batchSend", "robot/messageFiles/download"
AD = "Forbidden.AccessDenied."
MINUTE = 60


@pytest.fixture(autouse=True)
def _known(office: DingTalkOffice) -> None:
    """The admin, who is told of troubles, has written before."""
    office.says(ADMIN, "任务")


def rows(office: DingTalkOffice, prefix: str = "bulk") -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(prefix))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def alarms(office: DingTalkOffice) -> list[str]:
    return [row.text for row in rows(office, "alarm:")]


def owe(office: DingTalkOffice, *numbers: int) -> None:
    """Words that answer nobody, each another: the even ones to one person, the odd to another."""
    with office.house.database.write() as session:
        now = office.house.clock()
        for number in numbers:
            person = (POLICE, LIAISON)[number % 2].casefold()
            chat = chat_at(session, "dingtalk", person, ChatKind.SINGLE, now)
            say(session, chat.id or 0, Reply(f"第{number}条"), key=f"bulk{number}", now=now)


def tries(office: DingTalkOffice, path: str = PEOPLE) -> int:
    return office.twin.record.tries[path]


SETUP = {
    f"{AD}IpNotInWhiteList": "“安全设置”中添加",
    f"{AD}AccessTokenPermissionDenied": "“权限管理”中申请",
    "invalidParameter.robotCode.auth": "DINGTALK_ROBOT_CODE",
    "chatbotId.notAllow.sendOTO": "启用机器人并发布应用版本",
}


@pytest.mark.parametrize(("code", "told"), SETUP.items())
def test_24_what_the_office_has_to_set_right_keeps_every_word_and_alarms_once(
    office: DingTalkOffice, code: str, told: str
) -> None:
    office.twin.faults.answer(PEOPLE, code, times=None)
    before = tries(office)
    owe(office, *range(10))

    office.works()
    for _ in range(9):
        office.forward(MINUTE)
    assert tries(office) - before <= 2, "the next try is in ten minutes"
    assert {(row.state, row.attempts) for row in rows(office)} == {(OutboxState.WAITING, 0)}
    [alarm] = alarms(office)
    assert told in alarm
    assert "恢复后自动发送（不迟于10分钟）" in alarm

    office.twin.faults.clear()
    office.forward(MINUTE)
    office.forward(MINUTE)

    assert {row.state for row in rows(office)} == {OutboxState.SENT}


def test_24_too_many_in_a_second_are_sent_a_little_later(office: DingTalkOffice) -> None:
    office.twin.quota.per_second = 2
    owe(office, 0, 1)
    office.works()
    before = tries(office)
    owe(office, 2, 4, 6)

    office.works()
    assert tries(office) - before == 1, "what was refused once is not repeated at once"
    for _ in range(4):
        office.forward(2)

    assert {row.state for row in rows(office)} == {OutboxState.SENT}
    assert {row.attempts for row in rows(office)} == {1}
    assert alarms(office) == []


def test_24_a_refusal_that_lasts_is_no_loop(office: DingTalkOffice) -> None:
    """An hour of a server that wants nothing: calls that grow rarer, and nothing is lost."""
    office.twin.faults.answer(PEOPLE, f"{AD}QpsLimitForApi", times=None)
    before = tries(office)
    owe(office, 0)

    office.works()
    for _ in range(60):
        office.forward(MINUTE)

    assert 10 <= tries(office) - before <= 20
    assert rows(office)[0].state == OutboxState.WAITING
    office.twin.faults.clear()
    office.forward(5 * MINUTE)
    assert rows(office)[0].state == OutboxState.SENT


def test_24_a_used_up_month_is_told_once_and_asked_for_rarely(office: DingTalkOffice) -> None:
    office.twin.faults.answer(PEOPLE, f"{AD}ApiCountLimitForOrg", times=None)
    before = tries(office)
    owe(office, 0, 2, 4)

    office.works()
    for _ in range(11):
        office.forward(30 * MINUTE)

    assert tries(office) - before == 1
    told = [each for each in alarms(office) if "额度已用完" in each]
    assert len(told) == 1
    assert "请管理员在钉钉升级版本或购买加量包" in told[0]
    assert "恢复后自动发送（不迟于6小时）" in told[0]

    office.twin.faults.clear()
    office.forward(30 * MINUTE)
    assert {row.state for row in rows(office)} == {OutboxState.SENT}


def test_25_a_blocked_address_rests_for_five_minutes_and_loses_nothing(
    office: DingTalkOffice,
) -> None:
    office.twin.quota.bar()
    before = tries(office)
    owe(office, 0, 2, 4)

    office.works()
    for _ in range(4):
        office.forward(MINUTE)
    assert tries(office) - before == 1
    office.forward(MINUTE)

    assert {row.state for row in rows(office)} == {OutboxState.SENT}


def test_25_a_picture_that_came_during_a_block_is_not_asked_for(office: DingTalkOffice) -> None:
    office.twin.quota.bar()
    owe(office, 0)
    office.works()

    office.twin.robot.shows(POLICE, b"\xff\xd8\xff").answer()
    office.works()

    assert tries(office, DOWNLOAD) == 0


def test_28_what_was_taken_while_the_line_broke_is_said_once_and_shown_to_the_operators(
    office: DingTalkOffice,
) -> None:
    office.twin.faults.hang_up(PEOPLE, acted=True)
    owe(office, 0)

    office.works()
    for _ in range(6):
        office.forward(10 * MINUTE)

    [row] = rows(office)
    assert (row.state, row.attempts) == (OutboxState.UNKNOWN, 1)
    assert [each.text for each in office.twin.seen(POLICE)] == ["第0条"]
    [alarm] = alarms(office)
    assert "结果不明（等待钉钉回应超时）" in alarm


@pytest.mark.parametrize("status", [502, 503])
def test_28_a_gateway_that_took_nothing_is_asked_again(office: DingTalkOffice, status: int) -> None:
    office.twin.faults.status(PEOPLE, status)
    owe(office, 0)

    office.works()
    office.forward(10)

    assert [row.state for row in rows(office)] == [OutboxState.SENT]
    assert [each.text for each in office.twin.seen(POLICE)] == ["第0条"]


def test_18_a_person_who_is_not_reached_is_told_of_and_others_are_not_held_up(
    office: DingTalkOffice,
) -> None:
    office.twin.corp.members[POLICE].visible = False
    owe(office, 0, 1, 2, 3)

    office.works()

    assert [row.state for row in rows(office)] == [
        OutboxState.FAILED,
        OutboxState.SENT,
        OutboxState.FAILED,
        OutboxState.SENT,
    ]
    [alarm] = alarms(office)
    assert f"发给账号 {POLICE}的消息没有送达" in alarm


def test_18_a_person_who_got_too_much_gets_it_a_minute_later(office: DingTalkOffice) -> None:
    office.twin.messages.flow_controlled.add(POLICE)
    owe(office, 0, 1)

    office.works()
    assert [row.state for row in rows(office)] == [OutboxState.WAITING, OutboxState.SENT]
    office.twin.messages.flow_controlled.clear()
    office.forward(59)
    assert rows(office)[0].state == OutboxState.WAITING
    office.forward(1)

    assert rows(office)[0].state == OutboxState.SENT
    assert alarms(office) == []
