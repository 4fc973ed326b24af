"""Values that are read as they stand, and the person is asked to look again."""

import pytest

from tests.models.programmes.workbook.books import PLAIN, changed, lines, read, workbook


def doubts(title: str, cell: str, value: object) -> list[str]:
    """What the plain workbook, whose county has all of the target, is told with one other cell."""
    return lines(read(changed(title, cell, value)).assumed)


def test_shares_that_make_up_the_target_are_no_news() -> None:
    assert doubts("分解", "D2", 550) == []


def test_shares_that_do_not_add_up_are_told_with_both_sums() -> None:
    assert doubts("分解", "D2", 540) == [
        "《实事.xlsx》工作表“分解”D2：指标“农村公路安防设施”的分解合计 540，与目标 550 不一致，"
        "照此读入；请核对"
    ]


def test_a_share_for_a_department_is_told() -> None:
    assert doubts("分解", "C2", "市人社局") == [
        "《实事.xlsx》工作表“分解”C2：“市人社局”是部门，分解一般到县市区或园区，照此读入；"
        "请核对“单位”表的类别"
    ]


@pytest.mark.parametrize("name", ["市交通运输局", "市交通局"])
def test_a_unit_on_both_sides_is_told_under_any_of_its_names(name: str) -> None:
    assert doubts("任务", "F2", name) == [
        f"《实事.xlsx》工作表“任务”F2：“{name}”既是牵头单位又是配合单位，按牵头单位办理；请核对"
    ]


@pytest.mark.parametrize("written", ["个、户", "标准"])
def test_a_measure_that_nobody_knows_is_told(written: str) -> None:
    assert doubts("指标", "C3", written) == [
        f"《实事.xlsx》工作表“指标”C3：不认识的计量单位“{written}”，照此读入，"
        "不能与别的单位换算；请核对"
    ]


@pytest.mark.parametrize(("written", "meant"), [("％", "%"), ("㎡", "㎡"), ("千米", "千米")])
def test_a_measure_in_full_width_is_the_usual_one(written: str, meant: str) -> None:
    made = changed("指标", "C3", written)

    assert read(made).definition.tasks[1].indicators[0].unit == meant


@pytest.mark.parametrize("word", ["合计", "合 计：", "总计"])
def test_a_row_of_sums_is_left_out_and_told(word: str) -> None:
    book = read(workbook(任务=[*PLAIN["任务"], [word, None, "2项"]]))

    assert [task.number for task in book.definition.tasks] == ["实1", "实2"]
    assert lines(book.not_understood) == ["《实事.xlsx》工作表“任务”第4行：是合计行，没有读入"]
