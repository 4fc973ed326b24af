"""The matrix of activities as a picture, with the ticks of September 2024."""

from datetime import date

import pytest
from sqlmodel import Session

from handlers.render.grid_picture import grid_layout
from handlers.render.grid_table import Grid, GridCell
from handlers.render.matrix_table import activity_grid
from handlers.render.signs import BLANK, LACKING, RUNNING, TICKED
from handlers.standing.activities import programme_matrix
from models.programme import programme_by_code
from models.rules.activity import (
    ActivityPolicy,
    Matrix,
    Published,
    activity_matrix,
    months_between,
)

SEPTEMBER = date(2024, 9, 27)
MONTHS = months_between(date(2024, 3, 1), SEPTEMBER)
POLICY = ActivityPolicy(1, date(2024, 3, 1))


@pytest.fixture(scope="module")
def matrix(published: Session) -> Matrix:
    programme = programme_by_code(published, "kegan-2024")
    assert programme is not None
    found = programme_matrix(published, programme, SEPTEMBER)
    assert found is not None
    return found


def a_grid(matrix: Matrix, policy: ActivityPolicy | None = POLICY, **more: object) -> Grid:
    day = more.pop("day", SEPTEMBER)
    return activity_grid(matrix, policy, day, title="动态", subtitle="", **more)  # type: ignore[arg-type]


def test_23_projects_by_seven_months_are_ticked_as_printed(matrix: Matrix) -> None:
    grid = a_grid(matrix)

    assert len(grid.rows) == 23
    assert grid.columns == ("3月", "4月", "5月", "6月", "7月", "8月", "9月")
    assert grid.totals is not None
    assert [cell.text for cell in grid.totals.cells] == ["4", "2", "11", "5", "10", "23", "23"]
    assert (grid.totals.name, grid.totals.end) == ("有动态项目数", "78")
    first = grid.rows[0]
    assert (first.name, first.end) == ("促进高质量充分就业", "6／7")
    assert [cell.sign for cell in first.cells] == [TICKED, LACKING, *[TICKED] * 5]


def test_23_projects_are_one_picture(matrix: Matrix) -> None:
    assert len(grid_layout(a_grid(matrix)).pages) == 1


def test_without_a_policy_nothing_is_lacking(matrix: Matrix) -> None:
    grid = a_grid(matrix, None)

    assert {cell.sign for row in grid.rows for cell in row.cells} == {TICKED, BLANK}
    assert [each.word for each in grid.meanings] == ["当月有动态"]


def test_the_running_month_can_still_be_filled() -> None:
    matrix = activity_matrix(["法律援助"], MONTHS, [Published("法律援助", date(2024, 8, 5))])

    grid = a_grid(matrix)

    assert [cell.sign for cell in grid.rows[0].cells] == [*[LACKING] * 5, TICKED, RUNNING]
    assert [each.word for each in grid.meanings] == ["当月有动态", "当月不足", "本月还可补"]


def test_a_month_with_too_little_is_ticked_and_lacks_all_the_same() -> None:
    matrix = activity_matrix(["法律援助"], MONTHS[-2:], [Published("法律援助", date(2024, 8, 5))])

    grid = a_grid(matrix, ActivityPolicy(2, date(2024, 3, 1)), day=date(2024, 9, 30))

    assert grid.rows[0].cells == (GridCell(TICKED, tag="缺"), GridCell(LACKING))


def test_ticks_of_damaged_originals_carry_a_star(matrix: Matrix) -> None:
    grid = a_grid(matrix, assumed={"新生儿疾病免费筛查与诊断服务": "9月一格不清，按有动态读出"})

    assert [row.name for row in grid.rows if row.name.endswith("＊")] == [
        "新生儿疾病免费筛查与诊断服务＊"
    ]
    assert grid.below == "＊新生儿疾病免费筛查与诊断服务：9月一格不清，按有动态读出。"


def test_without_projects_the_picture_says_so() -> None:
    grid = a_grid(activity_matrix([], MONTHS, []))

    assert "还没有登记动态的项目" in grid_layout(grid).pages[0].texts
