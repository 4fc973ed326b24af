"""日历: what is due on which day of a month, and how much of it came in."""

import calendar as months
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.board.look import Look, Pages, pages_of
from handlers.board.rows import Bar, DutyRow, duty_row, width
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyStanding
from handlers.standing.rounds import current_round
from models.rules.reporting import State
from models.rules.span import add_months
from models.workday import calendar as workdays

_WEEKDAYS = "一二三四五六日"
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Day:
    """One cell of the month: *due* reports, *open* of them still owed; 0 is no day of it."""

    number: int
    due: int = 0
    open: int = 0
    is_today: bool = False
    is_off: bool = False


@dataclass(frozen=True)
class DueDay:
    """One due day: its counts, and its reports where units are named."""

    title: str
    said: str
    bar: Bar | None
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True)
class Month:
    """A month with its weeks and its due days; *before* and *after* are the months beside it."""

    title: str
    here: str
    before: str
    after: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]
    days: tuple[DueDay, ...]
    pages: Pages


def calendar(look: Look) -> Month:
    """The month asked for, else the one in which reports are due now."""
    first = _first(look)
    due = _by_day(look, first)
    listed = [each for day in sorted(due) for each in due[day]]
    pages = pages_of(look.wanted.page, len(listed) if look.named else 1)
    shown = {each.id for each in listed[pages.rows]} if look.named else set()
    return Month(
        title=f"{first.year}年{first.month}月",
        here=f"{first:%Y-%m}",
        before=f"{add_months(first, -1):%Y-%m}",
        after=f"{add_months(first, 1):%Y-%m}",
        weekdays=tuple(_WEEKDAYS),
        weeks=_weeks(look, first, due),
        days=tuple(_due_day(look, day, due[day], shown) for day in sorted(due)),
        pages=pages,
    )


def _first(look: Look) -> date:
    """The first day of the month."""
    if found := _MONTH.fullmatch(look.wanted.month):
        return date(int(found[1]), int(found[2]), 1)
    now_due = current_round(look.session, look.programme.id or 0, look.now, look.zone)
    return now_due.first if now_due else look.today.replace(day=1)


def _by_day(look: Look, first: date) -> dict[date, list[DutyStanding]]:
    found: dict[date, list[DutyStanding]] = defaultdict(list)
    for each in look.owed:
        day = each.duty.deadline.astimezone(look.zone).date()
        is_asked = each.state is not State.WAIVED
        if is_asked and (day.year, day.month) == (first.year, first.month):
            found[day].append(each)
    return dict(found)


def _weeks(
    look: Look, first: date, due: dict[date, list[DutyStanding]]
) -> tuple[tuple[Day, ...], ...]:
    days_off = workdays(look.session)
    return tuple(
        tuple(_day(look, first, number, due, is_off=_is_off) for number, _is_off in week)
        for week in (
            [(n, n > 0 and not days_off.is_workday(first.replace(day=n))) for n in week]
            for week in months.monthcalendar(first.year, first.month)
        )
    )


def _day(
    look: Look, first: date, number: int, due: dict[date, list[DutyStanding]], *, is_off: bool
) -> Day:
    if not number:
        return Day(0)
    day = first.replace(day=number)
    of_day = due.get(day, [])
    return Day(number, len(of_day), _open(of_day), day == look.today, is_off)


def _open(of_day: Iterable[DutyStanding]) -> int:
    return sum(each.is_owed for each in of_day)


def _due_day(look: Look, day: date, of_day: Sequence[DutyStanding], shown: set[int]) -> DueDay:
    came = len(of_day) - _open(of_day)
    is_late = any(each.is_overdue or each.is_closed for each in of_day)
    said = f"应报{len(of_day)}件，已报{came}件"
    if waiting := sum(each.awaits_review for each in of_day):
        said += f"（待审{waiting}件）"
    if returned := sum(each.is_returned for each in of_day):
        said += f"，退回待重报{returned}件"
    if late := sum(each.is_overdue or each.is_closed for each in of_day):
        said += f"，逾期未报{late}件"
    return DueDay(
        title=f"{day_text(day)}（星期{_WEEKDAYS[day.weekday()]}）",
        said=said,
        bar=Bar(said, width(Decimal(came) * 100 / len(of_day)), "behind" if is_late else "track"),
        rows=tuple(duty_row(look, each) for each in of_day if each.id in shown),
    )
