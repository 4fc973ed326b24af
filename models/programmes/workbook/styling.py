"""How the workbook looks: fonts, fills, and a value put into a cell as nothing but a value."""

from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.workbook.columns import Column, Shape

_FACE = "微软雅黑"
_LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAP = Alignment(vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
CENTRE_LINE = Alignment(vertical="center")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
PLAIN = Font(name=_FACE, size=11)
BOLD = Font(name=_FACE, size=11, bold=True)
TITLE = Font(name=_FACE, size=16, bold=True)
WHITE = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
GREY = Font(name=_FACE, size=9, color="7F7F7F")
GREY_SLANTED = Font(name=_FACE, size=10, color="7F7F7F", italic=True)
NEEDED = PatternFill("solid", fgColor="1F4E79")
FREE = PatternFill("solid", fgColor="7F9DB9")
NOTE = PatternFill("solid", fgColor="F2F2F2")
NEEDED_TAB, OPTIONAL_TAB = "1F4E79", "BFBFBF"
#: With these a spreadsheet takes a text for a formula when somebody edits the cell.
_FORMULA_MARKS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def put(cell: Cell, value: object) -> None:
    """Write a value; text that looks like a formula stays text."""
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.lstrip(" \n").startswith(_FORMULA_MARKS)
    else:
        cell.value = value  # type: ignore[assignment]


def dress(cell: Cell, font: Font, fill: PatternFill | None = None) -> None:
    """Font, fill, border and wrapped text."""
    cell.font, cell.border, cell.alignment = font, BORDER, WRAP
    if fill is not None:
        cell.fill = fill


def look(worksheet: Worksheet, font: Font, form: str) -> Any:
    """What many cells of *worksheet* share: dressing one after another takes five times as long."""
    pattern: Any = WriteOnlyCell(worksheet)
    dress(pattern, font)
    pattern.number_format = form
    return pattern._style


def number_format(column: Column) -> str:
    """Text columns are text before anybody types: else 1-1 becomes a date."""
    if column.shape in (Shape.NUMBER, Shape.WHOLE):
        return "General"
    return "yyyy-mm-dd" if column.shape is Shape.DATE else "@"


def lay_out(worksheet: Worksheet, frozen: str, tab: str, titles: str) -> None:
    """Frozen header, tab colour, and print on A4 across, header on every page."""
    worksheet.freeze_panes = frozen
    worksheet.sheet_properties.tabColor = tab
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    worksheet.print_title_rows = titles
