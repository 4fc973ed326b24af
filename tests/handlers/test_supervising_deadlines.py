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
from models.rules.recurrence import to_data
from models.rules.wording import Defaults, read_wording
from models.task import Task
from tests.factories import a_member
from tests.supervising import hand_in, the_whole_demo
from tests.talk import Talk

ADMIN = "管理员甲"
#: 25 August is stated; only the day of the quarters is not.
QUARTERLY = read_definition("dajuan-2021").wordings["按季度"]


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
        f"1. {QUARTERLY}（州1-11、州5）",
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
    assert demo.say(ADMIN, "期限")[0].startswith("报送期限均已明确，没有需要确认的；")
    assert demo.say(ADMIN, "期限 确认 全部") == ["报送期限均已明确，没有需要确认的。"]


def test_another_wording_is_echoed_with_its_dates_and_moves_what_is_owed(demo: Talk) -> None:
    demo.say(ADMIN, "期限")

    answer = demo.say(ADMIN, "期限 1 8月25日前报1—7月；每季后10日前")[0]

    assert answer.splitlines() == [
        "已改为：2021年8月25日前报送2021年1月至7月；2021年9月1日起，每季度结束后10日前报送本季度",
        "适用州1-11、州5。",
        "接下来的截止日：",
        "　2021年8月25日（周三），报1月1日至7月31日情况",
        "　2021年10月10日（周日），报7月1日至9月30日情况",
        "　2022年1月10日（周一），报10月1日至12月31日情况",
        "不变：8月25日2期",
        "调整：10月20日改为10月10日2期、1月20日改为1月10日2期",
    ]
    with demo.database.read() as session:
        row = requirements(session, "州5")[0]
    assert row.wording.endswith("每季度结束后10日前报送本季度")
    assert row.declared == QUARTERLY
    assert row.confirmed_at is not None
    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-10", "01-10"]


def test_only_the_assumed_clause_is_rewritten_and_the_stated_day_stays(demo: Talk) -> None:
    """The example that the list itself gives answers the quarters, not the 25th of August."""
    demo.say(ADMIN, "期限")

    answer = demo.say(ADMIN, "期限 1 每季度结束后10日前，报送1月1日至上季度累计情况")[0]

    assert "原写明的“2021年8月25日前报送2021年1月至7月”不变" in answer
    assert "2021年9月1日起，每季度结束后10日前报送1月1日至本季度" in answer.splitlines()[0]
    assert "取消" not in answer
    assert "新增" not in answer
    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-10", "01-10"]
    with demo.database.write() as session:
        load(session, read_definition("dajuan-2021"), demo.now, demo=True)
    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-10", "01-10"]
    shown = demo.say(ADMIN, "期限 1")[0]
    assert "2021年8月25日前报送2021年1月至7月；2021年9月1日起" in shown
    assert f"原写法：{QUARTERLY}" in shown


