"""One form for whatever people type: width, script, dashes and invisible characters made equal."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from handlers.reading.script import SIMPLIFIED

# Official texts and phones use a dozen dashes for one; 一 and ー are letters and stay.
_DASHES = dict.fromkeys("‐‑‒–—―−─━⸺⸻﹘﹣－", "-")
_TILDES = dict.fromkeys("～〜∼˜", "~")
_DOTS = dict.fromkeys("•・‧∙⋅●○◦◆◇■□▪▫★☆※►▶➤✦", "·")
_QUOTES = dict.fromkeys("“”„‟〝〞＂「」『』", '"') | dict.fromkeys("‘’‚‛＇", "'")
_LINE_ENDS = dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
# NFKC would make ① a bare 1, which glued to its words reads as a count.
_CIRCLED = {chr(0x2460 + n): f"({n + 1})" for n in range(20)}
_CIRCLED |= {chr(0x2776 + n): f"({n + 1})" for n in range(10)}
_LOOKS_ALIKE = _CIRCLED | _DASHES | _TILDES | _DOTS | _QUOTES | _LINE_ENDS

_ZERO_WIDTH_JOINER = "\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_INSIDE_DIGITS = re.compile(r"(?<=\d)[-.](?=\d)")


@dataclass(frozen=True)
class Mapped:
    """Normalised text; *origin* holds for each of its characters the place it came from.

    *origin* has one entry more than *text*, so that an end can be looked up as well.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stood in what was written."""
        if start >= end:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1


def clean(text: str) -> str:
    """*text* as written, without what cannot be seen and with one kind of line end.

    This form is stored and printed: full-width punctuation and emoji stay as they are.
    """
    kept = []
    for index, char in enumerate(_one_line_end(text)):
        if char in _LINE_ENDS:
            kept.append("\n")
        elif char in "\n\t" or not _is_unseen(text, index, char):
            kept.append(char)
    return "".join(kept)


def normalise(text: str) -> str:
    """*text* for matching: NFKC, simplified script, one dash, one quote, nothing invisible."""
    return "".join(map(_normal, text.replace("\r\n", "\n").replace("\r", "\n")))


def mapped(text: str) -> Mapped:
    """As `normalise`, with the way back to the places in *text*."""
    pieces: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        piece = "\n" if char == "\r" and text[index + 1 : index + 2] != "\n" else _normal(char)
        pieces.append(piece)
        origin.extend([index] * len(piece))
    return Mapped("".join(pieces), (*origin, len(text)))


def command_key(text: str) -> str:
    """What remains of a command word or a name when only its letters and digits count.

    A dash or point between digits stays, since 州1-7 and 州17 are two things.
    """
    plain = normalise(text).casefold()
    inside = {match.start() for match in _INSIDE_DIGITS.finditer(plain)}
    return "".join(char for i, char in enumerate(plain) if char.isalnum() or i in inside)


def _one_line_end(text: str) -> str:
    # Same length as the text, so that places keep their meaning.
    return re.sub(r"\r(?!\n)", "\n", text)


def _is_unseen(text: str, index: int, char: str) -> bool:
    if char == _ZERO_WIDTH_JOINER and index:
        return not _is_emoji_part(text[index - 1])
    return unicodedata.category(char) in _UNSEEN


def _is_emoji_part(char: str) -> bool:
    return char == "\ufe0f" or unicodedata.category(char) in ("So", "Sk")


@lru_cache(maxsize=20_000)
def _normal(char: str) -> str:
    if char in "\n\t":
        return char
    if char in _LOOKS_ALIKE:
        return _LOOKS_ALIKE[char]
    if unicodedata.category(char) in _UNSEEN:
        return ""
    wide = unicodedata.normalize("NFKC", char)
    return "".join(_LOOKS_ALIKE.get(c, SIMPLIFIED.get(c, c)) for c in wide)
