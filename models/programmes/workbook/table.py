"""From a worksheet to rows of typed cells: headers in any order, merged and hidden parts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.workbook.cells import CellError, Raw, Value, bare, shown, value_of
from models.programmes.workbook.columns import Column, Shape, Sheet
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.opening import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from models.programmes.workbook.sheets import NOTE_MARKS

_HEADER_WITHIN = 10
_TOTAL = re.compile(r"(?:合|总|共|小)计[:：]?")


@dataclass(frozen=True)
class Row:
    """One filled row: what its cells say by key, and where each stands."""

    sheet: str
    number: int
    values: Mapping[str, Value]
    letters: Mapping[str, str]

    def spot(self, key: str = "") -> Spot:
        """The cell of a column, or the row where the sheet has no such column."""
        letter = self.letters.get(key)
        return Spot(self.sheet, f"{letter}{self.number}" if letter else f"第{self.number}行")

    def text(self, key: str) -> str:
        return str(self.values.get(key, ""))

    def names(self, key: str) -> tuple[str, ...]:
        """The entries of a list cell; none where it is empty."""
        found = self.values.get(key, ())
        return tuple(map(str, found)) if isinstance(found, tuple) else (str(found),)


def plain_header(text: Any) -> str:
    """A header as it is compared: without white space, brackets, and marks for compulsory ones."""
    return re.sub(r"[（(][^（()）]*[)）]|[*＊:：]", "", bare(str(text or ""))).casefold()


def read_rows(worksheet: Worksheet, sheet: Sheet, findings: Findings) -> tuple[Row, ...]:
    """The filled rows of *sheet*; what cannot be read is listed in *findings*."""
    rows, columns = worksheet.max_row, worksheet.max_column
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        size = f"有 {rows} 行、{columns} 列"
        limit = f"最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列；请选中表格外的空行、空列，删除后保存"
        findings.refuse(Spot(sheet.name), f"{size}，{limit}")
        return ()
    values = _Values(worksheet)
    header = _header_row(worksheet, sheet, values)
    if header is None:
        if any(values.row(number) for number in range(1, worksheet.max_row + 1)):
            names = "、".join(column.header for column in sheet.columns if column.needed)
            findings.refuse(Spot(sheet.name), f"没有找到表头；第1行应有：{names}")
        return ()
    known = _columns(sheet, values.row(header), header, findings)
    _tell_hidden(worksheet, sheet, header, known, values, findings)
    _refuse_wide_merges(worksheet, sheet, header, known, findings)
    found = (
        _row(sheet, number, known, values, findings)
        for number in range(header + 1, worksheet.max_row + 1)
    )
    return tuple(row for row in found if row is not None)


class _Values:
    """The cells of a worksheet by row; a cell merged downwards stands in each of its rows."""

    def __init__(self, worksheet: Worksheet) -> None:
        self._rows: dict[int, dict[int, Cell]] = {}
        for cells in worksheet.iter_rows(max_col=min(worksheet.max_column, MAX_COLUMNS)):
            for cell in cells:
                if isinstance(cell, MergedCell) or cell.value is None:
                    continue
                if not isinstance(cell.value, str) or cell.value.strip():
                    self._rows.setdefault(cell.row, {})[cell.column] = cell
        for area in worksheet.merged_cells.ranges:
            top = self.row(area.min_row).get(area.min_col)
            for number in range(area.min_row + 1, area.max_row + 1):
                if top is not None:
                    self._rows.setdefault(number, {})[area.min_col] = top

    def row(self, number: int) -> Mapping[int, Cell]:
        """The filled cells of a row by column."""
        return self._rows.get(number, {})


def _header_row(worksheet: Worksheet, sheet: Sheet, values: _Values) -> int | None:
    """The row among the first ten with the most known headers; the lower line of a double one."""
    known = _known_headers(sheet.columns)
    last = min(worksheet.max_row, _HEADER_WITHIN)
    scores = {
        number: len(
            {known.get(plain_header(cell.value)) for cell in values.row(number).values()} - {None}
        )
        for number in range(1, last + 1)
    }
    best = max(scores, key=lambda number: (scores[number], number), default=0)
    return best if best and scores[best] >= min(2, len(sheet.columns)) else None


def _known_headers(columns: Iterable[Column]) -> dict[str, str]:
    """The key of a column by each header it may have; a column's own header goes first."""
    columns = tuple(columns)
    own = {plain_header(column.header): column.key for column in columns}
    return {plain_header(name): c.key for c in columns for name in c.also} | own


def _columns(
    sheet: Sheet, header: Mapping[int, Cell], number: int, findings: Findings
) -> dict[int, Column]:
    """The known columns by place; unknown and doubled headers are told, missing ones refused."""
    known, found = _known_headers(sheet.columns), dict[int, Column]()
    for place, cell in sorted(header.items()):
        spot = Spot(sheet.name, f"{get_column_letter(place)}{number}")
        key = known.get(plain_header(cell.value))
        if key is None:
            findings.leave(spot, f"不认识的列“{shown(cell.value)}”，没有读入")
        elif key in {column.key for column in found.values()}:
            findings.refuse(spot, f"列“{shown(cell.value)}”出现了两次；请删去或改名一列")
        else:
            found[place] = sheet.column(key)
    present = {column.key for column in found.values()}
    for column in sheet.columns:
        if column.needed and column.key not in present:
            findings.refuse(Spot(sheet.name, f"第{number}行"), f"缺少列“{column.header}”；请补上")
    return found


