"""A table pasted from a spreadsheet: every row a report, one summary for all."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from handlers.reading.names import Name
from handlers.reporting.blocks import Known, cut
from handlers.reporting.cells import Row
from handlers.reporting.pasted import pasted_rows
from handlers.reporting.tables import read_bare, read_table
from models.figure import Figure
from models.submission import Submission, SubmissionVersion
from tests.talk import Talk

ROADS = "州交通运输局联络员"
LABOUR = "州人社局联络员"
BOTH = "联络员甲"

KNOWN = [
    Known(Name("1", "州1-5", "建设农村公路安防设施550公里", ("公路安防设施",)), ("公路安防设施",)),
    Known(Name("2", "州1-14", "农村公路提质改造260公里", ("提质改造",)), ("提质改造",)),
]


def values(talk: Talk) -> list[Decimal]:
    with talk.database.read() as session:
        return [each.value for each in session.exec(select(Figure).order_by(col(Figure.id))).all()]


def submissions(talk: Talk) -> list[Submission]:
    with talk.database.read() as session:
        return list(session.exec(select(Submission)).all())


def test_a_pasted_table_becomes_reports_with_one_summary(talk: Talk) -> None:
    [answer] = talk.say(
        ROADS,
        "任务编号\t项目名称\t完成数（公里）\t截至\t完成率\t措施\t备注\n"
        "州1-5\t公路安防设施\t300\t7月31日\t54.55%\t逐段安装，按月调度\t甲\n"
        "\t\t\t\t\t\t\n"
        "州1-14\t提质改造\t120\t7月31日\t46.15\t\t\n"
        "州1-7\t雪亮工程\t1710\t7月31日\t\t\t\n"
        "合计\t\t420\t\t\t\t",
    )

    assert answer.startswith("未采用的列：备注。\n读到3项：已报送1项，未受理1项，待补充1项。")
    assert "#1 州1-5 农村公路安防设施（1—7月）：农村公路安防设施300公里，完成54.55%" in answer
    assert "第5行 州1-7 雪亮工程 由州公安局报送，不属于您的单位" in answer
    assert "州1-14 农村公路提质改造：农村公路提质改造120公里，完成46.15%" in answer


@pytest.mark.parametrize(
    "text",
    [
        "任务\t完成数\n州1-5\t300公里\n州1-14\t120公里",
        "报送\n州1-5\t300公里\n州1-14\t120公里",
        "报送\n任务  完成数\n州1-5  300公里\n州1-14  120公里",
        "任务｜完成数\n州1-5｜300公里\n州1-14｜120公里",
        "| 任务 | 完成数 |\n|---|---|\n| 州1-5 | 300公里 |\n| 州1-14 | 120公里 |",
        "序号\t项目\t截至7月底累计完成（公里）\n1\t农村公路安防设施\t300\n2\t农村公路提质改造\t120",
        "项目名称\t完成情况\t\n\t完成数\t完成率\n州1-5\t300公里\t54.55%\n州1-14\t120公里\t46.15%",
        "编号\t计量单位\t年度目标\t完成数\n州1-5\t公里\t550\t300\n州1-14\t公里\t260\t120",
        "任务\t进展情况\n州1-5\t累计完成300公里\n州1-14\t累计完成120公里",
    ],
    ids=[
        "header",
        "no header",
        "gaps",
        "bars",
        "markdown",
        "day in header",
        "two headers",
        "measure",
        "sentences",
    ],
)
def test_tables_as_people_paste_them(light: Talk, text: str) -> None:
    [answer] = light.say(ROADS, text)

    assert answer.startswith("读到2项：待补充2项。")
    for number in ("州1-5", "州1-14"):
        assert f"缺措施\n{number}" in answer or f"{number} " in answer
    assert "300公里" in light.say(ROADS, "继续 州1-5")[0]
    assert "120公里" in light.say(ROADS, "继续 州1-14")[0]


def test_one_row_for_each_indicator_of_a_task(talk: Talk) -> None:
    [answer] = talk.say(
        LABOUR,
        "编号\t指标\t完成数\t措施\n州1-3\t城镇新增就业\t10265\t稳岗扩岗，送岗下乡\n"
        "\t农村劳动力转移就业\t19000\t\n\t政府补贴性职业技能培训\t15368\t",
    )

    assert "已收到 #1 州1-3" in answer
    assert values(talk)[:3] == [Decimal(10265), Decimal(19000), Decimal(15368)]


def test_one_column_for_each_indicator_of_a_task(talk: Talk) -> None:
    [answer] = talk.say(
        LABOUR,
        "编号\t城镇新增就业\t转移就业\t职业技能培训\t安防设备\t措施\n"
        "州1-3\t1.0265万\t19000\t15368\t3\t稳岗扩岗，送岗下乡",
    )

    assert "未采用的列：安防设备。" in answer
    assert "#1 州1-3" in answer
    assert values(talk)[:3] == [Decimal(10265), Decimal(19000), Decimal(15368)]


def test_a_day_above_the_table_holds_for_its_rows(talk: Talk) -> None:
    [answer] = talk.say(
        ROADS,
        "州交通运输局进展情况表（截至6月30日）\n任务\t完成数\t措施\n"
        "州1-5\t300公里\t逐段安装，按月调度\n州1-14\t120公里\t逐段改造，按月调度",
    )

    assert "截至6月30日" in answer
    assert "已报送2项" in answer


def test_a_cell_with_lines_stays_one_section(talk: Talk) -> None:
    talk.say(ROADS, '任务\t完成数\t措施\n州1-5\t300公里\t"一、逐段安装\n二、完成数按月报"')

    assert values(talk)[:1] == [Decimal(300)]
    assert len(submissions(talk)) == 1


def test_a_month_s_own_number_is_no_cumulative_one(light: Talk) -> None:
    [answer] = light.say(
        ROADS, "任务\t本月完成数\t完成数\n州1-5\t20公里\t300公里\n州1-14\t9公里\t120公里"
    )

    assert "未采用的列：本月完成数。" in answer
    assert "300公里" in light.say(ROADS, "提交")[0]


def test_a_share_without_its_mark_is_asked_about(light: Talk) -> None:
    [answer] = light.say(
        ROADS, "任务\t完成数\t完成率\t措施\n州1-5\t300公里\t0.6455\t逐段安装，按月调度"
    )

    assert "0.6455%或64.55%" in answer
    assert submissions(light) == []


@pytest.mark.parametrize(("share", "stated"), [("0.5455", "54.55"), ("0.55", "55")])
def test_a_share_that_only_one_reading_makes_that_of_the_figure_is_taken(
    light: Talk, share: str, stated: str
) -> None:
    light.say(ROADS, f"任务\t完成数\t完成率\t措施\n州1-5\t300公里\t{share}\t逐段安装，按月调度")

    with light.database.read() as session:
        [version] = session.exec(select(SubmissionVersion)).all()
        assert version.stated_percent == Decimal(stated)


def test_a_table_goes_on_with_an_open_report_behind(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5\n完成数：290公里")
    talk.say(ROADS, "任务\t完成数\n州1-5\t300公里\n州1-14\t120公里")

    assert "300公里" in talk.say(ROADS, "措施：逐段安装，按月调度")[0]


def test_more_than_a_hundred_rows_are_refused_with_the_limit(light: Talk) -> None:
    rows = "\n".join("州1-5\t300公里" for _ in range(101))

    assert "表格有101行报送，一次最多100行" in light.say(ROADS, f"任务\t完成数\n{rows}")[0]
    assert submissions(light) == []


@pytest.mark.parametrize(
    "text",
    ["姓名\t电话\n甲\t12345", "州1-5\t州1-14", "\t\t\t", "任务\t完成数", "任务｜完成数"],
)
def test_other_tables_are_no_reports(light: Talk, text: str) -> None:
    light.say(ROADS, text)

    assert submissions(light) == []


@example([["州1-5", "任务", "完成数"], ["州1-5", "", "州1-5", "州1-5"]], "\t")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["州1-5", "州1-14", "任务", "完成数", "300公里", "措施", "", '"', "-", "截至", "1"]
            )
            | st.text(max_size=8),
            max_size=6,
        ),
        max_size=8,
    ),
    st.sampled_from(["\t", "｜", "  "]),
)
def test_any_table_is_read_without_an_exception(rows: list[list[str]], mark: str) -> None:
    text = "\n".join(mark.join(cells) for cells in rows)
    pasted = pasted_rows(text)

    for table in (
        read_table(pasted, KNOWN, ("措施",), ("州交通运输局",)),
        read_bare(pasted, KNOWN),
    ):
        assert table is None or len(table.items) <= len(pasted)
    assert len(cut(text, KNOWN, ("措施",)).blocks) <= len(text)


def test_a_table_with_commas_is_read_below_its_header(light: Talk) -> None:
    [answer] = light.say(
        ROADS, "报送\n任务编号，完成数，措施\n州1-5，300公里，分段验收\n州1-14，120公里，倒排工期"
    )

    assert answer.startswith("读到2项：已报送2项。")
    light.say(ROADS, "报送\n任务编号,完成数,措施\n州1-5,1,710公里,分段验收")
    assert len(submissions(light)) == 2


def test_a_row_that_was_reported_says_how_to_change_it(light: Talk) -> None:
    rows = "任务\t完成数\t措施\n州1-5\t{}\t分段验收\n州1-14\t120\t倒排工期"
    light.say(ROADS, rows.format(300))

    [answer] = light.say(ROADS, rows.format(305))

    assert "已报送 #1，待审核，无需重报；要改请发“更正 1”加内容" in answer


def test_a_plus_typed_before_a_number_is_no_part_of_it(light: Talk) -> None:
    answer = light.say(ROADS, "任务编号\t完成数\t措施\n州1-5\t+300\t逐段安装，按月调度")[0]

    assert "300公里，完成54.55%" in answer
    assert values(light) == [Decimal(300)]


@pytest.mark.parametrize("failed", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "########"])
def test_what_a_formula_failed_to_work_out_is_said_and_never_taken(
    light: Talk, failed: str
) -> None:
    answer = light.say(
        ROADS,
        f"任务编号\t年度目标\t完成数\t措施\n州1-5\t{failed}\t300\t{failed}\n州1-14\t260\t{failed}\t改造路面，按月调度",
    )[0]

    told = f"错误值未读取：第2行“措施”{failed}、第3行“完成数”{failed}。请改正后重发这几行。"
    assert told in answer
    assert "缺措施" in answer
    assert "缺完成数" in answer
    assert values(light) == []


def test_two_measures_for_one_task_are_both_kept(light: Talk) -> None:
    light.say(ROADS, "任务编号\t完成数\t措施\n州1-5\t300\t逐段安装护栏\n州1-5\t300\t每月调度一次")

    with light.database.read() as session:
        [version] = session.exec(select(SubmissionVersion)).all()
    assert version.sections == {"措施": "逐段安装护栏\n每月调度一次"}


def test_a_county_s_cell_with_more_than_one_figure_is_left_and_named() -> None:
    rows = [
        Row(1, ("任务", "完成数", "吉首市", "花垣县")),
        Row(2, ("州1-5", "50", "20，花垣县：9", "30")),
    ]

    table = read_table(rows, KNOWN, (), (), ("吉首市", "花垣县"))

    assert table is not None
    assert table.items[0].text == "完成数：50\n各县市：\n花垣县：30"
    assert table.notes == ("未采用的单元格：第2行吉首市“20，花垣县：9”。",)
