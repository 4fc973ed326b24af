"""An indicator's year as two lines: what was done month by month, and what should have been."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.reporting.texts import day_text
from handlers.standing.tasks import IndicatorStanding
from models.figure import Figure, Series
from models.rules.curve import scheduled
from models.rules.progress import done_percent
from models.rules.rounding import HUNDRED, half_up, percent_text
from models.rules.span import month_end

#: The drawing's own measures: a month is 25 wide, 100 % is 100 high.
_MONTH = Decimal(25)
WIDTH = 12 * int(_MONTH)
HEIGHT = 100
#: Fewer points make no line.
_FEWEST = 2


@dataclass(frozen=True)
class Chart:
    """Two lines as points of an SVG, and the same in words."""

    title: str
    said: str
    done: str
    schedule: str
    dots: tuple[tuple[str, str], ...]


def chart_of(one: IndicatorStanding, figures: Iterable[Figure], year: int) -> Chart | None:
    """The accepted figures of *year*; None for levels and for fewer than two months."""
    if one.progress is None or one.progress.target.is_threshold:
        return None
    target = one.progress.target
    months: dict[int, tuple[date, Decimal]] = {}
    for each in figures:  # oldest first, so that the last of a month holds
        percent = done_percent(target, each.value)
        is_of_it = each.indicator_id == one.indicator.id and each.series == Series.REPORTED
        if is_of_it and each.as_of.year == year and percent is not None:
            months[each.as_of.month] = each.as_of, percent
    if len(months) < _FEWEST:
        return None
    points = [_point(day, percent) for day, percent in months.values()]
    due = ((month, scheduled(month_end(year, month), target.curve, year)) for month in range(1, 13))
    schedule = [("0", str(HEIGHT)), *((_x(Decimal(month)), _y(share)) for month, share in due)]
    return Chart(
        title=one.indicator.name,
        said="；".join(f"{day_text(day)} {percent_text(share)}" for day, share in months.values()),
        done=_line(points),
        schedule=_line(schedule),
        dots=tuple(points),
    )


def _point(day: date, percent: Decimal) -> tuple[str, str]:
    part = Decimal(day.day) / month_end(day.year, day.month).day
    return _x(day.month - 1 + part), _y(percent)


def _x(months: Decimal) -> str:
    return str(half_up(months * _MONTH, 1))


def _y(percent: Decimal) -> str:
    return str(half_up(HEIGHT - min(max(percent, Decimal(0)), HUNDRED), 1))


def _line(points: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
