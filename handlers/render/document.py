"""An official document as plain data: what is printed, where it comes from, what must agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.rules.rounding import NOT_APPLICABLE

#: What the written file is.
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Disagreement:
    """One thing in a file that is not as it should be, and where."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}：{self.text}"


@dataclass(frozen=True)
class Datum:
    """A figure or name as printed, and where in the snapshot it stands: `tasks/7/percent`."""

    text: str
    at: str


#: A run of text: words, or a datum among them.
Piece = str | Datum
#: What stands in a paragraph or a cell.
Line = Piece | tuple[Piece, ...]


def pieces(line: Line) -> tuple[Piece, ...]:
    """The runs of a line, one by one."""
    return line if isinstance(line, tuple) else (line,)


def plain(line: Line) -> str:
    """The line as a reader sees it."""
    return "".join(each.text if isinstance(each, Datum) else each for each in pieces(line))


def joined(lines: Iterable[Line], separator: str = "、") -> tuple[Piece, ...]:
    """Several lines as one, with *separator* between them."""
    found: list[Piece] = []
    for line in lines:
        found += [separator] if found else []
        found += pieces(line)
    return tuple(found)


class Source:
    """Reads a frozen snapshot; whatever is printed of it is a `Datum` that says its place."""

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self._snapshot = snapshot

    def value(self, at: str) -> Any:
        """What stands at a place such as `tasks/7/percent`; KeyError where nothing does."""
        found: Any = self._snapshot
        for step in at.split("/"):
            try:
                found = found[int(step)] if isinstance(found, list) else found[step]
            except (IndexError, KeyError, TypeError, ValueError):
                raise KeyError(at) from None
        return found

    def datum(self, at: str) -> Datum:
        """The text or number there, exactly as frozen; a dash for None."""
        return Datum(printed(self.value(at)), at)

    def data(self, at: str) -> tuple[Datum, ...]:
        """Each entry of the list there."""
        return tuple(self.datum(f"{at}/{place}") for place in range(len(self.value(at))))


def printed(value: Any) -> str:
    """A value of a snapshot as it is printed: decimals are frozen as text, already rounded."""
    return NOT_APPLICABLE if value is None else str(value)


class Align(StrEnum):
    """Where text stands in its line or cell; *BOTH* fills the line, as body text does."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、), 2 （一） or 3 (1.); its number is part of the text."""

    level: int
    text: Line


@dataclass(frozen=True)
class Paragraph:
    """Body text; *lead* is set in 楷体 in front of it, *indent* is two characters."""

    text: Line
    lead: str = ""
    indent: bool = True
    align: Align = Align.BOTH


@dataclass(frozen=True)
class Editable:
    """Words that an admin may change by chat (`通报 修改 特点 …`), a paragraph a line.

    *title* is what the block is called in chat; the words come from the *texts* of `build`.
    """

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table that spans *columns* and *rows*; what it covers is left out."""

    text: Line
    columns: int = 1
    rows: int = 1
    align: Align | None = None


@dataclass(frozen=True)
class Table:
    """A table: *header* rows are repeated on every page, *widths* are shares of the line.

    *aligns* is per column (centred where it is shorter). Every row fills the same columns.
    """

    header: tuple[tuple[Cell | Line, ...], ...]
    rows: tuple[tuple[Cell | Line, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...] = ()
    caption: Line = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Editable | Table | PageBreak


@dataclass(frozen=True)
class Annex:
    """附件: on pages of its own, behind the signature; its number follows from its place."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Sum:
    """The *parts* add up to the *total*; all are places in the snapshot."""

    what: str
    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """*percent* is what *part* is of *whole*, rounded half up to *decimals*."""

    what: str
    percent: str
    part: str
    whole: str
    decimals: int = 2


@dataclass(frozen=True)
class Count:
    """As many entries of the list at *names* are printed as *count* says."""

    what: str
    count: str
    names: str


@dataclass(frozen=True)
class Same:
    """What stands at *one* and at *other* is the same, such as a cell derived in two ways."""

    what: str
    one: str
    other: str


@dataclass(frozen=True)
class Tally:
    """As many of the *places* hold *value* as *count* says, such as tasks of one status."""

    what: str
    count: str
    places: tuple[str, ...]
    value: str


Rule = Sum | Share | Count | Same | Tally


@dataclass(frozen=True)
class Document:
    """One official document (GB/T 9704-2012); all of it follows from a snapshot and its texts.

    *title* has one entry a line. *rules* are what the self-check holds against the written file.
    The lifecycle sets *number* (文号), *issued_on* and *mark* (演示数据); a `build` leaves them.
    """

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    addressee: str = ""
    annexes: tuple[Annex, ...] = ()
    signature: str = ""
    rules: tuple[Rule, ...] = ()
    number: str = ""
    issued_on: date | None = None
    mark: str = ""

    def editable(self) -> Iterator[Editable]:
        """The blocks whose words may be changed, in printed order."""
        for blocks in (self.blocks, *(annex.blocks for annex in self.annexes)):
            yield from (each for each in blocks if isinstance(each, Editable))
