"""One alarm to several people costs one unit of the month's calls, and each has their own fate."""

from sqlmodel import col, select, update

from bot.dingtalk.body import PLATFORM
from bot.dingtalk.meter import Pool
from handlers.alarms import raise_alarm
from models.chat import chat_at
from models.member import Account, RoleName
from models.message import ChatKind
from models.outbox import OutboxMessage, OutboxState
from models.quota import Usage
from tests.dingtalk import DingTalkOffice
from tests.factories import a_member
from tests.twins.dingtalk.corp import Member

SEND = "robot/oToMessages/batchSend"
#: As DingTalk has them: found by their very letters.
PEOPLE = ("YunWei01", "yunwei02", "manager4711", "YW-5", "yunwei6")


def operators(office: DingTalkOffice) -> None:
    """Five who hear of troubles."""
    office.twin.corp.join(Member(each, each) for each in PEOPLE)
    with office.house.database.write() as session:
        for each in PEOPLE:
            a_member(session, each, (RoleName.OPERATOR, None))
            known = col(Account.user_id) == each.casefold()
            session.exec(update(Account).where(known).values(platform=PLATFORM, spelling=each))
            now = office.house.clock()
            chat_at(session, PLATFORM, each.casefold(), ChatKind.SINGLE, now)


def alarm(office: DingTalkOffice, text: str) -> None:
    with office.house.database.write() as session:
        raise_alarm(session, office.house.services, text, key=text, now=office.house.clock())
    office.works()


def test_an_alarm_to_five_operators_is_one_call_of_five(office: DingTalkOffice) -> None:
    operators(office)

    alarm(office, "数据库磁盘将满")

    [call] = office.twin.sent(SEND)
    assert call.body["userIds"] == [*PEOPLE]
    for each in PEOPLE:
        [seen] = office.twin.seen(each, 1)
        assert seen.text == "【运维告警】数据库磁盘将满"
    with office.house.database.read() as session:
        used = session.exec(select(Usage.count).where(Usage.pool == Pool.API)).one()
    assert used == 1


def test_18_whom_the_call_did_not_reach_fails_alone(office: DingTalkOffice) -> None:
    operators(office)
    office.twin.corp.members["YW-5"].visible = False

    alarm(office, "数据库磁盘将满")

    with office.house.database.read() as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    states = [row.state for row in rows if "磁盘" in row.text]
    sent, failed = OutboxState.SENT, OutboxState.FAILED
    assert states == [sent, sent, sent, failed, sent]
    assert len([row for row in rows if "磁盘" in row.text and row.answer.startswith("query")]) == 4
    assert office.twin.sent(SEND)[0].body["userIds"] == [*PEOPLE]


def test_28_where_the_answer_is_lost_nobody_is_told_twice(office: DingTalkOffice) -> None:
    operators(office)
    office.twin.faults.hang_up(SEND, acted=True)

    alarm(office, "数据库磁盘将满")
    office.forward(3600)

    for each in PEOPLE:
        texts = [bubble.text for bubble in office.twin.seen(each)]
        assert texts.count("【运维告警】数据库磁盘将满") == 1
    with office.house.database.read() as session:
        rows = session.exec(select(OutboxMessage).where(col(OutboxMessage.text).contains("磁盘")))
        assert {row.state for row in rows.all()} == {OutboxState.UNKNOWN}
