"""The cells of a sheet row by row: one that cannot be read is a fault of its row, not of the file.

Only rows are built; merged areas, validations and the like are passed over unread.
"""

import warnings
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_IN_ROW = frozenset(f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("c", "v", "f", "is", "t", "r", "rPr"))
#: So many rows of a sheet are looked at, empty ones too: formats go on below a table.
MOST_ROWS = 100_000
_DAY = "d"
_ERROR = "e"


@dataclass(frozen=True)
class Fault:
    """What stands in a cell and is not understood."""

    what: str


class _Parser(WorkSheetParser):
    #: So many cells of a row are built; the others stand in columns that are not read.
    most_columns = 0

    def parse(self) -> Generator[Any, None, None]:
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                del element[self.most_columns :]
                yield self.parse_row(element)
                self.row_dimensions.clear()
                element.clear()
            elif element.tag not in _IN_ROW:
                element.clear()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        is_number = element.get("t", "n") == "n"
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, IndexError, OverflowError):
            kind = element.get("t", "n")
            what = {_DAY: "日期无法识别", "n": "数字无法识别"}.get(kind, "内容无法识别")
            return self._fault(what)
        # A serial number that is no day comes back as an error that nobody wrote.
        if is_number and cell["data_type"] == _ERROR:
            return cell | {"value": Fault("日期无法识别")}
        return cell

    def _fault(self, what: str) -> dict[str, Any]:
        place = {"row": self.row_counter, "column": self.col_counter}
        return {**place, "value": Fault(what), "data_type": "s", "style_id": 0}

    def parse_formula(self, element: Any) -> str:
        """Formulas are not evaluated, so none is copied along a column either."""
        return "="


class TooManyRows(Exception):
    """A sheet goes on behind the last row that is read, the one of this *number*."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def rows_of(
    sheet: Any, most_columns: int, most_rows: int = MOST_ROWS
) -> Iterator[tuple[int, list[Any]]]:
    """The number and the cells of each row with anything in it, None where a cell is empty.

    Raises TooManyRows behind *most_rows* rows, empty ones counted.
    """
    book = sheet.parent
    with warnings.catch_warnings(), book._archive.open(sheet._worksheet_path) as source:
        warnings.simplefilter("ignore")  # of days out of range, which are faults here
        parser = _Parser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        parser.most_columns = most_columns
        for count, (number, found) in enumerate(parser.parse(), 1):
            if count > most_rows:
                raise TooManyRows(number - 1)
            kept = [c for c in found if c["value"] is not None and c["column"] <= most_columns]
            if kept:
                cells: list[Any] = [None] * max(each["column"] for each in kept)
                for each in kept:
                    cells[each["column"] - 1] = ReadOnlyCell(sheet, **each)
                yield number, cells


def place_of(number: int, column: int) -> str:
    """B2, as the program that shows the sheet calls it."""
    return f"{get_column_letter(column)}{number}"
