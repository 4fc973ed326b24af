"""Workbooks row by row: nothing is kept in memory, and what people wrote is never a formula."""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from handlers.exports.contract import TooLarge
from handlers.exports.sheet import Cell, Column, Look, Shape, Sheet, Shown, Value
from handlers.render.legible import legible
from models.programmes.workbook import styling
from models.rules.rounding import number_text

#: A cell holds no more, of characters of 16 bits; spreadsheets mend a file that has more.
MOST_LETTERS = 32_000
#: More digits than a spreadsheet keeps are written as text.
_MOST_DIGITS = 15
_LONGEST_NAME = 31
#: Excel keeps this name for itself.
_RESERVED = "history"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_CENTRE = Alignment(horizontal="center", vertical="top", wrap_text=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_FILLS = {
    Look.GOOD: PatternFill("solid", fgColor="DDEBF7"),
    Look.WAITS: PatternFill("solid", fgColor="FFF2CC"),
    Look.BAD: PatternFill("solid", fgColor="F8CBAD"),
    Look.QUIET: PatternFill("solid", fgColor="EDEDED"),
    Look.TOTAL: PatternFill("solid", fgColor="D9E1F2"),
}
_RED = Font(name=styling.PLAIN.name, size=11, bold=True, color="9C0006")
_FORMATS = {Shape.PERCENT: "0.00%", Shape.PLAIN: "{}", Shape.ABOUT: '"约"{}'}


def write_book(
    out: BinaryIO, sheets: Iterable[Sheet], made: datetime, most: int | None = None
) -> None:
    """Write these sheets into *out*, as made at a local time.

    The same content made at the same time gives the same bytes. Raises TooLarge beyond *most* rows.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "答卷"
    book.properties.created = book.properties.modified = made.replace(tzinfo=None, microsecond=0)
    left = most
    try:
        for sheet in sheets:
            count = _Writer(book, sheet, left).write()
            left = None if left is None else left - count
        with _Archive(out, "w", ZIP_DEFLATED) as archive:
            archive.moment = made
            ExcelWriter(book, archive).save()
    finally:
        _leave_nothing(book)


def _leave_nothing(book: Workbook) -> None:
    """Sheets that were written and not taken into the archive do not stay on the disk."""
    for sheet in book.worksheets:
        on: Any = sheet
        if on._writer is not None and Path(on._writer.out).exists():
            if not on.closed:
                on.close()
            on._writer.cleanup()


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """*wanted* as a name that a sheet may have, told from those that are *taken*."""
    plain = _NOT_IN_NAMES.sub("", legible(wanted)).strip(" '=+-@＝＋－＠\n") or "工作表"
    known = {_RESERVED, *(name.casefold() for name in taken)}
    name, number = _cut(plain, _LONGEST_NAME), 2
    while name.casefold() in known:
        end = f"（{number}）"
        name, number = f"{_cut(plain, _LONGEST_NAME - len(end))}{end}", number + 1
    return name


def _cut(text: str, most: int) -> str:
    """The beginning that takes no more than *most* characters of 16 bits, as spreadsheets count."""
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * most else units[: 2 * most].decode("utf-16-le", "ignore")


class _Archive(ZipFile):
    """An archive in which every entry carries one time."""

    moment: datetime

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        super().writestr(self._entry(zinfo_or_arcname), data)

    def write(self, filename: str | PathLike[str], arcname: Any = None, *args: Any) -> None:
        with open(filename, "rb") as source, self.open(self._entry(arcname), "w") as target:
            shutil.copyfileobj(source, target)

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, self.moment.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        return entry


class _Writer:
    """Writes one sheet; every style is made once."""

    def __init__(self, book: Workbook, sheet: Sheet, most: int | None) -> None:
        name = sheet_name(sheet.name, book.sheetnames)
        self._sheet, self._most = sheet, most
        self._on: Any = book.create_sheet(name)
        self._styles: dict[tuple[Look, bool, str, bool], Any] = {}

    def write(self) -> int:
        self._lay_out()
        self._head()
        count = 0
        for row in self._sheet.rows:
            count += 1
            if self._most is not None and count > self._most:
                raise TooLarge
            self._row(row)
        if not count:
            self._on.append([self._text(self._sheet.empty, styling.GREY)])
        for row in self._sheet.totals:
            self._row(row)
        last = get_column_letter(len(self._columns))
        self._on.auto_filter.ref = f"A{self._header}:{last}{self._header + max(count, 1)}"
        self._on.close()
        return count

    @cached_property
    def _columns(self) -> Sequence[Column]:
        return self._sheet.columns

    @property
    def _header(self) -> int:
        """The row of the headings: under the title and its notes."""
        return 2 + len(self._sheet.notes)

    def _lay_out(self) -> None:
        frozen = f"{get_column_letter(self._sheet.frozen + 1)}{self._header + 1}"
        styling.lay_out(self._on, frozen, styling.NEEDED_TAB, f"{self._header}:{self._header}")
        for at, column in enumerate(self._columns, start=1):
            self._on.column_dimensions[get_column_letter(at)].width = column.width
        self._on.row_dimensions[1].height = 30
        self._on.row_dimensions[self._header].height = 30
        self._on.oddFooter.center.text = "第 &P 页，共 &N 页"
        self._on.oddFooter.right.text = self._sheet.mark

    def _head(self) -> None:
        mark = f"【{self._sheet.mark}】" if self._sheet.mark else ""
        self._on.append([self._text(f"{mark}{self._sheet.title}", styling.TITLE)])
        for note in self._sheet.notes:
            self._on.append([self._text(note, styling.GREY)])
        self._on.append([self._heading(column.title) for column in self._columns])

    def _row(self, row: Sequence[Cell]) -> None:
        self._on.append([self._cell(*each) for each in zip(row, self._columns, strict=True)])

    def _text(self, text: str, font: Font) -> Any:
        cell = self._new()
        styling.put(cell, legible(text))
        cell.font, cell.alignment = font, styling.CENTRE_LINE
        return cell

    def _heading(self, title: str) -> Any:
        cell = self._new()
        styling.put(cell, legible(title))
        styling.dress(cell, styling.WHITE, styling.NEEDED)
        cell.alignment = styling.CENTRE
        return cell

    def _new(self) -> Any:
        return WriteOnlyCell(self._on)

    def _cell(self, cell: Cell, column: Column) -> Any:
        shown = cell if isinstance(cell, Shown) else Shown(cell)
        value = _stored(shown.value)
        target = self._new()
        styling.put(target, value)
        key = (shown.look, column.centred, _format(value, shown.shape), bool(target.quotePrefix))
        if key not in self._styles:
            self._styles[key] = self._style(*key)
        target._style = self._styles[key]
        return target

    def _style(self, look: Look, centred: bool, form: str, quoted: bool) -> Any:
        """What all cells that look alike share: setting it cell by cell would cost seconds."""
        pattern = self._new()
        styling.dress(pattern, _RED if look is Look.BAD else styling.PLAIN, _FILLS.get(look))
        pattern.alignment = _CENTRE if centred else _TOP
        pattern.number_format = form
        pattern.quotePrefix = quoted
        return pattern._style


def _stored(value: Value) -> Value:
    """What a spreadsheet can keep: local times, readable text, no number that it would round."""
    if isinstance(value, str):
        text = legible(value)
        kept = _cut(text, MOST_LETTERS)
        return text if kept == text else f"{kept}……"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(value, Decimal | int) and len(number_text(abs(Decimal(value)))) > _MOST_DIGITS:
        return number_text(Decimal(value))
    return value


def _format(value: Value, shape: Shape) -> str:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if not isinstance(value, Decimal | int):
        return "@"
    places = len(number_text(Decimal(value)).partition(".")[2])
    return _FORMATS[shape].format("#,##0" + ("." + "0" * places if places else ""))
