"""Numbers with what they measure, found in normalised text: value, unit, roughly or exactly."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.reading.numerals import Number, NumberProblem
from handlers.reading.percent import Percentage
from models.rules.unit import unit_at

_ROUGHLY_BEFORE = re.compile(
    r"(?:大约|约|将近|接近|近|超过|超|逾|突破|不少于|不到|不足|至少|大概)为?[\s:]*$"
)
_ROUGHLY_AFTER = re.compile(r"\s*(?:左右|上下|以上|余|多)")
_MORE = re.compile(r"\s*[余多](?!\w*地)")
_DATE_MARK = re.compile(
    r"\s*(?:年(?!度?任务)|月|日|号(?!线)|时(?!间)|点钟)|:\d|[-/.]\d+[-/.]\d"
    r"|\s*[-~至到]\s*\d++\s*[年月日号]"
)
_NOTHING_GLUED = re.compile(
    r"$|[\s,;:。、()\[\]/~|!?·'\"-]|左右|上下|以上|余|多|完成|占|为|[至到]\d"
)
_GLUED_WORD = re.compile(r"\w{1,6}")
_RANGE = re.compile(r"\s*(?:-{1,2}|~|至|到)\s*\d++(?!\s*[年月日号])")


@dataclass(frozen=True)
class Measured:
    """A number at ``text[start:end]`` with its unit.

    *unit* is empty where none is written; *unknown* is then the word that stands in its place.
    """

    start: int
    end: int
    value: Decimal | None
    unit: str
    unknown: str
    approximate: bool
    begins_range: bool
    chinese: bool
    problem: NumberProblem | None


def measured_in(
    text: str,
    numbers: Sequence[Number],
    shares: Sequence[Percentage],
    declared_unit: str = "",
) -> Iterator[Measured]:
    """Every number of normalised *text* that is no percentage, date or part of a Latin name.

    *declared_unit* is recognised although the unit table does not hold it.
    """
    taken = {place for share in shares for place in range(share.start, share.end)}
    for number in numbers:
        if (
            number.start in taken
            or _in_latin_word(text, number)
            or _DATE_MARK.match(text, number.end)
        ):
            continue
        yield _measured(text, number, declared_unit)


def is_approximate(text: str, start: int, end: int) -> bool:
    """Whether 约, 近, 余 and the like stand directly around ``text[start:end]``."""
    before = _ROUGHLY_BEFORE.search(text, max(0, start - 8), start)
    return bool(before or _ROUGHLY_AFTER.match(text, end))


def _measured(text: str, number: Number, declared: str) -> Measured:
    more = _MORE.match(text, number.end)
    place = _skip_spaces(text, more.end() if more else number.end)
    unit, end = _unit(text, place, declared)
    if not unit:
        end = more.end() if more else number.end
    nothing_there = unit or _NOTHING_GLUED.match(text, end)
    word = None if nothing_there else _GLUED_WORD.match(text, end)
    return Measured(
        start=number.start,
        end=end,
        value=number.value,
        unit=unit,
        unknown=word[0] if word else "",
        approximate=more is not None or is_approximate(text, number.start, end),
        begins_range=_RANGE.match(text, end) is not None,
        chinese=number.chinese,
        problem=number.problem,
    )


def _unit(text: str, place: int, declared: str) -> tuple[str, int]:
    known = unit_at(text, place)
    if declared and text.startswith(declared, place):
        end = place + len(declared)
        if known is None or end >= known[1]:
            return declared, end
    return (known[0].name, known[1]) if known else ("", place)


def _in_latin_word(text: str, number: Number) -> bool:
    """4G, PM2.5 and A3 are names; their numbers count nothing."""
    before = text[number.start - 1 : number.start]
    if before.isascii() and before.isalpha():
        return True
    after = text[number.end : number.end + 1]
    return after.isascii() and after.isalpha() and unit_at(text, number.end) is None


def _skip_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t":
        place += 1
    return place
