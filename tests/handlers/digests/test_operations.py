"""运行简报: the burden meter, the quota and what went wrong, once for each admins' group."""

from datetime import date

import pytest
from sqlmodel import Session, select

from models import quota
from models.db import Database
from models.figure import Figure
from models.inbox import InboxMessage, InboxState
from models.member import RoleName
from models.outbox import OutboxMessage, OutboxState
from models.submission import SubmissionVersion
from models.unit import Unit
from scheduler.digest_run import run_digests
from scheduler.reminders import remind
from tests.conftest import at
from tests.factories import a_group, a_member
from tests.supervising import counted_queries, hand_in, outbox, seed_digests, with_open_chats
from tests.talk import Talk

MONDAY = "2021-08-30T09:00"
DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = with_open_chats(Talk(database))
    with database.write() as session:
        a_group(session, "管理员群").purpose = "admins"
    seed_digests(talk)
    return talk


def delivered(session: Session) -> None:
    """Everything owed so far went out as it was said."""
    for row in session.exec(select(OutboxMessage)).all():
        row.state, row.sent_at, row.platform = OutboxState.SENT, row.created_at, "sandbox"


def told(talk: Talk, when: str = MONDAY) -> list[str]:
    talk.set_clock(when)
    run_digests(talk.database, talk.services, at(when))
    rows = outbox(talk.database, "digest:all:operations:")
    return rows[-1].text.splitlines() if rows else []


def test_a_week_of_reminders_and_reports_is_measured_by_units(talk: Talk) -> None:
    for when in ("2021-08-25T09:00", "2021-08-25T15:00"):
        remind(talk.database, talk.services, at(when))
    talk.set_clock("2021-08-26T10:00")
    report = hand_in(talk, "州1-7", {DEVICES: "1710"})
    with talk.database.write() as session:
        version = session.exec(
            select(SubmissionVersion).where(SubmissionVersion.submission_id == report)
        ).one()
        version.sections = {"措施": "全面铺开安装", "问题": ""}
        assert session.exec(select(Figure).where(Figure.version_id == version.id)).one()
        delivered(session)

    lines = told(talk)

    assert lines[0] == "【运行简报】8月23日至8月29日，联络员9人"
    assert lines[1].startswith("打扰：主动发出16条，人均1.8条，最多2条（州公安局")
    assert lines[2].startswith("填报：收到1件，填写2项，每件平均2项，最多2项（")
    assert lines[3] == "发送：8月已发练习群 16条"
    assert lines[4] == "异常：无，不需要处理"
    assert "联络员甲" not in "".join(lines)


def test_who_stood_in_for_a_liaison_is_measured_along(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州卫健委")).one()
        a_member(session, "州卫健委负责人", (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)
    talk.set_clock("2021-08-24T10:00")
    talk.say("州公安局联络员", "代理 州卫健委负责人 到 8月27日")
    remind(talk.database, talk.services, at("2021-08-25T09:00"))
    with talk.database.write() as session:
        delivered(session)
    talk.set_clock("2021-08-26T10:00")
    talk.say("州公安局联络员", "代理 取消")

    lines = told(talk)

    assert lines[0] == "【运行简报】8月23日至8月29日，联络员10人"
    assert lines[1].endswith("最多2条（州公安局）；答复1条")


def test_what_a_platform_counts_is_told_with_its_forecast(talk: Talk) -> None:
    """The Monday is the twenty-first of the twenty-two working days of August."""
    remind(talk.database, talk.services, at("2021-08-25T09:00"))
    with talk.database.write() as session:
        quota.spend(session, "dingtalk", "api", date(2021, 8, 1), 2100)
        quota.spend(session, "dingtalk", "webhook", date(2021, 8, 1), 2940)
        session.add(
            InboxMessage(
                platform="dingtalk",
                message_id="msgA==",
                sender_id="gongan",
                chat_id="gongan",
                received_at=at("2021-08-26T09:00"),
                raw=b"{}",
                state=InboxState.DONE,
            )
        )

    lines = told(talk)

    assert lines[3] == (
        "钉钉额度（本系统计）：接口调用已用2100/5000次（42%），预计月底2200次；"
        "消息推送已用2941/3000次（98%），按此速度8月31日用完"
    )


def test_failures_are_told_with_what_to_do(talk: Talk) -> None:
    remind(talk.database, talk.services, at("2021-08-25T09:00"))
    with talk.database.write() as session:
        delivered(session)
        rows = session.exec(select(OutboxMessage)).all()
        rows[0].state, rows[1].state = OutboxState.FAILED, OutboxState.UNKNOWN

    lines = told(talk)

    assert lines[-1] == (
        "异常：发送失败1条，结果不明1条，未办结来信0条，积压0条。"
        "请运维人员执行 dajuan outbox list、dajuan inbox list 查看处理"
    )


def test_both_programmes_make_one_message_in_a_group(talk: Talk) -> None:
    remind(talk.database, talk.services, at("2021-08-25T09:00"))
    told(talk)

    assert len(outbox(talk.database, "digest:all:operations:2021-W35:")) == 1


def test_a_week_in_which_nothing_happened_is_not_told(talk: Talk) -> None:
    assert told(talk) == []


def test_it_goes_to_admins_only(talk: Talk) -> None:
    remind(talk.database, talk.services, at("2021-08-25T09:00"))
    told(talk)

    assert not any("运行简报" in text for text in talk.heard_in("领导群"))
    assert not any("运行简报" in text for text in talk.heard_in("联络员群"))


def test_it_costs_the_same_statements_however_many_people_there_are(talk: Talk) -> None:
    for when in ("2021-08-25T09:00", "2021-08-25T15:00"):
        remind(talk.database, talk.services, at(when))
    with counted_queries(talk.database) as seen:
        talk.set_clock("2021-08-27T09:00")
        talk.say("管理员甲", "发布 运行简报")

    of_digest = [each for each in seen if "FROM outbox" in each or "submission_version" in each]
    assert len(of_digest) <= 14
