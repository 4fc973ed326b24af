"""额度: how far a month's quota will last, by working days, and when somebody should be told."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from models.rules.span import month_end
from models.rules.workday import Calendar

#: Shares of a quota at which the operators are told, in percent.
WARNINGS = (80, 100)
#: From this share of a quota on it is kept for what leaves by nothing else.
_SCARCE = 0.8
#: From so many working days on a month speaks for itself; until then the last one speaks along.
_SETTLED = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """The working days of a month: *passed* with today, *left* after it, *before*: the last one's.

    People write to an office on working days: by days of the calendar a month that begins with
    the holidays of October would look thrifty.
    """

    passed: int
    left: int
    before: int


@dataclass(frozen=True)
class Count:
    """So many units in this month so far and in the whole of the last."""

    now: int = 0
    before: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.now + other.now, self.before + other.before)


@dataclass(frozen=True)
class Standing:
    """How a quota stands: *reserved* is what hearing will need, *coming* all that is expected.

    Both until the month's end. *runs_out* is the day on which the quota will be used up, None
    where it lasts. *is_out*: the platform itself has said that it is used up.
    """

    limit: int
    used: int
    coming: int = 0
    reserved: int = 0
    runs_out: date | None = None
    is_out: bool = False

    @property
    def forecast(self) -> int:
        """What will be used at the month's end."""
        return self.used + self.coming

    @property
    def percent(self) -> int:
        """The share used; other programs of the organisation use of the same quota."""
        return max(100 * self.used // self.limit, 100 if self.is_out else 0)

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left."""
        return self.percent >= max(WARNINGS)

    @property
    def warning(self) -> int:
        """The highest share to be told of that is reached; 0 where none is."""
        return max((each for each in WARNINGS if self.percent >= each), default=0)

    @property
    def strain(self) -> float:
        """The share used or reserved."""
        return max((self.used + self.reserved) / self.limit, float(self.is_out))

    def with_more(self, units: int) -> "Standing":
        """The same after *units* more were used."""
        return replace(self, used=self.used + units)


def is_scarce(strain: float) -> bool:
    """Whether so much of a quota, as a share of 1, is used or reserved that what can leave for
    nothing should."""
    return strain >= _SCARCE


def days_of(today: date, calendar: Calendar) -> Days:
    """The working days of the month of *today*, and of the one before."""
    eve = today.replace(day=1) - _DAY
    return Days(
        passed=calendar.workdays_between(eve, today),
        left=calendar.workdays_between(today, month_end(today.year, today.month)),
        before=calendar.workdays_between(eve.replace(day=1) - _DAY, eve),
    )


def standing(
    limit: int,
    sent: Count,
    heard: Count,
    today: date,
    calendar: Calendar,
    *,
    is_out: bool = False,
) -> Standing:
    """How a quota of *limit* units stands *today*.

    As much as on its working days so far is expected on those to come; while the month has few,
    days like those of the last one fill up.
    """
    days, both = days_of(today, calendar), sent + heard
    lent = max(_SETTLED - days.passed, 0) if both.before and days.before else 0
    rate = _rate(both, days, lent)
    return Standing(
        limit,
        both.now,
        ceil(rate * days.left),
        ceil(_rate(heard, days, lent) * days.left),
        _runs_out(limit - both.now, rate, days, today, calendar),
        is_out,
    )


def _rate(count: Count, days: Days, lent: int) -> Fraction:
    """Units a working day, *lent* being the days of the last month that speak along."""
    usual = Fraction(count.before, days.before or 1)
    return (count.now + usual * lent) / max(days.passed + lent, 1)


def _runs_out(
    rest: int, rate: Fraction, days: Days, today: date, calendar: Calendar
) -> date | None:
    if rest <= 0:
        return today
    if not rate or (needed := ceil(rest / rate)) > days.left:
        return None
    return calendar.add_workdays(today, needed)
