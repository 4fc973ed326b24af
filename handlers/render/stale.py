"""Figures in words that people wrote, which the present data do not hold: last month's, mostly."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: A number that counts something: with %, or with a measure behind it. Dates, ordinals and the
#: names of plans are none.
_FIGURE = re.compile(
    r"(?<![\d.〔第])(\d+(?:\.\d+)?)(?:万|亿)?"
    r"(?:%|％|个百分点|人次|人|户|家|所|个(?!月)|项|件|条|张|台|处|座|公里|亩|元|吨|倍)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: What the lifecycle adds to a snapshot is no data.
_NOT_DATA = frozenset({"carried", "drafts", "masthead", "notes", "written"})


def stale_figures(text: str, snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    """The figures of *text*, as written, whose numbers stand nowhere in the snapshot."""
    known = set(_numbers(value for key, value in snapshot.items() if key not in _NOT_DATA))
    found = (each for each in _FIGURE.finditer(text) if _plain(each[1]) not in known)
    return tuple(dict.fromkeys(each[0] for each in found))


def _numbers(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _numbers(value.values())
        elif isinstance(value, list):
            yield from _numbers(value)
        elif value is not None and not isinstance(value, bool):
            yield from map(_plain, _NUMBER.findall(str(value)))


def _plain(number: str) -> str:
    """28.50 and 28.5 are one number."""
    return number.rstrip("0").rstrip(".") if "." in number else number
