"""研判 as a board: the 65 items of October 2022 by the units that may win them."""

from datetime import date

import pytest
from sqlmodel import Session

from handlers.render.grid_picture import grid_layout
from handlers.render.grid_table import Grid
from handlers.render.outlook_table import JudgedItem, outlook_grid
from handlers.render.signs import BLANK, LIKELY, UNKNOWN, VERY_LIKELY
from handlers.standing.outlooks import Outlook, outlooks
from handlers.standing.tasks import short_name, standing
from models.programme import programme_by_code


@pytest.fixture(scope="module")
def board(published: Session) -> Grid:
    programme = programme_by_code(published, "jili-2022")
    assert programme is not None
    state = standing(published, programme, date(2022, 10, 10))
    found = outlooks(published, [each.task.id or 0 for each in state.tasks])
    items = [
        JudgedItem(
            short_name(each.task),
            "、".join(unit.name for unit in each.leads),
            found[each.task.id or 0],
        )
        for each in state.tasks
    ]
    units = {unit.id or 0: unit.name for unit in state.units}
    return outlook_grid(items, units, title="真抓实干研判", subtitle="截至2022年10月10日")


def test_the_levels_are_counted_as_annex_1_prints_them(board: Grid) -> None:
    assert [each.word for each in board.meanings] == [
        "很有可能 12项",
        "有可能 30项",
        "难度较大 21项",
        "不太可能 2项",
    ]


def test_two_items_were_judged_apart_from_their_entries(board: Grid) -> None:
    judged = [row.name.split()[0] for row in board.rows if row.cells[0].tag]

    assert judged == ["激7", "激13"]
    assert board.below == "“事项研判”取各单位最高，标“评”的为人工评定。"


def test_an_item_shows_its_own_level_and_those_of_its_units(board: Grid) -> None:
    [row] = [row for row in board.rows if row.name.startswith("激33 ")]

    shown = {
        name: cell.sign
        for name, cell in zip(board.columns, row.cells, strict=True)
        if cell.sign != BLANK
    }
    assert shown == {
        "事项研判": VERY_LIKELY,
        "吉首市": LIKELY,
        "花垣县": VERY_LIKELY,
        "州本级": LIKELY,
    }
    assert row.note == "州民政局"


def test_only_units_with_an_entry_have_a_column_and_all_counties_have_the_last(
    board: Grid,
) -> None:
    assert board.columns[0] == "事项研判"
    assert board.columns[-1] == "各县市"
    assert len(board.columns) == 14


def test_65_items_are_two_pages(board: Grid) -> None:
    pages = grid_layout(board).pages

    assert [sum(text.startswith("激") for text in page.texts) for page in pages] == [33, 32]


def test_what_nobody_judged_is_counted_and_shown_as_a_dash() -> None:
    items = [JudgedItem("激2 营商环境", "州发改委", Outlook({}))]

    grid = outlook_grid(items, {1: "吉首市"}, title="研判", subtitle="")

    assert [cell.sign for cell in grid.rows[0].cells] == [UNKNOWN]
    assert grid.meanings[-1].word == "未研判 1项"
    assert grid.below == "“事项研判”取各单位最高。"


def test_without_items_the_picture_says_so() -> None:
    grid = outlook_grid([], {}, title="研判", subtitle="")

    assert "还没有需要研判的事项" in grid_layout(grid).pages[0].texts
