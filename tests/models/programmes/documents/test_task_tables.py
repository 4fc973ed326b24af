"""Task tables from Word and from text: columns, merged cells, sections, deadlines."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.programmes.definition import UNSTATED
from models.rules.wording import read_wording
from tests.models.programmes.documents.paper import (
    HEAD,
    a_text,
    a_word_file,
    by_cell,
    by_line,
    keys,
    read,
    refusals,
    task,
    told,
)

MONTHLY = "9月份起，每月20日前报1月1日至上月的全县累计情况。"
TWICE = f"8月25日前报送1—7月完成情况；\n{MONTHLY}"
LIST = (
    HEAD,
    ("1", "民生实事", "1．修缮乡村敬老院6所（含各乡镇进度）。", "县民政局", TWICE),
    ("", "", "2. 2023年全县“新建村卫生室12个”工作目标的落实情况", "县卫健局", TWICE),
    ("2", "营商环境", "压减办事环节的进展情况", "县行政审批服务局、县市场监\n管局", MONTHLY),
)
MERGED = (
    HEAD,
    ("1", "民生实事", "1．修缮乡村敬老院6所（含各乡镇进度）。", "县民政局", TWICE),
    ("↑", "↑", "2. 2023年全县“新建村卫生室12个”工作目标的落实情况", "县卫健局", "↑"),
    ("2", "营商环境", "压减办事环节的进展情况", "县行政审批服务局、县市场监\n管局", MONTHLY),
)


@pytest.fixture(params=["word", "by line", "by cell"])
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same list in the three forms in which it reaches us."""
    if request.param == "word":
        return a_word_file(tmp_path, "2023年重点实事清单", MERGED)
    if request.param == "by line":
        flat = [[cell.replace("\n", "") for cell in row] for row in LIST]
        return a_text(tmp_path, "2023年重点实事清单\n" + by_line(flat))
    return a_text(tmp_path, "2023年重点实事清单\n" + by_cell(LIST))


def test_a_list_gives_its_tasks_in_word_and_both_kinds_of_text(document: Path) -> None:
    draft = read(document)

    assert keys(draft) == ["1-1", "1-2", "2"]
    assert [t.theme for t in draft.definition.tasks] == ["民生实事", "民生实事", "营商环境"]
    assert [t.title for t in draft.definition.tasks] == [
        "修缮乡村敬老院6所",
        "新建村卫生室12个",
        "压减办事环节的进展情况",
    ]


def test_what_a_title_leaves_out_is_told(document: Path) -> None:
    assert (
        "任务1-1、1-2共2项只取主要内容作名称，其余文字没有读入（如任务1-1“（含各乡镇进度）”）"
    ) in told(read(document).not_understood)


def test_joint_leads_and_a_name_broken_by_the_cell_are_read(document: Path) -> None:
    assert task(read(document), "2").lead == ("县行政审批服务局", "县市场监管局")


def test_a_deadline_cell_keeps_its_clauses(document: Path) -> None:
    (requirement,) = task(read(document), "1-2").requirements

    rules = read_wording(requirement.wording, 2023)
    assert rules.recurrences == read_wording(TWICE, 2023).recurrences
    assert rules.not_understood == ()
    assert requirement.assumed == ()


COLUMNS = ("序号", "实事类别", "项目名称", "牵头单位", "配合单位", "任务数", "计量单位")
VALUES = (
    ("1", "省实事", "改造老旧小区", "住建局", "财政局、发改局", "63", "个"),
    ("2", "市实事", "新修农村公路", "交通运输局", "", "27.5", "公里"),
    ("3", "省实事", "提高低保标准", "民政局", "财政局", "不低于700元/月", ""),
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25
)
@given(order=st.permutations(range(len(COLUMNS))), style=st.sampled_from([by_line, by_cell]))
def test_columns_read_the_same_in_any_order(order, style, tmp_path: Path) -> None:
    usual = read(a_text(tmp_path, by_line([COLUMNS, *VALUES])))

    rows = [[row[at] for at in order] for row in (COLUMNS, *VALUES)]
    assert read(a_text(tmp_path, style(rows))).definition == usual.definition


