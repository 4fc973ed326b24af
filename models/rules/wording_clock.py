"""How dates without a year find it: from the start, then from what stands before in the cell."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from models.rules.recurrence import LAST
from models.rules.span import add_months, day_of
from models.rules.wording_tokens import Bound, DueSpec

_WRAPS_UNTIL = 2  # 1月10日 after 8月25日 is next January
_HALF_YEAR = 6


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a programme takes where a frequency has no day: day *day*, *months_after* the period."""

    day: int
    months_after: int = 1
    hour: time | None = None


@dataclass(slots=True)
class Clock:
    """Years for the dates of one cell. A date without a year is the next one from *start*.

    *anchor* is the last due whose year is known (2021年6月20日、12月10日), *last* the last at all.
    """

    start: date
    anchor: date | None = None
    last: date | None = None

    def once(self, spec: DueSpec, month: int, day: int) -> date:
        """The date of a single due, remembered for those after it."""
        found = day_of(date(self._year(spec, month, day), month, 1), day)
        if spec.year is not None or self.anchor:
            self.anchor = found
        self.last = found
        return found

    def month(self, shift: int) -> date:
        """The first day of 本月 (0) or 下月 (1)."""
        return add_months(self.start.replace(day=1), shift)

    def since(self, bound: Bound, until: Bound | None = None) -> date:
        """The first day of 9月起: ahead this year, or begun at most half a year ago.

        An empty bound is 以后: the day after the last single due.
        """
        if bound == Bound():
            return self.last + timedelta(days=1) if self.last else self.start
        if bound.shift is not None:
            later = self.month(bound.shift)
            return (
                self.start if not bound.shift else later.replace(month=bound.month or later.month)
            )
        base = self.anchor or self.start
        first = day_of(date(bound.year or base.year, bound.month or 1, 1), bound.day or 1)
        if bound.year is None and until and until.month and until.year is None:
            return first.replace(year=first.year + self._turn(first, until, base))
        if bound.year is None and base.month - first.month > _HALF_YEAR:
            return first.replace(year=first.year + 1)
        return first

    @staticmethod
    def _turn(first: date, until: Bound, base: date) -> int:
        """1 where a stretch of months without a year is over this year and must be the next."""
        end = day_of(date(base.year, until.month or 1, 1), until.day or LAST)
        return int(first <= end < base)

    def until(self, bound: Bound | None, since: date) -> date | None:
        """The last day of 至12月, in or after the year it began."""
        if bound is None or bound.month is None:
            return None
        year = bound.year or since.year + (bound.month < since.month)
        return day_of(date(year, bound.month, 1), bound.day or LAST)

    def _year(self, spec: DueSpec, month: int, day: int) -> int:
        if spec.year is not None:
            return spec.year
        base = self.anchor or self.start
        if spec.year_shift is not None:
            return (self.last if self.last and spec.year_shift else base).year + spec.year_shift
        if (last := self.last) and month <= _WRAPS_UNTIL and last.year == self.start.year:
            base = max(base, last)
        return base.year + (day_of(date(base.year, month, 1), day) < base)
