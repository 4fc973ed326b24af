"""Tables of one task by county: upright or across, and nothing in them that trips the reader."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.lines import ReportLines, read_lines
from handlers.reporting.cells import Row, with_unit
from handlers.reporting.county_tables import Beside, day_read, read_county_table
from handlers.reporting.table_words import day_in, is_day_column, is_note, is_sum, is_total

PLACES = ("吉首市", "吉首", "花垣县", "花垣", "凤凰县")
BESIDE = Beside(
    lambda text: day_read(text, date(2021, 8, 5), (date(2021, 1, 1), date(2021, 7, 31))),
    units=("个",),
)
WORDS = Vocabulary((Heading("1", ("乡村公共部位安防设备", "安防设备")),))
CELLS = st.sampled_from(
    ["", "县市", "吉首市", "花垣", "合计", "全州", "完成数", "完成率", "100", "0.5", "8月31日", "-"]
)


def _rows(text: str) -> list[Row]:
    return [Row(n, tuple(line.split("|"))) for n, line in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    ("text", "lines", "days"),
    [
        (
            "县市|任务数|完成数|完成率\n吉首市|50|20|40%\n花垣县|50|30|0.6\n合计|100|50|50%",
            ["各县市：", "吉首市：20（40%）", "花垣县：30（60%）", "完成数：50"],
            (),
        ),
        (
            "单位|完成数（个）|数据到\n全州|50|8月31日\n吉首|20|8月31日\n花垣|30|8月31日",
            ["各县市：", "吉首：20个", "花垣：30个", "完成数：50个"],
            ("8月31日",),
        ),
        (
            "县市|吉首市|花垣县|湘西州合计\n任务数|50|50|100\n完成数|20|30|50",
            ["各县市：", "吉首市：20", "花垣县：30", "完成数：50"],
            (),
        ),
        (
            "序号|地区|安防设备|存在问题\n1|吉首市|20|材料涨价\n2|花垣县|30|\n|累计|50|",
            [
                *("各县市：", "吉首市：20", "花垣县：30", "乡村公共部位安防设备：50"),
                "存在问题：吉首市材料涨价",
            ],
            (),
        ),
        (
            "雪亮工程（截至8月31日）\n县市|累计完成|本月完成\n吉首市|20|2\n花垣县|30|3",
            ["各县市：", "吉首市：20", "花垣县：30"],
            ("8月31日",),
        ),
        (
            "县市|存在问题|完成情况|\n||任务数|完成数（截至8月31日）\n吉首市|缺水|50|20\n花垣县||50|30",
            ["各县市：", "吉首市：20", "花垣县：30", "存在问题：吉首市缺水"],
            ("截至8月31日",),
        ),
        (
            "县市|完成数|累计完成数\n吉首市|2|20\n花垣县|3|30",
            ["各县市：", "吉首市：20", "花垣县：30"],
            (),
        ),
        (
            "县市|任务数|完成数|完成率\n吉首市|1|0.55|0.55\n花垣县|200|1|0.5",
            ["各县市：", "吉首市：0.55（55%）", "花垣县：1（0.5%）"],
            (),
        ),
    ],
)
def test_a_table_of_counties_is_read_as_lines(
    text: str, lines: list[str], days: tuple[str, ...]
) -> None:
    table = read_county_table(_rows(text), PLACES, WORDS)

    assert table is not None
    assert list(table.lines) == lines
    assert table.days == days


def test_a_bare_share_that_fits_in_two_ways_is_not_taken() -> None:
    text = "县市|任务数|完成数|完成率\n吉首市|200|2|0.75\n花垣县|10000|50|0.5\n凤凰县|100|0|0.01"
    table = read_county_table(_rows(text), PLACES, WORDS)

    assert table is not None
    assert table.lines[1:] == ("吉首市：2（0.75%）", "花垣县：50（0.5%）", "凤凰县：0")


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        ("吉首市|20|5月31日\n花垣县|30|6月30日\n合计|50|6月30日", ("6月30日",)),
        ("合计|50|6月30日\n吉首市|20|5月31日\n花垣县|30|7月31日", ("6月30日",)),
        ("吉首市|20|5月31日\n花垣县|30|6月30日", ("5月31日", "6月30日")),
        ("吉首市|20|5月31日\n花垣县|30|6月30日\n合计|50|", ("5月31日", "6月30日")),
        ("吉首市|20|2021-06-30\n花垣县|30|6月底", ("6月底",)),
    ],
)
def test_of_several_days_that_of_the_whole_holds_or_all_are_named(
    rows: str, days: tuple[str, ...]
) -> None:
    table = read_county_table(_rows(f"县市|完成数|截至\n{rows}"), PLACES, WORDS, BESIDE)

    assert table is not None
    assert table.days == days


@pytest.mark.parametrize("stated", [date(2021, 6, 30), date(2021, 7, 31)])
@pytest.mark.parametrize(
    "names", ["1-6月累计完成数|1-7月累计完成数", "6月底完成数|截至7月31日完成数"]
)
def test_of_two_columns_that_of_the_stated_day_is_taken(names: str, stated: date) -> None:
    text = f"县市|{names}\n吉首市|20|25\n花垣县|30|35\n合计|50|60"
    table = read_county_table(_rows(text), PLACES, WORDS, replace(BESIDE, stated=stated))
    figures = ("20", "30", "50") if stated.month == 6 else ("25", "35", "60")

    assert table is not None
    assert table.lines[1:] == tuple(
        f"{name}：{value}"
        for name, value in zip(("吉首市", "花垣县", "完成数"), figures, strict=True)
    )
    assert [BESIDE.read(day) for day in table.days] == [stated]


@pytest.mark.parametrize("names", ["1-5月完成数|1-6月完成数", "完成数|实际完成数", "完成数|完成数"])
def test_of_two_columns_that_nothing_decides_between_both_are_offered(names: str) -> None:
    text = f"县市|{names}\n吉首市|20|25\n花垣县|30|35\n合计|50|60"
    beside = replace(BESIDE, stated=date(2021, 7, 31))
    table = read_county_table(_rows(text), PLACES, WORDS, beside)
    one, other = names.split("|")

    assert table is not None
    assert table.lines == ("各县市：", f"完成数：50（{one}）", f"完成数：60（{other}）")
    assert table.unread == (f"各县市的数（不知取“{one}、{other}”哪一列）",)


@pytest.mark.parametrize("header", ["隐患个数", "排名", "任务数", "户数", "人数", "件数"])
def test_what_is_counted_otherwise_is_no_figure(header: str) -> None:
    rows = _rows(f"县市|{header}\n吉首市|20\n花垣县|30\n合计|50")

    assert read_county_table(rows, PLACES, WORDS, BESIDE) is None


@pytest.mark.parametrize("header", ["个数", "数量", "完成数", "建成数"])
def test_a_heading_of_the_own_unit_is_a_figure(header: str) -> None:
    rows = _rows(f"县市|{header}\n吉首市|20\n花垣县|30\n合计|50")

    assert read_county_table(rows, PLACES, WORDS, BESIDE) is not None


def test_two_wholes_are_two_lines_unless_they_are_the_same() -> None:
    text = "县市|完成数\n合计|50\n吉首市|20\n花垣县|30\n合计|{}"
    same = read_county_table(_rows(text.format("50")), PLACES, WORDS)
    other = read_county_table(_rows(text.format("60")), PLACES, WORDS)

    assert same is not None
    assert other is not None
    assert same.lines[3:] == ("完成数：50",)
    assert other.lines[3:] == ("完成数：50", "完成数：60")


@pytest.mark.parametrize("words", ["未完成", "正在统计", "无数据"])
def test_words_in_place_of_a_figure_are_named(words: str) -> None:
    text = f"县市|完成数\n吉首市|{words}\n花垣县|30\n合计|{words}"
    table = read_county_table(_rows(text), PLACES, WORDS)

    assert table is not None
    assert table.lines == ("各县市：", "花垣县：30")
    assert table.unread == (f"吉首市“{words}”", f"合计“{words}”")


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


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("小计", True), ("合计", True), ("全州", True), ("吉首市", False), ("累计投资", False)],
)
def test_the_sum_of_some_rows_is_a_sum_too(name: str, is_one: bool) -> None:
    assert is_sum(name) is is_one


@pytest.mark.parametrize(
    "cell", ["说明：按月", "备注", "注: 含在建", "例：州1-5", "填表人", "审核人：某某"]
)
def test_remarks_head_no_row(cell: str) -> None:
    assert is_note(cell)


@pytest.mark.parametrize("cell", ["注册企业", "审核备案", "例会", "说明会场次", "吉首市"])
def test_names_that_begin_like_a_remark_are_none(cell: str) -> None:
    assert not is_note(cell)


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


OF_FORM = Vocabulary(
    indicators=(Heading("1", ("安防设备",)),),
    sections=(Heading("措施", ("措施",)), Heading("县市情况", ("各县市",))),
    counties=(
        Heading("11", ("吉首市", "吉首")),
        Heading("12", ("花垣县", "花垣")),
        Heading("13", ("凤凰县",)),
    ),
    county_section="县市情况",
)
ONE = [
    "20",
    "约20个",
    "已建成20",
    "1,200",
    "1，200",
    "1.2万个",
    "二十个",
    "20个（占40%）",
    "20（未验收）",
]
MORE = [
    "20，凤凰县：5",
    "20；凤凰县5个",
    "20（凤凰县另报）",
    "20 完成数：99",
    "20\n完成数：99",
    "20\n措施：逐村安装",
    "20，截至8月1日",
    "20、30",
    "20图1：培训",
    "凤凰县5",
]


def _heard(cell: str) -> tuple[ReportLines, tuple[str, ...]]:
    """How a table with *cell* as the figure of a county is read in the end, and what is left."""
    rows = [
        Row(1, ("县市", "完成数")),
        Row(2, ("吉首市", cell)),
        Row(3, ("花垣县", "30")),
    ]
    table = read_county_table(rows, PLACES, OF_FORM, BESIDE)
    assert table is not None
    return read_lines("\n".join(table.lines), OF_FORM), table.unread


@pytest.mark.parametrize("cell", ONE)
def test_a_cell_with_one_figure_is_that_of_its_county(cell: str) -> None:
    lines, unread = _heard(cell)

    assert [(each.county, each.text) for each in lines.counties] == [("11", cell), ("12", "30")]
    assert unread == ()


@pytest.mark.parametrize("cell", MORE)
def test_a_cell_with_more_than_one_figure_is_left_and_named(cell: str) -> None:
    lines, [unread] = _heard(cell)

    assert [(each.county, each.text) for each in lines.counties] == [("12", "30")]
    assert (*lines.figures, *lines.as_of, *lines.captions, *lines.unknown) == ()
    assert [each.key for each in lines.sections] == ["县市情况"]
    assert unread.startswith("吉首市“20") or unread == "吉首市“凤凰县5”"


@given(st.text(alphabet="20万个，。；：:、 \n（）()凤凰县完成数措施截至8月图%约", max_size=14))
def test_no_cell_gives_another_place_or_field_a_value(cell: str) -> None:
    lines, _ = _heard(cell)

    assert {each.county for each in lines.counties} <= {"11", "12"}
    assert [each.text for each in lines.counties if each.county == "12"] == ["30"]
    assert (*lines.figures, *lines.as_of, *lines.captions, *lines.unknown) == ()


def test_of_two_columns_none_is_taken_where_one_cannot_be_read() -> None:
    text = "县市|1-6月累计完成数|1-7月累计完成数\n吉首市|20|30\n花垣县|30|40\n合计|50|70、80"

    table = read_county_table(_rows(text), PLACES, WORDS, BESIDE)

    assert table is not None
    assert table.lines == ("各县市：",)
    assert "合计“70、80”" in table.unread
