"""The ranking as a picture: laid out as data first, then painted; the same layout every week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from handlers.render.drawing import (
    BAND,
    BLUE,
    GREY,
    INK,
    MIDDLE_BLUE,
    PALE_BLUE,
    RULE,
    RUST,
    WHITE,
    Block,
    Disc,
    Hatching,
    Item,
    Page,
    Polygon,
    Text,
    Watermark,
    page_png,
    wrap,
)
from handlers.render.fonts import width_of
from handlers.render.mark import ribbon
from handlers.render.ranking_table import (
    Change,
    RankingPart,
    RankingRow,
    RankingTable,
    drawable_table,
    score_text,
)
from models.rules.rounding import NOT_APPLICABLE, half_up, number_text

WIDTH = 1080
ROWS_ON_A_PAGE = 60
TALLEST = 9000
MARGIN = 36
RIGHT = WIDTH - MARGIN
RANK_X, CHANGE_X, NAME_X, BAR_X = 70, 112, 184, 568
NAME_WIDTH = BAR_X - NAME_X - 20
BAR_WIDTH, BAR_HEIGHT = 312, 28
NAME_SIZE, LONG_NAME_SIZE, SCORE_SIZE, PART_SIZE, NOTE_SIZE, SMALL = 36, 30, 40, 25, 28, 27
NAME_LINE, NOTE_LINE, PART_LINE = 44, 40, 36
PARTS_IN_A_LINE = 3


@dataclass(frozen=True)
class Layout:
    """The pages, and the characters of the table that the font cannot draw."""

    pages: tuple[Page, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """Items that stay together, drawn from y = 0, and how much height they take."""

    height: int
    items: tuple[Item, ...]
    rows: int = 0
    heading: str = ""


def ranking_picture(table: RankingTable) -> list[bytes]:
    """The pages as PNG files, 1080 pixels wide; `layout` tells what could not be drawn."""
    return [page_png(page) for page in layout(table).pages]


def layout(table: RankingTable) -> Layout:
    """Where everything stands. A page holds up to 60 rows; more are shared out evenly."""
    clean, missing = drawable_table(table)
    head, foot = _head(clean), _foot(clean)
    room = TALLEST - head.height - foot.height
    stacks = _shared_out(_pieces(clean), _rows_for_each_page(clean), room)
    pages = tuple(
        _page(clean, head, stack, foot, f"第 {number}／{len(stacks)} 页" if stacks[1:] else "")
        for number, stack in enumerate(stacks, start=1)
    )
    return Layout(pages, missing)


def _rows_for_each_page(table: RankingTable) -> int:
    """As even as can be: 61 rows are 31 and 30, not 60 and one lost on a page."""
    rows = sum(len(group.rows) for group in table.groups)
    pages = max(-(-rows // ROWS_ON_A_PAGE), 1)
    return max(-(-rows // pages), 1)


def _pieces(table: RankingTable) -> Iterator[_Piece]:
    if not any(group.rows for group in table.groups):
        empty = Text(WIDTH // 2, 90, "本期没有参加排名的单位", 36, GREY, anchor="mm")
        yield _Piece(180, (empty,))
    for group in table.groups:
        if group.rows:
            yield _heading(group.heading, group.rows)
        for row in group.rows:
            yield replace(_row(row), heading=group.heading)


def _shared_out(pieces: Iterator[_Piece], rows: int, room: int) -> list[list[_Piece]]:
    """The pieces page by page; a heading is never left alone and is repeated where it goes on."""
    stacks: list[list[_Piece]] = [[]]
    waiting: list[_Piece] = []
    for piece in pieces:
        if not piece.rows and piece.heading:
            waiting = [piece]
            continue
        new = [*waiting, piece]
        full = sum(each.rows for each in stacks[-1]) + piece.rows > rows
        tall = sum(each.height for each in (*stacks[-1], *new)) > room
        if stacks[-1] and (full or tall):
            stacks.append([])
            new = new if waiting else [_heading(f"{piece.heading}（续）"), piece]
        stacks[-1].extend(new)
        waiting = []
    return stacks


def _page(
    table: RankingTable, head: _Piece, stack: Sequence[_Piece], foot: _Piece, number: str
) -> Page:
    items: list[Item] = [Watermark(table.mark)] if table.mark else []
    y = 0
    for piece in (head, *stack, foot):
        items.extend(_moved(item, y) for item in piece.items)
        y += piece.height
    if number:
        items.append(Text(RIGHT, y - 34, number, SMALL, GREY, anchor="rm"))
    if table.mark:
        items.extend(_moved(item, y) for item in ribbon(table.mark, WIDTH, 56))
        y += 56
    return Page(WIDTH, y, tuple(items))


def _moved(item: Item, down: int) -> Item:
    match item:
        case Text() | Disc():
            return replace(item, y=item.y + down)
        case Block(box=(left, top, right, bottom)) | Hatching(box=(left, top, right, bottom)):
            return replace(item, box=(left, top + down, right, bottom + down))
        case Polygon():
            return replace(item, corners=tuple((x, y + down) for x, y in item.corners))
        case Watermark():
            return item


def _head(table: RankingTable) -> _Piece:
    items: list[Item] = []
    y = 0
    if table.mark:
        items.extend(ribbon(table.mark, WIDTH, 72))
        y = 72
    y += 28
    for line in wrap(table.title, 56, RIGHT - MARGIN):
        items.append(Text(WIDTH // 2, y + 38, line, 56, bold=True, anchor="mm"))
        y += 76
    for line in wrap(table.subtitle, 30, RIGHT - MARGIN):
        items.append(Text(WIDTH // 2, y + 22, line, 30, GREY, anchor="mm"))
        y += 44
    y += 16
    items.append(Block((MARGIN, y, RIGHT, y + 4), INK))
    legend = _legend(table, y + 36)
    return _Piece(y + (68 if legend else 20), (*items, *legend))


def _legend(table: RankingTable, y: int) -> tuple[Item, ...]:
    """What the shades of the bars and the triangles mean; their weights stand in the recipe."""
    rows = [row for group in table.groups for row in group.rows]
    parts = next((row.parts for row in rows if row.parts), ())
    items: list[Item] = []
    x = MARGIN
    if any(row.change is not None for row in rows):
        items += [*_triangle(x, y, up=True), *_triangle(x + 34, y, up=False)]
        items.append(Text(x + 66, y, "较上次升降位次", SMALL, GREY))
        x += 66 + 7 * SMALL + 40
    for shade, part in enumerate(parts):
        items += _shaded(shade, (x, y - 13, x + 40, y + 13))
        items.append(Text(x + 50, y, part.name, SMALL, GREY))
        x += 50 + int(width_of(part.name, SMALL)) + 40
    return tuple(items)


def _heading(heading: str, rows: Sequence[RankingRow] = ()) -> _Piece:
    items: list[Item] = [
        Block((MARGIN, 14, RIGHT, 74), BAND),
        Block((MARGIN, 14, MARGIN + 12, 74), BLUE),
        Text(MARGIN + 30, 44, heading, 36, bold=True),
    ]
    if rows:
        items.append(Text(RIGHT - 18, 44, _how_many(rows), SMALL, GREY, anchor="rm"))
    return _Piece(82, tuple(items), heading=heading)


def _how_many(rows: Sequence[RankingRow]) -> str:
    """How many units are listed, and how many of them have a rank where not all do."""
    ranked = sum(row.rank is not None for row in rows)
    placed = f"，{ranked} 家有名次" if ranked < len(rows) else ""
    return f"共 {len(rows)} 家{placed}"


def _row(row: RankingRow) -> _Piece:
    first = 34
    size, names = _name_lines(row.name)
    items: list[Item] = [*_rank(row, first), *_change(row.change, first)]
    for at, line in enumerate(names):
        items.append(Text(NAME_X, first + at * NAME_LINE, line, size))
    items += [*_bar(row, first), *_part_texts(row, first + 39)]
    below = first + 60 + PART_LINE * max((len(row.parts) - 1) // PARTS_IN_A_LINE, 0)
    y = max(first + len(names) * NAME_LINE - 18, below)
    for at, line in enumerate(_note_lines(row.note)):
        if at == 0:
            items += _flag(NAME_X, y + 20)
        items.append(Text(NAME_X + 34, y + 20, line, NOTE_SIZE, RUST))
        y += NOTE_LINE
    y += 12 if row.note else 4
    items.append(Block((MARGIN, y - 1, RIGHT, y + 1), RULE))
    return _Piece(y, tuple(items), rows=1)


def _name_lines(name: str) -> tuple[int, tuple[str, ...]]:
    """Smaller letters spare a long name the break in the middle of a word."""
    for size in (NAME_SIZE, LONG_NAME_SIZE):
        if width_of(name, size) <= NAME_WIDTH:
            return size, (name,)
    return LONG_NAME_SIZE, wrap(name, LONG_NAME_SIZE, NAME_WIDTH)


def _note_lines(note: str) -> tuple[str, ...]:
    return wrap(note, NOTE_SIZE, RIGHT - NAME_X - 34, even=False) if note else ()


def _rank(row: RankingRow, y: int) -> Iterator[Item]:
    """The first three stand on a disc, so that they are found at a glance."""
    if row.rank is None or not row.score:
        yield Text(RANK_X, y, NOT_APPLICABLE, NAME_SIZE, GREY, anchor="mm")
        return
    on_top = row.rank <= 3
    if on_top:
        yield Disc(RANK_X, y, 29, BLUE)
    colour = WHITE if on_top else INK
    yield Text(RANK_X, y, str(row.rank), NAME_SIZE, colour, bold=True, anchor="mm")


def _change(change: Change, y: int) -> Iterator[Item]:
    if change is None:
        return
    if change == "new":
        yield Text(CHANGE_X, y, "新进", SMALL, BLUE)
    elif change == 0:
        yield Text(CHANGE_X, y, "持平", SMALL, GREY)
    else:
        yield from _triangle(CHANGE_X, y, up=change > 0)
        colour = BLUE if change > 0 else RUST
        yield Text(CHANGE_X + 30, y, str(abs(change)), SMALL, colour, bold=True)


def _triangle(x: int, y: int, *, up: bool) -> Iterator[Item]:
    tip, base = (y - 11, y + 11) if up else (y + 11, y - 11)
    yield Polygon(((x, base), (x + 24, base), (x + 12, tip)), BLUE if up else RUST)


def _flag(x: int, y: int) -> Iterator[Item]:
    """A flag before a note: what lags is seen without its colour too."""
    yield Block((x + 2, y - 15, x + 6, y + 15), RUST)
    yield Polygon(((x + 6, y - 15), (x + 26, y - 7), (x + 6, y + 2)), RUST)


def _bar(row: RankingRow, y: int) -> Iterator[Item]:
    """The score as a bar of its parts; the frame is 100, and what goes beyond is cut there."""
    top, bottom = y - BAR_HEIGHT // 2, y + BAR_HEIGHT // 2
    score = Text(RIGHT, y, score_text(row.score), SCORE_SIZE, bold=True, anchor="rm")
    if row.score is None:
        yield replace(score, colour=GREY, bold=False)
        return
    yield Block((BAR_X, top, BAR_X + BAR_WIDTH, bottom), WHITE, RULE)
    total = Decimal(0)
    for shade, points in enumerate(_contributions(row)):
        left = BAR_X + _pixels(total)
        total += points
        yield from _shaded(shade, (left, top, BAR_X + _pixels(total), bottom))
    yield score


def _contributions(row: RankingRow) -> tuple[Decimal, ...]:
    if not row.parts:
        return (row.score or Decimal(0),)
    return tuple(
        max(part.value or Decimal(0), Decimal(0)) * part.weight / 100 for part in row.parts
    )


def _pixels(points: Decimal) -> int:
    return int(half_up(min(max(points, Decimal(0)), Decimal(100)) * BAR_WIDTH / 100))


def _shaded(shade: int, box: tuple[int, int, int, int]) -> Iterator[Item]:
    """Full, striped or pale: three shades told apart on a black-and-white copy."""
    if box[2] <= box[0]:
        return
    kind = shade % 3
    yield Block(box, (BLUE, MIDDLE_BLUE, PALE_BLUE)[kind])
    if kind == 1:
        yield Hatching(box, BLUE)
    yield Block(box, None, BLUE)


def _part_texts(row: RankingRow, y: int) -> Iterator[Item]:
    """The parts in columns of their own, so that the eye can run down one of them."""
    if row.score is None:
        yield Text(BAR_X, y, "暂无可计分事项", PART_SIZE, GREY)
        return
    column = (RIGHT - BAR_X) // PARTS_IN_A_LINE
    for at, part in enumerate(row.parts):
        line, place = divmod(at, PARTS_IN_A_LINE)
        x = BAR_X + place * column
        yield Text(x, y + line * PART_LINE, _part_text(part), PART_SIZE, GREY)


def _part_text(part: RankingPart) -> str:
    if part.value is None:
        return f"{part.name} {NOT_APPLICABLE}"
    return f"{part.name} {number_text(half_up(part.value, 2))}"


def _foot(table: RankingTable) -> _Piece:
    items: list[Item] = []
    y = 24
    for text, colour in ((table.recipe, INK), (table.footer, GREY)):
        for line in wrap(text, SMALL, RIGHT - MARGIN, even=False) if text else ():
            items.append(Text(MARGIN, y + 20, line, SMALL, colour))
            y += 40
        y += 8
    return _Piece(y + 44, tuple(items))
