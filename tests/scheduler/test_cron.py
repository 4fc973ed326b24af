"""Cron lines: weekdays by name only, Shanghai time, and the names of periods."""

from datetime import timedelta

import pytest

from models.errors import Refused
from scheduler.cron import CronLine
from tests.conftest import SHANGHAI, at

GRACE = timedelta(hours=12)


@pytest.mark.parametrize(
    ("line", "now", "fire"),
    [
        ("0 9 * * mon", "2021-08-30T09:00", "2021-08-30T09:00"),
        ("0 9 * * mon", "2021-08-30T08:59", None),
        ("0 9 * * mon", "2021-08-30T21:00", "2021-08-30T09:00"),
        ("0 9 * * mon", "2021-08-30T21:01", None),
        ("30 8 * * mon-fri", "2021-09-03T10:00", "2021-09-03T08:30"),
        ("0 9 1 * *", "2021-09-01T09:10", "2021-09-01T09:00"),
    ],
    ids=["on-time", "too-early", "last-moment-of-grace", "past-grace", "friday", "first-of-month"],
)
def test_a_firing_is_found_until_twelve_hours_later(line: str, now: str, fire: str | None) -> None:
    found = CronLine(line, SHANGHAI).last_fire(at(now), GRACE)

    assert found == (None if fire is None else at(fire))


@pytest.mark.parametrize(
    ("line", "fire", "period"),
    [
        ("0 9 * * mon", "2021-08-30T09:00", "2021-W35"),
        ("0 9 * * mon", "2022-01-03T09:00", "2022-W01"),
        ("0 9 5 * *", "2021-09-05T09:00", "2021-09"),
        ("30 8 * * mon-fri", "2021-09-03T08:30", "2021-09-03"),
        ("0 9,15 * * *", "2021-09-03T15:00", "2021-09-03T1500"),
    ],
    ids=["weekly", "week-of-the-new-year", "monthly", "working-days", "twice-a-day"],
)
def test_a_period_is_named_by_how_often_the_line_fires(line: str, fire: str, period: str) -> None:
    assert CronLine(line, SHANGHAI).period(at(fire)) == period


@pytest.mark.parametrize(
    "line", ["0 9 * * 1", "0 9 * * 1-5", "0 9 * * mon,3", "0 9 * *", "9点", "0 25 * * mon", ""]
)
def test_a_line_that_would_fire_on_the_wrong_day_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        CronLine(line, SHANGHAI)
