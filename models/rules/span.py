"""Calendar arithmetic of periods: which days a month, quarter, half or covered span holds."""

from calendar import monthrange
from datetime import date, timedelta

from models.rules.recurrence import (
    LAST,
    MONTHS_OF,
    Covers,
    Every,
    FixedSpan,
    MonthSpan,
    NearSpan,
    PeriodSpan,
)

Span = tuple[date, date]
_DAY = timedelta(days=1)
_FIRST_QUARTER_ENDS = 3


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def add_months(first: date, months: int) -> date:
    """The first day of the month *months* after that of *first*."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def day_of(first: date, day: int) -> date:
    """Day *day* of the month of *first*; one that does not exist becomes the month's last."""
    last = monthrange(first.year, first.month)[1]
    return first.replace(day=last if day == LAST else min(day, last))


def period_of(unit: Every, day: date, offset: int = 0) -> Span:
    """The unit that holds *day*, or the one *offset* units away."""
    if unit in (Every.DAY, Every.ONCE):
        return day + _DAY * offset, day + _DAY * offset
    if unit is Every.WEEK:
        monday = day + _DAY * (7 * offset + 1 - day.isoweekday())
        return monday, monday + _DAY * 6
    length = MONTHS_OF[unit]
    start = date(day.year, (day.month - 1) // length * length + 1, 1)
    first = add_months(start, offset * length)
    return first, add_months(first, length) - _DAY


def covered(covers: Covers, due: date, period: date, every: Every) -> Span:
    """The days a report covers that is due on *due* in the period that begins on *period*.

    A span in the duty's own unit counts from its period (季后10日内 reports the
    quarter that ended); any other counts from the due date.
    """
    match covers:
        case FixedSpan():
            return covers.first, covers.last
        case PeriodSpan():
            base = period if covers.unit is every else due
            first, last = period_of(covers.unit, base, covers.offset)
            return (date(last.year, 1, 1) if covers.cumulative else first), last
        case NearSpan():
            return _near(covers.near, due)
        case MonthSpan():
            return _months(covers, due)
        case _:
            first = day_of(add_months(due.replace(day=1), covers.from_offset), covers.from_day)
            return first, day_of(add_months(due.replace(day=1), covers.to_offset), covers.to_day)


def _near(unit: Every, due: date) -> Span:
    """The year just past until March, else this one; the half that ends now or ended last."""
    if unit is Every.YEAR:
        return period_of(unit, due, -1 if due.month <= _FIRST_QUARTER_ENDS else 0)
    ends_soon = due.month % 6 in (5, 0)
    return period_of(Every.HALF, due, 0 if ends_soon else -1)


def _months(covers: MonthSpan, due: date) -> Span:
    """The due date's year, unless those months end later than the month after the due date."""
    year = due.year
    if date(year, covers.last_month, 1) > add_months(due.replace(day=1), 1):
        year -= 1
    first_year = year if covers.first_month <= covers.last_month else year - 1
    return date(first_year, covers.first_month, 1), month_end(year, covers.last_month)


def label_of(span: Span, unit: Every | None = None) -> str:
    """A short name of a covered period: 2021-08, 2021-Q3, 2021-H1, 2021, 2021-W34.

    A cumulative span is named after its end (by *unit* where the duty has one),
    so that the months of a report from 1 January differ.
    """
    first, last = span
    if unit and period_of(unit, last)[1] == last:
        return name_of(unit, last)
    for candidate in (Every.YEAR, Every.HALF, Every.QUARTER, Every.MONTH, Every.WEEK, Every.DAY):
        if period_of(candidate, last) == span:
            return name_of(candidate, last)
    if (first.month, first.day) == (1, 1) and month_end(last.year, last.month) == last:
        return name_of(Every.MONTH, last)
    return f"{first}/{last}"


def name_of(unit: Every, day: date) -> str:
    """The name of the unit that holds *day*."""
    match unit:
        case Every.YEAR:
            return f"{day.year}"
        case Every.HALF:
            return f"{day.year}-H{(day.month + 5) // 6}"
        case Every.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case Every.MONTH:
            return f"{day.year}-{day.month:02}"
        case Every.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case _:
            return f"{day}"
