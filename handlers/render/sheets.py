"""The pages of a picture: a head, rows shared out evenly over pages, a foot on each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.render.drawing import (
    BAND,
    BLUE,
    GREY,
    INK,
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
from handlers.render.fonts import replacement
from handlers.render.mark import ribbon

WIDTH = 1080
MARGIN = 36
RIGHT = WIDTH - MARGIN
ROWS_ON_A_PAGE = 60
TALLEST = 9000
SMALL = 27
#: Characters named in the foot when the font lacks them; more are counted.
_MOST_LACKING = 12


@dataclass(frozen=True)
class Layout:
    """The pages, and the characters of the table that the font cannot draw."""

    pages: tuple[Page, ...]
    missing: tuple[str, ...] = ()

    def pictures(self) -> list[bytes]:
        """The pages as PNG files, 1080 pixels wide."""
        return [page_png(page) for page in self.pages]


@dataclass(frozen=True)
class Piece:
    """Items that stay together, drawn from y = 0, and how much height they take.

    *rows* counts the rows in it: a piece without any that has a *heading* leads a group.
    """

    height: int
    items: tuple[Item, ...]
    rows: int = 0
    heading: str = ""


@dataclass(frozen=True)
class Frame:
    """What stands around the rows: *below* in dark letters, then *footer* in grey ones."""

    title: str
    subtitle: str
    legend: Piece | None = None
    below: str = ""
    footer: str = ""
    mark: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows under a heading of columns of their own, which is repeated on each page."""

    pieces: tuple[Piece, ...]
    columns: Piece | None = None


def sheets(frame: Frame, sections: Iterable[Section]) -> Layout:
    """Where everything stands. A page holds up to 60 rows; more are shared out evenly."""
    head, foot = _head(frame), _foot(frame)
    pages: list[list[Piece]] = []
    for section in sections:
        top = [head, section.columns] if section.columns else [head]
        room = TALLEST - sum(piece.height for piece in (*top, foot))
        pages += [[*top, *stack] for stack in _shared_out(section.pieces, room)]
    count = len(pages)
    return Layout(
        tuple(
            _page(frame, [*stack, foot], f"第 {at}／{count} 页" if count > 1 else "")
            for at, stack in enumerate(pages, start=1)
        ),
        frame.missing,
    )


def said_when_empty(text: str) -> Piece:
    """What a picture says that has no rows."""
    return Piece(180, (Text(WIDTH // 2, 90, text, 36, GREY, anchor="mm"),))


def group_heading(heading: str, count: str = "") -> Piece:
    """The name of a group on its band, and on the right how many stand in it."""
    lines = wrap(heading, 36, RIGHT - MARGIN - 260)
    foot = 30 + 44 * len(lines)
    items: list[Item] = [
        Block((MARGIN, 14, RIGHT, foot), BAND),
        Block((MARGIN, 14, MARGIN + 12, foot), BLUE),
    ]
    for at, line in enumerate(lines):
        items.append(Text(MARGIN + 30, 44 + 44 * at, line, 36, bold=True))
    if count:
        items.append(Text(RIGHT - 18, 44, count, SMALL, GREY, anchor="rm"))
    return Piece(foot + 8, tuple(items), heading=heading)


def moved(item: Item, down: int, right: int = 0) -> Item:
    """The same thing lower on the page, and further right."""
    match item:
        case Text() | Disc():
            return replace(item, x=item.x + right, y=item.y + down)
        case Block(box=(x1, y1, x2, y2)) | Hatching(box=(x1, y1, x2, y2)):
            return replace(item, box=(x1 + right, y1 + down, x2 + right, y2 + down))
        case Polygon():
            return replace(item, corners=tuple((x + right, y + down) for x, y in item.corners))
        case Watermark():
            return item


def _shared_out(pieces: Sequence[Piece], room: int) -> list[list[Piece]]:
    """The pieces page by page; a heading is never left alone and is repeated where it goes on."""
    rows = _rows_for_each_page(pieces, room)
    stacks: list[list[Piece]] = [[]]
    waiting: list[Piece] = []
    for piece in pieces:
        if not piece.rows and piece.heading:
            waiting = [piece]
            continue
        new = [*waiting, piece]
        full = sum(each.rows for each in stacks[-1]) + piece.rows > rows
        tall = sum(each.height for each in (*stacks[-1], *new)) > room
        if stacks[-1] and (full or tall):
            stacks.append([])
            if not waiting and piece.heading:
                new = [group_heading(f"{piece.heading}（续）"), piece]
        stacks[-1].extend(new)
        waiting = []
    return stacks


def _rows_for_each_page(pieces: Sequence[Piece], room: int) -> int:
    """As even as can be: 61 rows are 31 and 30, not 60 and one lost on a page."""
    rows = sum(piece.rows for piece in pieces)
    height = sum(piece.height for piece in pieces)
    pages = max(-(-rows // ROWS_ON_A_PAGE), -(-height // room), 1)
    return max(-(-rows // pages), 1)


def _page(frame: Frame, stack: Sequence[Piece], number: str) -> Page:
    items: list[Item] = [Watermark(frame.mark)] if frame.mark else []
    y = 0
    for piece in stack:
        items.extend(moved(item, y) for item in piece.items)
        y += piece.height
    if number:
        items.append(Text(RIGHT, y - 34, number, SMALL, GREY, anchor="rm"))
    if frame.mark:
        items.extend(moved(item, y) for item in ribbon(frame.mark, WIDTH, 56))
        y += 56
    return Page(WIDTH, y, tuple(items))


def _head(frame: Frame) -> Piece:
    items: list[Item] = []
    y = 0
    if frame.mark:
        items.extend(ribbon(frame.mark, WIDTH, 72))
        y = 72
    y += 28
    for line in wrap(frame.title, 56, RIGHT - MARGIN):
        items.append(Text(WIDTH // 2, y + 38, line, 56, bold=True, anchor="mm"))
        y += 76
    for line in wrap(frame.subtitle, 30, RIGHT - MARGIN):
        items.append(Text(WIDTH // 2, y + 22, line, 30, GREY, anchor="mm"))
        y += 44
    y += 16
    items.append(Block((MARGIN, y, RIGHT, y + 4), INK))
    legend = frame.legend or Piece(16, ())
    items.extend(moved(item, y + 4) for item in legend.items)
    return Piece(y + 4 + legend.height, tuple(items))


def _foot(frame: Frame) -> Piece:
    items: list[Item] = []
    y = 24
    texts = ((frame.below, INK), (frame.footer, GREY), (lacking_text(frame.missing), GREY))
    for text, colour in texts:
        for line in wrap(text, SMALL, RIGHT - MARGIN, even=False) if text else ():
            items.append(Text(MARGIN, y + 20, line, SMALL, colour))
            y += 40
        y += 8 if text else 0
    return Piece(y + 52, tuple(items))


def lacking_text(missing: Sequence[str]) -> str:
    """What stands for characters that the font lacks, by their code points; empty for none."""
    if not missing:
        return ""
    codes = "、".join(f"U+{ord(each):04X}" for each in missing[:_MOST_LACKING])
    more = f"等{len(missing)}个" if len(missing) > _MOST_LACKING else ""
    return f"“{replacement()}”代替字体中没有的字（{codes}{more}）。"
