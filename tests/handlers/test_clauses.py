"""Responsibility clauses: named, chosen, owed together or each, from the report to its review."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, col, select

from handlers.standing.ranks import ranking_now
from models.db import Database
from models.member import Account, Member, RoleName
from models.obligation import Obligation, ObligationState
from models.programme import Programme
from models.requirement import Requirement
from models.rules.ranking import PartCode
from models.submission import Submission, SubmissionState
from models.task import Clause, Task, UnitRole
from models.unit import Unit
from tests.conftest import SHANGHAI, at
from tests.division import division_talk
from tests.factories import a_member
from tests.talk import Talk

TRADE, REFORM, MONEY = "省商务厅联络员", "省发展改革委联络员", "省财政厅联络员"
AUDIT, NUMBERS, BOTH = "省审计厅联络员", "省统计局联络员", "两家联络员"
FARMS, ADMIN, LEADER = "省农业农村厅联络员", "管理员甲", "领导甲"
DONE = "进展：新建改造县城综合商贸中心12个"


@pytest.fixture
def talk(sqlite: Database) -> Talk:
    """The small division of work on 7 April, months only."""
    return division_talk(sqlite)


@pytest.fixture
def on_both(database: Database) -> Talk:
    """The same on both engines."""
    return division_talk(database)


@pytest.fixture
def quarters(sqlite: Database) -> Talk:
    """The same with quarterly reports beside the monthly ones, of the same form."""
    return division_talk(sqlite, quarterly=True)


@pytest.fixture
def quarters_on_both(database: Database) -> Talk:
    """The same on both engines."""
    return division_talk(database, quarterly=True)


@pytest.mark.parametrize(
    "name",
    [
        "政7-2",
        "政7（2）",
        "政7 (2)",
        "政7第2项",
        "政七第二项",
        "政7（二）",
        "促进消费第2项",
        "政7（2）完善县域商业体系",
        "政7（2）完善县域商业体系｜1—3月｜4月10日截止（还有3天）",
        "县域商业体系",
    ],
)
def test_a_clause_is_known_however_people_write_it(talk: Talk, name: str) -> None:
    [answer] = talk.say(TRADE, f"报送 {name}\n{DONE}")

    assert answer.startswith("已收到 #1 政7（2）完善县域商业体系（1—3月）\n已附：进展")
    assert "未读懂" not in answer


def test_a_task_means_its_only_clause_that_the_speaker_owes(talk: Talk) -> None:
    [answer] = talk.say(MONEY, "报送 政7")

    assert answer.startswith("政7（3）促进农村消费升级和耐用品换代（1—3月，4月10日截止）")
    assert "\n报送 政7-3\n" in answer


def test_of_several_clauses_one_is_chosen_by_its_number_with_all_that_was_written(
    on_both: Talk,
) -> None:
    [question] = on_both.say(TRADE, f"报送 政7\n{DONE}")
    [answer] = on_both.say(TRADE, "1")

    assert question.splitlines() == [
        "请问是哪一项？请回复序号：",
        "1. 政7（2）完善县域商业体系（重点工作分工）",
        "2. 政7（3）促进农村消费升级和耐用品换代（重点工作分工）",
    ]
    assert answer.startswith("已收到 #1 政7（2）")
    assert "政7（3）促进农村消费升级" in on_both.say(TRADE, "报送 政7")[0]


def test_when_all_clauses_are_reported_that_is_said_with_their_numbers(talk: Talk) -> None:
    talk.say(TRADE, f"报送 政7-2\n{DONE}")
    talk.say(MONEY, "报送 政7-3\n进展：发放补贴5000万元")

    [answer] = talk.say(TRADE, "报送 政7")

    assert answer == (
        "政7（2）（3） 现在没有待报的一期。已报：政7（2） #1、政7（3） #2，要改请发“更正”加编号和"
        "内容。下一期1—4月，5月10日前报送，4月23日起可报。"
    )


@pytest.mark.parametrize("name", ["政7-1", "政7（1）", "政7"])
def test_a_unit_that_only_supports_is_told_who_leads(talk: Talk, name: str) -> None:
    [answer] = talk.say(FARMS, f"报送 {name}\n进展：组织展销12场")

    assert answer.startswith(
        "政7（1）扶持老字号，培育新型消费 由省发展改革委牵头报送。您单位是配合"
    )
    assert "未作处理" in answer


def test_a_clause_of_others_is_refused_with_its_units(talk: Talk) -> None:
    [answer] = talk.say(FARMS, "报送 政7-2")

    assert answer.startswith("政7（2）完善县域商业体系 由省商务厅报送，不属于您的单位")


def test_a_place_that_a_task_does_not_have_is_refused(talk: Talk) -> None:
    assert talk.say(TRADE, "报送 政7（9）") == ["政7 共3项分工，没有第9项。请发“报送 政7”选择。"]


def test_joint_leads_owe_one_report_and_the_other_is_told_that_it_came(on_both: Talk) -> None:
    on_both.say(TRADE, "报送 政8\n进展：新增首店46家")

    [answer] = on_both.say(REFORM, "报送 政8\n进展：新增首店46家")

    assert "国际消费中心城市 1—3月已报送 #1（省商务厅报送），待审核，无需重报。" in answer
    assert "政8" not in on_both.say(REFORM, "任务")[0].split("已报送")[0]
    assert "应报7件" in on_both.say(LEADER, "状态")[0]


def test_who_reported_hears_that_a_joint_lead_took_the_report_back(on_both: Talk) -> None:
    on_both.say(REFORM, "报送 政8\n进展：新增首店46家")

    [answer] = on_both.say(TRADE, "撤回 1")

    assert answer.endswith("重新报送请发“报送 政8”。\n已转告原报送人省发展改革委联络员。")
    assert on_both.heard(REFORM)[-1] == (
        "您报送的 #1 政8 国际消费中心城市（1—3月）已由省商务厅（省商务厅联络员）撤回。"
        "这一期恢复为待报，重新报送请发“报送 政8”。"
    )


def test_who_reported_hears_what_a_joint_lead_changed(on_both: Talk) -> None:
    on_both.say(REFORM, "报送 政8\n进展：新增首店46家")

    [answer] = on_both.say(TRADE, "更正 1 进展：新增首店52家")

    assert answer.endswith("\n已转告原报送人省发展改革委联络员。")
    told = on_both.heard(REFORM)[-1]
    assert told == (
        "您报送的 #1 政8 国际消费中心城市（1—3月）已由省商务厅（省商务厅联络员）更正。"
        "改动：\n进展 已修改\n新内容请发“查看 1”。"
    )
    assert "新增首店52家" in on_both.say(REFORM, "查看 1")[0]


def test_nobody_is_told_of_the_own_recall(talk: Talk) -> None:
    talk.say(REFORM, "报送 政8\n进展：新增首店46家")
    before = talk.heard(REFORM)

    [answer] = talk.say(REFORM, "撤回 1")

    assert "转告" not in answer
    assert talk.heard(REFORM) == [*before, answer]
    assert talk.heard(TRADE) == []


def test_who_cannot_be_reached_is_named_to_call(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "省商务厅")).one()
        a_member(session, "商务厅新联络员", (RoleName.LIAISON, unit))
    talk.say("商务厅新联络员", "报送 政8\n进展：新增首店46家")
    with talk.database.write() as session:
        left = select(Account).join(Member).where(Member.name == "商务厅新联络员")
        session.exec(left).one().user_id = "已停用"

    assert talk.say(REFORM, "撤回 1")[0].endswith("原报送人商务厅新联络员暂无法送达，请电话告知。")


def test_each_unit_reports_for_itself(on_both: Talk) -> None:
    on_both.say(AUDIT, "报送 政78\n进展：完成审计项目8个")
    [answer] = on_both.say(NUMBERS, "报送 政78-2\n进展：完成执法检查5次")

    assert answer.startswith("已收到 #2 政78（2）加强审计、统计监督")
    with on_both.database.read() as session:
        reports = session.exec(select(Submission).order_by(col(Submission.id))).all()
        assert reports[0].unit_id != reports[1].unit_id


def test_who_reports_for_two_such_units_is_asked_only_while_both_owe(talk: Talk) -> None:
    text = "进展：完成审计项目8个"

    [question] = talk.say(BOTH, f"报送 政78-2\n{text}")
    [first] = talk.say(BOTH, "2")
    [second] = talk.say(BOTH, f"报送 政78-2\n截至：3月31日\n{text}")

    assert question.splitlines() == [
        "政78（2）加强审计、统计监督 由各单位分别报送，请问为哪个单位报送？",
        "1. 省审计厅",
        "2. 省统计局",
    ]
    assert first.startswith("已收到 #1 政78（2）")
    assert second.startswith("已收到 #2 政78（2）")
    assert "#1 省统计局 政78（2）" in talk.say(ADMIN, "待审")[0]
    assert "#2 省审计厅 政78（2）" in talk.say(ADMIN, "待审")[0]


def test_the_unit_may_be_named_at_once_and_a_template_goes_on_with_it(talk: Talk) -> None:
    [template] = talk.say(BOTH, "报送 政78-2 省审计厅")
    [answer] = talk.say(BOTH, "报送 政78-2\n进展：完成审计项目8个")

    assert "报送 政78-2\n进展：" in template
    assert answer.startswith("已收到 #1 政78（2）")
    assert "#1 省审计厅" in talk.say(ADMIN, "待审")[0]


def test_the_list_of_a_liaison_of_two_units_says_which(talk: Talk) -> None:
    [listing] = talk.say(BOTH, "任务")
    [template] = talk.say(BOTH, "2")

    assert "1. 政78（2）加强审计、统计监督 省审计厅｜1—3月｜" in listing
    assert "2. 政78（2）加强审计、统计监督 省统计局｜1—3月｜" in listing
    talk.say(BOTH, "进展：完成执法检查5次")
    assert template.startswith("政78（2）")
    assert "#1 省统计局" in talk.say(ADMIN, "待审")[0]


def test_a_section_of_the_open_report_is_no_command(talk: Talk) -> None:
    """进展 asks for progress otherwise."""
    talk.say(TRADE, "报送 政7-2")

    assert talk.say(TRADE, DONE)[0].startswith("已收到 #1 政7（2）")
    assert "已收到" not in talk.say(TRADE, DONE)[0]


def test_no_change_repeats_what_was_accepted_on_that_clause(talk: Talk) -> None:
    talk.say(TRADE, "报送 政7-3\n进展：发放补贴5000万元")
    talk.say(ADMIN, "通过 1")
    [refused] = talk.say(TRADE, "无变化 政7-2")
    talk.set_clock("2022-05-06T09:30")

    [answer] = talk.say(MONEY, "政7-3无变化")

    assert refused.startswith("政7（2）完善县域商业体系：这一事项还没有通过的数据可沿用")
    assert answer.startswith("已收到 #2 政7（3）促进农村消费升级和耐用品换代（1—4月）")


def test_of_units_that_report_each_no_change_repeats_the_own_report(on_both: Talk) -> None:
    on_both.say(AUDIT, "报送 政78-2\n进展：完成审计项目8个")
    on_both.say(ADMIN, "通过 1")
    on_both.set_clock("2022-05-06T09:30")

    assert "还没有通过的数据" in on_both.say(BOTH, "无变化 政78-2 省统计局")[0]
    assert on_both.say(BOTH, "无变化 政78-2 省审计厅")[0].startswith("已收到 #2 政78（2）")


def test_every_step_of_a_report_names_its_clause(talk: Talk) -> None:
    name = "政7（2）完善县域商业体系"
    talk.say(TRADE, f"报送 政7-2\n{DONE}")

    assert f"#1 省商务厅 {name}（1—3月）" in talk.say(ADMIN, "待审")[0]
    assert f"#1 省商务厅 {name}" in talk.say(ADMIN, "查看 1")[0]
    assert f"已退回：#1 省商务厅 {name}（1—3月）" in talk.say(ADMIN, "退回 1 请写明县名")[0]
    assert f"#1 {name}（1—3月）已退回" in talk.heard(TRADE)[-1]
    assert f"1. {name}｜1—3月｜4月10日截止｜需进展\n   已退回" in talk.say(TRADE, "任务")[0]
    assert f"第2版 {name}" in talk.say(TRADE, "更正 政7-2 进展：3县新建商贸中心12个")[0]
    assert f"已通过：#1 省商务厅 {name}" in talk.say(ADMIN, "通过 1")[0]
    assert f"{name} 1—3月已报送 #1，已通过" in talk.say(TRADE, "报送 政7（2）")[0]


def test_a_withdrawn_clause_is_owed_again_by_its_number(talk: Talk) -> None:
    talk.say(TRADE, f"报送 政7-2\n{DONE}")

    [answer] = talk.say(TRADE, "撤回 政7-2")

    assert answer.startswith("已撤回 #1 政7（2）完善县域商业体系。")
    assert answer.endswith("重新报送请发“报送 政7-2”。")


def test_a_cancelled_report_is_begun_again_by_its_number(talk: Talk) -> None:
    talk.say(TRADE, "报送 政7-2")

    assert talk.say(TRADE, "取消")[0].endswith("重新报送请发“报送 政7-2”。")


def test_a_correction_of_one_of_several_clauses_is_not_guessed(on_both: Talk) -> None:
    on_both.say(TRADE, f"报送 政7-2\n{DONE}")
    on_both.say(TRADE, "报送 政7-3\n进展：发放补贴5000万元")

    [answer] = on_both.say(TRADE, "更正 政7 进展：发放补贴6000万元")

    assert answer == "政7 有几件报送：政7（3） #2、政7（2） #1。请写编号，如“更正 2”。"


def test_a_correction_of_the_only_reported_clause_needs_no_number(talk: Talk) -> None:
    talk.say(TRADE, f"报送 政7-2\n{DONE}")

    assert "#1 第2版 政7（2）" in talk.say(TRADE, "更正 政7 进展：新建商贸中心13个")[0]


def test_a_chase_for_a_clause_reaches_only_its_units(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "催报 政7-2")

    assert answer.startswith("已催报1人，涉及1件：省商务厅联络员。")
    assert (
        "1. 政7（2）完善县域商业体系（重点工作分工，1—3月）：4月10日截止" in talk.heard(TRADE)[-1]
    )
    assert "报送请发“报送 政7-2”" in talk.heard(TRADE)[-1]


def test_a_waived_clause_is_neither_asked_for_nor_counted(talk: Talk) -> None:
    with talk.database.write() as session:
        for row in obligations_of_clause_2(session):
            row.state, row.waiver_reason = ObligationState.WAIVED, "任务已调整"

    assert "应报6件（另免报1件）" in talk.say(LEADER, "状态")[0]
    assert "政7（2）完善县域商业体系 已免报，现在不用报送" in talk.say(TRADE, "报送 政7-2")[0]
    assert talk.say(TRADE, "报送 政7")[0].startswith("政7（3）")


def test_an_extension_of_one_clause_moves_only_that(talk: Talk) -> None:
    with talk.database.write() as session:
        obligations_of_clause_2(session)[0].extended_to = at("2022-04-15T23:59:59")
    talk.set_clock("2022-04-12T09:30")

    [listing] = talk.say(TRADE, "任务")
    [answer] = talk.say(TRADE, f"报送 政7-2\n{DONE}")

    assert "政7（2）完善县域商业体系｜1—3月｜4月15日截止（还有3天）" in listing
    assert "政7（3）促进农村消费升级和耐用品换代｜1—3月｜4月10日截止（已逾期2天）" in listing
    assert "逾期" not in answer
    assert "已报1件：按时1件" in talk.say(LEADER, "状态 4月")[0]


def obligations_of_clause_2(session: Session) -> Sequence[Obligation]:
    """Those of 政7（2）, by due time."""
    return session.exec(
        select(Obligation)
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(col(Requirement.clause_id) == 2)
        .order_by(col(Obligation.due))
    ).all()


def test_a_joint_clause_counts_once_in_the_round_and_for_each_lead_in_the_ranking(
    talk: Talk,
) -> None:
    talk.say(TRADE, "报送 政8\n进展：新增首店46家")
    talk.say(ADMIN, "通过 1")
    talk.set_clock("2022-04-12T09:30")

    assert "应报7件\n已报1件：按时1件" in talk.say(LEADER, "状态 4月")[0]
    with talk.database.read() as session:
        programme = session.exec(select(Programme)).one()
        found = ranking_now(session, programme, at("2022-03-31T00:00").date(), talk.now, SHANGHAI)
    timely = {
        row.unit: next(part.detail for part in row.parts if part.code is PartCode.TIMELINESS)
        for row in found.ranking.rows
    }
    assert timely["省商务厅"] == timely["省发展改革委"] == "到期3期，按时1期"
    assert timely["省财政厅"] == "到期1期，按时0期"
    assert timely["省审计厅"] == "到期1期，按时0期"


def test_one_report_meets_the_month_and_the_quarter_that_ask_for_the_same(
    quarters_on_both: Talk,
) -> None:
    [answer] = quarters_on_both.say(TRADE, f"报送 政7-2\n{DONE}")

    assert answer.startswith("已收到 #1 政7（2）完善县域商业体系（1—3月）")
    assert answer.endswith("同期另一项报送要求内容相同，已一并报送，无需再报（#2）。")
    assert "政7（2）" not in quarters_on_both.say(TRADE, "任务")[0].split("已报送")[0]
    assert "已报送 #1" in quarters_on_both.say(TRADE, f"报送 政7-2\n截至：3月31日\n{DONE}！")[0]


def test_the_list_asks_for_both_once_and_the_round_counts_them_once(quarters: Talk) -> None:
    [listing] = quarters.say(TRADE, "任务")

    assert listing.startswith("待报3项：")
    assert listing.count("政7（2）") == 1
    assert "应报7件" in quarters.say(LEADER, "状态 4月")[0]


def test_a_correction_and_a_recall_go_along(quarters_on_both: Talk) -> None:
    quarters_on_both.say(TRADE, f"报送 政7-2\n{DONE}")

    [corrected] = quarters_on_both.say(TRADE, "更正 1 进展：新建改造县城综合商贸中心13个")
    [recalled] = quarters_on_both.say(TRADE, "撤回 1")

    assert corrected.endswith("同期另一项报送要求内容相同，已一并更正（#2）。")
    assert recalled.endswith("随同报送的 #2 一并撤回。")
    assert "已报0件" in quarters_on_both.say(LEADER, "状态 4月")[0]


def test_a_message_taken_back_takes_both_reports_with_it(quarters: Talk) -> None:
    quarters.say(TRADE, f"报送 政7-2\n{DONE}")

    [answer] = quarters.recall(TRADE)

    assert answer.endswith("随同报送的 #2 一并撤回。")
    assert quarters.say(ADMIN, "待审") == ["目前没有待审的报送。"]


def test_the_admin_reads_one_line_for_both_and_passes_both_by_one_number(
    quarters_on_both: Talk,
) -> None:
    quarters_on_both.say(TRADE, f"报送 政7-2\n{DONE}")

    waiting = quarters_on_both.say(ADMIN, "待审")[0].splitlines()
    passed = quarters_on_both.say(ADMIN, "通过 1")

    assert waiting == [
        "待审2件：",
        "#1、#2 省商务厅 政7（2）完善县域商业体系（1—3月） 4月7日09:30，内容相同",
        "查看请发“查看 1”，通过请发“通过 1”，退回请发“退回 1 原因”。",
        "内容相同的只审一次，通过或退回其中一件，其余一并处理。",
    ]
    assert passed == ["已通过：#1、#2 省商务厅 政7（2）完善县域商业体系（1—3月）"]
    assert quarters_on_both.heard(TRADE)[-1] == (
        "已审核通过：#1、#2 政7（2）完善县域商业体系（1—3月）。"
    )
    assert quarters_on_both.say(ADMIN, "待审") == ["目前没有待审的报送。"]


def test_both_numbers_pass_both_once(quarters: Talk) -> None:
    quarters.say(TRADE, f"报送 政7-2\n{DONE}")
    quarters.say(MONEY, "报送 政7-3\n进展：发放补贴5000万元")

    hint = quarters.say(ADMIN, "待审")[0].splitlines()[-2]
    passed = quarters.say(ADMIN, "通过 2 1 3")[0].splitlines()

    assert "通过请发“通过 1 3”" in hint
    assert passed == [
        "已通过：#1、#2 省商务厅 政7（2）完善县域商业体系（1—3月）",
        "已通过：#3、#4 省财政厅 政7（3）促进农村消费升级和耐用品换代（1—3月）",
    ]


def test_a_return_takes_the_same_words_on_the_quarter_along(quarters_on_both: Talk) -> None:
    quarters_on_both.say(TRADE, f"报送 政7-2\n{DONE}")

    [answer] = quarters_on_both.say(ADMIN, "退回 2 请写明县名")
    told = quarters_on_both.heard(TRADE)

    assert answer.splitlines() == [
        "已退回：#1、#2 省商务厅 政7（2）完善县域商业体系（1—3月）",
        "原因：请写明县名",
        "已转告联络员。",
    ]
    assert told[-1].startswith(
        "您报送的 #1、#2 政7（2）完善县域商业体系（1—3月）已退回，需要修改。"
    )
    assert "改好后请发“更正 1”加改动的内容（如“完成数：1701个”），#2随之一并更正，" in told[-1]
    assert sum("已退回" in text for text in told) == 1
    assert quarters_on_both.say(ADMIN, "待审") == ["目前没有待审的报送。"]
    listing = quarters_on_both.say(TRADE, "任务")[0]
    assert listing.count("政7（2）") == 1
    assert "已退回：请写明县名" in listing


def test_one_answer_mends_both_and_one_pass_settles_both(quarters_on_both: Talk) -> None:
    quarters_on_both.say(TRADE, f"报送 政7-2\n{DONE}")
    quarters_on_both.say(ADMIN, "退回 1 请写明县名")

    [changed] = quarters_on_both.say(ADMIN, "退回 1 请写明县名和时间")
    [mended] = quarters_on_both.say(TRADE, "更正 1 进展：凤凰县新建商贸中心12个")
    [passed] = quarters_on_both.say(ADMIN, "通过 2")

    assert changed.startswith("已更改退回原因：#1、#2 省商务厅 政7（2）")
    assert mended.endswith("同期另一项报送要求内容相同，已一并更正（#2）。")
    assert passed.startswith("已通过：#1、#2 省商务厅 政7（2）")
    assert "政7（2）" not in quarters_on_both.say(TRADE, "任务")[0].split("已报送")[0]


def test_a_correction_of_what_was_passed_goes_along_and_passes_along(quarters: Talk) -> None:
    quarters.say(TRADE, f"报送 政7-2\n{DONE}")
    quarters.say(ADMIN, "通过 2")

    [answer] = quarters.say(TRADE, "更正 1 进展：新建改造县城综合商贸中心13个")
    [waiting, *_] = quarters.say(ADMIN, "待审")
    [passed] = quarters.say(ADMIN, "通过 1")

    assert answer.endswith("已一并更正（#2）。")
    assert "#1、#2 省商务厅 政7（2）完善县域商业体系（1—3月）（更正）" in waiting
    assert passed.startswith("已通过：#1、#2")


def test_two_versions_that_differ_are_reviewed_apart(quarters: Talk) -> None:
    """One of the two was passed and corrected by itself before both went together."""
    quarters.say(TRADE, f"报送 政7-2\n{DONE}")
    with quarters.database.write() as session:
        first = session.get_one(Submission, 1)
        first.state, first.accepted_version = SubmissionState.ACCEPTED, 1
        session.get_one(Obligation, first.obligation_id).state = ObligationState.ACCEPTED
    [alone] = quarters.say(TRADE, "更正 1 进展：新建改造县城综合商贸中心13个")

    [returned] = quarters.say(ADMIN, "退回 2 请写明县名")
    [passed] = quarters.say(ADMIN, "通过 1")

    assert "一并" not in alone
    assert returned.startswith("已退回：#2 省商务厅 政7（2）")
    assert passed == "已通过：#1 省商务厅 政7（2）完善县域商业体系（1—3月）"


def test_a_quarter_that_asks_for_more_is_asked_for_itself(quarters: Talk) -> None:
    with quarters.database.write() as session:
        wanted = select(Requirement).where(Requirement.clause_id == 2)
        quarterly = session.exec(wanted.order_by(col(Requirement.id).desc())).first()
        assert quarterly is not None
        quarterly.sections = [*quarterly.sections, {"name": "成效", "need": "required"}]

    [answer] = quarters.say(TRADE, f"报送 政7-2\n{DONE}")
    [listing] = quarters.say(TRADE, "任务")
    [quarter] = quarters.say(TRADE, f"报送 政7-2\n截至：3月31日\n{DONE}\n成效：农产品网销增两成")

    assert "一并" not in answer
    assert "政7（2）完善县域商业体系｜1—3月｜4月10日截止（还有3天）｜需进展、成效" in listing
    assert quarter.startswith("已收到 #2 政7（2）")


def test_each_clause_of_an_item_shows_its_own_state_and_progress(on_both: Talk) -> None:
    on_both.say(REFORM, "报送 政7-1\n进展：认定老字号12家\n问题：资金到位偏慢")
    on_both.say(ADMIN, "通过 1")
    on_both.say(TRADE, f"报送 政7-2\n{DONE}")

    assert on_both.say(LEADER, "进度 政7")[0].splitlines() == [
        "政7 促进消费（重点工作分工）",
        "消费提质与县域商业",
        "牵头：省发展改革委、省商务厅、省财政厅",
        "分工1：扶持老字号，培育新型消费（牵头：省发展改革委；配合：省农业农村厅、省商务厅）",
        "　报送：1—3月，4月10日截止，已通过（#1）",
        "　进展（4月7日）：认定老字号12家",
        "　问题（4月7日）：资金到位偏慢",
        "分工2：完善县域商业体系（牵头：省商务厅）",
        "　报送：1—3月，4月10日截止，待审（#2）",
        "分工3：促进农村消费升级和耐用品换代（按职责分工：省发展改革委、省商务厅、省财政厅）",
        "　报送：1—3月，4月10日截止，未到期",
        "报送：1—3月，4月10日截止，已报2/应报3",
    ]


def test_one_clause_is_shown_alone(talk: Talk) -> None:
    talk.say(REFORM, "报送 政7-1\n进展：认定老字号12家")
    talk.say(ADMIN, "通过 1")

    assert talk.say(LEADER, "进度 政7-1")[0].splitlines() == [
        "政7（1）（重点工作分工）",
        "扶持老字号，培育新型消费（牵头：省发展改革委；配合：省农业农村厅、省商务厅）",
        "报送：1—3月，4月10日截止，已通过（#1）",
        "进展（4月7日）：认定老字号12家",
        "整项请发“进度 政7”。",
    ]
    assert "认定老字号" not in talk.say(LEADER, "进度 政7-2")[0]


def test_units_that_report_each_are_counted_and_named(talk: Talk) -> None:
    talk.say(AUDIT, "报送 政78-2\n进展：完成审计项目8个")
    talk.say(ADMIN, "通过 1")

    shown = talk.say(LEADER, "进度 政78-2")[0]

    assert "报送：1—3月，4月10日截止，已报1/应报2" in shown
    assert "进展（4月7日，省审计厅）：完成审计项目8个" in shown


def test_lists_say_how_much_was_reported_of_what_is_told_in_words(talk: Talk) -> None:
    talk.say(REFORM, "报送 政7-1\n进展：认定老字号12家")
    talk.say(ADMIN, "通过 1")

    of_unit = talk.say(LEADER, "进度 省发展改革委")[0].splitlines()
    overview = talk.say(LEADER, "进度")[0].splitlines()

    assert of_unit[1] == "【重点工作分工】"
    assert of_unit[2:4] == [
        "1. 政7 促进消费：1—3月已报1/应报2",
        "2. 政8 国际消费中心城市：1—3月已报0/应报1",
    ]
    assert overview == ["【重点工作分工】共3项", "文字报送3项：1—3月已报1/应报7"]


def test_a_month_and_its_quarter_are_one_report_in_the_progress(quarters: Talk) -> None:
    quarters.say(TRADE, f"报送 政7-2\n{DONE}")

    shown = quarters.say(LEADER, "进度 政7")[0]

    assert "　报送：1—3月，4月10日截止，待审（#1）" in shown
    assert shown.endswith("已报1/应报3")


def test_a_returned_report_is_asked_for_again_in_the_progress(talk: Talk) -> None:
    talk.say(TRADE, f"报送 政7-2\n{DONE}")
    talk.say(ADMIN, "退回 1 请写明县名")

    shown = talk.say(LEADER, "进度 政7")[0]

    assert "　报送：1—3月，4月10日截止，已退回（#1）" in shown
    assert shown.endswith("已报0/应报3")


def test_the_only_clause_of_an_item_names_the_unit_that_spoke_for_itself(talk: Talk) -> None:
    with talk.database.write() as session:
        only = session.exec(select(Clause).join(Task).where(Task.number == "政8")).one()
        only.role = UnitRole.EACH
    talk.say(TRADE, "报送 政8\n进展：新增首店46家")
    talk.say(ADMIN, "通过 1")

    assert "　进展（4月7日，省商务厅）：新增首店46家" in talk.say(LEADER, "进度 政8")[0]