def test_columns_read_the_same_in_word(tmp_path: Path) -> None:
    usual = read(a_text(tmp_path, by_line([COLUMNS, *VALUES])))
    orders = list(permutations(range(len(COLUMNS))))[::1009]

    for order in orders:
        rows = [[row[at] for at in order] for row in (COLUMNS, *VALUES)]
        assert read(a_word_file(tmp_path, rows)).definition == usual.definition


def test_numbers_amounts_and_bounds_become_indicators(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, by_line([COLUMNS, *VALUES])))

    found = [
        (t.kind, i.name, str(i.target), i.unit, i.comparator, i.threshold)
        for t in draft.definition.tasks
        for i in t.indicators
    ]
    assert found == [
        ("count", "改造老旧小区", "63", "个", ">=", False),
        ("measure", "新修农村公路", "27.5", "公里", ">=", False),
        ("threshold", "提高低保标准", "700", "元/月", ">=", True),
    ]
    assert task(draft, "1").supporting == ("财政局", "发改局")


@pytest.mark.parametrize(
    ("title", "lead", "helpers"),
    [
        ("工作任务", "责任单位", "配合单位"),
        ("重点工作", "主要责任单位", "协办单位"),
        ("任务名称", "牵头责任部门", "参与部门"),
        ("具体任务", "牵头单位", "责任单位"),
        ("事项名称", "牵头（主管）单位", "协同单位"),
    ],
)
def test_headers_are_known_by_their_synonyms(
    title: str, lead: str, helpers: str, tmp_path: Path
) -> None:
    rows = (("编号", title, lead, helpers), ("1", "疏通排水管网", "住建局", "水利局"))

    found = task(read(a_text(tmp_path, by_line(rows))), "1")
    assert (found.title, found.lead, found.supporting) == ("疏通排水管网", ("住建局",), ("水利局",))


def test_a_bare_unit_column_is_read_by_what_stands_in_it(tmp_path: Path) -> None:
    measured = (
        ("序号", "项目", "责任单位", "单位", "目标值"),
        ("1", "造林", "林业局", "亩", "900"),
    )
    answering = (("序号", "项目", "单位", "目标值"), ("1", "造林（亩）", "林业局", "900"))

    for rows in (measured, answering):
        found = task(read(a_text(tmp_path, by_line(rows))), "1")
        assert found.lead == ("林业局",)
        assert [(str(i.target), i.unit) for i in found.indicators] == [("900", "亩")]


SECTIONS = (
    HEAD,
    ("一、省定任务清单", "←", "←", "←", "←"),
    ("1", "就业", "开展技能培训", "县人社局", MONTHLY),
    ("2", "教育", "增加公办学位", "县教育局", MONTHLY),
    ("二、县定任务清单", "←", "←", "←", "←"),
    HEAD,
    ("1", "就业", "建设零工市场", "县人社局", MONTHLY),
)


def test_numbers_that_begin_again_carry_the_level_of_their_section(tmp_path: Path) -> None:
    draft = read(a_word_file(tmp_path, SECTIONS))

    assert keys(draft) == ["省1", "省2", "县1"]
    assert [t.printed for t in draft.definition.tasks] == ["1", "2", "1"]


def test_sections_without_a_level_lend_their_own_number(tmp_path: Path) -> None:
    rows = [[cell.replace("省定", "").replace("县定", "") for cell in row] for row in SECTIONS]

    assert keys(read(a_word_file(tmp_path, rows))) == ["一-1", "一-2", "二-1"]


def test_headings_between_tables_are_sections(tmp_path: Path) -> None:
    first = (("序号", "项目名称", "牵头单位"), ("1", "修桥", "交通局"))
    second = (("序号", "项目名称", "牵头单位"), ("1", "补路", "交通局"))

    draft = read(a_word_file(tmp_path, "已完成的项目", first, "正在推进的项目", second))
    assert keys(draft) == ["一-1", "二-1"]
    assert [t.theme for t in draft.definition.tasks] == ["已完成的项目", "正在推进的项目"]


