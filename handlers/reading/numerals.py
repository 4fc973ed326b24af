"""Numbers as people write them, in Arabic and Chinese, found in normalised text.

What can be understood in two ways (三千万五, 二三) is reported as such and never guessed.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from models.rules.unit import tidy


class NumberProblem(StrEnum):
    """Why a run of digits is no number that may be taken."""

    AMBIGUOUS = "ambiguous"
    VAGUE = "vague"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"


class Number(NamedTuple):
    """A number at ``text[start:end]``; *problem* says why it may not be taken.

    *value* is None then, but for 千余 and the like, which give their scale, and for what a
    scan may have made of a number (27. 904, 1 710, l68).
    """

    start: int
    end: int
    value: Decimal | None
    chinese: bool = False
    problem: NumberProblem | None = None


class _Unclear(Exception):
    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem)
        self.problem = problem


_DIGITS = {char: index for index, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7}
_SCALES |= {"w": 10**4, "W": 10**4}
_SCALES |= {"亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}

# 3w is 30000 before people, land, papers and money, and before nothing; 60W台灯 has its power.
_TYPED = (
    r"(?:[wW](?=[余多来]?(?:元|人|户|[份件亩吨张羽斤株]|册(?!子)|个|次|平(?!板|面)|公里|公斤))"
    r"|w(?=[余多来]?(?:左右|以上|上下)?(?:$|[,;。、)\n完占到已])))"
)
# 千米, 千克, 千瓦 and 千伏 are units, 百分 begins a percentage.
_SCALE = rf"(?:万亿|[十百千]?亿|[十百千]?万|千(?![米克瓦伏])|百(?!分)|{_TYPED})"
_FAR_SCALE = r"(?: ?(?:万亿|[千百]?[亿万](?![达一])))"
_GROUPED = r"\d{1,3}(?:,\d{3}){1,8}(?![\d,])(?:\.\d+)?"
_PLAIN = r"\d+(?:\.\d+)*"
_ARABIC = re.compile(
    rf"(?:{_GROUPED}|{_PLAIN})"
    rf"(?:(?:{_FAR_SCALE}|{_SCALE})(?:(?:{_GROUPED}|{_PLAIN}){_SCALE}?)*)?",
    re.ASCII,
)
_ARABIC_PART = re.compile(rf"({_GROUPED}|{_PLAIN}) ?({_SCALE}|[wW])?", re.ASCII)
# Not at the beginning of a line or sentence, where 3. 550公里 is the third point.
_SPACED = re.compile(
    r"(?:^|(?<=[一-龥:,、(\t])|(?<=[一-龥:,、(\t] ))"
    # 凤凰县 150 132 are two cells of a row.
    r"(?!(?:\d{3}|(?<=[县市区州乡镇村计] )\d{1,3}) \d{3} *(?:\n|$))"
    r"(\d{1,3}(?: \d{3}){1,3}(?! {1,3}\d)|\d{1,6}(?:\. | \.)\d{1,4})(?![\d.年月日,])"
    rf"(?:{_FAR_SCALE})?",
    re.ASCII,
)
# A scan reads 168人 as l68人.
_MISREAD = re.compile(
    r"(?<=[一-龥:,、(])[lI](?:\d{1,5}(?![\d.])|(?=[个张所户件家项座条台套处人名次场]))", re.ASCII
)
# What became of ½: one number. 2½ has run together to 21⁄2.
_FRACTION = re.compile(r"(\d{1,3})⁄(\d{1,3})(?![\d⁄])", re.ASCII)
_SCANNED = str.maketrans({" ": None, "l": "1", "I": "1"})
#: Most numbers are nothing but digits, with nothing behind them that could belong to them.
_DIGITS_ALONE = re.compile(r"(?:\d{1,9}|\d{1,6}\.\d{1,6})(?![\d.,⁄ 几百千万亿十wW])", re.ASCII)
_BEGINS = re.compile(r"[0-9零〇一二两三四五六七八九十百千万廿卅壹贰叁肆伍陆柒捌玖拾几数好若lI]")
_CHINESE = re.compile(
    "[零〇一二两三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]"
    "[零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟]*"
    "(?:点[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]+[百千万亿]*)?"
)
_VAGUE = re.compile(
    "[一二两三四五六七八九十百千万]{0,6}[几数][十百千万亿]{1,6}|[二三四五六七八九]?十几[万亿]?|好几"
    "|[0-9]{1,3}几"
    "|几(?=个|十)|若干"
)
# 千余人 says no more than its scale.
_ROUND = re.compile(r"(?<![\d一二两三四五六七八九十百千万亿几数上成近])(?:[百千]?万|[百千])(?=余)")
_THOUSAND_UNIT = frozenset("米克瓦伏")

_MOST_DIGITS = 15
_MOST_DECIMALS = 6
_FOUR_PLACES = Decimal("0.0001")


def numbers_in(text: str) -> tuple[Number, ...]:
    """Every number of normalised *text* in order, readable or not."""
    return tuple(_scan(text))


def read_number(text: str) -> Decimal | None:
    """The number that *text* as a whole is, or None."""
    found = numbers_in(text.strip())
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text.strip())):
        return None if found[0].problem else found[0].value
    return None


def _scan(text: str) -> Iterator[Number]:
    place, has_fractions = 0, "⁄" in text
    while begins := _BEGINS.search(text, place):
        place = begins.start()
        in_words = text[place] > "9"
        if match := None if in_words else _DIGITS_ALONE.match(text, place):
            yield Number(place, match.end(), tidy(Decimal(match[0])))
        elif match := _ROUND.match(text, place) if in_words else None:
            scale = Decimal(_SCALES[match[0]])
            yield Number(place, match.end(), scale, True, NumberProblem.VAGUE)
        elif match := _VAGUE.match(text, place):
            yield Number(place, match.end(), None, True, NumberProblem.VAGUE)
        elif match := _SPACED.match(text, place) or _MISREAD.match(text, place):
            yield _scanned(match)
        elif has_fractions and (match := _FRACTION.match(text, place)):
            yield _fraction(match)
        elif match := None if in_words else _ARABIC.match(text, place):
            yield _arabic(match)
        elif match := _CHINESE.match(text, place):
            yield _chinese(match)
        place = match.end() if match else place + 1


def _arabic(match: re.Match[str]) -> Number:
    try:
        value = _sum_of_parts(_ARABIC_PART.findall(match[0]))
    except _Unclear as unclear:
        return Number(match.start(), match.end(), None, problem=unclear.problem)
    return Number(match.start(), match.end(), tidy(value))


def _fraction(match: re.Match[str]) -> Number:
    start, end = match.span()
    part, whole = Decimal(match[1]), Decimal(match[2])
    if len(match[1]) > 1 or not whole:
        return Number(start, end, None, problem=NumberProblem.AMBIGUOUS)
    return Number(start, end, tidy((part / whole).quantize(_FOUR_PLACES)))


def _scanned(match: re.Match[str]) -> Number:
    value = _sum_of_parts(_ARABIC_PART.findall(match[0].translate(_SCANNED)))
    start, end = match.span()
    return Number(start, end, tidy(value), problem=NumberProblem.AMBIGUOUS)


def _sum_of_parts(parts: list[tuple[str, str]]) -> Decimal:
    """10万3千 = 103000; scales must fall, and 1万5 says too little to be taken."""
    total, last = Decimal(0), None
    for digits, scale in parts:
        factor = _SCALES.get(scale, 1)
        if last is not None:
            _refuse_unless(factor < last, NumberProblem.MALFORMED)
            _refuse_unless(bool(scale) or len(digits) >= 3, NumberProblem.AMBIGUOUS)
        value = _plain(digits) * factor
        _refuse_unless(last is None or value < last, NumberProblem.MALFORMED)
        total, last = total + value, factor
    return total


def _plain(digits: str) -> Decimal:
    whole, *decimals = digits.replace(",", "").split(".")
    _refuse_unless(len(decimals) <= 1, NumberProblem.MALFORMED)
    fraction = decimals[0] if decimals else ""
    fits = len(whole.lstrip("0")) <= _MOST_DIGITS and len(fraction) <= _MOST_DECIMALS
    _refuse_unless(fits, NumberProblem.TOO_LONG)
    return Decimal(f"{whole}.{fraction}") if fraction else Decimal(whole)


def _chinese(match: re.Match[str]) -> Number:
    start, end = match.span()
    run, following = match[0], match.string[end : end + 1]
    if run.endswith("千") and following in _THOUSAND_UNIT and following:
        run, end = run[:-1], end - 1
    try:
        value, colloquial = _chinese_value(run.translate(_FORMAL))
        # 三万五千米 is 35 000 m to one reader and 35 000 km to another.
        _refuse_unless(not (colloquial and end < match.end()), NumberProblem.AMBIGUOUS)
    except _Unclear as unclear:
        return Number(start, end, None, True, unclear.problem)
    return Number(start, end, tidy(value), True)


def _chinese_value(run: str) -> tuple[Decimal, bool]:
    """The value, and whether it is a short spoken form (三万五)."""
    _refuse_unless(len(run) <= 40, NumberProblem.TOO_LONG)
    if "点" in run:
        return _with_point(run), False
    if all(char in _DIGITS for char in run):
        return _digit_by_digit(run), False
    return _by_hundred_million(run.replace("廿", "二十").replace("卅", "三十"))


def _digit_by_digit(run: str) -> Decimal:
    """一七一〇 is 1710; 二三个 are two or three and no number."""
    spoken_range = len(run) == 2 and _DIGITS[run[1]] != 0
    _refuse_unless(not spoken_range, NumberProblem.AMBIGUOUS)
    _refuse_unless(len(run) <= _MOST_DIGITS, NumberProblem.TOO_LONG)
    return Decimal("".join(str(_DIGITS[char]) for char in run))


def _with_point(run: str) -> Decimal:
    whole, rest = run.split("点", 1)
    scale = rest.lstrip("".join(_DIGITS))
    fraction = "".join(str(_DIGITS[char]) for char in rest[: len(rest) - len(scale)])
    _refuse_unless(not scale or scale in _SCALES, NumberProblem.MALFORMED)
    value, colloquial = _chinese_value(whole)
    _refuse_unless(not colloquial, NumberProblem.AMBIGUOUS)
    _refuse_unless(len(fraction) <= _MOST_DECIMALS, NumberProblem.TOO_LONG)
    return Decimal(f"{value}.{fraction}") * _SCALES.get(scale, 1)


def _by_hundred_million(run: str) -> tuple[Decimal, bool]:
    head, mark, rest = run.rpartition("亿")
    if not mark:
        return _by_ten_thousand(run)
    high, spoken = _by_ten_thousand(head)
    _refuse_unless(high > 0 and not spoken, NumberProblem.MALFORMED)
    return _joined(high, head, rest, 10**8)


def _by_ten_thousand(run: str) -> tuple[Decimal, bool]:
    head, mark, rest = run.rpartition("万")
    if not mark:
        return _below_ten_thousand(run)
    high, spoken = _below_ten_thousand(head)
    _refuse_unless(high > 0 and not spoken, NumberProblem.MALFORMED)
    return _joined(high, head, rest, 10**4)


def _joined(high: Decimal, head: str, rest: str, unit: int) -> tuple[Decimal, bool]:
    if not rest:
        return high * unit, False
    if len(rest) == 1 and rest in _DIGITS:
        # 三万五 is 35000 to everyone; 三千万五 may be 30500000, 30005000 or 30000005.
        simple = len(head) == 1 and head in _DIGITS and _DIGITS[rest] > 0
        _refuse_unless(simple, NumberProblem.AMBIGUOUS)
        return high * unit + _DIGITS[rest] * unit // 10, True
    low, spoken = _by_ten_thousand(rest)
    _refuse_unless(not spoken, NumberProblem.AMBIGUOUS)
    _refuse_unless(low < unit, NumberProblem.MALFORMED)
    return high * unit + low, False


def _below_ten_thousand(run: str) -> tuple[Decimal, bool]:
    """A number of 千百十 and digits; a wrong order of units is no number."""
    total, digit, last, zero = 0, -1, 10_000, False
    for char in run:
        if char in _DIGITS:
            _refuse_unless(digit < 0, NumberProblem.AMBIGUOUS)
            zero, digit = (True, digit) if _DIGITS[char] == 0 else (zero, _DIGITS[char])
            continue
        unit = _SMALL_UNITS.get(char, 10_000)
        _refuse_unless(unit < last, NumberProblem.MALFORMED)
        _refuse_unless(digit > 0 or (unit == 10 and not total), NumberProblem.MALFORMED)
        total, digit, last, zero = total + max(digit, 1) * unit, -1, unit, False
    if digit < 0:
        _refuse_unless(not (zero and last == 10_000 and len(run) > 1), NumberProblem.MALFORMED)
        return Decimal(total), False
    if zero or last in (10, 10_000):
        return Decimal(total + digit), False
    _refuse_unless(len(run) == 3, NumberProblem.AMBIGUOUS)
    return Decimal(total + digit * last // 10), True


def _refuse_unless(condition: bool, problem: NumberProblem) -> None:
    if not condition:
        raise _Unclear(problem)
