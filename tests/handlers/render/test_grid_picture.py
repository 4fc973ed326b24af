"""Grids as pictures: bands of columns, pages of rows, signs that a grey copy keeps."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageColor

from handlers.render import signs
from handlers.render.drawing import Block, Page, Text
from handlers.render.fonts import width_of
from handlers.render.grid_picture import grid_layout
from handlers.render.grid_table import Grid, GridCell, GridGroup, GridRow
from handlers.render.sheets import MARGIN, RIGHT, TALLEST, WIDTH
from handlers.render.signs import (
    BEHIND,
    BLANK,
    DIFFICULT,
    DONE,
    LACKING,
    LIKELY,
    ON_TRACK,
    RUNNING,
    TICKED,
    UNKNOWN,
    UNLIKELY,
    VERY_LIKELY,
    Meaning,
    Sign,
)

COUNTIES = "吉首市 泸溪县 凤凰县 古丈县 花垣县 保靖县 永顺县 龙山县".split()
LONG = "湘西土家族苗族自治州国家高新技术产业开发区管理委员会公共服务中心筹备工作领导小组"


def a_grid(rows: int, wide: int, text: str = "28.50", **changes: object) -> Grid:
    cells = tuple(GridCell(BEHIND, text) for _ in range(wide))
    grid = Grid(
        "县市任务进度",
        "数据截至2021年5月31日",
        "县市区",
        tuple(f"州1-{at} 雪亮工程" for at in range(1, wide + 1)),
        (GridGroup("", tuple(GridRow(f"第{at}县", cells) for at in range(1, rows + 1))),),
        (Meaning(DONE, "达到"), Meaning(BEHIND, "滞后")),
    )
    return replace(grid, **changes)  # type: ignore[arg-type]


def only_page(grid: Grid) -> Page:
    [page] = grid_layout(grid).pages
    return page


def tiles(page: Page, sign: Sign) -> list[Block]:
    """The cells of the body that show a sign; those of the legend stand above."""
    return [
        item
        for item in page.items
        if isinstance(item, Block)
        and (item.fill, item.outline) == (sign.tone, sign.edge)
        and item.box[3] - item.box[1] > 40
    ]


def test_eight_counties_stand_side_by_side_on_one_page() -> None:
    page = only_page(a_grid(22, 8, columns=tuple(COUNTIES)))

    assert len(tiles(page, BEHIND)) == 22 * 8
    assert set(COUNTIES) <= set(page.texts)


def test_122_counties_by_24_indicators_are_bands_whose_pages_each_stand_alone() -> None:
    pages = grid_layout(a_grid(122, 24, mark="演示数据")).pages

    assert [sum(text.endswith("县") for text in page.texts) for page in pages] == [41, 41, 40] * 3
    assert [len(tiles(page, BEHIND)) for page in pages] == [41 * 8, 41 * 8, 40 * 8] * 3
    parts = ["1—8／24列", "9—16／24列", "17—24／24列"]
    for number, page in enumerate(pages, start=1):
        assert f"第 {number}／9 页" in page.texts
        assert parts[(number - 1) // 3] in page.texts
        assert {"县市任务进度", "数据截至2021年5月31日", "县市区", "达到", "滞后"} <= set(
            page.texts
        )
        assert page.height <= TALLEST


def test_each_page_is_a_png_below_two_megabytes() -> None:
    for data in grid_layout(a_grid(122, 8, mark="演示数据")).pictures():
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.width, image.mode) == ("PNG", WIDTH, "P")
        assert len(data) < 2_000_000


def test_narrow_columns_have_their_names_upright() -> None:
    units = ("花垣产业开发区", "州本级", *COUNTIES, "10月")
    cells = tuple(GridCell(LIKELY) for _ in units)
    page = only_page(
        a_grid(0, 0, columns=units, groups=(GridGroup("", (GridRow("激1 高质量发展", cells),)),))
    )

    [first, *_] = [at for at, text in enumerate(page.texts) if text == "花"]
    assert "".join(page.texts[first : first + 7]) == "花垣产业开发区"
    assert "10月" in page.texts


def test_an_upright_name_of_forty_characters_stands_by_two_a_line() -> None:
    units = (LONG, *(f"第{at}县" for at in range(12)))
    row = GridRow("激1 高质量发展", tuple(GridCell(LIKELY) for _ in units))
    page = only_page(a_grid(0, 0, columns=units, groups=(GridGroup("", (row,)),)))

    heads = [i.text for i in page.items if isinstance(i, Text) and i.text and i.text in LONG]
    assert max(map(len, heads)) == 2
    assert "".join(heads) == LONG
    assert page.height < 1100


@pytest.mark.parametrize("text", ["28.50", "130.36", "-12.50", "123456.78", "未达标"])
def test_figures_of_any_length_stay_inside_their_cells(text: str) -> None:
    page = only_page(a_grid(1, 8, text))

    cell = tiles(page, BEHIND)[0].box
    [*_, figure] = [item for item in page.items if isinstance(item, Text) and item.text == text]
    assert width_of(text, figure.size) <= cell[2] - cell[0]
    assert figure.size <= 24


def test_names_of_forty_characters_are_wrapped_beside_and_above_the_cells() -> None:
    row = GridRow(LONG, (GridCell(DONE, "100.00"),) * 8, note="州公安局")
    page = only_page(a_grid(0, 8, columns=(LONG, *COUNTIES[1:]), groups=(GridGroup("", (row,)),)))

    left = min(each.box[0] for each in tiles(page, DONE))
    lines = [i for i in page.items if isinstance(i, Text) and i.size == 29]
    assert "".join(line.text for line in lines) == LONG
    assert all(line.x + width_of(line.text, 29) <= left for line in lines)
    heads = [i.text for i in page.items if isinstance(i, Text) and i.size == 24 and i.text in LONG]
    assert "".join(heads) == LONG


def test_groups_have_headings_and_totals_stand_last() -> None:
    cells = (GridCell(DONE, "100.00"),) * 2
    page = only_page(
        a_grid(
            0,
            0,
            columns=("吉首市", "泸溪县"),
            groups=(
                GridGroup("新增办理", (GridRow("新7", cells, end="2"),), "共 1 项"),
                GridGroup("继续办理", (GridRow("续1", cells, end="0"),), "共 1 项"),
            ),
            end="滞后",
            totals=GridRow("合计", (GridCell(text="7"), GridCell(text="11"))),
        )
    )

    wanted = ("新增办理", "共 1 项", "新7", "继续办理", "续1", "合计", "7", "11")
    places = [page.texts.index(text) for text in wanted if text != "共 1 项"]
    assert places == sorted(places)
    assert page.texts.count("共 1 项") == 2


def test_a_tag_stands_in_the_corner_of_its_cell() -> None:
    row = GridRow("激7", (GridCell(VERY_LIKELY, tag="评"),))
    page = only_page(a_grid(0, 0, columns=("研判",), groups=(GridGroup("", (row,)),)))

    [tag] = [item for item in page.items if isinstance(item, Text) and item.text == "评"]
    [cell] = tiles(page, VERY_LIKELY)
    assert cell.box[0] < tag.x < cell.box[2]


def test_without_rows_or_columns_a_picture_says_so() -> None:
    assert "暂无可显示的内容" in only_page(a_grid(0, 0)).texts
    assert "暂无可显示的内容" in only_page(a_grid(0, 8)).texts
    assert "第1县" in only_page(a_grid(1, 0)).texts


def test_everything_stands_inside_the_page() -> None:
    for page in grid_layout(a_grid(61, 11, mark="演示数据")).pages:
        for item in page.items:
            if isinstance(item, Block):
                left, top, right, bottom = item.box
                assert 0 <= left <= right <= WIDTH
                assert 0 <= top <= bottom <= page.height
            if isinstance(item, Text) and item.anchor == "lm":
                assert MARGIN <= item.x <= RIGHT - width_of(item.text, item.size)


def test_emoji_in_any_cell_are_marked_and_explained() -> None:
    grid = a_grid(1, 1, columns=("😀县",), totals=GridRow("合计", (GridCell(text="🚀"),)))
    plan = grid_layout(grid)

    assert plan.missing == ("😀", "🚀")
    assert "“〓”代替字体中没有的字（U+1F600、U+1F680）。" in plan.pages[0].texts


def test_many_missing_characters_are_counted() -> None:
    plan = grid_layout(a_grid(1, 1, title="".join(map(chr, range(0x1F600, 0x1F610)))))

    assert any(text.endswith("U+1F60B等16个）。") for text in plan.pages[0].texts)


LEGENDS = {
    "status": (DONE, ON_TRACK, BEHIND, UNKNOWN, BLANK),
    "activity": (TICKED, LACKING, RUNNING, BLANK),
    "outlook": (VERY_LIKELY, LIKELY, DIFFICULT, UNLIKELY, UNKNOWN, BLANK),
}


@pytest.mark.parametrize("of", LEGENDS)
def test_the_signs_of_one_legend_differ_in_shape_without_any_colour(of: str) -> None:
    shapes = [(sign.shape, sign.text) for sign in LEGENDS[of]]

    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    "sign", [each for each in vars(signs).values() if isinstance(each, Sign)], ids=str
)
def test_what_stands_on_a_tone_is_read_on_a_grey_copy(sign: Sign) -> None:
    """Contrast as WCAG counts it: 3 for shapes, 4.5 for figures."""
    assert _contrast(sign.ink, sign.tone) >= 3
    assert _contrast(sign.figure, sign.tone) >= 4.5


def _contrast(one: str, other: str) -> float:
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in ImageColor.getrgb(colour)[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
