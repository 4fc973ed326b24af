"""The workbook as a file: an empty one with notes and lists, or a programme's own."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.definition import Definition
from models.programmes.roster import Roster
from models.programmes.workbook import styling
from models.programmes.workbook.columns import Shape, Sheet
from models.programmes.workbook.guide import write_guide
from models.programmes.workbook.sheets import NOTE_MARKS, SHEETS
from models.programmes.workbook.validation import validation
from models.programmes.workbook.writing import cell as written
from models.programmes.workbook.writing import entries

_NOTE_ROW, _EXAMPLE_ROW, _FIRST_ROW = 2, 3, 4
_LAST_ROW = 3000
_LETTERS_A_LINE = 0.55  # Chinese letters that one unit of a column's width holds


def template() -> bytes:
    """An empty workbook for a new programme."""
    return _file({}, examples=True)


def write_workbook(definition: Definition, roster: Roster | None = None) -> bytes:
    """The workbook of a programme; what issued documents published is not part of it."""
    return _file(entries(definition, roster), examples=False)


def _file(rows: Mapping[str, Sequence[Mapping[str, Any]]], *, examples: bool) -> bytes:
    workbook = Workbook()
    workbook.properties.creator = "答卷"
    write_guide(_first_sheet(workbook))
    for sheet in SHEETS:
        worksheet = workbook.create_sheet(sheet.name)
        if sheet.keys:
            _write_lines(worksheet, sheet, next(iter(rows.get(sheet.name, ())), {}))
        else:
            _write_table(worksheet, sheet, rows.get(sheet.name, ()), examples=examples)
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _first_sheet(workbook: Workbook) -> Worksheet:
    worksheet = workbook.worksheets[0]
    assert isinstance(worksheet, Worksheet)
    return worksheet


def _write_table(
    worksheet: Worksheet, sheet: Sheet, rows: Iterable[Mapping[str, Any]], *, examples: bool
) -> None:
    _write_header(worksheet, sheet)
    first = NOTE_MARKS[0]
    _write_grey(worksheet, _NOTE_ROW, [c.note for c in sheet.columns], first, styling.GREY)
    start = _EXAMPLE_ROW
    if examples and any(column.example != "" for column in sheet.columns):
        shown = [column.example for column in sheet.columns]
        _write_grey(worksheet, _EXAMPLE_ROW, shown, NOTE_MARKS[1], styling.GREY_SLANTED)
        start = _FIRST_ROW
    looks = [
        styling.look(worksheet, styling.PLAIN, styling.number_format(column))
        for column in sheet.columns
    ]
    for number, entry in enumerate(rows, start):
        for place, (column, look) in enumerate(zip(sheet.columns, looks, strict=True), 1):
            target: Any = _cell(worksheet, number, place)
            target._style = copy(look)
            styling.put(target, written(column, entry.get(column.key)))
    _offer(worksheet, sheet, _FIRST_ROW if examples else _EXAMPLE_ROW)
    tab = styling.OPTIONAL_TAB if sheet.optional else styling.NEEDED_TAB
    styling.lay_out(worksheet, f"B{_EXAMPLE_ROW}", tab, f"1:{_NOTE_ROW}")


def _write_header(worksheet: Worksheet, sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns, 1):
        target = _cell(worksheet, 1, place)
        styling.put(target, column.header)
        is_needed = column.needed or column.shape is Shape.RAW
        fill = styling.NEEDED if is_needed else styling.FREE
        styling.dress(target, styling.WHITE, fill)
        target.alignment = styling.CENTRE
        dimension = worksheet.column_dimensions[get_column_letter(place)]
        dimension.width = max(column.width, 2 * len(column.header) + 4)
        dimension.font, dimension.alignment = styling.PLAIN, styling.WRAP
        dimension.number_format = styling.number_format(column)
    worksheet.row_dimensions[1].height = 26


def _write_grey(
    worksheet: Worksheet, number: int, texts: Sequence[object], mark: str, font: Any
) -> None:
    """A row that people read and the reader skips."""
    for place, text in enumerate(texts, 1):
        target = _cell(worksheet, number, place)
        styling.put(target, f"{mark}{text}" if place == 1 else str(text))
        styling.dress(target, font, styling.NOTE)
        target.number_format = "@"
    widths = (
        worksheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(texts) + 1)
    )
    lines = max(
        -(-(len(str(text)) + 3) // int(width * _LETTERS_A_LINE))
        for text, width in zip(texts, widths, strict=True)
    )
    worksheet.row_dimensions[number].height = max(20, 14 * lines + 6)


def _offer(worksheet: Worksheet, sheet: Sheet, first: int) -> None:
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        if rule := validation(column, letter, first):
            rule.add(f"{letter}{first}:{letter}{_LAST_ROW}")
            worksheet.add_data_validation(rule)


def _write_lines(worksheet: Worksheet, sheet: Sheet, entry: Mapping[str, Any]) -> None:
    """The sheet 专项: what to fill in, where, and how."""
    _write_header(worksheet, sheet)
    for number, line in enumerate(sheet.keys, 2):
        label, content, note = (_cell(worksheet, number, place) for place in (1, 2, 3))
        styling.put(label, line.header)
        styling.dress(label, styling.BOLD if line.needed else styling.PLAIN, styling.NOTE)
        styling.dress(content, styling.PLAIN)
        content.number_format = styling.number_format(line)
        content.alignment = styling.LEFT
        styling.put(content, written(line, entry.get(line.key)))
        styling.put(note, f"{line.note}{_example_of(line.example, line.note)}")
        styling.dress(note, styling.GREY, styling.NOTE)
        worksheet.row_dimensions[number].height = 22
        if rule := validation(line, "B", _EXAMPLE_ROW):
            rule.add(f"B{number}")
            worksheet.add_data_validation(rule)
    styling.lay_out(worksheet, "A2", styling.NEEDED_TAB, "1:1")


def _example_of(example: str | int, note: str) -> str:
    return "" if example == "" or f"如 {example}" in note else f"。如 {example}"


def _cell(worksheet: Worksheet, row: int, column: int) -> Cell:
    found = worksheet.cell(row, column)
    assert isinstance(found, Cell)
    return found
