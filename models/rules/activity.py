"""动态: the matrix of projects and months, and in which months a project published too little."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused


@dataclass(frozen=True)
class ActivityPolicy:
    """At least *monthly* published items for each project in each month, from *since* on.

    Source: the circular of September 2024 (news, summaries, reports and cases, none left out).
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    monthly: int = 1
    since: date | None = None

    def __post_init__(self) -> None:
        if self.monthly < 1:
            raise Refused(f"每月动态至少应为 1 条，收到 {self.monthly}。")


@dataclass(frozen=True)
class Published:
    """One published item of a project, on any day of the month it counts for."""

    project: str
    on: date


@dataclass(frozen=True)
class Row:
    """A project's counts, one for each month of the matrix."""

    project: str
    counts: tuple[int, ...]

    @property
    def ticks(self) -> tuple[bool, ...]:
        """Whether anything was published (√), by month."""
        return tuple(count > 0 for count in self.counts)

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Missing:
    """A project's gaps: months that are over, and whether the running one still wants an item."""

    project: str
    months: tuple[date, ...]
    running: bool


@dataclass(frozen=True)
class Matrix:
    """Projects in printed order by months, each month as its first day."""

    months: tuple[date, ...]
    rows: tuple[Row, ...]

    @property
    def projects_per_month(self) -> tuple[int, ...]:
        """How many projects published something in each month."""
        return tuple(sum(row.ticks[at] for row in self.rows) for at in range(len(self.months)))

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    def missing(self, policy: ActivityPolicy, data_date: date) -> tuple[Missing, ...]:
        """Where each project published too little, as of *data_date*; complete ones are left out.

        A month is missing from its last day on; before that it runs and can still be filled.
        Later months owe nothing yet.
        """
        found = (_missing(row, self.months, policy, data_date) for row in self.rows)
        return tuple(each for each in found if each.months or each.running)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The first days of all months from *first*'s to *last*'s, both included."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(start, end + 1))


def activity_matrix(
    projects: Sequence[str], months: Sequence[date], published: Iterable[Published]
) -> Matrix:
    """How many items each project published in each of these months.

    Items of other months belong to another matrix and are left out; a project that is not
    listed is refused, since its items would be lost.
    """
    firsts = tuple(month.replace(day=1) for month in months)
    found = Counter((each.project, each.on.replace(day=1)) for each in published)
    strangers = dict.fromkeys(name for name, _ in found if name not in projects)
    if strangers:
        raise Refused(f"统计表中没有这些项目：{'、'.join(strangers)}，请核对项目名称。")
    rows = tuple(Row(name, tuple(found[name, month] for month in firsts)) for name in projects)
    return Matrix(firsts, rows)


def _missing(
    row: Row, months: tuple[date, ...], policy: ActivityPolicy, data_date: date
) -> Missing:
    short = [
        month
        for month, count in zip(months, row.counts, strict=True)
        if count < policy.monthly and month <= data_date
    ]
    over = tuple(month for month in short if _last_day(month) <= data_date)
    return Missing(row.project, over, running=len(short) > len(over))


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
