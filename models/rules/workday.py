"""Chinese working days: which days people work, and counting in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from chinese_calendar.constants import holidays, workdays

WORK = "work"
OFF = "off"
_DAY = timedelta(days=1)
_SATURDAY = 6


class Roll(StrEnum):
    """Whether a due date on a day off moves. None by default: no holiday moves a due date."""

    NONE = "none"
    PREVIOUS = "previous"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays, corrected by the days that are worked or off against the rule.

    A year that is not in *years* falls back to Monday to Friday; `knows` says
    so, since a calendar that is silently wrong sends reminders on holidays.
    """

    work: frozenset[date] = frozenset()
    off: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, overrides: Mapping[date, str], years: Iterable[int]) -> "Calendar":
        """A calendar from its exceptions (date → "work" or "off") and the years they complete."""
        if wrong := set(overrides.values()) - {WORK, OFF}:
            raise ValueError(f"neither work nor off: {sorted(wrong)}")
        return cls(
            frozenset(day for day, kind in overrides.items() if kind == WORK),
            frozenset(day for day, kind in overrides.items() if kind == OFF),
            frozenset(years),
        )

    def knows(self, year: int) -> bool:
        """Whether the State Council's holidays of *year* are in the calendar."""
        return year in self.years

    def is_workday(self, day: date) -> bool:
        """Whether people work on *day*, make-up Saturdays and Sundays included."""
        if day in self.work:
            return True
        return day.isoweekday() < _SATURDAY and day not in self.off

    def previous_workday_on_or_before(self, day: date) -> date:
        """*day* itself, or the last working day before it."""
        while not self.is_workday(day):
            day -= _DAY
        return day

    def next_workday_on_or_after(self, day: date) -> date:
        """*day* itself, or the first working day after it."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def next_workday(self, day: date) -> date:
        """The first working day after *day*."""
        return self.next_workday_on_or_after(day + _DAY)

    def add_workdays(self, day: date, count: int) -> date:
        """The *count*-th working day after *day* (before it if negative); 0 is *day* itself."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_between(self, after: date, upto: date) -> int:
        """How many working days lie after *after* and up to *upto*, which counts."""
        days = (after + _DAY * n for n in range(1, (upto - after).days + 1))
        return sum(map(self.is_workday, days))

    def rolled(self, day: date, roll: Roll) -> date:
        """*day* moved off a day off as *roll* says."""
        if roll is Roll.PREVIOUS:
            return self.previous_workday_on_or_before(day)
        return self.next_workday_on_or_after(day) if roll is Roll.NEXT else day


def known_years() -> range:
    """The years whose holidays chinesecalendar was released with."""
    return range(min(holidays).year, max(holidays).year + 1)


def seed(year: int) -> dict[date, str]:
    """The days of *year* that differ from Monday to Friday; empty where the year is not known."""
    off = {day: OFF for day in holidays if day.year == year and day.isoweekday() < _SATURDAY}
    work = {day: WORK for day in workdays if day.year == year and day.isoweekday() >= _SATURDAY}
    return off | work


@lru_cache(maxsize=1)
def published() -> Calendar:
    """The calendar of every published year, for a caller that has no table of its own."""
    overrides: dict[date, str] = {}
    for year in known_years():
        overrides |= seed(year)
    return Calendar.of(overrides, known_years())
