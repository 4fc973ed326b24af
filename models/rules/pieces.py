"""Texts too long for one message: in pieces by bytes, and whole again."""

from collections.abc import Sequence
from itertools import pairwise


def split_text(text: str, limit: int) -> list[str]:
    """*text* in pieces of at most *limit* UTF-8 bytes, cut between lines, never in a character."""
    pieces: list[str] = []
    for line in text.split("\n"):
        for part in _cut(line, limit):
            longer = f"{pieces[-1]}\n{part}" if pieces else part
            if pieces and len(longer.encode()) <= limit:
                pieces[-1] = longer
            else:
                pieces.append(part)
    return [piece for piece in pieces if piece.strip()]


def joined(pieces: Sequence[str], limit: int) -> str:
    """Pieces of `split_text` by *limit*, and other texts, one below the other.

    A line that was cut is whole again: a piece without an end of line that had no room for one
    more character.
    """
    text = pieces[0]
    for piece, behind in pairwise(pieces):
        is_cut = len(f"{piece}{behind[:1]}".encode()) > limit and "\n" not in piece
        text += behind if is_cut else f"\n{behind}"
    return text


def _cut(line: str, limit: int) -> list[str]:
    """A line in parts of at most *limit* bytes; nearly always the line itself."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode(errors="replace"))
        if size + width > limit:
            parts.append("")
            size = 0
        parts[-1] += char
        size += width
    return parts
