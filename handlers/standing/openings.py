"""How a message begins that goes out unasked: in the words of its programmes, else the usual."""

from collections.abc import Iterable

from models.programme import Programme
from models.rules.opening import BREAK, TEMPLATES, Opening, filled

POLICY = "openings"


def words_of(programme: Programme, which: Opening) -> str:
    """The opening in force in one programme, with its blanks."""
    stated = programme.stated(POLICY) or {}
    return str(stated.get(which, TEMPLATES[which].words))


def opening(which: Opening, programmes: Iterable[Programme], before: str = "") -> str:
    """The first line of a message about these programmes; *before* names the break ahead.

    Where their offices word it differently, the usual words say it for all.
    """
    stated = {words_of(each, which) for each in programmes}
    words = stated.pop() if len(stated) == 1 else TEMPLATES[which].words
    return filled(words, {BREAK: before})
