"""审核分工: what is assigned to somebody stands first; two levels endorse, then accept."""

import pytest
from sqlmodel import select

from models.member import RoleName
from models.programme import programme_by_code
from models.submission import Submission
from models.unit import Unit
from tests.factories import a_member
from tests.supervising import with_open_chats
from tests.talk import Talk

ADMIN, SECOND, OFFICE = "管理员甲", "管理员乙", "县办主任"
POLICE, WOMEN = "州公安局联络员", "州妇联联络员"
CAMERAS = "报送 州1-7\n截至：8月31日\n完成数：1710个\n措施：逐村安装，按月调度\n问题：资金紧张"
SCREENED = "报送 州1-13\n截至：8月31日\n完成数：25000人\n措施：逐村安排，按月调度\n问题：资金紧张"


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """州妇联 reported first, 州公安局 a little later; 县办主任 heads the latter's office."""
    talk.set_clock("2021-09-16T10:00")
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, SECOND, (RoleName.ADMIN, None))
        a_member(session, OFFICE, (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)
    talk.say(WOMEN, SCREENED)
    talk.later(minutes=2)
    talk.say(POLICE, CAMERAS)
    return talk


def test_what_is_assigned_stands_first_and_admins_see_all(talk: Talk) -> None:
    answer = talk.say(ADMIN, f"审核分工 答卷专栏 {SECOND} 州公安局")[0]

    assert "负责【答卷专栏】终审：州公安局" in answer
    assert "请发“待审”查看" in talk.heard(SECOND)[-1]
    own = talk.say(SECOND, "待审")[0].splitlines()
    assert own[0] == "待审2件，其中分给您的1件在前："
    assert own[1].startswith("#2 州公安局")
    assert talk.say(ADMIN, "待审")[0].splitlines()[1].startswith("#1 州妇联")


def test_the_first_pass_endorses_and_the_second_accepts(talk: Talk) -> None:
    talk.say(ADMIN, "审核分工 答卷专栏 两级")
    talk.say(ADMIN, f"审核分工 答卷专栏 初审 {OFFICE} 州公安局")

    listed = talk.say(OFFICE, "待审")[0]
    assert "#2 州公安局 州1-7 雪亮工程（1—8月）（待初审）" in listed
    assert "#1" not in listed
    assert talk.say(OFFICE, "通过 2") == ["初审通过，待终审：#2 州公安局 州1-7 雪亮工程（1—8月）"]
    assert "已初审，正等终审" in talk.say(OFFICE, "通过 2")[0]
    assert "已初审，正等终审" in talk.say(OFFICE, "退回 2 图片有水印")[0]
    assert "（已初审，待终审）" in talk.say(ADMIN, "待审")[0]
    assert "已通过：#2" in talk.say(ADMIN, "通过 2")[0]
    assert talk.heard(POLICE)[-1].startswith("已审核通过")
    assert "初审通过" in talk.say(ADMIN, "审计 2")[0]


def test_it_is_sent_back_at_either_level_and_endorsed_anew(talk: Talk) -> None:
    talk.say(ADMIN, "审核分工 答卷专栏 两级")
    talk.say(ADMIN, f"审核分工 答卷专栏 初审 {OFFICE} 州公安局")

    assert "已退回" in talk.say(OFFICE, "退回 2 图片有水印")[0]
    talk.say(POLICE, "更正 2\n完成数：1711个")
    assert "（待初审）" in talk.say(ADMIN, "待审")[0]
    talk.say(OFFICE, "通过 2")
    talk.say(ADMIN, "退回 2 数据不实")
    with talk.database.read() as session:
        assert session.get_one(Submission, 2).endorsed_at is None


def test_without_anybody_for_the_first_look_one_pass_accepts(talk: Talk) -> None:
    talk.say(ADMIN, "审核分工 答卷专栏 两级")

    assert "已通过：#1" in talk.say(ADMIN, "通过 1")[0]


def test_an_admin_may_give_the_first_look_and_then_the_second(talk: Talk) -> None:
    talk.say(ADMIN, "审核分工 答卷专栏 两级")
    talk.say(ADMIN, f"审核分工 答卷专栏 初审 {OFFICE} 全部")

    assert "初审通过，待终审" in talk.say(ADMIN, "通过 1")[0]
    assert "已通过：#1" in talk.say(ADMIN, "通过 1")[0]


def test_who_is_assigned_sees_and_reviews_only_that(talk: Talk) -> None:
    talk.say(ADMIN, f"审核分工 答卷专栏 {OFFICE} 州1-7")

    assert "州1-7 雪亮工程" in talk.say(OFFICE, "查看 2")[0]
    assert "暂不能查看" in talk.say(OFFICE, "查看 1")[0]
    assert "您不是“答卷专栏”的管理员" in talk.say(OFFICE, "通过 1")[0]
    assert "审核：待审、通过、退回" in talk.say(OFFICE, "帮助")[0]
    assert "已通过：#2" in talk.say(OFFICE, "通过 2")[0]


def test_nobody_reviews_the_own_report_without_being_an_admin(talk: Talk) -> None:
    talk.say(ADMIN, f"审核分工 答卷专栏 {POLICE} 全部")

    assert "是您本人报送的" in talk.say(POLICE, "通过 2")[0]
    assert "已通过：#1" in talk.say(POLICE, "通过 1")[0]


def test_an_assignment_is_taken_back(talk: Talk) -> None:
    talk.say(ADMIN, f"审核分工 答卷专栏 {OFFICE} 州公安局 州1-13")

    talk.say(ADMIN, f"审核分工 取消 {OFFICE} 州1-13 答卷专栏")
    assert f"{OFFICE}（终审）：州公安局" in talk.say(ADMIN, "审核分工 答卷专栏")[0].splitlines()
    talk.say(ADMIN, f"审核分工 取消 {OFFICE} 答卷专栏")

    assert "仅限管理员使用" in talk.say(OFFICE, "待审")[0]
    assert "审核分工已取消" in talk.heard(OFFICE)[-2]


def test_a_reviewer_on_leave_has_a_deputy(talk: Talk) -> None:
    talk.say(ADMIN, f"审核分工 答卷专栏 {OFFICE} 州公安局 州1-13")
    assert "仅限管理员使用" in talk.say(WOMEN, "通过 2")[0]

    [arranged] = talk.say(OFFICE, f"代理 {WOMEN} 到 9月17日")

    assert f"由{WOMEN}代{OFFICE}审核分工内的报送" in arranged
    assert "待办请发“待审”" in talk.heard(WOMEN)[-1]
    assert "提醒发给您" not in talk.heard(WOMEN)[-1]
    assert f"代{OFFICE}审核" in talk.say(WOMEN, "我是谁")[0]
    assert "是您本人报送的" in talk.say(WOMEN, "通过 1")[0]
    assert "已通过：#2" in talk.say(WOMEN, "通过 2")[0]
    talk.later(days=2)
    assert "仅限管理员使用" in talk.say(WOMEN, "待审")[0]


def test_who_has_no_part_in_a_programme_reviews_for_nobody_there(talk: Talk) -> None:
    with talk.database.write() as session:
        other = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=other)
    talk.say(ADMIN, f"审核分工 答卷专栏 {OFFICE} 州公安局")

    answer = talk.say(ADMIN, f"代理 {OFFICE} 由 管理员丙 到 9月17日")[0]

    assert "管理员丙在答卷专栏没有角色，不能代为审核，请另安排审核人" in answer
    assert "您不是“答卷专栏”的管理员" in talk.say("管理员丙", "通过 2")[0]


