"""The workbook in which a liaison reports several tasks: a row for each figure that is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.workbook import styling

SHEET = "报送"
_WIDTHS = {"任务编号": 12, "任务名称": 30, "报送单位": 16, "指标": 22, "计量单位": 10, "上次数": 14}
_NARROW, _WIDE = 14, 36
_LONGEST_NARROW = 4


@dataclass(frozen=True)
class FormRow:
    """One row by header; a header that is absent does not apply to it and is shown in grey."""

    cells: dict[str, str]


def report_form(headers: Sequence[str], filled: Sequence[str], rows: Sequence[FormRow]) -> bytes:
    """The workbook as a file; *filled* are the headers whose cells are not to be changed."""
    workbook = Workbook()
    workbook.properties.creator = "答卷"
    worksheet = workbook.worksheets[0]
    assert isinstance(worksheet, Worksheet)
    worksheet.title = SHEET
    for place, header in enumerate(headers, 1):
        cell = _cell(worksheet, 1, place)
        styling.put(cell, header)
        is_filled = header in filled
        styling.dress(cell, styling.WHITE, styling.FREE if is_filled else styling.NEEDED)
        usual = _NARROW if is_filled or len(header) <= _LONGEST_NARROW - 1 else _WIDE
        width = _WIDTHS.get(header, usual)
        worksheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, 2):
        for place, header in enumerate(headers, 1):
            cell = _cell(worksheet, number, place)
            is_given = header in filled or header not in row.cells
            styling.dress(cell, styling.PLAIN, styling.NOTE if is_given else None)
            cell.number_format = "@"  # else 1-1 becomes a date
            styling.put(cell, row.cells.get(header, ""))
    styling.lay_out(worksheet, "C2", styling.NEEDED_TAB, "1:1")
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _cell(worksheet: Worksheet, row: int, column: int) -> Cell:
    found = worksheet.cell(row, column)
    assert isinstance(found, Cell)
    return found
