"""Any workbook as plain rows of text: tables that people made themselves, with no form to obey."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from models.errors import Problem, ProgrammeError
from models.programmes.workbook.opening import open_workbook

#: Unpacked, a table of reports has no business to be larger.
MAX_UNPACKED = 20_000_000
#: So many rows with anything in them are read, of all sheets together.
MAX_ROWS = 1_000
_MAX_PLACES = 20_000
_MAX_COLUMNS = 60
_LONGEST_CELL = 4_000
_VISIBLE = "visible"


@dataclass(frozen=True)
class PlainRow:
    """The cells of one row as a person reads them, and the row's number."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class PlainSheet:
    """One visible sheet; *formulas* are the places of cells that were not calculated here."""

    name: str
    rows: tuple[PlainRow, ...]
    formulas: tuple[str, ...]


def read_plain(data: bytes, name: str) -> list[PlainSheet]:
    """The visible sheets with their filled rows; ProgrammeError says why they cannot be read.

    Formulas are not evaluated: what they last showed may belong to other figures.
    """
    workbook = open_workbook(data, name, read_only=True, most=MAX_UNPACKED)
    try:
        sheets = []
        left = MAX_ROWS
        for worksheet in workbook.worksheets:
            if worksheet.sheet_state == _VISIBLE:
                sheets.append(_sheet(worksheet, name, left))
                left -= len(sheets[-1].rows)
        return sheets
    except ProgrammeError:
        raise
    except Exception as error:  # a damaged sheet fails in the parser with anything at all
        raise ProgrammeError([Problem(f"《{name}》", "文件已损坏，无法读取")]) from error
    finally:
        workbook.close()


def _sheet(worksheet: Any, name: str, left: int) -> PlainSheet:
    rows: list[PlainRow] = []
    formulas: list[str] = []
    for number, cells in enumerate(islice(_rows(worksheet), _MAX_PLACES), 1):
        if not any(each.value is not None for each in cells):
            continue
        if len(rows) >= left:
            reason = f"超过{MAX_ROWS}行，一次最多读{MAX_ROWS}行；请只留要报送的行，或分成几个文件"
            raise ProgrammeError([Problem(f"《{name}》", reason)])
        formulas += [each.coordinate for each in cells if each.data_type == "f"]
        rows.append(PlainRow(number, tuple(map(_text, cells))))
    return PlainSheet(worksheet.title, tuple(rows), tuple(formulas))


def _rows(worksheet: Any) -> Iterator[Any]:
    rows: Iterator[Any] = worksheet.iter_rows(max_col=_MAX_COLUMNS)
    return rows


def _text(cell: Any) -> str:
    """A cell as it is shown: 28.5% is stored as 0.285, a day as a number."""
    value = cell.value
    if value is None or cell.data_type in ("f", "e"):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date | datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        is_percent = "%" in (cell.number_format or "")
        number = Decimal(format(value, ".12g")) * (100 if is_percent else 1)
        return f"{number.normalize():f}{'%' if is_percent else ''}"
    return str(value)[:_LONGEST_CELL]
