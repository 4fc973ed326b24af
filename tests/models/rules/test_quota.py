"""How far a month's quota lasts, by working days; what people will write is kept for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.quota import Count, Days, Standing, days_of, is_scarce, standing
from models.rules.workday import published

#: Eleven working days of September 2021 have passed, eleven are to come.
MIDDLE = date(2021, 9, 15)
CALENDAR = published()
UNITS = st.integers(0, 400_000)
COUNTS = st.builds(Count, UNITS, UNITS)
DAYS = st.dates(date(2020, 2, 1), date(2025, 12, 31))


def of_sent(sent: Count, today: date = MIDDLE, limit: int = 5000) -> Standing:
    return standing(limit, sent, Count(), today, CALENDAR)


def test_the_working_days_of_a_month_are_counted_with_its_make_up_days() -> None:
    assert days_of(MIDDLE, CALENDAR) == Days(passed=11, left=11, before=22)
    assert days_of(date(2021, 10, 7), CALENDAR) == Days(passed=0, left=17, before=22)
    assert days_of(date(2022, 1, 1), CALENDAR) == Days(passed=0, left=21, before=23)


def test_as_many_units_are_expected_on_the_days_to_come_as_on_those_passed() -> None:
    found = of_sent(Count(1650))

    assert (found.used, found.coming, found.forecast) == (1650, 1650, 3300)
    assert (found.runs_out, found.percent, found.warning) == (None, 33, 0)


def test_the_day_is_named_on_which_a_quota_will_be_used_up() -> None:
    """150 a day leave 1,350 for nine days, over the Mid-Autumn holiday and the make-up days."""
    found = of_sent(Count(1650), limit=3000)

    assert found.runs_out == date(2021, 9, 28)
    assert found.forecast == 3300


def test_what_people_will_write_is_reserved_before_anything_is_said_by_the_same_pool() -> None:
    found = standing(3000, Count(220), Count(1100), MIDDLE, CALENDAR)

    assert (found.used, found.reserved, found.coming) == (1320, 1100, 1320)
    assert found.strain == pytest.approx((1320 + 1100) / 3000)


@pytest.mark.parametrize(
    ("used", "warning"), [(3999, 0), (4000, 80), (4999, 80), (5000, 100), (6000, 100)]
)
def test_27_a_warning_is_due_at_80_and_at_100_percent(used: int, warning: int) -> None:
    assert of_sent(Count(used)).warning == warning


def test_a_month_that_begins_is_judged_by_the_last_one() -> None:
    """On 1 September: 40 units today, 2,200 in the 22 working days of August."""
    first = date(2021, 9, 1)

    alone, informed = of_sent(Count(40), first), of_sent(Count(40, 2200), first)

    assert alone.forecast == 40 + 21 * 40
    assert informed.forecast == 40 + 21 * 88  # (40 + 4 days of 100) over five days


def test_from_its_fifth_working_day_on_a_month_speaks_for_itself() -> None:
    assert of_sent(Count(500, 9999), date(2021, 9, 7)) == of_sent(Count(500), date(2021, 9, 7))


def test_a_month_that_begins_with_holidays_divides_by_no_working_day() -> None:
    assert of_sent(Count(3), date(2021, 10, 2)).coming == 3 * 17
    assert of_sent(Count(), date(2021, 10, 2)).coming == 0


def test_on_the_last_day_nothing_more_is_expected() -> None:
    found = of_sent(Count(4990), date(2021, 9, 30))

    assert (found.coming, found.runs_out) == (0, None)


def test_a_platform_that_says_it_is_used_up_is_believed() -> None:
    """Other programs of the organisation use of the same quota."""
    found = standing(3000, Count(), Count(400), MIDDLE, CALENDAR, is_out=True)

    assert (found.percent, found.warning, found.is_used_up) == (100, 100, True)
    assert found.strain == 1.0


def test_what_was_used_since_counts_at_once() -> None:
    assert of_sent(Count(3990)).with_more(10).warning == 80
    assert of_sent(Count(2500)).with_more(500).strain == pytest.approx(0.6)


@given(sent=COUNTS, heard=COUNTS, today=DAYS, limit=st.integers(1, 5_000_000))
def test_a_standing_never_contradicts_itself(
    sent: Count, heard: Count, today: date, limit: int
) -> None:
    found = standing(limit, sent, heard, today, CALENDAR)

    assert 0 <= found.reserved <= found.coming
    assert found.used == sent.now + heard.now
    assert found.strain >= found.used / limit
    if found.runs_out is None:
        assert found.forecast <= limit
    else:
        assert today <= found.runs_out
        assert (found.runs_out.year, found.runs_out.month) == (today.year, today.month)
        assert found.is_used_up or found.forecast >= limit
        assert found.is_used_up or CALENDAR.is_workday(found.runs_out)


@given(sent=COUNTS, more=st.integers(0, 1000), today=DAYS)
def test_more_used_never_looks_like_less(sent: Count, more: int, today: date) -> None:
    some, all_ = of_sent(sent, today), of_sent(Count(sent.now + more, sent.before), today)

    assert all_.forecast >= some.forecast + more
    assert all_.strain >= some.strain
    assert all_.warning >= some.warning
    if some.runs_out and all_.runs_out:
        assert all_.runs_out <= some.runs_out


@pytest.mark.parametrize(("strain", "told"), [(0.79, False), (0.8, True), (1.2, True)])
def test_from_four_fifths_on_it_is_scarce(strain: float, told: bool) -> None:
    assert is_scarce(strain) is told