def test_a_number_used_twice_takes_the_free_one_after_it(tmp_path: Path) -> None:
    rows = (
        HEAD,
        ("5", "科技创新", "建设实验室", "科技局", MONTHLY),
        ("5", "对外开放", "举办展会", "商务局", MONTHLY),
        ("7", "生态文明", "治理河道", "水利局", MONTHLY),
    )
    draft = read(a_text(tmp_path, by_line(rows)))

    assert keys(draft) == ["5", "6", "7"]
    assert "编号5用了两次（科技创新、对外开放），后者暂记为6" in told(draft.assumed)


def test_numbers_that_cannot_serve_are_kept_beside_counted_ones(tmp_path: Path) -> None:
    rows = (
        ("牵头单位", "序号", "激励事项", "激励名额"),
        ("州发改委", "第5项", "产业项目建设", "4个市州"),
        ("", "", "“五好”园区", "10个园区"),
        ("州林业局", "", "林长制", ""),
        ("州工信局", "第5项", "军民融合", ""),
    )
    draft = read(a_text(tmp_path, by_cell(rows)))

    assert [(t.number, t.printed, t.quota) for t in draft.definition.tasks] == [
        ("1", "第5项", "4个市州"),
        ("2", "第5项", "10个园区"),
        ("3", "", ""),
        ("4", "第5项", ""),
    ]
    assert task(draft, "2").lead == ("州发改委",)
    assert "原编号另存" in told(draft.assumed)