def test_an_admin_of_one_programme_changes_not_that_one_for_another(talk: Talk) -> None:
    with talk.database.write() as session:
        other = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=other)

    assert "没有认出“答卷专栏”，审核方式没有变" in talk.say("管理员丙", "审核分工 答卷专栏 两级")[0]
    assert "【重点民生实事】一级审核" in talk.say("管理员丙", "审核分工")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("审核分工 管理员甲 州公安局", "您管理几个专项（答卷专栏、重点民生实事），请写明专项"),
        ("审核分工 答卷专栏 张三 全部", "没有找到“张三”"),
        ("审核分工 答卷专栏 全部", "还缺审核人的姓名"),
        ("审核分工 答卷专栏 管理员甲", "还缺审核范围"),
        ("审核分工 答卷专栏 管理员甲 州外星局", "有不认识的单位或任务"),
        ("审核分工", "【答卷专栏】一级审核，管理员审核全部"),
        ("审核分工 答卷专栏 一级", "没有变化"),
    ],
)
def test_what_is_missing_or_wrong_is_named(light: Talk, text: str, expected: str) -> None:
    assert expected in light.say(ADMIN, text)[0]


def test_only_admins_assign_and_not_in_groups(light: Talk) -> None:
    assert "仅限管理员使用" in light.say("领导甲", "审核分工")[0]
    assert "单聊中发送" in light.say(ADMIN, "审核分工", group="领导群")[0]
