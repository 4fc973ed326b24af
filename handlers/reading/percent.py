"""Percentages and shares in normalised text: 28.5%, 百分之四十四, 三成五, 三分之二."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from handlers.reading.numerals import Number, read_number
from models.rules.unit import tidy

_OUT_OF = re.compile(r"([百千万]|[二三四五六七八九十]+)分之$")
_TENTHS_AFTER = re.compile(r"成(?![立为员效果本绩熟长品交功型年套不新])")
_TENTHS = re.compile(
    r"(?<![一二两三四五六七八九十几数])([一二两三四五六七八九十])成(?![立为员效果本绩熟长品交功型年套不新])"
    r"(半|[一二三四五六七八九](?![个所户家项人名件次]))?"
)
_WHOLE = re.compile(r"百分之百")
_HALF = re.compile(r"(?<![大小下上前后多另])一半")
# A share against an earlier time is growth and no percentage of the task.
_GROWTH = re.compile(
    r"(?:同比|环比|增长|增加|增幅|提高|提升|上升|下降|减少|降低|比上\S{1,4}?)[^,;。]{0,6}$"
)


@dataclass(frozen=True)
class Percentage:
    """A share in per cent as printed, at ``text[start:end]``."""

    start: int
    end: int
    value: Decimal


def is_growth(text: str, start: int) -> bool:
    """Whether the share that begins at *start* is against an earlier time."""
    return _GROWTH.search(text, max(0, start - 20), start) is not None


def percentages_in(text: str, numbers: Sequence[Number]) -> tuple[Percentage, ...]:
    """Every percentage of normalised *text* in order; *numbers* are all that it holds."""
    found = [*_with_numbers(text, numbers)]
    found += _tenths(text)
    found += (Percentage(m.start(), m.end(), Decimal(50)) for m in _HALF.finditer(text))
    found += (Percentage(m.start(), m.end(), Decimal(100)) for m in _WHOLE.finditer(text))
    return tuple(sorted(found, key=lambda share: share.start))


def _with_numbers(text: str, numbers: Sequence[Number]) -> Iterator[Percentage]:
    for number in numbers:
        if number.value is None:
            continue
        after = text[number.end : number.end + 2].strip()
        out_of = text.endswith("分之", 0, number.start)
        before = _OUT_OF.search(text, max(0, number.start - 8), number.start) if out_of else None
        if after[:1] in ("%", "‰"):
            end = text.index(after[0], number.end) + 1
            value = number.value if after[0] == "%" else number.value / 10
            yield Percentage(number.start, end, value)
        elif not number.chinese and number.value <= 10 and _TENTHS_AFTER.match(text, number.end):
            yield Percentage(number.start, number.end + 1, tidy(number.value * 10))
        elif before and (whole := _whole(before[1])):
            value = _two_places(number.value * 100 / whole)
            yield Percentage(before.start(), number.end, value)


def _whole(word: str) -> Decimal | None:
    named = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000)}
    return named.get(word) or read_number(word)


def _two_places(value: Decimal) -> Decimal:
    if value == value.quantize(Decimal("0.000001")):
        return value
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _tenths(text: str) -> Iterator[Percentage]:
    for match in _TENTHS.finditer(text):
        tens = read_number("二" if match[1] == "两" else match[1]) or Decimal(0)
        ones = Decimal(5) if match[2] == "半" else read_number(match[2] or "零") or Decimal(0)
        yield Percentage(match.start(), match.end(), tens * 10 + ones)