def test_several_tasks_of_one_cell_are_several_tasks(tmp_path: Path) -> None:
    rows = (
        ("序号", "主题", "工作任务", "责任单位"),
        ("3", "便民", "1．延长窗口时间\n2．增设自助\n终端\n3．编印指南", "政务局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert keys(draft) == ["3-1", "3-2", "3-3"]
    assert task(draft, "3-2").title == "增设自助终端"
    assert task(draft, "3-3").lead == ("政务局",)


def test_a_table_over_a_page_break_goes_on_without_its_head(tmp_path: Path) -> None:
    first = (("序号", "项目名称", "牵头单位"), ("1", "修桥", "交通局"))
    rest = (("2", "补路", "公路中心"), ("合计", "2项", ""))
    path = a_word_file(tmp_path, first)

    import docx

    document = docx.Document(str(path))
    table = document.add_table(rows=2, cols=3)
    for at, row in enumerate(rest):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    document.save(str(path))

    assert [(t.number, t.title) for t in read(path).definition.tasks] == [
        ("1", "修桥"),
        ("2", "补路"),
    ]


def test_a_head_of_two_rows_names_its_columns(tmp_path: Path) -> None:
    rows = (
        ("序号", "重点任务", "单位分工", "←", "完成时限"),
        ("↑", "↑", "牵头单位", "配合单位", "↑"),
        ("1", "建设口袋公园", "城管局", "自然资源局", "12月底"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert (task(draft, "1").lead, task(draft, "1").supporting) == (("城管局",), ("自然资源局",))
    assert "“完成时限”栏没有读入" in told(draft.not_understood)


def test_more_amounts_under_one_task_are_more_indicators(tmp_path: Path) -> None:
    rows = (
        ("序号", "项目名称", "责任单位", "指标名称", "计量单位", "目标值"),
        ("1", "残疾儿童康复", "残联", "救助人数", "人", "225"),
        ("↑", "↑", "↑", "救助人月", "个月", "1575"),
        ("2", "无障碍改造", "残联", "改造户数", "户", "285"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert keys(draft) == ["1", "2"]
    assert [(i.name, str(i.target)) for i in task(draft, "1").indicators] == [
        ("救助人数", "225"),
        ("救助人月", "1575"),
    ]


def test_an_empty_unit_cell_is_assumed_never_taken_silently(tmp_path: Path) -> None:
    top = (HEAD[:4], ("1", "民生", "修桥", "交通局"), ("2", "民生", "补路", ""))
    middle = (
        HEAD[:4],
        ("1", "民生", "修桥", ""),
        ("2", "民生", "补路", "交通局"),
        ("3", "民生", "种树", ""),
        ("4", "民生", "护林", "林业局"),
    )
    above = read(a_text(tmp_path, by_line(top)))
    between = read(a_text(tmp_path, by_line(middle)))

    assert task(above, "2").lead == ("交通局",)
    assert task(above, "2").assumed
    assert "牵头单位为空，按合并单元格沿用上方的单位" in told(above.assumed)
    assert [t.lead for t in between.definition.tasks] == [
        ("交通局",),
        ("交通局",),
        ("交通局",),
        ("林业局",),
    ]
    assert "暂按上方的“交通局”读（下方是“林业局”），请核对" in told(between.assumed)


def test_a_deadline_taken_from_above_waits_for_an_admin(tmp_path: Path) -> None:
    rows = (HEAD, ("1", "民生", "修桥", "交通局", MONTHLY), ("2", "民生", "补路", "公路局", ""))

    (requirement,) = task(read(a_text(tmp_path, by_line(rows))), "2").requirements
    assert requirement.wording == MONTHLY
    assert requirement.assumed
    assert not requirement.confirmed


def test_a_deadline_without_a_day_is_listed_with_its_cell(tmp_path: Path) -> None:
    rows = (HEAD, ("1", "民生", "修桥", "交通局", "按季度报送累计情况"))
    draft = read(a_text(tmp_path, by_line(rows)))

    assert str(draft.not_understood[0]) == (
        "第2行“报送时间要求”栏：“按季度”只写了频次，没有写明日期，未设期限"
    )


def test_a_table_without_deadlines_leaves_a_place_for_the_admins_own(tmp_path: Path) -> None:
    rows = (("序号", "项目名称", "牵头单位"), ("1", "修桥", "交通局"))
    draft = read(a_text(tmp_path, by_line(rows)))

    [requirement] = task(draft, "1").requirements
    assert requirement.wording == UNSTATED


def test_what_has_no_place_in_a_programme_is_listed(tmp_path: Path) -> None:
    tasks = (("序号", "项目名称", "牵头单位", "进度情况"), ("1", "修桥", "交通局", "桥墩已浇筑"))
    other = (("月份", "晴天"), ("3月", "√"))
    draft = read(
        a_word_file(tmp_path, "2023年实事清单", tasks, "各单位要加强宣传。", "请按时上报。", other)
    )

    text = told(draft.not_understood)
    assert "表1：“进度情况”栏没有读入" in text
    assert "表2：不是任务表，没有读入（2行，月份、晴天）" in text
    assert "第2段至第3段：表外文字没有读入：各单位要加强宣传" in text


def test_a_group_without_names_and_a_row_without_a_task_are_listed(tmp_path: Path) -> None:
    rows = (
        ("序号", "项目名称", "牵头单位", "配合单位", "备注"),
        ("1", "修桥", "交通局", "各乡镇", ""),
        ("2", "", "林业局", "", "待定"),
    )
    text = told(read(a_text(tmp_path, by_line(rows))).not_understood)

    assert "第2行：“各乡镇”没有写明是哪些单位" in text
    assert "第3行：没有任务内容，未读入：2、林业局、待定" in text


def test_a_column_without_a_header_is_who_answers(tmp_path: Path) -> None:
    rows = (("序号", "项目名称", "", "任务数"), ("1", "修桥（座）", "交通局", "3"))
    draft = read(a_text(tmp_path, by_line(rows)))

    assert task(draft, "1").lead == ("交通局",)
    assert "表1第3栏：没有表头，按“牵头单位”读，请核对" in told(draft.assumed)


def test_a_table_of_units_alone_makes_no_programme(tmp_path: Path) -> None:
    rows = (("牵头单位", "项数"), ("交通局", "3"))

    problems = refusals(a_text(tmp_path, by_line(rows)))
    assert problems[0].startswith("清单.txt：没有读到任务")
    assert problems[1] == "表1：不是任务表，没有读入（2行，牵头单位、项数）"
