"""As-of dates and caption dates: which day is meant, and whether its year was written."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from handlers.reading.normalise import Mapped, mapped
from handlers.reading.numerals import read_number

Period = tuple[date, date]


class DateProblem(StrEnum):
    """Why a text names no day."""

    EMPTY = "empty"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    SEVERAL = "several"


@dataclass(frozen=True)
class DateReading:
    """A day, where it stands in the text, and whether its year had to be found."""

    day: date
    span: tuple[int, int]
    year_assumed: bool


@dataclass(frozen=True)
class NoDate:
    """No day could be taken; *came* is what was written, *span* where a single one stands."""

    problem: DateProblem
    came: str
    span: tuple[int, int] = field(default=(0, 0), compare=False)


_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,4}"
_YEAR = (
    r"(?:(?P<y>[12][0-9]{3}|(?<![0-9])[0-9]{2}|[一二][〇零一二三四五六七八九]{3})\s*年(?:度)?\s*)"
)
_REL_YEAR = r"(?P<ry>今年|本年|去年|上年)"
_TO = r"\s*(?:-{1,2}|~|至|到)\s*"
_PART = r"(?P<part>底|末|初|上旬|中旬|下旬)"
_NOT_INSIDE = r"(?<![0-9.])"

_FULL = re.compile(
    r"(?<![0-9])(?P<y>[12][0-9]{3})(?:(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"|(?P<m2>0[1-9]|1[0-2])(?P<d2>[0-3][0-9]))(?![0-9])"
)
_MONTHS = re.compile(
    rf"{_YEAR}?{_REL_YEAR}?(?:{_NUMBER})(?:\s*月(?:份)?(?:\s*(?:{_NUMBER})\s*[日号])?)?{_TO}"
    rf"(?P<m>{_NUMBER})\s*月份?(?:\s*(?P<d>{_NUMBER})\s*[日号]|{_PART})?"
)
# A scan parts the digits of a day: 7月3 1日.
_DAY = rf"[0-3] [0-9](?=\s*[日号])|{_NUMBER}"
_MONTH_DAY = re.compile(
    rf"{_YEAR}?{_REL_YEAR}?(?<![0-9])(?P<m>{_NUMBER})\s*月份?"
    rf"(?:\s*(?P<d>{_DAY})\s*[日号]|\s*(?P<d2>[0-9]{{1,2}})(?![0-9个件人户所张项家万%.])|{_PART})?"
)
_SHORT = re.compile(rf"{_NOT_INSIDE}(?P<m>[0-9]{{1,2}})[./-](?P<d>[0-9]{{1,2}})(?![0-9.%万亿\w])")
_QUARTER = re.compile(rf"{_YEAR}?{_REL_YEAR}?(?:第|前)?(?P<q>[1-4一二三四])\s*个?季度(?:底|末)?")
_HALF = re.compile(rf"{_YEAR}?{_REL_YEAR}?(?P<half>上半年|下半年|年底|年末|全年)")
# 2020年底 and 去年底 write 年 once.
_YEAR_END = re.compile(r"(?:(?<![0-9])(?P<y>[12][0-9]{3})|(?P<ry>今|本|去|上))(?P<half>年底|年末)")
_RELATIVE = re.compile(
    "今天|今日|目前|现在|当前|昨天|昨日|前天|上月底?|上个月底?|本月底?|这个月底?"
)
_KINDS = (_FULL, _MONTHS, _MONTH_DAY, _SHORT, _QUARTER, _YEAR_END, _HALF, _RELATIVE)
# A scan writes a letter for the 1: 7月3l日, l2月.
_MISREAD_ONE = re.compile(r"(?<![A-Za-z])[lI](?=[0-9]?\s*[月日号])|(?<=[0-9])[lI](?=\s*[月日号])")
_NO_DATE = re.compile(r"[-_.…/\\*。\s]*")


def read_date(text: str, reference: date, within: Period | None = None) -> DateReading | NoDate:
    """The one day *text* names; a month or 月底 means its last day.

    Without a year: the one inside *within* (the covered period), else the latest that is not
    after *reference*. A day that does not exist is said to be so and not moved.
    """
    source = mapped(text)
    if _NO_DATE.fullmatch(source.text):
        return NoDate(DateProblem.EMPTY, text.strip())
    found = list(_scan(source, reference, within))
    days = {reading.day for reading in found if isinstance(reading, DateReading)}
    if missing := next((reading for reading in found if isinstance(reading, NoDate)), None):
        return missing
    if len(days) != 1:
        problem = DateProblem.SEVERAL if days else DateProblem.NOT_A_DATE
        return NoDate(problem, text.strip())
    return next(reading for reading in found if isinstance(reading, DateReading))


def dates_in(
    text: str | Mapped, reference: date, within: Period | None = None
) -> tuple[DateReading, ...]:
    """Every existing day named in *text*, in order."""
    readings = _scan(mapped(text) if isinstance(text, str) else text, reference, within)
    return tuple(reading for reading in readings if isinstance(reading, DateReading))


def missing_days(text: str, reference: date) -> tuple[NoDate, ...]:
    """What *text* names as a day though there is none (7月32日), in order."""
    readings = _scan(mapped(text), reference, None)
    return tuple(reading for reading in readings if isinstance(reading, NoDate))


def _scan(source: Mapped, reference: date, within: Period | None) -> Iterator[DateReading | NoDate]:
    for match in _matches(_MISREAD_ONE.sub("1", source.text)):
        try:
            day, assumed = _day_of(match, reference, within)
            yield DateReading(day, source.span(*match.span()), assumed)
        except (ValueError, OverflowError):
            yield NoDate(DateProblem.NO_SUCH_DAY, match[0], source.span(*match.span()))


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What looks like a date, from the left, the longest first, none inside another."""
    found = [match for kind in _KINDS for match in kind.finditer(text)]
    place = 0
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if match.start() >= place:
            yield match
            place = match.end()


