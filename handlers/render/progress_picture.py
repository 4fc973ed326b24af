"""Progress of projects as a picture: a bar for each, the schedule as a mark across it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from handlers.render.bars import Bar
from handlers.render.drawing import (
    AMBER,
    BLUE,
    GREY,
    INK,
    MIDDLE_BLUE,
    RULE,
    RUST,
    WHITE,
    Block,
    Hatching,
    Item,
    Polygon,
    Text,
    fitted,
    wrap,
)
from handlers.render.fonts import drawable_data, width_of
from handlers.render.progress_table import ProgressRow, ProgressTable
from handlers.render.sheets import (
    MARGIN,
    RIGHT,
    SMALL,
    Frame,
    Layout,
    Piece,
    Section,
    group_heading,
    moved,
    said_when_empty,
    sheets,
)
from handlers.render.signs import BEHIND, DONE, ON_TRACK, Sign, legend, legend_sign

BAR_X, BAR_WIDTH, BAR_HEIGHT = 440, 420, 32
NAME_WIDTH = BAR_X - MARGIN - 24
NAME_SIZE, NOTE_SIZE, STATUS_SIZE, PERCENT_SIZE, TAG_SIZE = 32, 25, 27, 38, 24
NAME_LINE, NOTE_LINE = 41, 34
#: Where the marks of the schedule reach above and below a bar.
_MARK_ABOVE, _MARK_BELOW = 12, 6
#: The fill of a bar, and the hatching on it: full, plain and striped also on a grey copy.
_FILLS: dict[Sign, tuple[str, str | None, str]] = {
    DONE: (BLUE, None, BLUE),
    ON_TRACK: (MIDDLE_BLUE, None, BLUE),
    BEHIND: (AMBER, RUST, RUST),
}


def progress_layout(table: ProgressTable) -> Layout:
    """Where everything stands; bars end at 100 % with an arrow, marks stand at the schedule."""
    clean, missing = drawable_data(table)
    frame = Frame(
        clean.title,
        clean.subtitle,
        _legend(clean),
        below=clean.below,
        footer=clean.footer,
        mark=clean.mark,
        missing=missing,
    )
    return sheets(frame, [Section(tuple(_pieces(clean)))])


def _pieces(table: ProgressTable) -> Iterator[Piece]:
    if not any(group.rows for group in table.groups):
        yield said_when_empty("本专项还没有任务")
    for group in table.groups:
        if group.rows and group.heading:
            yield group_heading(group.heading, group.count)
        for row in group.rows:
            yield replace(_row(row), heading=group.heading)


def _legend(table: ProgressTable) -> Piece:
    signs = legend(table.meanings)
    if not table.scheduled:
        return signs
    y = signs.height + 22
    items: list[Item] = [
        *signs.items,
        Block((MARGIN + 4, y - 14, MARGIN + 40, y + 14), MIDDLE_BLUE, BLUE),
        *_mark(MARGIN + 22, y - 14, y + 14),
        Text(MARGIN + 54, y, table.scheduled, SMALL),
    ]
    return Piece(y + 34, tuple(items))


def _row(row: ProgressRow) -> Piece:
    first = 42
    names = wrap(row.name, NAME_SIZE, NAME_WIDTH)
    items: list[Item] = [
        Text(MARGIN, first + at * NAME_LINE, line, NAME_SIZE) for at, line in enumerate(names)
    ]
    left = first + len(names) * NAME_LINE - 2
    for line in wrap(row.note, NOTE_SIZE, NAME_WIDTH) if row.note else ():
        items.append(Text(MARGIN, left, line, NOTE_SIZE, GREY))
        left += NOTE_LINE
    items += _bar(row, first)
    status, right = _status(row), first + (20 if _has_bar(row) else -28)
    items += (moved(item, right) for item in status.items)
    right += status.height
    for line in wrap(row.figures, NOTE_SIZE, RIGHT - BAR_X, even=False) if row.figures else ():
        items.append(Text(BAR_X, right, line, NOTE_SIZE, GREY))
        right += NOTE_LINE
    y = max(left - 4, right - 6)
    items.append(Block((MARGIN, y - 2, RIGHT, y), RULE))
    return Piece(y, tuple(items), rows=1)


def _has_bar(row: ProgressRow) -> bool:
    return row.percent is not None or row.scheduled is not None


def _bar(row: ProgressRow, y: int) -> Iterator[Item]:
    bar = Bar(BAR_X, y, BAR_WIDTH, BAR_HEIGHT)
    size = fitted(row.printed, PERCENT_SIZE, RIGHT - BAR_X - BAR_WIDTH - 26)
    yield Text(RIGHT, y, row.printed, size, bold=True, anchor="rm")
    if not _has_bar(row):
        return
    yield bar.frame()
    if row.percent is not None:
        yield from _filled(row.sign, bar.between(Decimal(0), row.percent))
        yield from bar.beyond(row.percent)
    if row.scheduled is not None:
        yield from _mark(bar.at(row.scheduled), bar.top, bar.bottom)


def _filled(sign: Sign, box: tuple[int, int, int, int]) -> Iterator[Item]:
    if box[2] <= box[0]:
        return
    fill, hatch, edge = _FILLS.get(sign, (WHITE, GREY, GREY))
    yield Block(box, fill)
    if hatch:
        yield Hatching(box, hatch, step=14, stroke=2)
    yield Block(box, None, edge)


def _mark(x: int, top: int, bottom: int) -> Iterator[Item]:
    """A dark line across the bar with a tip on top, where the schedule is."""
    yield Block((x - 2, top - _MARK_ABOVE, x + 2, bottom + _MARK_BELOW), INK)
    tip = top - _MARK_ABOVE
    yield Polygon(((x - 9, tip - 2), (x + 9, tip - 2), (x, tip + 11)), INK)


def _status(row: ProgressRow) -> Piece:
    """Sign, words and tags of a status, in as many lines as they take, from y = 0."""
    y, x = 28, BAR_X + 56
    end = x
    colour = RUST if row.sign == BEHIND else INK
    items: list[Item] = [*legend_sign(row.sign, BAR_X, y)]
    for at, line in enumerate(wrap(row.status, STATUS_SIZE, RIGHT - x, even=False)):
        y += 38 if at else 0
        items.append(Text(x, y, line, STATUS_SIZE, colour))
        end = x + int(width_of(line, STATUS_SIZE)) + 18
    x = end
    for tag in row.tags:
        width = int(width_of(tag, TAG_SIZE)) + 20
        if x + width > RIGHT:
            x, y = BAR_X + 56, y + 44
        items.append(Block((x, y - 18, x + width, y + 18), WHITE, INK))
        items.append(Text(x + width // 2, y, tag, TAG_SIZE, anchor="mm"))
        x += width + 10
    return Piece(y + 42, tuple(items))
