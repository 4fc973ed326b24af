"""The ranking as a picture: laid out as data first, then painted; the same layout every week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.render.bars import Bar
from handlers.render.drawing import (
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
    Polygon,
    Text,
    fitted,
    wrap,
)
from handlers.render.fonts import drawable_data, width_of
from handlers.render.ranking_table import (
    Change,
    RankingPart,
    RankingRow,
    RankingTable,
    score_text,
)
from handlers.render.sheets import (
    MARGIN,
    RIGHT,
    SMALL,
    Frame,
    Layout,
    Piece,
    Section,
    group_heading,
    said_when_empty,
    sheets,
)
from models.rules.rounding import NOT_APPLICABLE, half_up, number_text

RANK_X, CHANGE_X, NAME_X, BAR_X = 70, 108, 200, 568
NAME_WIDTH = BAR_X - NAME_X - 20
BAR_WIDTH, BAR_HEIGHT = 312, 28
NAME_SIZE, LONG_NAME_SIZE, SCORE_SIZE, PART_SIZE, NOTE_SIZE, TIE_SIZE = 36, 30, 40, 25, 28, 22
NAME_LINE, NOTE_LINE, PART_LINE = 44, 40, 36
SCORE_WIDTH = RIGHT - BAR_X - BAR_WIDTH - 28
PARTS_IN_A_LINE = 3
NOTHING = "暂无可计分事项"
#: So many units without anything to score have rows of their own; more are named together.
MOST_EMPTY_ROWS = 3


def ranking_layout(table: RankingTable) -> Layout:
    """Where everything stands; units that share a rank say so, and scores past the scale too."""
    clean, missing = drawable_data(table)
    frame = Frame(
        clean.title,
        clean.subtitle,
        _legend(clean),
        below=clean.recipe,
        footer=clean.footer,
        mark=clean.mark,
        missing=missing,
    )
    return sheets(frame, [Section(tuple(_pieces(clean)))])


def _pieces(table: RankingTable) -> Iterator[Piece]:
    if not any(group.rows for group in table.groups):
        yield said_when_empty("本期没有参加排名的单位")
    for group in table.groups:
        if group.rows:
            yield group_heading(group.heading, _how_many(group.rows))
        ranks = [row.rank for row in group.rows if row.score]
        gathered = _without_anything(group.rows)
        for row in group.rows:
            if row not in gathered:
                yield replace(_row(row, tied=ranks.count(row.rank) > 1), heading=group.heading)
        if gathered:
            yield replace(_gathered(gathered), heading=group.heading)


def _without_anything(rows: Sequence[RankingRow]) -> Sequence[RankingRow]:
    """The units of which nothing is said but their names; a few have rows of their own."""
    found = [row for row in rows if row.score is None and not row.note]
    return found if len(found) > MOST_EMPTY_ROWS else ()


def _gathered(rows: Sequence[RankingRow]) -> Piece:
    """Units with nothing to score in one paragraph, not a screen of empty rows."""
    said = f"{NOTHING}的{len(rows)}家：{'、'.join(row.name for row in rows)}"
    lines = wrap(said, NOTE_SIZE, RIGHT - MARGIN, even=False)
    items = [
        Text(MARGIN, 34 + NOTE_LINE * at, line, NOTE_SIZE, GREY) for at, line in enumerate(lines)
    ]
    return Piece(NOTE_LINE * len(lines) + 28, tuple(items), rows=1)


def _legend(table: RankingTable) -> Piece:
    """What the shades of the bars and the triangles mean; their weights stand in the recipe."""
    rows = [row for group in table.groups for row in group.rows]
    parts = next((row.parts for row in rows if row.parts), ())
    items: list[Item] = []
    x, y = MARGIN, 32
    if any(row.change is not None for row in rows):
        items += [*_triangle(x, y, up=True), *_triangle(x + 34, y, up=False)]
        items.append(Text(x + 66, y, "较上次升降位次", SMALL, GREY))
        x += 66 + 7 * SMALL + 40
    for shade, part in enumerate(parts):
        width = int(width_of(part.name, SMALL))
        if x + 50 + width > RIGHT:
            x, y = MARGIN, y + 44
        items += _shaded(shade, (x, y - 13, x + 40, y + 13))
        items.append(Text(x + 50, y, part.name, SMALL, GREY))
        x += 50 + width + 40
    return Piece(y + 32 if items else 16, tuple(items))


def _how_many(rows: Sequence[RankingRow]) -> str:
    """How many units are listed, and how many of them have a rank where not all do."""
    ranked = sum(row.rank is not None for row in rows)
    placed = f"，{ranked} 家有名次" if ranked < len(rows) else ""
    return f"共 {len(rows)} 家{placed}"


def _row(row: RankingRow, *, tied: bool) -> Piece:
    first = 34
    size, names = _name_lines(row.name)
    items: list[Item] = [*_rank(row, first, tied=tied), *_change(row.change, first)]
    for at, line in enumerate(names):
        items.append(Text(NAME_X, first + at * NAME_LINE, line, size))
    items += [*_bar(row, first), *_part_texts(row, first + 42)]
    below = first + 62 + PART_LINE * max((len(row.parts) - 1) // PARTS_IN_A_LINE, 0)
    y = max(first + len(names) * NAME_LINE - 18, below)
    for at, line in enumerate(_note_lines(row.note)):
        if at == 0:
            items += _flag(NAME_X, y + 20)
        items.append(Text(NAME_X + 34, y + 20, line, NOTE_SIZE, RUST))
        y += NOTE_LINE
    y += 12 if row.note else 4
    items.append(Block((MARGIN, y - 1, RIGHT, y + 1), RULE))
    return Piece(y, tuple(items), rows=1)


def _name_lines(name: str) -> tuple[int, tuple[str, ...]]:
    """Smaller letters spare a long name the break in the middle of a word."""
    for size in (NAME_SIZE, LONG_NAME_SIZE):
        if width_of(name, size) <= NAME_WIDTH:
            return size, (name,)
    return LONG_NAME_SIZE, wrap(name, LONG_NAME_SIZE, NAME_WIDTH)


def _note_lines(note: str) -> tuple[str, ...]:
    return wrap(note, NOTE_SIZE, RIGHT - NAME_X - 34, even=False) if note else ()


def _rank(row: RankingRow, y: int, *, tied: bool) -> Iterator[Item]:
    """The first three stand on a disc, so that they are found at a glance."""
    if row.rank is None or not row.score:
        yield Text(RANK_X, y, NOT_APPLICABLE, NAME_SIZE, GREY, anchor="mm")
        return
    on_top = row.rank <= 3
    if on_top:
        yield Disc(RANK_X, y, 29, BLUE)
    colour = WHITE if on_top else INK
    yield Text(RANK_X, y, str(row.rank), NAME_SIZE, colour, bold=True, anchor="mm")
    if tied:
        yield Text(RANK_X, y + 44, "并列", TIE_SIZE, GREY, anchor="mm")


def _change(change: Change, y: int) -> Iterator[Item]:
    """By shape, word and number: a copy is grey, and one leader in twenty sees no red."""
    if change is None:
        return
    if change == "new":
        yield Text(CHANGE_X, y, "新进", SMALL, BLUE)
    elif change == 0:
        yield Text(CHANGE_X, y, "持平", SMALL, GREY)
    else:
        up = change > 0
        yield from _triangle(CHANGE_X, y, up=up)
        word = f"{'升' if up else '降'}{abs(change)}"
        size = fitted(word, SMALL, NAME_X - CHANGE_X - 38)
        yield Text(CHANGE_X + 30, y, word, size, BLUE if up else RUST)


def _triangle(x: int, y: int, *, up: bool) -> Iterator[Item]:
    tip, base = (y - 11, y + 11) if up else (y + 11, y - 11)
    yield Polygon(((x, base), (x + 24, base), (x + 12, tip)), BLUE if up else RUST)


def _flag(x: int, y: int) -> Iterator[Item]:
    """A flag before a note: what lags is seen without its colour too."""
    yield Block((x + 2, y - 15, x + 6, y + 15), RUST)
    yield Polygon(((x + 6, y - 15), (x + 26, y - 7), (x + 6, y + 2)), RUST)


def _bar(row: RankingRow, y: int) -> Iterator[Item]:
    """The score as a bar of its parts; the frame is 100, what goes beyond is cut at an arrow."""
    text = score_text(row.score)
    size = fitted(text, SCORE_SIZE, SCORE_WIDTH)
    score = Text(RIGHT, y, text, size, bold=True, anchor="rm")
    if row.score is None:
        yield replace(score, colour=GREY, bold=False)
        return
    bar = Bar(BAR_X, y, BAR_WIDTH, BAR_HEIGHT)
    yield bar.frame()
    total = Decimal(0)
    for shade, points in enumerate(_contributions(row)):
        yield from _shaded(shade, bar.between(total, total + points))
        total += points
    yield from bar.beyond(row.score)
    yield score


def _contributions(row: RankingRow) -> tuple[Decimal, ...]:
    if not row.parts:
        return (row.score or Decimal(0),)
    return tuple(
        max(part.value or Decimal(0), Decimal(0)) * part.weight / 100 for part in row.parts
    )


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
        yield Text(BAR_X, y, NOTHING, PART_SIZE, GREY)
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