def test_the_stated_day_stays_when_a_rewriting_is_rewritten(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 1 每季后10日前")

    demo.say(ADMIN, "期限 1 每季后12日前")

    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-12", "01-12"]


def test_what_would_be_cancelled_is_shown_and_waits_for_a_word(demo: Talk) -> None:
    asked = _at_once(demo, "期限 1 8月20日前")
    before = _dues(demo, "州5", "dajuan-2021")
    demo.say(ADMIN, "确认")

    assert asked[-4:] == [
        "不变：8月25日2期",
        "取消：10月20日2期、1月20日2期",
        "新增：8月20日2期",
        "尚未改动。确要改动请回复“确认”，不改不用回复。",
    ]
    assert before == ["08-25", "10-20", "01-20"]
    assert _dues(demo, "州5", "dajuan-2021") == ["08-20", "08-25"]


def test_the_whole_wording_is_replaced_where_that_is_said(demo: Talk) -> None:
    asked = _at_once(demo, "期限 1 全部改为 每季后10日前")
    demo.say(ADMIN, "确认")

    assert "取消：8月25日2期" in asked
    assert _dues(demo, "州5", "dajuan-2021") == ["10-10", "01-10"]


def test_a_rewriting_asks_for_nothing_that_is_past(demo: Talk) -> None:
    """On 16 August twelve months of reports are asked for: none of January to July is made."""
    demo.say(ADMIN, "期限")
    count = _count(demo, "州5")

    demo.say(ADMIN, "期限 1 全部改为 每月5日前报送上月情况；8月2日前报送方案")
    answer = demo.say(ADMIN, "确认")[0]

    assert "2021年8月2日已过，不再列入。" in answer
    assert answer.startswith("已改为：2021年8月16日起，每月5日前报送上月")
    assert _dues(demo, "州5", "dajuan-2021") == ["09-05", "10-05", "11-05", "12-05", "01-05"]
    assert _count(demo, "州5") == count + 5  # the three that were asked for are kept as waived


def test_a_rewriting_without_a_day_waits_for_its_own_confirmation(demo: Talk) -> None:
    answer = _at_once(demo, "期限 1 按季度报送")
    listed = demo.say(ADMIN, "期限 答卷专栏")[0]
    with demo.database.read() as session:
        before = requirements(session, "州5")[0].confirmed_at
    demo.say(ADMIN, "期限 确认 1")

    assert before is None
    assert any(line.startswith("仍有推定，确认前不催报") for line in answer)
    assert "已改写，待确认" in listed
    with demo.database.read() as session:
        assert requirements(session, "州5")[0].confirmed_at is not None


def test_what_is_chased_already_is_not_rewritten_without_a_day(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 确认 1")

    answer = demo.say(ADMIN, "期限 1 每月")[0]

    assert answer.startswith("这组期限已在催报，改写须写明日期，未作改动：每月报送未写明日期")


def test_every_deadline_is_found_again_and_a_rewriting_taken_back(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 1 每季后10日前")

    listed = demo.say(ADMIN, "期限 全部 答卷专栏")[0].splitlines()
    place = next(at for at, line in enumerate(listed) if "每季度结束后10日前" in line)
    number = listed[place].split(".")[0]
    back = demo.say(ADMIN, f"期限 撤回 {number}")[0]

    assert listed[place + 1] == f"　已改写，已确认；原写法：{QUARTERLY}"
    assert back.splitlines()[:2] == [f"已撤回，恢复为：{QUARTERLY}", "适用州1-11、州5。"]
    assert "待确认，确认前不催报" in back
    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-20", "01-20"]
    assert "没有改写过" in demo.say(ADMIN, f"期限 撤回 {number}")[0]
    with demo.database.read() as session:
        row = requirements(session, "州5")[0]
    assert (row.wording, row.confirmed_at) == (QUARTERLY, None)
    assert len(row.assumed) == 1


def test_taking_back_shows_first_what_it_cancels(demo: Talk) -> None:
    _at_once(demo, "期限 2 每周五17:00前")
    demo.say(ADMIN, "确认")
    demo.say(ADMIN, "期限 全部 重点民生实事")

    asked = demo.say(ADMIN, "期限 撤回 1")[0]
    weekly = _dues(demo)[:2]
    done = demo.say(ADMIN, "确认")[0]

    assert asked.startswith("将撤回，恢复为：每月10日前")
    assert weekly == ["08-20", "08-27"]
    assert done.startswith("已撤回，恢复为：每月10日前")
    assert _dues(demo) == ["09-10", "10-10", "11-10", "12-10", "01-10"]
    assert "原件只写月调度" in demo.say(ADMIN, "期限 重点民生实事")[0]


def test_a_list_that_another_admin_has_overtaken_changes_nothing(demo: Talk) -> None:
    with demo.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=programme)
    demo.say("管理员乙", "期限")
    _at_once(demo, "期限 1 每季后10日前")

    answer = demo.say("管理员乙", "期限 1 每季后25日前")[0]

    assert answer.startswith("这组期限已于8月16日")
    assert "每季度结束后10日前报送本季度”，与您看到的不同，未作改动。" in answer
    assert "与您看到的不同" in demo.say("管理员乙", "期限 确认 1")[0]
    assert _dues(demo, "州5", "dajuan-2021") == ["08-25", "10-10", "01-10"]


def test_an_amended_wording_can_be_amended_again_by_the_same_number(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 1 每季后10日前")

    again = demo.say(ADMIN, "期限 1 每季后12日前")[0]

    assert "适用州1-11、州5" in again
    assert "2021年10月12日（周二）" in again


def test_a_second_load_keeps_the_admins_wording_until_the_definition_changes(demo: Talk) -> None:
    demo.say(ADMIN, "期限")
    demo.say(ADMIN, "期限 2 每月15日前报送上月情况")
    demo.say(ADMIN, "确认")
    definition = read_definition("minsheng-2021")
    with demo.database.write() as session:
        again = load(session, definition, demo.now, demo=True)

    assert not [each for each in again.differences if "wording" in each]
    with demo.database.read() as session:
        row = requirements(session, "新7", "minsheng-2021")[0]
    assert row.wording == "2021年8月16日起，每月15日前报送上月"


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


LATE = "2021-10-12T09:30"
DISABLED = "续7"


def _at_once(demo: Talk, text: str) -> list[str]:
    demo.say(ADMIN, "期限")
    return demo.say(ADMIN, text)[0].splitlines()


def test_what_was_due_before_its_day_was_confirmed_is_held_against_nobody(demo: Talk) -> None:
    """20 projects × the 10th of September and of October passed without anybody's word."""
    demo.set_clock(LATE)
    before = demo.say(ADMIN, "状态 重点民生实事")[0]

    answer = _at_once(demo, "期限 确认 2")

    assert before.splitlines() == [
        "【重点民生实事】10月截止的报送",
        "期限待确认20件（已报0件），不计入应报，暂不催报，请发“期限”查看",
    ]
    assert answer[1] == (
        "此前已到期的40期不催报、不计逾期，也不计入时效；补报仍然接收，通过后照常计入。"
    )
    assert demo.say(ADMIN, "状态 重点民生实事")[0].splitlines() == [
        "【重点民生实事】10月截止的报送",
        "截止后才确认期限20件（已报0件），不计入应报，不计逾期",
    ]
    assert demo.say(ADMIN, "未报 重点民生实事") == ["【重点民生实事】没有未报的事项。"]
    assert demo.say(ADMIN, "催报 重点民生实事") == ["目前没有需要催报的事项。"]


def test_a_report_on_such_a_period_counts_for_quality_and_not_for_time(demo: Talk) -> None:
    demo.set_clock(LATE)
    number = hand_in(demo, DISABLED, month=10, accepted=True)
    _at_once(demo, "期限 确认 2")

    assert "尚无到期的报送" in _judged(demo, "时效")
    assert "通过1期，一次通过1期" in _judged(demo, "质量")
    assert "（不计时限）" in demo.say(ADMIN, f"查看 {number}")[0]
    assert "已报1件）" in demo.say(ADMIN, "状态 重点民生实事")[0]


def test_what_is_due_after_the_confirmation_is_chased_and_counted(demo: Talk) -> None:
    demo.set_clock(LATE)
    _at_once(demo, "期限 确认 2")
    demo.set_clock("2021-11-11T09:30")

    assert "到期2期，按时0期" in _judged(demo, "时效")
    assert "未报20件（其中逾期20件）" in demo.say(ADMIN, "状态 重点民生实事")[0]


def test_a_day_written_anew_after_a_confirmation_leaves_the_past_as_it_was(demo: Talk) -> None:
    _at_once(demo, "期限 确认 2")
    demo.set_clock(LATE)
    changed = demo.say(ADMIN, "期限 组40 每月15日前，报送1月1日至上月累计情况")[0]
    demo.say(ADMIN, "确认")

    assert "调整：11月10日改为11月15日20期、12月10日改为12月15日20期" in changed
    assert "此前已到期" not in changed
    assert "到期4期，按时0期" in _judged(demo, "时效")


def test_a_rewriting_of_many_obligations_is_shown_first_and_done_on_confirmation(
    demo: Talk,
) -> None:
    asked = _at_once(demo, "期限 2 每周五17:00前")
    untouched = _dues(demo)
    done = demo.say(ADMIN, "确认")[0].splitlines()

    assert asked[0] == "将改为：2021年8月16日起，每周五17:00前报送"
    assert "取消：9月10日20期、10月10日20期、11月10日20期、12月10日20期、1月10日20期" in asked
    assert asked[-1] == "尚未改动。确要改动请回复“确认”，不改不用回复。"
    assert untouched == ["09-10", "10-10", "11-10", "12-10", "01-10"]
    assert done[0] == "已改为：2021年8月16日起，每周五17:00前报送"
    assert _dues(demo)[:2] == ["08-20", "08-27"]


def test_periods_that_a_changed_wording_dropped_are_nobodys_exemption(demo: Talk) -> None:
    """Weekly for a while, then monthly again: nobody was let off anything."""
    demo.set_clock("2021-09-01T09:30")
    _at_once(demo, "期限 2 每周五17:00前")
    demo.say(ADMIN, "确认")
    demo.say(ADMIN, "期限 组40 每月10日前，报送1月1日至上月累计情况")
    demo.say(ADMIN, "确认")

    stands = demo.say(ADMIN, "状态 重点民生实事")[0]

    assert "9月截止的报送\n应报20件\n" in stands
    assert "免报" not in stands


def _dues(demo: Talk, number: str = DISABLED, code: str = "minsheng-2021") -> list[str]:
    with demo.database.read() as session:
        rows = open_obligations(session, number, code)
        return [f"{row.due.astimezone(demo.services.zone):%m-%d}" for row in rows]


def _count(demo: Talk, number: str) -> int:
    with demo.database.read() as session:
        ids = [row.id for row in requirements(session, number)]
        rows = session.exec(select(Obligation).where(col(Obligation.requirement_id).in_(ids))).all()
        return len(rows)


def _judged(demo: Talk, part: str) -> str:
    """What 为什么 says of the unit that leads 续7 and one more, in this programme."""
    said = demo.say(ADMIN, "为什么 州残联")[0]
    block = next(each for each in said.split("\n\n") if "重点民生实事" in each)
    return next(line for line in block.splitlines() if line.startswith(part))


OPEN_ENDED = "收到通知后5日内报送进展"


def _reword(demo: Talk, number: str, wording: str) -> None:
    """The definition states another wording for the task, nothing of it confirmed."""
    with demo.database.write() as session:
        for row in requirements(session, number):
            reading = read_wording(wording, 2021, Defaults(20))
            row.wording = row.declared = wording
            row.recurrences = to_data(reading.recurrences)
            row.assumed, row.confirmed_at = list(reading.assumed), None


def test_a_group_without_dates_cannot_be_confirmed_and_stays_on_the_list(demo: Talk) -> None:
    _reword(demo, "州8", OPEN_ENDED)
    listed = demo.say(ADMIN, "期限 答卷专栏")[0]
    place = next(line[0] for line in listed.splitlines() if "收到通知后5日内" in line)

    answer = demo.say(ADMIN, f"期限 确认 {place}")[0]

    assert "没有日期，不能确认，请改写" in listed
    assert answer.startswith(f"此组没有日期：{OPEN_ENDED}（州8），无法确认，请改写")
    assert OPEN_ENDED in demo.say(ADMIN, "期限 答卷专栏")[0]
    with demo.database.read() as session:
        assert [row.confirmed_at for row in requirements(session, "州8")] == [None]


def test_confirming_all_leaves_out_what_has_no_date_and_says_so(demo: Talk) -> None:
    _reword(demo, "州8", OPEN_ENDED)

    answer = demo.say(ADMIN, "期限 确认 全部")[0]

    assert answer.count("已确认：") == 2
    assert f"未确认，此组没有日期：{OPEN_ENDED}（州8）" in answer
    assert "没有日期的1组请逐组改写" in answer
    assert "有1组报送期限待确认" in demo.say(ADMIN, "期限")[0]


def test_a_confirmation_keeps_the_wording_it_was_given_for(demo: Talk) -> None:
    demo.say(ADMIN, "期限 确认 全部")

    with demo.database.read() as session:
        row = requirements(session, "州5")[0]
        act = session.exec(
            select(Audit).where(Audit.table == "requirement", Audit.row == row.id)
        ).one()
    assert act.after == {"wording": row.wording, "assumed": row.assumed}
