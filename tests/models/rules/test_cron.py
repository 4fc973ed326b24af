"""Cron lines: weekdays by name only, Shanghai time, and the names of periods."""

from datetime import timedelta

import pytest

from models.errors import Refused
from models.rules.cron import CronLine, said
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


@pytest.mark.parametrize(
    ("line", "moment", "period"),
    [
        ("0 9 * * mon", "2021-09-02T15:00", "2021-W35"),
        ("0 9 * * mon", "2021-09-05T22:00", "2021-W35"),
        ("0 9 25 * *", "2021-09-02T15:00", "2021-09"),
        ("0 9 * * *", "2021-09-02T15:00", "2021-09-02"),
        ("0 9 25 1,4,7,10 *", "2021-10-30T15:00", "2021-10"),
    ],
    ids=["thursday", "the-evening-before", "monthly", "daily", "quarterly"],
)
def test_a_moment_between_two_firings_belongs_to_the_period_of_its_day(
    line: str, moment: str, period: str
) -> None:
    assert CronLine(line, SHANGHAI).period(at(moment)) == period


def test_the_next_firing_is_the_first_one_after_now() -> None:
    line = CronLine("0 9 * * mon", SHANGHAI)

    assert line.next_fire(at("2021-08-30T09:00")) == at("2021-09-06T09:00")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("0 9 * * mon", "每周一9:00"),
        ("30 14 * * mon,thu", "每周一、四14:30"),
        ("0 9 * * mon-fri", "每周一至五9:00"),
        ("0 9 * * *", "每天9:00"),
        ("0 9 25 * *", "每月25日9:00"),
        ("0 9 5,20 * *", "每月5日、20日9:00"),
        ("0 9 last * *", "每月最后一天9:00"),
        ("0 9 25 1,4,7,10 *", "每季度首月25日9:00"),
        ("*/10 9 * * *", "按“*/10 9 * * *”"),
    ],
)
def test_a_line_is_said_in_plain_words(line: str, text: str) -> None:
    assert said(line) == text
