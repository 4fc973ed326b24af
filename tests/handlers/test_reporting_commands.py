"""任务 and 绑定 as a liaison meets them."""

from sqlmodel import select

from models.invite import Invite, code_hash
from models.member import Role, RoleName
from models.unit import Unit
from tests.talk import Talk

POLICE = "州公安局联络员"
BOTH = "联络员甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


def invite(talk: Talk, code: str, unit_name: str) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == unit_name)).one()
        session.add(
            Invite(
                code_hash=code_hash(code),
                name="联络员乙",
                role=RoleName.LIAISON,
                unit_id=unit.id,
                created_at=talk.now,
            )
        )


def test_tasks_list_what_is_owed_with_due_day_and_parts(talk: Talk) -> None:
    [answer] = talk.say(BOTH, "任务")

    assert answer.startswith("待报2项：\n1. 州1-7 雪亮工程｜1—7月｜8月25日截止（还有5天）")
    assert "2. 州1-13 两癌检查" in answer
    assert "需完成数、措施" in answer


def test_a_number_after_the_list_opens_that_report(talk: Talk) -> None:
    talk.say(BOTH, "待办")

    assert talk.say(BOTH, "2")[0].startswith("州1-13 两癌检查（1—7月")
    talk.say(BOTH, "任务")
    assert "没有第3项" in talk.say(BOTH, "3")[0]


def test_the_list_says_overdue_today_and_what_comes_next(talk: Talk) -> None:
    talk.set_clock("2021-08-25T09:00")
    assert "（今天）" in talk.say(POLICE, "任务")[0]
    talk.set_clock("2021-08-27T09:00")
    overdue = talk.say(POLICE, "任务")[0]
    assert "已逾期2天" in overdue
    assert "2. 新7 雪亮工程｜1—8月" in overdue


def test_nothing_owed_is_said_with_the_next_date(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)

    [answer] = talk.say(POLICE, "任务")
    assert answer == (
        "目前没有待报事项。下一项：新7 雪亮工程，1—8月，9月10日前报送。\n"
        "已报送、等待审核：#1 州1-7 雪亮工程。"
    )


def test_an_unfinished_report_is_named_in_the_list(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n完成数：1710个")

    assert "没有报完的：州1-7 雪亮工程（正在填报）" in talk.say(POLICE, "任务")[0]


def test_a_leader_has_no_reporting_tasks(talk: Talk) -> None:
    assert "没有报送任务" in talk.say("领导甲", "任务")[0]


def test_reporting_without_a_name_begins_the_only_task_or_asks(talk: Talk) -> None:
    assert talk.say(POLICE, "报送")[0].startswith("州1-7 雪亮工程（1—7月")
    [question] = talk.say(BOTH, "报送\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度")
    assert question.startswith("请问报送哪一项？\n1. 州1-7")

    assert "已收到 #1 州1-7" in talk.say(BOTH, "1")[0]


def test_a_second_code_adds_a_further_role(talk: Talk) -> None:
    invite(talk, "K7Q2M9", "州妇联")

    assert "绑定成功：州妇联联络员" in talk.say(POLICE, "绑定 k7q2m9")[0]
    assert "州1-13 两癌检查" in talk.say(POLICE, "任务")[0]
    with talk.database.read() as session:
        assert len(session.exec(select(Role).where(Role.role == RoleName.LIAISON)).all()) == 11


def test_a_stranger_binds_and_a_bound_one_is_told_who_they_are(talk: Talk) -> None:
    invite(talk, "K7Q2M9", "州妇联")
    assert "尚未绑定" in talk.say("路人", "报送 州1-7")[0]
    assert "绑定成功" in talk.say("路人", "绑定 K7Q2M9")[0]

    assert "您已绑定：州妇联联络员" in talk.say("路人", "绑定")[0]
    assert "无效" in talk.say("路人", "绑定 K7Q2M9")[0]
