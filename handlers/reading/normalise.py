"""One form for whatever people type, and the way back to what they wrote."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.rules.plain import (
    LINE_ENDS,
    command_key,
    is_unseen,
    name_key,
    normal,
    normalise,
    with_zeros,
)

__all__ = [
    "Mapped",
    "clean",
    "command_key",
    "folded",
    "mapped",
    "name_key",
    "normalise",
    "unmapped",
]

_ZERO_WIDTH_JOINER = "\u200d"

_BLANKS = re.compile(r"\s{5,}")
_GAP = re.compile(r"([^\S\n\t]{8})[^\S\n\t]+")
#: As many blanks as stand together between the cells of the widest table that is read.
_MOST_TABS = 59
_MOST_LINES = 3


@dataclass(frozen=True)
class Mapped:
    """Normalised text; *origin* holds for each of its characters the place it came from.

    *origin* has one entry more than *text*, so that an end can be looked up as well.
    """

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stood in what was written."""
        if start >= end:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1


def clean(text: str) -> str:
    """*text* as written, without what cannot be seen and with one kind of line end.

    This form is stored and printed: full-width punctuation and emoji stay as they are.
    """
    return "".join(char for _, char in _seen(text))


def folded(text: str) -> str:
    """*text* cleaned, with no more blanks in a row than say something.

    Eight in a line are a gap like any more; tabs keep their number up to a table's 60 cells.
    Many patterns may begin at each blank: thousands of them would be tried thousands of times.
    Whatever people write comes to the readers in this form: through `dispatch.answer`, the cells
    of a workbook and the command line.
    """
    return _BLANKS.sub(_fold, clean(text))


def folded_map(text: str) -> Mapped:
    """As `folded`, with the way back to the places in *text*."""
    places = [*(place for place, _ in _seen(text)), len(text)]
    plain = clean(text)
    pieces, origin, end = [], [], 0
    for found in _BLANKS.finditer(plain):
        blanks = _fold(found)
        pieces += [plain[end : found.start()], blanks]
        origin += [*places[end : found.start()], *[places[found.start()]] * len(blanks)]
        end = found.end()
    return Mapped("".join((*pieces, plain[end:])), (*origin, *places[end:]))


def _seen(text: str) -> Iterator[tuple[int, str]]:
    """The characters that stay, each with its place; every kind of line end is one."""
    for index, char in enumerate(_one_line_end(text)):
        if char in LINE_ENDS:
            yield index, "\n"
        elif char in "\n\t" or not _is_unseen(text, index, char):
            yield index, char


def _fold(found: re.Match[str]) -> str:
    blanks = _GAP.sub(r"\1", found[0])
    if len(blanks) <= _MOST_TABS:
        return blanks
    last = blanks.rpartition("\n")[2]
    lines = "\n" * min(blanks.count("\n"), _MOST_LINES)
    return lines + ("\t" * min(last.count("\t"), _MOST_TABS) if "\t" in last else last)


def mapped(text: str) -> Mapped:
    """As `normalise`, with the way back to the places in *text*."""
    pieces = list(map(normal, with_zeros(_one_line_end(text))))
    if all(map((1).__eq__, map(len, pieces))):
        return unmapped("".join(pieces))
    origin = (index for index, piece in enumerate(pieces) for _ in piece)
    return Mapped("".join(pieces), (*origin, len(text)))


def unmapped(plain: str) -> Mapped:
    """*plain*, which is normalised already, in the form of `mapped`."""
    return Mapped(plain, range(len(plain) + 1))


def _one_line_end(text: str) -> str:
    # Same length as the text, so that places keep their meaning.
    return re.sub(r"\r(?!\n)", "\n", text) if "\r" in text else text


def _is_unseen(text: str, index: int, char: str) -> bool:
    if char == _ZERO_WIDTH_JOINER and index:
        return not _is_emoji_part(text[index - 1])
    return is_unseen(char)


def _is_emoji_part(char: str) -> bool:
    return char == "\ufe0f" or unicodedata.category(char) in ("So", "Sk")
