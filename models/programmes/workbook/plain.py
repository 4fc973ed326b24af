"""Any workbook as plain rows of text: tables that people made themselves, with no form to obey."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.errors import Problem, ProgrammeError
from models.programmes.workbook.opening import open_workbook
from models.programmes.workbook.plain_cells import Fault, TooManyRows, place_of, rows_of
from models.rules.cell import without_plus

#: Unpacked, a table of reports has no business to be larger.
MAX_UNPACKED = 20_000_000
#: So many rows with anything in them are read, of all sheets together.
MAX_ROWS = 1_000
#: So much text they may hold: a text that is shared by many cells is small in the file.
MAX_TEXT = 1_000_000
_MAX_COLUMNS = 60
_LONGEST_CELL = 4_000
#: A count has no more digits, and neither has what is shown of one.
_LARGEST, _SMALLEST = Decimal("1e15"), Decimal("1e-9")
_ENDLESS = re.compile(r"[+＋-]?[\d.,，\s]{25,}")
_VISIBLE = "visible"


@dataclass(frozen=True)
class PlainRow:
    """The cells of one row as a person reads them, and the row's number."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class PlainSheet:
    """One visible sheet; *formulas* are the places of cells that were not calculated here.

    *faults* says which rows are not among *rows*, and of which cell each could not be read.
    """

    name: str
    rows: tuple[PlainRow, ...]
    formulas: tuple[str, ...]
    faults: tuple[str, ...] = ()


def read_plain(data: bytes, name: str) -> list[PlainSheet]:
    """The visible sheets with their filled rows; ProgrammeError says why they cannot be read.

    Formulas are not evaluated: what they last showed may belong to other figures.
    """
    workbook = open_workbook(data, name, read_only=True, most=MAX_UNPACKED)
    try:
        reader = _Reader(name)
        shown = [each for each in workbook.worksheets if each.sheet_state == _VISIBLE]
        return [reader.sheet(each) for each in shown]
    except ProgrammeError:
        raise
    except Exception as error:  # a damaged sheet fails in the parser with anything at all
        raise ProgrammeError([Problem(f"《{name}》", "文件已损坏，无法读取")]) from error
    finally:
        workbook.close()


class _Reader:
    """Reads sheet after sheet and counts what they hold together."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = self._text = 0

    def sheet(self, worksheet: Any) -> PlainSheet:
        rows: list[PlainRow] = []
        formulas: list[str] = []
        faults: list[str] = []
        try:
            for number, cells in rows_of(worksheet, _MAX_COLUMNS):
                self._count_row()
                texts = [_text(each) for each in cells]
                if wrong := next(_faults(number, texts), None):
                    faults.append(wrong)
                    continue
                said = tuple(map(str, texts))
                self._count_text(said)
                formulas += [each.coordinate for each in cells if each and each.data_type == "f"]
                rows.append(PlainRow(number, said))
        except TooManyRows as end:
            faults.append(f"第{end.number}行以下（空行过多，请删去后重发）")
        return PlainSheet(worksheet.title, tuple(rows), tuple(formulas), tuple(faults))

    def _count_row(self) -> None:
        self._rows += 1
        if self._rows > MAX_ROWS:
            reason = f"超过{MAX_ROWS}行，一次最多读{MAX_ROWS}行；请只留要报送的行，或分成几个文件"
            raise ProgrammeError([Problem(f"《{self._name}》", reason)])

    def _count_text(self, texts: tuple[str, ...]) -> None:
        self._text += sum(map(len, texts))
        if self._text > MAX_TEXT:
            reason = f"超过{MAX_TEXT // 10_000}万字；请只留要报送的行和列，或分成几个文件"
            raise ProgrammeError([Problem(f"《{self._name}》", reason)])


def _faults(number: int, texts: list[str | Fault]) -> Iterator[str]:
    for column, each in enumerate(texts, 1):
        if isinstance(each, Fault):
            yield f"第{number}行（{place_of(number, column)}{each.what}）"


def _text(cell: Any) -> str | Fault:
    """A cell as it is shown: 28.5% is stored as 0.285, a day as a number, a failure as #N/A."""
    if cell is None or (cell.data_type == "f" and not isinstance(cell.value, Fault)):
        return ""
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date | datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        return _number(value, cell)
    return value if isinstance(value, Fault) else _written(str(value))


def _number(value: float, cell: Any) -> str | Fault:
    # Of a fraction the last digits are those of its storing, not those that were typed.
    number = Decimal(str(value) if isinstance(value, int) else format(value, ".12g"))
    if not number.is_finite() or (number and not _SMALLEST < abs(number) < _LARGEST):
        return Fault("的数过大或过小")
    is_percent = "%" in (cell.number_format or "")
    number *= 100 if is_percent else 1
    return f"{number.normalize():f}{'%' if is_percent else ''}"


def _written(text: str) -> str | Fault:
    if len(text) > _LONGEST_CELL:
        return Fault(f"超过{_LONGEST_CELL}字")
    if _ENDLESS.fullmatch(text):
        return Fault("的数字过长")
    return without_plus(text)
