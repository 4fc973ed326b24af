"""Amounts in task tables → indicators: 任务数 with its unit, bounds such as 不低于700元/月."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import ValidationError

from models.programmes.definition import IndicatorEntry
from models.programmes.documents.blocks import one_line
from models.programmes.documents.items import Target
from models.rules.plain import normalise
from models.rules.unit import Dimension, unit_called

Kind = Literal["count", "measure", "money", "threshold", "narrative"]

_AT_LEAST = "不低于|不少于|不小于|达到|至少|提升至|提升到|提高至|提高到|≥|>="
_AT_MOST = "不超过|不高于|不大于|控制在|≤|<="
_AMOUNT = re.compile(
    rf"(?P<least>(?:完成|确保|{_AT_LEAST})*)(?P<most>{_AT_MOST})?约?(?P<value>\d+(?:\.\d+)?)"
)
_BOUND = re.compile(r"以上|以内|以下|左右")
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_LONGEST_UNIT = 8
_UNIT_IN_NAME = re.compile(r"[（(]\s*([^（）()\d]{1,6}?)\s*[）)]")
_SCANNED_POINT = re.compile(r"(?<=\d)\s*\.\s*(?=\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_MEASURED = {Dimension.LENGTH, Dimension.AREA, Dimension.VOLUME, Dimension.MASS}
_LEVELS = {Dimension.MONEY_PER_TIME, Dimension.PERCENT}
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class TargetReading:
    """The task's indicator, if its amount could be read, and what was not or is in doubt.

    *shares* are the parts of places, under the names of their columns.
    """

    indicator: IndicatorEntry | None
    kind: Kind
    unread: str = ""
    doubt: str = ""
    shares: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    unit: str
    at_most: bool
    printed: str
    rest: str


def read_target(target: Target, title: str) -> TargetReading:
    """The indicator of a row: amount, unit from its column, the amount itself or the name (个)."""
    printed = one_line(target.amount)
    if not printed:
        return TargetReading(None, "narrative", unread="为空")
    amount = _amount(_regular(target.amount))
    if amount is None:
        return TargetReading(None, "narrative", unread=f"“{printed}”没有读懂")
    unit = next(_units(target, amount.unit, title), None)
    if unit is None:
        return TargetReading(None, "narrative", unread=f"“{printed}”没有写明计量单位")
    shares, odd = _shares(target, amount.unit)
    doubts = [f"“{printed}”只读了“{amount.printed}”"] if amount.rest else []
    doubts += [f"里{name}的“{text}”没有读懂" for name, text in odd]
    total = sum(value for _, value in shares)
    if shares and not odd and total != amount.value:
        doubts.append(f"“{printed}”与各地合计{total:f}不一致")
    try:
        entry, kind = _indicator(amount, unit, target.indicator or indicator_name(title))
    except ValidationError:  # 0, or more than anything that is counted
        return TargetReading(None, "narrative", unread=f"“{printed}”不能作为目标")
    return TargetReading(entry, kind, doubt="；".join(doubts), shares=shares)


def _shares(
    target: Target, unit: str
) -> tuple[tuple[tuple[str, Decimal], ...], list[tuple[str, str]]]:
    """The parts that could be read in the unit of the whole, and those that could not."""
    read = [(name, text, _amount(_regular(text))) for name, text in target.shares]
    good = tuple(
        (name, amount.value)
        for name, _, amount in read
        if amount and not amount.rest and amount.unit in ("", unit)
    )
    known = {name for name, _ in good}
    return good, [(name, one_line(text)) for name, text, _ in read if name not in known]


def indicator_name(title: str) -> str:
    """The name of what a title counts, without the unit that stands in brackets after it."""
    name = one_line(_UNIT_IN_NAME.sub(_without_unit, title)).strip("，,。；;、")
    return name[:_NAME_LENGTH] or one_line(title)[:_NAME_LENGTH]


def _without_unit(match: re.Match[str]) -> str:
    return "" if unit_called(match[1]) or "/" in match[1] else match.group()


def _regular(text: str) -> str:
    """Half width, without the blanks that scans put into decimals and before units."""
    words = normalise(text)
    words = _THOUSANDS.sub("", _SCANNED_POINT.sub(".", words))
    words = re.sub(r"(?<=[\d/])[ \t]+(?=[^\d\s])|(?<=\S)[ \t]+(?=/)", "", words)
    return re.sub(r"(?<=[^\d\s])[ \t]+(?=\d)", "", words.strip(), count=1)


def _amount(text: str) -> _Amount | None:
    """One number with its unit and bound; None for alternatives, ranges and mere words."""
    match = _AMOUNT.match(text)
    if match is None:
        return None
    value, rest = Decimal(match["value"]), text[match.end() :]
    unit = _unit_before(rest)
    if not unit and rest[:1] in _SCALES:
        value, rest = value * _SCALES[rest[0]], rest[1:]
    rest = rest[len(unit) :]
    bound = _BOUND.match(rest)
    rest = rest[bound.end() :] if bound else rest
    if re.match(r"\s*(?:[/—~～-]|\d)", rest) or re.search(r"/\s*\d", rest):
        return None
    at_most = bool(match["most"]) or (bound is not None and bound.group() in ("以内", "以下"))
    return _Amount(value, unit, at_most, text[: len(text) - len(rest)], rest.strip(" ,，。;；"))


def _unit_before(text: str) -> str:
    """The longest known unit that *text* begins with."""
    lengths = range(min(_LONGEST_UNIT, len(text)), 0, -1)
    return next(
        (text[:n] for n in lengths if not text[n - 1].isspace() and unit_called(text[:n])), ""
    )


def _units(target: Target, printed: str, title: str) -> Iterator[str]:
    """Units the row may mean, the surest first; known ones under their usual name."""
    in_name = _UNIT_IN_NAME.findall(title)
    for word in (printed, target.measure, *reversed(in_name)):
        unit = unit_called(word) if word else None
        if unit is not None:
            yield unit.unit.name if unit.scale == 1 else "".join(word.split())
    if target.measure:
        yield one_line(target.measure)


def _indicator(amount: _Amount, unit: str, name: str) -> tuple[IndicatorEntry, Kind]:
    known = unit_called(unit)
    dimension = known.unit.dimension if known else Dimension.THINGS
    threshold = dimension in _LEVELS or amount.at_most
    entry = IndicatorEntry(
        name=name,
        unit=unit,
        target=amount.value,
        comparator="<=" if amount.at_most else ">=",
        threshold=threshold,
    )
    return entry, "threshold" if threshold else _kind(dimension)


def _kind(dimension: Dimension) -> Kind:
    if dimension is Dimension.MONEY:
        return "money"
    return "measure" if dimension in _MEASURED else "count"