def _day_of(match: re.Match[str], reference: date, within: Period | None) -> tuple[date, bool]:
    if match.re is _RELATIVE:
        return _relative_day(match[0], reference), False
    parts = match.groupdict()
    in_year = _day_in_year(parts)
    if year := _stated_year(parts, reference):
        return in_year(year), False
    return _nearest(in_year, bool(_is_month_only(parts)), reference, within), True


def _day_in_year(parts: dict[str, str | None]) -> Callable[[int], date]:
    """The month and day a match names, still waiting for its year."""
    if half := parts.get("half"):
        return lambda year: date(year, 6, 30) if half == "上半年" else date(year, 12, 31)
    if quarter := parts.get("q"):
        return lambda year: _month_end(year, _number(quarter) * 3)
    month = _number(parts.get("m") or parts.get("m2"))
    if day := parts.get("d") or parts.get("d2"):
        return lambda year: date(year, month, _number(day))
    part = parts.get("part")
    fixed = {"初": 1, "上旬": 10, "中旬": 20}.get(part or "")
    return lambda year: date(year, month, fixed) if fixed else _month_end(year, month)


def _is_month_only(parts: dict[str, str | None]) -> bool:
    return not (parts.get("d") or parts.get("d2"))


def _stated_year(parts: dict[str, str | None], reference: date) -> int | None:
    if relative := parts.get("ry"):
        return reference.year - (relative[0] in "去上")
    if not (written := parts.get("y")):
        return None
    year = _number(written)
    return year + 2000 if year < 100 else year


def _nearest(
    in_year: Callable[[int], date], month_only: bool, reference: date, within: Period | None
) -> date:
    """The year a person means who wrote none."""
    days = [day for year in range(-1, 2) if (day := _or_none(in_year, reference.year + year))]
    if not days:
        in_year(reference.year)
    if within:
        start, end = within
        inside = [day for day in days if start <= day <= end]
        return inside[-1] if inside else min(days, key=lambda day: abs(day - end))
    # 8月底 said on 30 August is this August, though it has not ended.
    latest = _month_end(reference.year, reference.month) if month_only else reference
    return max((day for day in days if day <= latest), default=days[0])


def _or_none(in_year: Callable[[int], date], year: int) -> date | None:
    try:
        return in_year(year)
    except ValueError:
        return None


def _relative_day(word: str, reference: date) -> date:
    if word.startswith(("昨", "前")):
        return reference - timedelta(days=2 if word.startswith("前") else 1)
    if word.startswith("上"):
        return reference.replace(day=1) - timedelta(days=1)
    if word.startswith(("本月", "这个月")):
        return _month_end(reference.year, reference.month)
    return reference


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _number(text: str | None) -> int:
    """A year, month or day number; one that is none becomes a day that does not exist."""
    digits = (text or "").replace(" ", "")
    value = int(digits) if digits.isdigit() and digits.isascii() else read_number(digits)
    if value is None:
        raise ValueError(text)
    return int(value)
