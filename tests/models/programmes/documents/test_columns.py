"""Heads of task tables as offices draw them: two rows, counties, leaders, amounts beside names."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.models.programmes.documents.paper import (
    a_text,
    a_word_file,
    by_line,
    keys,
    read,
    refusals,
    task,
    told,
)

COUNTIES = (
    ("序号", "实事项目", "计量单位", "责任单位", "全县任务数", "分乡镇任务数", "←", "←"),
    ("↑", "↑", "↑", "↑", "↑", "东山区", "西河市", "清江新区"),
    ("1", "修缮水渠", "公里", "县水利局", "60", "20", "25.5", "14.5"),
    ("2", "改造厨房", "户", "县民政局", "1.2万", "5000", "7000", "/"),
    ("3", "新建书屋", "个", "县文旅局", "9", "2", "3", "3"),
)


@pytest.mark.parametrize("name", "项目内容 实事内容 名称 工作要求 具体举措 办成的事".split())
def test_an_amount_beside_any_words_is_not_the_task(name: str, tmp_path: Path) -> None:
    rows = (("序号", name, "目标任务", "责任单位"), ("1", "新增学位", "3000个", "县教育局"))
    draft = read(a_word_file(tmp_path, rows))

    (indicator,) = task(draft, "1").indicators
    assert task(draft, "1").title == "新增学位"
    assert (indicator.target, indicator.unit) == (3000, "个")


def test_a_task_column_with_a_header_of_its_own_is_told(tmp_path: Path) -> None:
    rows = (("序号", "办成的事", "年度目标", "责任单位"), ("1", "新增学位", "3000个", "县教育局"))

    assert "表1“办成的事”栏：按任务名称读，请核对" in told(
        read(a_word_file(tmp_path, rows)).assumed
    )


def test_tasks_called_by_their_amounts_are_refused(tmp_path: Path) -> None:
    rows = (
        ("序号", "责任单位", "年度目标"),
        ("1", "县教育局", "3000个"),
        ("2", "县水利局", "12公里"),
    )

    assert refusals(a_word_file(tmp_path, rows)) == [
        "表1：任务名称多是数字（如“3000个”），可能把目标栏读成了任务；"
        "请把写任务的一栏表头改为“项目名称”"
    ]


@pytest.mark.parametrize("measure", ["个（家）", "微克/立方米", "户次"])
def test_a_column_of_measures_is_no_office_for_one_odd_cell(measure: str, tmp_path: Path) -> None:
    rows = (
        ("序号", "事项", "任务数", "单位", "责任单位"),
        ("1", "新建口袋公园", "10", "个", "区园林局"),
        ("2", "培育示范点", "35", measure, "区商务局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert [t.lead for t in draft.definition.tasks] == [("区园林局",), ("区商务局",)]
    assert [i.unit for t in draft.definition.tasks for i in t.indicators] == ["个", measure]


def test_a_leader_beside_the_units_is_no_unit(tmp_path: Path) -> None:
    rows = (
        ("序号", "主要任务", "牵头领导", "责任单位", "配合单位"),
        ("1", "修缮水渠", "田某某", "县水利局", "县财政局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert (task(draft, "1").lead, task(draft, "1").supporting) == (("县水利局",), ("县财政局",))
    assert "“牵头领导”栏没有读入" in told(draft.not_understood)


QUARTERS = (
    ("序号", "重点任务", "目标值", "←", "牵头单位"),
    ("↑", "↑", "一季度", "全年", "↑"),
    ("1", "新增就业", "2000人", "8000人", "县人社局"),
)


def test_a_second_row_of_the_head_is_no_task(tmp_path: Path) -> None:
    draft = read(a_word_file(tmp_path, QUARTERS))

    assert keys(draft) == ["1"]
    assert [i.target for i in task(draft, "1").indicators] == [8000]
    assert "“目标值·一季度”栏没有读入" in told(draft.not_understood)


def test_a_second_row_of_the_head_is_known_in_text_too(tmp_path: Path) -> None:
    rows = [["" if cell in "↑←" else cell for cell in row] for row in QUARTERS]
    draft = read(a_text(tmp_path, by_line(rows)))

    assert keys(draft) == ["1"]
    assert [i.target for i in task(draft, "1").indicators] == [8000]


def test_a_column_for_each_county_holds_its_part(tmp_path: Path) -> None:
    draft = read(a_word_file(tmp_path, COUNTIES))

    assert keys(draft) == ["1", "2", "3"]
    (canals,) = task(draft, "1").indicators
    assert canals.target == 60
    assert [(share.unit, share.target) for share in canals.allotments] == [
        ("东山区", 20),
        ("西河市", Decimal("25.5")),
        ("清江新区", Decimal("14.5")),
    ]
    (kitchens,) = task(draft, "2").indicators
    assert [share.unit for share in kitchens.allotments] == ["东山区", "西河市"]


def test_parts_that_do_not_make_up_the_whole_are_told(tmp_path: Path) -> None:
    draft = read(a_word_file(tmp_path, COUNTIES))

    assert "任务数“9”与各地合计8不一致，请核对" in told(draft.assumed)
    assert "各地合计60" not in told(draft.assumed)


def test_a_part_that_is_no_number_is_told(tmp_path: Path) -> None:
    rows = (
        ("序号", "实事项目", "任务数", "东山区", "西河市", "责任单位"),
        ("1", "新建书屋", "9个", "4", "若干", "县文旅局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert [s.unit for i in task(draft, "1").indicators for s in i.allotments] == ["东山区"]
    assert "任务数里西河市的“若干”没有读懂，请核对" in told(draft.assumed)


def test_a_head_repeated_on_the_next_page_is_no_task(tmp_path: Path) -> None:
    rows = (*QUARTERS, *QUARTERS[:2], ("2", "职业培训", "300人", "1200人", "县人社局"))
    draft = read(a_word_file(tmp_path, rows))

    assert [i.target for t in draft.definition.tasks for i in t.indicators] == [8000, 1200]


def test_a_name_cut_off_by_a_page_break_is_made_whole(tmp_path: Path) -> None:
    rows = (
        ("序号", "项目名称", "建设内容", "责任单位"),
        ("1", "引水上山", "铺设管网", "县水利局、县乡村"),
        ("", "", "二十公里", "振兴局"),
        ("2", "修缮村道", "三条", "县交通局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert [u.name for u in draft.definition.units] == ["县水利局", "县乡村振兴局", "县交通局"]
    assert "表1第3行：接上一行，责任单位读作“县水利局、县乡村振兴局”" in told(draft.assumed)


def test_the_same_as_above_and_nobody_are_no_units(tmp_path: Path) -> None:
    rows = (
        ("序号", "项目名称", "牵头单位", "配合单位"),
        ("1", "修缮水渠", "县水利局", "县财政局"),
        ("2", "清理河道", "同上", "〃"),
        ("3", "植树造林", "县林业局", "无"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert [(t.lead, t.supporting) for t in draft.definition.tasks] == [
        (("县水利局",), ("县财政局",)),
        (("县水利局",), ("县财政局",)),
        (("县林业局",), ()),
    ]
    assert draft.questions == ()


def test_a_number_used_twice_or_left_out_is_told(tmp_path: Path) -> None:
    rows = (
        ("序号", "工作内容", "责任单位"),
        ("1", "修缮水渠", "县水利局"),
        ("1", "清理河道", "县水利局"),
        ("", "植树造林", "县林业局"),
    )
    draft = read(a_word_file(tmp_path, rows))

    assert keys(draft) == ["1-1", "1-2", "1-3"]
    assert "表1第3行：编号1与上一项相同" in told(draft.assumed)
    assert "表1第4行：没有编号，按编号1的下一小项编号" in told(draft.assumed)


def test_an_annex_over_a_second_table_is_told_as_a_group(tmp_path: Path) -> None:
    head = ("序号", "工作内容", "责任单位")
    path = a_word_file(
        tmp_path,
        "附件1",
        (head, ("1", "修缮水渠", "县水利局")),
        "附件2",
        (head, ("1", "植树造林", "县林业局")),
    )

    assert "表2：“附件2”的任务另作一类读入，请核对" in told(read(path).assumed)
