"""A document in the order in which it is printed: the writer and the self-check both go by it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from handlers.render.document import (
    Align,
    Annex,
    Block,
    Document,
    Editable,
    Heading,
    Line,
    PageBreak,
    Paragraph,
    Table,
    plain,
)


class Style(StrEnum):
    """What a paragraph is; the writer gives each its face."""

    NUMBER = "number"
    TITLE = "title"
    ADDRESSEE = "addressee"
    HEADING_1 = "heading 1"
    HEADING_2 = "heading 2"
    HEADING_3 = "heading 3"
    BODY = "body"
    ANNEX_LIST = "annex list"
    ANNEX_MARK = "annex mark"
    ANNEX_TITLE = "annex title"
    CAPTION = "caption"
    SIGNATURE = "signature"
    BLANK = "blank"


HEADINGS = {1: Style.HEADING_1, 2: Style.HEADING_2, 3: Style.HEADING_3}
_LEVELS = frozenset(HEADINGS.values())


@dataclass(frozen=True)
class Printed:
    """One paragraph; *place* says where a reader finds it, *hang* how many characters it keeps
    free on its right; one that *stays* is on the page of what follows it."""

    style: Style
    text: Line
    place: str = ""
    lead: str = ""
    indent: bool = False
    align: Align = Align.LEFT
    hang: float = 0
    stays: bool = False


@dataclass(frozen=True)
class Grid:
    """A table where it is printed."""

    table: Table
    place: str


@dataclass(frozen=True)
class Turn:
    """A new page; *landscape* None keeps the way the page lies."""

    landscape: bool | None = None


Part = Printed | Grid | Turn


def parts(document: Document) -> Iterator[Part]:
    """Everything that is printed, in order."""
    if document.number:
        yield Printed(Style.NUMBER, document.number, "文号", align=Align.CENTRE)
        yield Printed(Style.BLANK, "")
    for line in document.title:
        yield Printed(Style.TITLE, line, "标题", align=Align.CENTRE)
    yield Printed(Style.BLANK, "")
    if document.addressee:
        yield Printed(Style.ADDRESSEE, document.addressee, "主送")
    yield from _together(
        list(_blocks(document.blocks, "正文")),
        [*_annex_list(document.annexes), *_signature(document.signature, document.issued_on)],
    )
    yield from _annexes(document.annexes)


def _together(body: list[Part], end: list[Printed]) -> Iterator[Part]:
    """GB/T 9704 7.3.5: no page holds a signature and nothing of the text."""
    if not end:
        yield from body
        return
    yield from body[:-1]
    for each in (*body[-1:], *end[:-1]):
        yield replace(each, stays=True) if isinstance(each, Printed) else each
    yield end[-1]


def _blocks(blocks: Iterable[Block], start: str) -> Iterator[Part]:
    """The blocks; each place is the nearest heading and how far behind it."""
    heading, behind = start, 0
    for block in blocks:
        for part in _block(block):
            if isinstance(part, Printed) and part.style in _LEVELS:
                heading, behind = plain(part.text), 0
                yield _placed(part, heading)
            elif isinstance(part, Turn):
                yield part
            else:
                behind += 1
                yield _placed(part, f"{heading} 第{behind}段")


def _placed(part: Printed | Grid, place: str) -> Part:
    if isinstance(part, Grid):
        return Grid(part.table, plain(part.table.caption) or place)
    return replace(part, place=place)


def _block(block: Block) -> Iterator[Part]:
    match block:
        case Heading(level, text):
            yield Printed(HEADINGS[level], text, indent=True)
        case Paragraph(text, lead, indent, align):
            yield Printed(Style.BODY, text, lead=lead, indent=indent, align=align)
        case Editable(text=text):
            for line in filter(None, map(str.strip, text.splitlines())):
                yield Printed(Style.BODY, line, indent=True, align=Align.BOTH)
        case Table():
            if plain(block.caption):
                yield Printed(Style.CAPTION, block.caption, align=Align.CENTRE)
            yield Grid(block, "")
        case PageBreak():
            yield Turn()


def _annex_list(annexes: tuple[Annex, ...]) -> Iterator[Printed]:
    if not annexes:
        return
    yield Printed(Style.BLANK, "")
    for at, annex in enumerate(annexes, start=1):
        number = f"{at}." if len(annexes) > 1 else ""
        head = "附件：" if at == 1 else "　　　"
        yield Printed(Style.ANNEX_LIST, f"{head}{number}{annex.title}", "附件说明", indent=True)


def _signature(signature: str, day: date | None) -> Iterator[Printed]:
    """GB/T 9704 7.3.5: the day begins two characters behind the signature and keeps two free."""
    if not signature and day is None:
        return
    yield Printed(Style.BLANK, "")
    written = f"{day.year}年{day.month}月{day.day}日" if day else ""
    free = max(2.0, len(signature) - _width(written)) if signature else 4.0
    if signature:
        over = max(2.0, _width(written) + 4 - len(signature)) if written else 2.0
        yield Printed(Style.SIGNATURE, signature, "落款", align=Align.RIGHT, hang=over)
    if written:
        yield Printed(Style.SIGNATURE, written, "成文日期", align=Align.RIGHT, hang=free)


def _width(text: str) -> float:
    """How many characters of the line it takes: figures half of one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _annexes(annexes: tuple[Annex, ...]) -> Iterator[Part]:
    lies = False
    for at, annex in enumerate(annexes, start=1):
        yield Turn(annex.landscape if annex.landscape != lies else None)
        lies = annex.landscape
        mark = f"附件{at}" if len(annexes) > 1 else "附件"
        yield Printed(Style.ANNEX_MARK, mark, mark)
        yield Printed(Style.ANNEX_TITLE, annex.title, mark, align=Align.CENTRE)
        yield Printed(Style.BLANK, "")
        yield from _blocks(annex.blocks, mark)
