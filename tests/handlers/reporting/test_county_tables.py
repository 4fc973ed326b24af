"""Tables of one task by county: upright or across, and nothing in them that trips the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.headings import Heading, Vocabulary
from handlers.reporting.cells import Row, with_unit
from handlers.reporting.county_tables import read_county_table
from handlers.reporting.table_words import day_in, is_day_column, is_total

PLACES = ("吉首市", "吉首", "花垣县", "花垣", "凤凰县")
WORDS = Vocabulary((Heading("1", ("乡村公共部位安防设备", "安防设备")),))
CELLS = st.sampled_from(
    ["", "县市", "吉首市", "花垣", "合计", "全州", "完成数", "完成率", "100", "0.5", "8月31日", "-"]
)


def _rows(text: str) -> list[Row]:
    return [Row(n, tuple(line.split("|"))) for n, line in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "县市|任务数|完成数|完成率\n吉首市|50|20|40%\n花垣县|50|30|0.6\n合计|100|50|50%",
            ["各县市：", "吉首市：20（40%）", "花垣县：30（60%）", "完成数：50"],
        ),
        (
            "单位|完成数（个）|数据到\n全州|50|8月31日\n吉首|20|8月31日\n花垣|30|8月31日",
            ["各县市：", "吉首：20个", "花垣：30个", "截至：8月31日", "完成数：50个"],
        ),
        (
            "县市|吉首市|花垣县|湘西州合计\n任务数|50|50|100\n完成数|20|30|50",
            ["各县市：", "吉首市：20", "花垣县：30", "完成数：50"],
        ),
        (
            "序号|地区|安防设备|存在问题\n1|吉首市|20|材料涨价\n2|花垣县|30|\n|累计|50|",
            [
                *("各县市：", "吉首市：20", "花垣县：30", "乡村公共部位安防设备：50"),
                "存在问题：吉首市材料涨价",
            ],
        ),
        (
            "雪亮工程（截至8月31日）\n县市|累计完成|本月完成\n吉首市|20|2\n花垣县|30|3",
            ["各县市：", "吉首市：20", "花垣县：30", "截至：8月31日"],
        ),
    ],
)
def test_a_table_of_counties_is_read_as_lines(text: str, lines: list[str]) -> None:
    table = read_county_table(_rows(text), PLACES, WORDS)

    assert table is not None
    assert list(table.lines) == lines


@pytest.mark.parametrize(
    "text",
    [
        "县市|任务数\n吉首市|50\n花垣县|50",
        "县市|完成数\n吉首市|20",
        "吉首市|20\n花垣县|30",
        "任务|完成数\n州1-5|20\n州1-14|30",
        "吉首市，花垣县|都好",
    ],
)
def test_what_has_no_figures_of_counties_is_no_such_table(text: str) -> None:
    assert read_county_table(_rows(text), PLACES, WORDS) is None


def test_what_is_not_taken_is_named() -> None:
    text = "县市|完成数|备注\n吉首市|20|好\n高新区|3|\n花垣县|30|\n填表人：|某某|"
    table = read_county_table(_rows(text), PLACES, WORDS)

    assert table is not None
    assert table.unread == ("表中“备注”一列", "表中“高新区”一行")


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_any_cells_are_read_or_not_without_an_exception(cells: list[list[str]]) -> None:
    rows = [Row(n, tuple(each)) for n, each in enumerate(cells, 1)]
    table = read_county_table(rows, PLACES, WORDS)

    assert table is None or 0 <= table.span[0] < table.span[1] <= len(rows)


@pytest.mark.parametrize(
    "name", ["合计", "全州", "全州合计", "湘西州合计", "累计", "总计", "全市汇总"]
)
def test_the_whole_has_many_names(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize("name", ["小计", "吉首市", "累计投资", "全州通报", "州直"])
def test_a_part_is_not_the_whole(name: str) -> None:
    assert not is_total(name)


@pytest.mark.parametrize("header", ["截止时间", "时间", "数据时间", "统计时间", "统计到", "口径"])
@pytest.mark.parametrize(
    "cells", [["8月31日"], ["2021-08-31", "2021年8月底"], ["2021/8/31", "8/31"]]
)
def test_a_column_of_days_is_that_of_the_data(header: str, cells: list[str]) -> None:
    assert is_day_column(header, cells)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("开工时间", ["8月31日"]),
        ("计划完成时间", ["2021-12-31"]),
        ("填表日期", ["9月5日"]),
        ("完成数", ["8.31"]),
        ("时间", ["8月31日", "很快"]),
        ("时间", []),
    ],
)
def test_other_days_and_figures_are_not(header: str, cells: list[str]) -> None:
    assert not is_day_column(header, cells)


@pytest.mark.parametrize("unit", ["户/人", "个、户", "截至8月31日", "户或人", ""])
def test_what_is_no_one_unit_is_put_to_no_figure(unit: str) -> None:
    assert with_unit("319", unit) == "319"


@pytest.mark.parametrize("unit", ["户", "公里", "元/月", "万元"])
def test_a_unit_above_a_column_goes_to_its_figures(unit: str) -> None:
    assert with_unit("319", unit) == f"319{unit}"


def test_a_day_in_the_brackets_of_a_header_is_that_of_its_cells() -> None:
    assert day_in("完成数（截至8月31日）") == "截至8月31日"
    assert day_in("完成数（个）") == ""
