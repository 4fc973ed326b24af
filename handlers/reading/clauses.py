"""A responsibility clause as people write it: 政7-2, 政7（2）, 政7第2项."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import mapped
from handlers.reading.numerals import read_number

_PLACE = r"(?P<{}>\d{{1,2}}(?!\d)|[一二三四五六七八九十]{{1,3}})"
_CLAUSE = re.compile(
    r"\s*(?P<head>[^\s,:;。、()\-]{1,30}?)\s*"
    rf"(?:[-.]\s*(?P<dashed>\d{{1,2}})(?![\d.])|之{_PLACE.format('of')}"
    rf"|\(\s*{_PLACE.format('bracketed')}\s*\)|的?第\s*{_PLACE.format('counted')}\s*[项条款点])"
)


@dataclass(frozen=True)
class ClauseWritten:
    """The clause at the beginning of a text: its task's name, its place among the clauses.

    *text* is the whole as written. *by_number*: only a number can stand before a dash.
    """

    head: str
    place: int
    text: str
    by_number: bool


def read_clause(text: str) -> ClauseWritten | None:
    """The clause that *text* begins with, or None; whether there is such a task is not asked."""
    first = mapped(text.split("\n")[0][:80])
    found = _CLAUSE.match(first.text)
    if found is None:
        return None
    written = next(filter(None, (found[n] for n in ("dashed", "of", "bracketed", "counted"))))
    place = int(written) if written.isdecimal() else read_number(written)
    if not place:
        return None
    return ClauseWritten(
        head=found["head"],
        place=int(place),
        text=text[: first.span(0, found.end())[1]].strip(),
        by_number=found["dashed"] is not None or found["of"] is not None,
    )
