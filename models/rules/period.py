"""When reports are due and what each covers: a year of obligations from a requirement's rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from models.rules.recurrence import (
    LAST,
    MONTHS_OF,
    DayKind,
    DueDay,
    Every,
    NearSpan,
    PeriodSpan,
    Recurrence,
    WindowSpan,
)
from models.rules.span import Span, add_months, covered, day_of, label_of, name_of, period_of
from models.rules.workday import Calendar, Roll, published
from models.rules.zone import local_zone

END_OF_DAY = time(23, 59, 59)
_DAY = timedelta(days=1)
_SHORTEST = {
    Every.DAY: 1,
    Every.WEEK: 7,
    Every.MONTH: 28,
    Every.QUARTER: 90,
    Every.HALF: 181,
    Every.YEAR: 365,
}
_YEAR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Due:
    """One due time of a requirement; *label* names its period and is unique within it."""

    due: datetime
    has_hour: bool
    covers: Span | None
    label: str
    assumed: tuple[str, ...] = ()


def occurrences(
    recurrences: Iterable[Recurrence],
    start: date,
    end: date,
    *,
    calendar: Calendar | None = None,
    roll: Roll = Roll.NONE,
) -> tuple[Due, ...]:
    """Every due from *start* to *end*, both counted, oldest first.

    No holiday moves a due date unless the wording or the programme (*roll*) says so.
    """
    found = _ruled(tuple(recurrences), start, end, calendar or published(), roll)
    return _sorted(due for _, due in found)


def programme_dues(
    recurrences: Iterable[Recurrence],
    year: int,
    *,
    calendar: Calendar | None = None,
    roll: Roll = Roll.NONE,
) -> tuple[Due, ...]:
    """The dues of a yearly programme: those that report on *year*.

    What is due in January covers the past year, so it is the last one of that
    programme and none of the next. Single dates stand as they were written.
    """
    rules = tuple(recurrences)
    end = max((_reach(rule, year) for rule in rules), default=date(year, 12, 31))
    found = _ruled(rules, date(year, 1, 1), end, calendar or published(), roll)
    return _sorted(due for rule, due in found if rule.on or _year_of(due) == year)


def closing_times(dues: Sequence[Due]) -> tuple[datetime | None, ...]:
    """When each of a requirement's periods closes: at the next one's due; the last stays open.

    After it no entry is taken without an exception (three instants: due, closes, extended_to).
    """
    times = [due.due for due in dues]
    return tuple(min((t for t in times if t > due), default=None) for due in times)


def _sorted(dues: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(sorted(dues, key=lambda due: (due.due, due.label)))


def _ruled(
    rules: Sequence[Recurrence], start: date, end: date, calendar: Calendar, roll: Roll
) -> Iterator[tuple[Recurrence, Due]]:
    taken: set[str] = set()
    for index, rule in enumerate(rules):
        own = rule if rule.roll is not Roll.NONE else replace(rule, roll=roll)
        for due in _of_one(own, start, end, calendar):
            is_taken = due.label in taken
            name = f"{due.label}#{index + 1}" if is_taken else due.label
            yield rule, replace(due, label=name) if is_taken else due
        if index + 1 < len(rules):
            taken |= _labels(rule, start, end, calendar)


def _labels(rule: Recurrence, start: date, end: date, calendar: Calendar) -> set[str]:
    """The labels a rule gives, in a year around the bounds too.

    Labels are stored keys: a second rule's may not depend on the bounds that were asked for.
    """
    if rule.on is not None:
        start = end = rule.on
    return {due.label for due in _of_one(rule, start - _YEAR, end + _YEAR, calendar)}


def _reach(rule: Recurrence, year: int) -> date:
    """The last day on which a report on *year* can be due."""
    if rule.on is not None:
        return rule.on
    is_short = rule.every in (Every.DAY, Every.WEEK, Every.MONTH) and not rule.months
    in_own_unit = isinstance(rule.covers, PeriodSpan) and rule.covers.unit is rule.every
    if is_short and (rule.covers is None or in_own_unit) and not _lookback(rule):
        return date(year + 1, 1, 31)
    return date(year + 1, 12, 31)


def _year_of(due: Due) -> int:
    return due.covers[1].year if due.covers else due.due.year


def _of_one(rule: Recurrence, start: date, end: date, calendar: Calendar) -> Iterator[Due]:
    low = max(start, rule.since or start)
    high = min(end, rule.until or end)
    # A roll can carry a due day into the bounds from outside them, by a long holiday at most.
    slack = _DAY * (0 if rule.roll is Roll.NONE else 15)
    for period, day in _due_days(rule, low - slack, high + slack, calendar):
        if not (rule.since or date.min) <= day <= (rule.until or date.max):
            continue
        moved = calendar.rolled(day, rule.roll)
        is_held = not (rule.since or date.min) <= moved <= (rule.until or date.max)
        if start <= (day if is_held else moved) <= end:
            yield _due(rule, period, day, day if is_held else moved, calendar, is_held=is_held)


def _due(
    rule: Recurrence, period: date, day: date, moved: date, calendar: Calendar, *, is_held: bool
) -> Due:
    span = covered(rule.covers, day, period, rule.every) if rule.covers else None
    at = datetime.combine(moved, rule.hour or END_OF_DAY, local_zone())
    notes = rule.assumed + tuple(_notes(rule, day, calendar))
    if is_held:
        notes += (f"{day}遇节假日，移动后超出起止日期，仍按当日计",)
    return Due(at, rule.hour is not None, span, _label(rule, period, span), notes)


def _label(rule: Recurrence, period: date, span: Span | None) -> str:
    if span is None or _is_coarse(rule):
        return name_of(rule.every, period)
    if isinstance(rule.covers, WindowSpan):
        return name_of(Every.MONTH, span[1])
    return label_of(span, _unit(rule))


def _is_coarse(rule: Recurrence) -> bool:
    """Whether several dues of a rule report the same period: every month on the last quarter."""
    if rule.every is Every.ONCE or len(rule.months) == 1:
        return False
    unit = _unit(rule)
    if unit is None:
        return not isinstance(rule.covers, WindowSpan) or rule.every is not Every.MONTH
    order = list(Every)
    return order.index(unit) > order.index(rule.every)


def _unit(rule: Recurrence) -> Every | None:
    if isinstance(rule.covers, PeriodSpan):
        return rule.covers.unit
    return rule.covers.near if isinstance(rule.covers, NearSpan) else None


def _notes(rule: Recurrence, day: date, calendar: Calendar) -> Iterator[str]:
    wanted = rule.day.n if rule.day and rule.day.kind is DayKind.DATE else LAST
    if wanted > day.day:
        yield f"{day.year}年{day.month}月没有{wanted}日，按{day.day}日计"
    if (rule.day_is_workday or rule.roll is not Roll.NONE) and not calendar.knows(day.year):
        yield f"{day.year}年放假安排未录入，工作日暂按周一至周五推算"


def _due_days(
    rule: Recurrence, low: date, high: date, calendar: Calendar
) -> Iterator[tuple[date, date]]:
    """(first day of the period, due day) between *low* and *high*, before any roll."""
    if rule.on is not None:
        if low <= rule.on <= high:
            yield rule.on, rule.on
        return
    if rule.day is None:
        raise ValueError("a recurrence needs a date or a day")
    period = period_of(rule.every, low, -_lookback(rule))[0]
    while period <= high:
        day = _day_in(rule.every, rule.day, period, calendar)
        if day and low <= day <= high and (not rule.months or day.month in rule.months):
            yield period, day
        period = period_of(rule.every, period, 1)[0]


def _lookback(rule: Recurrence) -> int:
    """How many periods before the first bound can still be due after it."""
    every, day = rule.every, rule.day
    if day is None:
        return 0
    if day.kind in (DayKind.AFTER, DayKind.AFTER_WORKDAYS):
        return 1 + day.n * 2 // _SHORTEST[every]  # twice: working days skip the others
    if day.kind is DayKind.WEEKDAY:
        return day.shift
    return -(-day.shift // MONTHS_OF.get(every, 1))


def _day_in(every: Every, day: DueDay, period: date, calendar: Calendar) -> date | None:
    match day.kind:
        case DayKind.DATE if every in MONTHS_OF:
            return day_of(add_months(period, day.shift), day.n)
        case DayKind.WORKDAY if every is Every.WEEK:
            return _workday_of_week(period, day.n, calendar)
        case DayKind.WORKDAY:
            return _nth_workday(add_months(period, day.shift), day.n, calendar)
        case DayKind.WEEKDAY:
            return period + _DAY * (7 * day.shift + day.n - 1)
        case DayKind.EACH_WORKDAY:
            return period if calendar.is_workday(period) else None
        case DayKind.AFTER:
            return period_of(every, period)[1] + _DAY * day.n
        case DayKind.AFTER_WORKDAYS:
            return calendar.add_workdays(period_of(every, period)[1], day.n)
        case _:
            return period


def _workday_of_week(monday: date, n: int, calendar: Calendar) -> date | None:
    """The n-th working day of a week, from its end if negative; a week off has none."""
    days = [monday + _DAY * each for each in range(7) if calendar.is_workday(monday + _DAY * each)]
    wanted = n - 1 if n > 0 else n
    return days[wanted] if -len(days) <= wanted < len(days) else None


def _nth_workday(first: date, n: int, calendar: Calendar) -> date:
    if n > 0:
        return calendar.add_workdays(first - _DAY, n)
    return calendar.add_workdays(add_months(first, 1), n)
