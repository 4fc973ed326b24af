"""What a deadline wording means: how often, on which day, and which period a report covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from pydantic import TypeAdapter

from models.rules.workday import Roll


class Every(StrEnum):
    """How often a duty comes back, and the unit of a covered period."""

    ONCE = "once"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS_OF = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}
LAST = 0  # as a day of a month: its last one


class DayKind(StrEnum):
    """How the due day is found from its period."""

    DATE = "date"  # day n of a month, LAST for its end
    WEEKDAY = "weekday"  # ISO weekday n
    WORKDAY = "workday"  # n-th working day of a month, from its end if negative
    EACH_WORKDAY = "each_workday"  # the day itself, if it is a working day
    AFTER = "after"  # n days after the period's end
    AFTER_WORKDAYS = "after_workdays"


#: How a due day is found that depends on the calendar of working days.
WORKDAY_KINDS = (DayKind.WORKDAY, DayKind.AFTER_WORKDAYS, DayKind.EACH_WORKDAY)


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day of a period: *shift* counts months from its first month (weeks for a weekday)."""

    kind: DayKind
    n: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class FixedSpan:
    """From one date to another: 2021年度, 1月5日至3月6日."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """The unit *offset* units away (上月 is -1); cumulative begins on 1 January of its end's year.

    In January “1月1日至上月” therefore covers the whole past year.
    """

    unit: Every
    offset: int
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class NearSpan:
    """The half-year or year that is ending or has just ended at the due date: 半年, 全年."""

    near: Every


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """Months without a year: 1—7月. They lie in the due date's year, or the year before it."""

    first_month: int
    last_month: int


@dataclass(frozen=True, slots=True)
class WindowSpan:
    """Day to day across months: 上月26日至本月25日, months counted from the due date's."""

    from_offset: int
    from_day: int
    to_offset: int
    to_day: int


Covers = FixedSpan | PeriodSpan | NearSpan | MonthSpan | WindowSpan


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One duty in normal form. *on* is set for ONCE, *day* for all others.

    *months* limits a monthly duty to some months of the year (每年6月、12月).
    *since* and *until* bound the due day, not the covered period.
    """

    every: Every
    on: date | None = None
    day: DueDay | None = None
    hour: time | None = None
    covers: Covers | None = None
    months: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    roll: Roll = Roll.NONE
    assumed: tuple[str, ...] = ()

    @property
    def day_is_workday(self) -> bool:
        """Whether the due day is counted in working days: 第5个工作日, 季后10个工作日内."""
        return self.day is not None and self.day.kind in WORKDAY_KINDS

    @property
    def is_following(self) -> bool:
        """Whether the due day lies after its own period: 季后10日内, 次月10日前."""
        if self.day is None or self.every in (Every.ONCE, Every.DAY):
            return False
        if self.day.kind in (DayKind.AFTER, DayKind.AFTER_WORKDAYS):
            return True
        return self.day.shift >= MONTHS_OF.get(self.every, 1)


_LIST = TypeAdapter(tuple[Recurrence, ...])


def to_data(recurrences: Iterable[Recurrence]) -> list[dict[str, object]]:
    """The recurrences as plain JSON values, for a requirement's row; defaults are left out."""
    data: list[dict[str, object]] = _LIST.dump_python(
        tuple(recurrences), mode="json", exclude_defaults=True
    )
    return data


def from_data(data: object) -> tuple[Recurrence, ...]:
    """What `to_data` wrote; raises pydantic's ValidationError for anything else."""
    return _LIST.validate_python(data)
