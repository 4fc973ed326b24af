"""Twenty projects against the schedule, with the circular's figures of May 2021."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PIL import Image
from sqlmodel import Session

from handlers.render.drawing import Block, Page, Polygon, Text
from handlers.render.fonts import width_of
from handlers.render.progress_picture import BAR_WIDTH, BAR_X, progress_layout
from handlers.render.progress_table import (
    ProgressGroup,
    ProgressRow,
    ProgressTable,
    progress_table,
)
from handlers.render.sheets import RIGHT, TALLEST, WIDTH
from handlers.render.signs import BEHIND, DONE, ON_TRACK, UNKNOWN, Meaning
from handlers.standing.tasks import Standing, standing
from models.programme import programme_by_code

#: Number, percentage as printed, status by its first words, tags.
CIRCULAR = """
新1 66.67% 滞后 评定；新2 达标 达到；新3 44.63% 有序；新4 0.00% 有序 评定；新5 0.00% 滞后
新6 100.00% 达到；新7 28.50% 滞后；新8 3.24% 滞后；新9 55.93% 有序；新10 44.33% 有序
续1 44.80% 有序；续2 41.96% 有序；续3 80.76% 有序；续4 0.00% 滞后；续5 0.00% 有序 评定
续6 达标 达到；续7 46.99% 有序；续8 4.69% 滞后；续9 30.00% 滞后 自报；续10 73.84% 有序
"""
LONG = "湘西土家族苗族自治州国家高新技术产业开发区管理委员会公共服务中心筹备工作领导小组"


@pytest.fixture(scope="module")
def table(may: Standing) -> ProgressTable:
    return progress_table(may, title="重点民生实事进度", subtitle="数据截至2021年5月31日")


def a_row(name: str = "新7 雪亮工程", **changes: object) -> ProgressRow:
    row = ProgressRow(
        name,
        Decimal("28.5"),
        "28.50%",
        Decimal("41.6666"),
        BEHIND,
        "工作进度相对滞后",
        "州公安局",
        "1710个，目标6000个",
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def a_page(*rows: ProgressRow, **changes: object) -> Page:
    table = ProgressTable(
        "进度",
        "数据截至2021年5月31日",
        (ProgressGroup("新增办理", rows, f"共 {len(rows)} 项"),),
        (Meaning(BEHIND, "工作进度相对滞后 1项"),),
        "序时进度 41.67%",
    )
    [page] = progress_layout(replace(table, **changes)).pages  # type: ignore[arg-type]
    return page


def bars(page: Page) -> list[int]:
    """How long each filled bar is, from top to bottom."""
    return [
        item.box[2] - BAR_X
        for item in page.items
        if isinstance(item, Block)
        and item.box[0] == BAR_X
        and item.fill
        and not item.outline
        and item.box[3] - item.box[1] == 32
    ]


def test_the_twenty_projects_stand_as_the_circular_of_may_printed_them(
    table: ProgressTable,
) -> None:
    said = [
        (
            row.name.split()[0],
            row.printed,
            next(word for word in ("滞后", "有序", "达到") if word in row.status),
            *row.tags,
        )
        for group in table.groups
        for row in group.rows
    ]

    assert said == [
        tuple(each.split()) for each in CIRCULAR.replace("\n", "；").split("；") if each
    ]
    assert [(group.heading, group.count) for group in table.groups] == [
        ("新增办理", "共 10 项"),
        ("继续办理", "共 10 项"),
    ]


def test_the_legend_counts_the_statuses_and_names_the_schedule(table: ProgressTable) -> None:
    assert [(each.sign, each.word) for each in table.meanings] == [
        (DONE, "达到省定验收标准 3项"),
        (ON_TRACK, "工作有序推进 10项"),
        (BEHIND, "工作进度相对滞后 7项"),
    ]
    assert table.scheduled == "序时进度 41.67%"
    assert table.below == "标“评定”的状态由人工评定；标“自报”的进度由单位自报。"


def test_figures_say_what_a_percentage_is_made_of(table: ProgressTable) -> None:
    figures = {row.name.split()[0]: row.figures for group in table.groups for row in group.rows}

    assert figures["新7"] == "1710个，目标6000个"
    assert figures["新3"] == "3项中最低：城镇新增就业10265人，目标23000人"
    assert figures["新2"] == "4项标准全部达到"
    assert figures["续10"] == "6498万元，目标8800万元"
    assert figures["续9"] == ""


def test_lead_units_stay_out_where_nobody_is_to_be_named(may: Standing) -> None:
    table = progress_table(may, title="进度", subtitle="", with_leads=False)

    assert {row.note for group in table.groups for row in group.rows} == {""}
    assert not [
        text for page in progress_layout(table).pages for text in page.texts if "州" in text
    ]


def test_twenty_projects_are_one_picture_below_two_megabytes(table: ProgressTable) -> None:
    [data] = progress_layout(replace(table, mark="演示数据")).pictures()

    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.width) == ("PNG", WIDTH)
    assert len(data) < 2_000_000


def test_every_bar_carries_the_schedule_at_the_same_place(table: ProgressTable) -> None:
    [page] = progress_layout(table).pages

    tips = [item.corners[2][0] for item in page.items if isinstance(item, Polygon)]
    assert tips.count(BAR_X + round(BAR_WIDTH * 0.416667)) == 20


@pytest.mark.parametrize(
    ("percent", "length", "tip"),
    [
        ("28.50", 120, None),
        ("100", BAR_WIDTH, None),
        ("130.36", BAR_WIDTH, BAR_X + BAR_WIDTH + 22),
        ("0", None, None),
        ("-12.5", None, BAR_X - 16),
    ],
)
def test_a_bar_is_as_long_as_its_percentage_and_cut_at_an_arrow(
    percent: str, length: int | None, tip: int | None
) -> None:
    page = a_page(a_row(percent=Decimal(percent), scheduled=None))

    tips = [item.corners[2][0] for item in page.items if isinstance(item, Polygon)]
    assert bars(page) == ([] if length is None else [length])
    assert (tip in tips) is (tip is not None)


def test_a_bar_of_each_status_is_told_apart_on_a_grey_copy() -> None:
    """Full, plain and striped; the sign and the word stand below it."""
    hatched = {}
    for sign in (DONE, ON_TRACK, BEHIND):
        page = a_page(a_row(sign=sign, status="状态"), meanings=(), scheduled="")
        fill = next(i.fill for i in page.items if isinstance(i, Block) and i.box[0] == BAR_X)
        kinds = {type(item).__name__ for item in page.items}
        hatched[sign] = (fill, "Hatching" in kinds)

    assert [striped for _, striped in hatched.values()] == [False, False, True]


def test_what_is_told_in_words_has_neither_bar_nor_mark() -> None:
    row = a_row(percent=None, printed="—", scheduled=None, sign=UNKNOWN, status="文字报送")
    page = a_page(row, scheduled="", meanings=())

    assert bars(page) == []
    assert {"—", "文字报送"} <= set(page.texts)
    assert not [item for item in page.items if isinstance(item, Polygon)]


def test_without_a_figure_the_schedule_still_shows_what_is_expected() -> None:
    page = a_page(a_row(percent=None, printed="—", sign=UNKNOWN, status="尚无通过的数据"))

    marks = [item for item in page.items if isinstance(item, Polygon)]
    assert len([each for each in marks if each.corners[2][0] == BAR_X + 175]) == 1


def test_a_programme_without_tasks_still_makes_a_picture() -> None:
    assert "本专项还没有任务" in a_page().texts


def test_long_names_statuses_and_many_tags_stay_inside_the_picture() -> None:
    row = a_row(
        LONG,
        note=LONG,
        status="工作进度较序时要求明显滞后、需由分管负责同志牵头督办并限期整改",
        tags=("评定", "自报", "未更新"),
        printed="123456.78%",
    )
    page = a_page(row, a_row())

    for item in page.items:
        if isinstance(item, Text) and item.anchor == "lm":
            assert item.x + width_of(item.text, item.size) <= RIGHT
        if isinstance(item, Text) and item.anchor == "rm":
            assert item.x - width_of(item.text, item.size) >= BAR_X + BAR_WIDTH
        if isinstance(item, Block):
            assert item.box[2] <= RIGHT
    assert "".join(text for text in page.texts if text in LONG) == LONG * 2


def test_characters_the_font_lacks_are_marked_and_explained() -> None:
    table = ProgressTable("进度🚀", "", (ProgressGroup("", (a_row("新7 😀工程"),)),), (), "")
    plan = progress_layout(table)

    assert plan.missing == ("🚀", "😀")
    assert {"进度〓", "新7 〓工程", "“〓”代替字体中没有的字（U+1F680、U+1F600）。"} <= set(
        plan.pages[0].texts
    )


def test_82_items_told_in_words_say_so_and_name_few_of_many_leads(published: Session) -> None:
    programme = programme_by_code(published, "fengong-2022")
    assert programme is not None
    state = standing(published, programme, date(2022, 3, 31))

    table = progress_table(state, title="分工", subtitle="")

    assert table.meanings[-1] == Meaning(UNKNOWN, "文字报送 82项")
    assert table.scheduled == ""
    notes = {row.name.split()[0]: row.note for group in table.groups for row in group.rows}
    assert notes["政2"] == "省发展改革委、省工业和信息化厅、省财政厅、省人力资源社会保障厅等6个单位"
    assert len(progress_layout(table).pages) == 2


def test_tall_rows_are_shared_out_as_evenly_as_many_ones() -> None:
    rows = tuple(a_row(f"政{at}", figures="措施" * 90) for at in range(1, 45))
    table = ProgressTable("分工", "", (ProgressGroup("", rows),), (), "")

    pages = progress_layout(table).pages

    assert [sum(text.startswith("政") for text in page.texts) for page in pages] == [15, 15, 14]
    assert all(page.height <= TALLEST for page in pages)


def test_eighty_two_items_are_two_pages_of_forty_one() -> None:
    rows = tuple(a_row(f"政{at}") for at in range(1, 83))
    table = ProgressTable("分工", "", (ProgressGroup("", rows),), (), "")

    pages = progress_layout(table).pages

    assert [sum(text.startswith("政") for text in page.texts) for page in pages] == [41, 41]
