"""What official documents share: numbered sections, places of a list, words from last time."""

from collections.abc import Iterable, Iterator

from handlers.render.document import (
    Block,
    Datum,
    Editable,
    Heading,
    Line,
    Piece,
    Source,
    joined,
    pieces,
)

_NUMERALS = "一二三四五六七八九"

#: A section's heading and what stands under it.
Section = tuple[str, tuple[Block, ...]]


def sections(found: Iterable[Section]) -> Iterator[Block]:
    """The sections under 一、二、…; one without words has no heading and takes no number."""
    number = 0
    for heading, blocks in found:
        if any(not isinstance(each, Editable) or each.text.strip() for each in blocks):
            yield Heading(1, f"{numeral(number)}、{heading}")
            number += 1
        yield from blocks


def numeral(place: int) -> str:
    """一 for the first place (0), 十二, 二十一; in figures from 100 on."""
    tens, ones = divmod(place + 1, 10)
    if tens > 9:
        return str(place + 1)
    ten = f"{_NUMERALS[tens - 1] if tens > 1 else ''}十" if tens else ""
    return ten + (_NUMERALS[ones - 1] if ones else "")


def places(source: Source, at: str) -> tuple[str, ...]:
    """The places of a list's entries: tasks/0, tasks/1, …"""
    return tuple(f"{at}/{n}" for n in range(len(source.value(at))))


def names(source: Source, at: str, none: str = "—") -> Line:
    """The entries of a list in one line, 、 between them; *none* where there are none."""
    return joined(source.data(at)) or none


def lines(source: Source, at: str, *, numbered: bool = False) -> tuple[Piece, ...]:
    """The entries of a list, each on a line of its own."""
    data: Iterable[Datum] = source.data(at)
    if not numbered:
        return joined(data, "\n")
    return joined(((f"{n}.", *pieces(each)) for n, each in enumerate(data, start=1)), "\n")


def unless_zero(source: Source, at: str) -> Line:
    """The count there; an empty cell for none, as official tables leave it."""
    return source.datum(at) if source.value(at) else ""