def _tell_hidden(
    worksheet: Worksheet,
    sheet: Sheet,
    header: int,
    columns: Mapping[int, Column],
    values: _Values,
    findings: Findings,
) -> None:
    """What is hidden is read like the rest; people are told, as they may not have meant it."""
    if worksheet.sheet_state != "visible":
        findings.assume(Spot(sheet.name), "工作表是隐藏的，已一并读入；不需要请删除")
    hidden = [n for n, row in worksheet.row_dimensions.items() if row.hidden]
    filled = [n for n in hidden if n > header and values.row(n)]
    if filled:
        rows = "、".join(map(str, filled[:5])) + ("等" if len(filled) > 5 else "")
        findings.assume(
            Spot(sheet.name), f"第{rows}行（共{len(filled)}行）是隐藏的，已一并读入；不需要请删除"
        )
    for letter, dimension in worksheet.column_dimensions.items():
        if dimension.hidden:
            first, last = dimension.min or 0, dimension.max or 0
            names = [c.header for p, c in columns.items() if first <= p <= last]
            if names:
                findings.assume(
                    Spot(sheet.name, f"{letter}列"), f"隐藏的列（{'、'.join(names)}）已一并读入"
                )


def _refuse_wide_merges(
    worksheet: Worksheet,
    sheet: Sheet,
    header: int,
    columns: Mapping[int, Column],
    findings: Findings,
) -> None:
    for area in worksheet.merged_cells.ranges:
        covered = [c.header for p, c in columns.items() if area.min_col <= p <= area.max_col]
        if area.max_row > header and len(covered) > 1:
            findings.refuse(
                Spot(sheet.name, area.coord),
                f"合并单元格跨了{'、'.join(covered)}几列，无法判断属于哪一列；请取消合并后分别填写",
            )


def _row(
    sheet: Sheet,
    number: int,
    columns: Mapping[int, Column],
    values: _Values,
    findings: Findings,
) -> Row | None:
    """The row, or None where it is empty, a sum, or one of the grey notes."""
    cells = {columns[p]: cell for p, cell in values.row(number).items() if p in columns}
    if not cells or _is_note(sheet, number, cells, findings):
        return None
    if any(c.needed and _TOTAL.fullmatch(bare(str(cell.value))) for c, cell in cells.items()):
        findings.leave(Spot(sheet.name, f"第{number}行"), "是合计行，没有读入")
        return None
    letters = {column.key: get_column_letter(place) for place, column in columns.items()}
    read = dict(_read(sheet, number, cells, letters, findings))
    row = Row(sheet.name, number, read, letters)
    for column in columns.values():
        if (
            column.needed
            and column.key not in read
            and not findings.is_marked(row.spot(column.key))
        ):
            findings.refuse(row.spot(column.key), f"“{column.header}”是空的；请填写")
    return row


def _is_note(sheet: Sheet, number: int, cells: Mapping[Column, Cell], findings: Findings) -> bool:
    """Whether a row begins like the grey ones; one that a person changed is told."""
    texts = {column: str(cell.value) for column, cell in cells.items()}
    marked = [t for c, t in texts.items() if c.needed and t.startswith(NOTE_MARKS)]
    if not marked:
        return False
    if not all(_unmarked(text) in (c.note, str(c.example)) for c, text in texts.items()):
        findings.leave(
            Spot(sheet.name, f"第{number}行"),
            f"这一行以“{marked[0].split('：')[0]}：”开头，按示例没有读入；要读入请删去这几个字",
        )
    return True


def _unmarked(text: str) -> str:
    for mark in NOTE_MARKS:
        text = text.removeprefix(mark)
    return text


def _read(
    sheet: Sheet,
    number: int,
    cells: Mapping[Column, Cell],
    letters: Mapping[str, str],
    findings: Findings,
) -> Iterator[tuple[str, Value]]:
    unit = next((str(c.value) for column, c in cells.items() if column.header == "计量单位"), "")
    for column, cell in cells.items():
        spot = Spot(sheet.name, f"{letters[column.key]}{number}")
        try:
            value = checked_value(column, cell, unit)
        except CellError as error:
            findings.refuse(spot, str(error))
            continue
        if value is not None and value != ():
            yield column.key, value


def checked_value(column: Column, cell: Cell, unit: str = "") -> Value | None:
    """What a cell says; CellError where it holds a formula, an error or something else."""
    if cell.data_type == "f":
        text = shown(getattr(cell.value, "text", cell.value))
        raise CellError(f"是公式（{text}）；请复制后“粘贴为数值”")
    if cell.data_type == "e":
        raise CellError(f"是错误值（{cell.value}）；请重新填写")
    if column.shape is Shape.TEXT and column.words and isinstance(cell.value, str):
        return column.words.value(bare(cell.value)) or bare(cell.value)
    return value_of(column, Raw(cell.value, cell.number_format or "", bare(unit)))
