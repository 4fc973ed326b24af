"""The words of deadline wordings as values: due days, frequencies, bounds, covered periods."""

from dataclasses import dataclass
from datetime import time

from models.rules.recurrence import Covers, DueDay, Every


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of regular text that was understood."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DueSpec:
    """One due day as written. *near* marks what a frequency must complete: 25日前, 次月5日前."""

    every: Every
    day: DueDay | None = None
    month: int | None = None
    year: int | None = None
    year_shift: int | None = None
    near: str = ""
    hour: time | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueToken(Token):
    """Due days that stand together: 6月20日、12月10日前."""

    specs: tuple[DueSpec, ...]


@dataclass(frozen=True, slots=True)
class FrequencyToken(Token):
    """A frequency without a day: 按季度; *why* says what bars it from a programme's day."""

    every: Every
    why: str = ""


@dataclass(frozen=True, slots=True)
class BoundsToken(Token):
    """From when on, and perhaps until when: 9月起, 9月至12月每月."""

    since: "Bound"
    until: "Bound | None" = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A day without its year, perhaps; *shift* counts months from the start (本月, 下月起)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class CoversToken(Token):
    """A covered period; *note* is what was assumed, *parts* its quarters (一至四季度)."""

    covers: "Covers | Dates | TenDays"
    note: str = ""
    parts: "tuple[Covers, ...]" = ()


@dataclass(frozen=True, slots=True)
class Dates:
    """Day to day as written, either year perhaps missing: 7月1日至8月15日."""

    first: Bound
    last: Bound


@dataclass(frozen=True, slots=True)
class TenDays:
    """The third of a month in which the report is due: 本旬."""


@dataclass(frozen=True, slots=True)
class CumulativeToken(Token):
    """The word 累计."""


@dataclass(frozen=True, slots=True)
class OpenToken(Token):
    """Recognised, but without a date that could be computed."""

    why: str


@dataclass(frozen=True, slots=True)
class HasteToken(OpenToken):
    """及时, 按要求: no date of its own, and no loss where a clause states one."""


@dataclass(frozen=True, slots=True)
class BreakToken(Token):
    """The end of a clause."""
