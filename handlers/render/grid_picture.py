"""A grid as a picture: names on the left, signs under their columns, in bands where many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handlers.render.drawing import BAND, GREY, INK, RULE, WHITE, Block, Item, Text, fitted, wrap
from handlers.render.fonts import drawable_data, width_of
from handlers.render.grid_table import Grid, GridCell, GridRow
from handlers.render.sheets import (
    MARGIN,
    RIGHT,
    Frame,
    Layout,
    Piece,
    Section,
    group_heading,
    said_when_empty,
    sheets,
)
from handlers.render.signs import Shape, legend, shape, tile

NAME_SIZE, NOTE_SIZE, FIGURE_SIZE, HEAD_SIZE, TAG_SIZE = 29, 23, 24, 24, 20
NAME_LINE, NOTE_LINE, HEAD_LINE = 37, 31, 29
#: Least and greatest width of a column with figures and of one with signs alone, and its height.
FIGURES = (88, 124, 78)
SIGNS = (50, 84, 54)
_NAME_LEAST, _NAME_MOST = 124, 300
_END_PADDING = 16
#: Longer names stand upright by two characters a line.
_LONGEST_UPRIGHT = 8


@dataclass(frozen=True)
class _Plan:
    """Widths in pixels that all pages of one grid share, and which columns stand in each band."""

    cell: int
    height: int
    end: int
    bands: tuple[range, ...]

    def cells_left(self, band: range) -> int:
        """Where the first column begins: columns stand to the right, names take the rest."""
        return RIGHT - self.end - self.cell * len(band)


def grid_layout(grid: Grid) -> Layout:
    """Where everything stands; columns that do not fit go on in bands on further pages."""
    clean, missing = drawable_data(grid)
    plan = _plan(clean)
    frame = Frame(
        clean.title,
        clean.subtitle,
        legend(clean.meanings),
        below=clean.below,
        footer=clean.footer,
        mark=clean.mark,
        missing=missing,
    )
    return sheets(frame, [_section(clean, plan, band) for band in plan.bands])


def _plan(grid: Grid) -> _Plan:
    rows = grid.rows
    has_figures = any(cell.text for row in rows for cell in row.cells)
    least, most, height = FIGURES if has_figures else SIGNS
    names = max((int(width_of(row.name, NAME_SIZE)) for row in rows), default=0)
    end = max((int(width_of(text, FIGURE_SIZE)) for text in _ends(grid)), default=0)
    end += _END_PADDING if end else 0
    room = RIGHT - MARGIN - end - min(max(names + 14, _NAME_LEAST), _NAME_MOST)
    count = len(grid.columns)
    bands = max(-(-count // max(room // least, 1)), 1)
    in_a_band = max(-(-count // bands), 1)
    ranges = tuple(
        range(at, min(at + in_a_band, count)) for at in range(0, max(count, 1), in_a_band)
    )
    return _Plan(min(room // in_a_band, most), height, end, ranges)


def _ends(grid: Grid) -> Iterator[str]:
    yield grid.end
    yield from (row.end for row in grid.rows)
    if grid.totals:
        yield grid.totals.end


def _section(grid: Grid, plan: _Plan, band: range) -> Section:
    if not grid.rows:
        return Section((said_when_empty(grid.empty),))
    pieces: list[Piece] = []
    for group in grid.groups:
        if group.heading and group.rows:
            pieces.append(group_heading(group.heading, group.count))
        pieces += [replace(_row(row, plan, band), heading=group.heading) for row in group.rows]
    if grid.totals:
        pieces.append(replace(_row(grid.totals, plan, band, is_total=True), rows=0))
    return Section(tuple(pieces), _columns(grid, plan, band))


def _columns(grid: Grid, plan: _Plan, band: range) -> Piece:
    """The names of the columns: upright where a column is narrow, else in short lines."""
    lines = [_head_lines(name, plan.cell) for name in grid.columns[band.start : band.stop]]
    deepest = max([*map(len, lines), 2 if plan.bands[1:] else 1])
    height = deepest * HEAD_LINE + 20
    left = plan.cells_left(band)
    items: list[Item] = [
        Block((MARGIN, 0, RIGHT, height), BAND),
        Text(MARGIN + 14, height - 10 - HEAD_LINE // 2, grid.corner, HEAD_SIZE, bold=True),
    ]
    if plan.bands[1:]:
        part = f"{band.start + 1}—{band.stop}／{len(grid.columns)}列"
        items.append(Text(MARGIN + 14, HEAD_LINE // 2 + 8, part, TAG_SIZE, GREY))
    for at, column in enumerate(lines):
        middle = left + plan.cell * at + plan.cell // 2
        first = height - 10 - HEAD_LINE * len(column) + HEAD_LINE // 2
        items += [
            Text(middle, first + HEAD_LINE * line, text, HEAD_SIZE, anchor="mm")
            for line, text in enumerate(column)
        ]
    if grid.end:
        y = height - 10 - HEAD_LINE // 2
        items.append(Text(RIGHT - 2, y, grid.end, HEAD_SIZE, anchor="rm"))
    return Piece(height + 6, tuple(items))


def _head_lines(name: str, cell: int) -> Sequence[str]:
    if width_of(name, HEAD_SIZE) <= cell - 4:
        return (name,)
    if cell >= FIGURES[0] - 8:
        return wrap(name, HEAD_SIZE, cell - 8)
    upright = HEAD_SIZE * 2 - 1 if len(name) <= _LONGEST_UPRIGHT else cell - 2
    return wrap(name, HEAD_SIZE, upright, even=False)


def _row(row: GridRow, plan: _Plan, band: range, *, is_total: bool = False) -> Piece:
    left = plan.cells_left(band)
    names = wrap(row.name, NAME_SIZE, left - MARGIN - 12)
    notes = wrap(row.note, NOTE_SIZE, left - MARGIN - 12) if row.note else ()
    words = len(names) * NAME_LINE + len(notes) * NOTE_LINE
    height = max(plan.height, words + 14)
    items = list(_names(names, notes, (height - words) // 2, is_total=is_total))
    for at, cell in enumerate(row.cells[band.start : band.stop]):
        x = left + plan.cell * at
        items += _cell(cell, (x + 2, 2, x + plan.cell - 2, height - 2))
    if row.end:
        items.append(Text(RIGHT - 2, height // 2, row.end, FIGURE_SIZE, bold=True, anchor="rm"))
    items.append(Block((MARGIN, height - 1, RIGHT, height), RULE))
    return Piece(height, tuple(items), rows=1)


def _names(names: Sequence[str], notes: Sequence[str], y: int, *, is_total: bool) -> Iterator[Item]:
    for line in names:
        yield Text(MARGIN + 2, y + NAME_LINE // 2, line, NAME_SIZE, INK, bold=is_total)
        y += NAME_LINE
    for line in notes:
        yield Text(MARGIN + 2, y + NOTE_LINE // 2, line, NOTE_SIZE, GREY)
        y += NOTE_LINE


def _cell(cell: GridCell, box: tuple[int, int, int, int]) -> Iterator[Item]:
    left, top, right, bottom = box
    x, y = (left + right) // 2, (top + bottom) // 2
    size = fitted(cell.text, FIGURE_SIZE, right - left - 8)
    yield from tile(cell.sign, box)
    if not cell.text:
        yield from shape(cell.sign, x, y, 14)
    elif cell.sign.shape is Shape.NONE:
        yield Text(x, y, cell.text, size, cell.sign.figure, anchor="mm")
    else:
        yield from shape(cell.sign, x, y - 18, 10)
        yield Text(x, y + 14, cell.text, size, cell.sign.figure, anchor="mm")
    if cell.tag:
        yield Block((right - 26, top, right, top + 26), WHITE, INK)
        yield Text(right - 13, top + 13, cell.tag, TAG_SIZE, anchor="mm")
