"""期限: what was assumed is shown, confirmed or written anew, and only then chased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.audit import Audit
from models.member import RoleName
from models.obligation import Obligation, ObligationState
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.requirement import Requirement
from models.task import Task
from tests.factories import a_member
from tests.supervising import the_whole_demo
from tests.talk import Talk

ADMIN = "管理员甲"


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """Both programmes as they are before any admin confirmed an assumed deadline."""
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        with talk.database.write() as session:
            for row in session.exec(select(Requirement)).all():
                row.confirmed_at = None
        yield talk


def requirements(session: Session, number: str, code: str = "dajuan-2021") -> list[Requirement]:
    programme = programme_by_code(session, code)
    assert programme is not None
    return list(
        session.exec(
            select(Requirement)
            .join(Task, col(Task.id) == col(Requirement.task_id))
            .where(Task.number == number, Task.programme_id == programme.id)
        ).all()
    )


def open_obligations(session: Session, number: str, code: str) -> list[Obligation]:
    ids = [row.id for row in requirements(session, number, code)]
    return list(
        session.exec(
            select(Obligation)
            .where(
                col(Obligation.requirement_id).in_(ids),
                Obligation.state == ObligationState.OWED,
                col(Obligation.history).is_(False),
            )
            .order_by(col(Obligation.due))
        ).all()
    )


def test_the_list_groups_what_rests_on_the_same_assumption(demo: Talk) -> None:
    answer = demo.say(ADMIN, "期限")[0]

    assert answer.splitlines()[:7] == [
        "有2组报送期限待确认，确认前不催报：",
        "【答卷专栏】",
        "1. 8月25日前报送1—7月情况；9月份起，按季度报送累计情况（州1-11、州5）",
        "　推定：每季度报送未写明日期，按专项惯例取每季度之后第1个月20日，请确认",
        "【重点民生实事】",
        "2. 每月10日前，报送1月1日至上月累计情况（全部20项）",
        "　推定：原件只写月调度，未写明报送日期，暂按次月10日前报送至上月底",
    ]
    only = demo.say(ADMIN, "期限 重点民生实事")[0]
    assert "有1组" in only
    assert "答卷专栏" not in only


def test_a_group_is_shown_in_full_by_its_number_alone(demo: Talk) -> None:
    demo.say(ADMIN, "期限")

    shown = demo.say(ADMIN, "2")[0]

    assert "涉及：全部20项" in shown
    assert "　2021年9月10日（周五），报1月1日至8月31日情况" in shown
    assert "认可请发“期限 确认 2”" in shown
    assert shown == demo.say(ADMIN, "期限 2")[0]


def test_a_confirmed_group_is_chased_from_then_on(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.set_clock("2021-09-09T10:00")
    before = demo.say(ADMIN, "催报 重点民生实事")[0]
    demo.say(ADMIN, "期限")

    answer = demo.say(ADMIN, "期限 确认 2")[0]

    assert "报送期限待确认，暂不催报" in before
    assert answer.startswith("已确认：每月10日前，报送1月1日至上月累计情况（全部20项）")
    assert "已催报" in demo.say(ADMIN, "催报 重点民生实事")[0]
    assert "有1组" in demo.say(ADMIN, "期限")[0]
    assert "没有变化" in demo.say(ADMIN, "期限 确认 组40")[0]
    with demo.database.read() as session:
        acts = session.exec(select(Audit.action).where(Audit.table == "requirement")).all()
    assert list(acts) == ["confirm_deadline"] * 20


def test_all_groups_are_confirmed_at_once(demo: Talk) -> None:
    answer = demo.say(ADMIN, "期限 确认 全部")[0]

    assert answer.count("已确认：") == 2
    assert demo.say(ADMIN, "期限") == ["报送期限均已明确，没有需要确认的。"]
    assert demo.say(ADMIN, "期限 确认 全部") == ["报送期限均已明确，没有需要确认的。"]


def test_another_wording_is_echoed_with_its_dates_and_moves_what_is_owed(demo: Talk) -> None:
    demo.say(ADMIN, "期限")

    answer = demo.say(ADMIN, "期限 1 8月25日前报1—7月；每季后10日前")[0]

    assert answer.splitlines()[:-1] == [
        "已改为：2021年8月25日前报送2021年1月至7月；每季度结束后10日前报送本季度",
        "适用州1-11、州5。",
        "接下来的截止日：",
        "　2021年8月25日（周三），报1月1日至7月31日情况",
        "　2021年10月10日（周日），报7月1日至9月30日情况",
        "　2022年1月10日（周一），报10月1日至12月31日情况",
    ]
    assert answer.splitlines()[-1].startswith("期次已更新：")
    with demo.database.read() as session:
        row = requirements(session, "州5")[0]
        dues = [f"{each.due:%m-%d}" for each in open_obligations(session, "州5", "dajuan-2021")]
    assert row.wording.endswith("每季度结束后10日前报送本季度")
    assert row.declared.endswith("按季度报送累计情况")
    assert row.confirmed_at is not None
    assert dues == ["08-25", "10-10", "01-10"]


def test_an_amended_wording_can_be_amended_again_by_the_same_number(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 2 每月15日前报送上月情况")

    again = demo.say(ADMIN, "期限 2 每月12日前报送上月情况")[0]

    assert "适用全部20项" in again
    assert "2021年9月12日（周日）" in again


def test_a_second_load_keeps_the_admins_wording_until_the_definition_changes(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 2 每月15日前报送上月情况")
    definition = read_definition("minsheng-2021")
    with demo.database.write() as session:
        again = load(session, definition, demo.now, demo=True)

    assert not [each for each in again.differences if "wording" in each]
    with demo.database.read() as session:
        row = requirements(session, "新7", "minsheng-2021")[0]
    assert row.wording == "每月15日前报送上月"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("期限 1 收到后5日内", "是相对时限"),
        ("期限 1 按季度报送", "适用州1-11、州5"),
        ("期限 1 每半月报送", "没有具体日期"),
        ("期限 1 每月10日前，12月不报", "免报的例外未自动处理"),
        ("期限 1 2020年8月25日前", "今后没有需要报送的期次"),
        ("期限 9 每月10日前", "清单上没有第9组"),
        ("期限 确认 9", "清单上没有第9组"),
        ("期限 确认", "请写明要确认的序号"),
        ("期限 确认 第一组", "请写明要确认的序号"),
        ("期限 无名专项", "没有认出“无名专项”"),
        ("期限 组999999 每月10日前", "已不在专项中"),
        ("期限 1 " + "每月10日前；" * 60, "控制在300字以内"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(demo: Talk, text: str, said: str) -> None:
    demo.say(ADMIN, "期限")

    answer = demo.say(ADMIN, text)[0]

    assert said in answer
    if "适用" not in said:
        with demo.database.read() as session:
            assert session.exec(select(Audit).where(Audit.table == "requirement")).all() == []


def test_numbers_of_another_list_are_not_taken_for_groups(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "未报")

    answer = demo.say(ADMIN, "期限 确认 1")[0]

    assert "请先发“期限”查看清单" in answer


def test_an_admin_of_one_programme_sees_and_confirms_only_its_deadlines(demo: Talk) -> None:
    with demo.database.write() as session:
        programme = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=programme)

    listed = demo.say("管理员乙", "期限")[0]
    demo.say("管理员乙", "期限 确认 全部")

    assert "答卷专栏" not in listed
    assert "【答卷专栏】" in demo.say(ADMIN, "期限")[0]


def test_nobody_else_and_no_group_deals_with_deadlines(demo: Talk) -> None:
    assert "管理员" in demo.say("领导甲", "期限 确认 全部")[0]
    assert "单聊" in demo.say(ADMIN, "期限", group="联络员群")[0]
