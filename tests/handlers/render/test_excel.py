"""Workbooks: what a cell and the name of a sheet may hold, and what filters do not reach."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handlers.exports.contract import TooLarge
from handlers.exports.sheet import Cell, Column, Look, Shape, Sheet, Shown
from handlers.render.excel import MOST_LETTERS, sheet_name, write_book
from tests.conftest import at
from tests.exported import opened

NOW = at("2021-08-20T09:00")


def _written(*values: Cell) -> list[Any]:
    sheet = Sheet("台账", "标题", [], [Column("列")], ([each] for each in values))
    out = io.BytesIO()
    write_book(out, [sheet], NOW)
    [found] = opened(out.getvalue()).worksheets
    return [found.cell(3 + place, 1) for place in range(len(values))]


@pytest.mark.parametrize(
    ("value", "kept", "form"),
    [
        (1710, 1710, "#,##0"),
        (Decimal("2067.7"), 2067.7, "#,##0.0"),
        (Decimal("473.975"), 473.975, "#,##0.000"),
        (Decimal("-3.50"), -3.5, "#,##0.0"),
        (Shown(Decimal("0.2850"), shape=Shape.PERCENT), 0.285, "0.00%"),
        (Shown(Decimal("2.595"), shape=Shape.PERCENT), 2.595, "0.00%"),
        (Shown(Decimal(16500), shape=Shape.ABOUT), 16500, '"约"#,##0'),
        (Decimal(10) ** 17, "100000000000000000", "@"),
        ("州公安局\x00\u202e", "州公安局", "@"),
    ],
)
def test_values_stay_what_they_are(value: Cell, kept: object, form: str) -> None:
    [cell] = _written(value)

    assert cell.value == kept
    assert cell.number_format == form


def test_times_are_local_and_days_have_none() -> None:
    moment, day = _written(NOW, date(2021, 8, 31))

    assert str(moment.value) == "2021-08-20 09:00:00"
    assert (str(day.value)[:10], day.number_format) == ("2021-08-31", "yyyy-mm-dd")


@pytest.mark.parametrize("char", ["字", "😀"])
def test_a_text_that_no_cell_holds_is_cut(char: str) -> None:
    [cell] = _written(char * 40_000)

    assert cell.value.endswith(f"{char}……")
    assert len(cell.value.encode("utf-16-le")) // 2 == MOST_LETTERS + 2


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("重点民生实事", [], "重点民生实事"),
        ("重点民生实事", ["重点民生实事"], "重点民生实事（2）"),
        ("a", ["A", "a（2）"], "a（3）"),
        ("=cmd|' /C calc'!A1", [], "cmd|' C calc'!A1"),
        ("[1]:*?/\\", [], "1"),
        ("'''", [], "工作表"),
        ("", [], "工作表"),
        ("History", [], "History（2）"),
        ("字" * 40, [], "字" * 31),
        ("😀" * 40, [], "😀" * 15),
        ("字" * 40, ["字" * 31], "字" * 28 + "（2）"),
    ],
)
def test_a_sheet_gets_a_name_that_it_may_have(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


def test_totals_are_out_of_the_filter_s_reach() -> None:
    rows: list[list[Cell]] = [[1], [2]]
    total: list[Cell] = [Shown(3, Look.TOTAL)]
    sheet = Sheet("数", "合计", ["一句话"], [Column("个数")], rows, totals=[total])
    out = io.BytesIO()
    write_book(out, [sheet], NOW)

    found = opened(out.getvalue()).worksheets[0]
    assert found.auto_filter.ref == "A3:A5"
    assert [cell.value for cell in found["A"]] == ["合计", "一句话", "个数", 1, 2, 3]


def test_too_many_rows_are_given_up_as_soon_as_they_are() -> None:
    def endless() -> Iterator[list[Cell]]:
        while True:
            yield [1]

    sheets = (Sheet("数", "数", [], [Column("数")], endless()) for _ in range(2))
    with pytest.raises(TooLarge):
        write_book(io.BytesIO(), sheets, NOW, 100)
