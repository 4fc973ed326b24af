"""Chinese working days, make-up Saturdays included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.workday import OFF, WORK, Calendar, Roll, known_years, published, seed

SATURDAY = date(2021, 9, 18)
SUNDAY = date(2021, 9, 19)
WEDNESDAY = date(2021, 9, 22)
DAYS = st.dates(date(2020, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 9, 17), True),
        (SATURDAY, True),
        (SUNDAY, False),
        (date(2021, 9, 20), False),
        (date(2021, 9, 21), False),
        (WEDNESDAY, True),
        (date(2021, 10, 1), False),
        (date(2021, 10, 9), True),
    ],
    ids=str,
)
def test_mid_autumn_2021_has_its_make_up_saturday(day, works):
    assert published().is_workday(day) is works


def test_the_holidays_of_the_19th_to_21st_are_stepped_over():
    calendar = published()

    assert calendar.previous_workday_on_or_before(date(2021, 9, 20)) == SATURDAY
    assert calendar.next_workday(SATURDAY) == WEDNESDAY
    assert calendar.add_workdays(SUNDAY, -2) == date(2021, 9, 17)
    assert calendar.add_workdays(SUNDAY, 1) == WEDNESDAY
    assert calendar.workdays_between(date(2021, 9, 17), WEDNESDAY) == 2


@pytest.mark.parametrize(
    ("roll", "day"),
    [(Roll.NONE, SUNDAY), (Roll.PREVIOUS, SATURDAY), (Roll.NEXT, WEDNESDAY)],
    ids=["stays", "before the holiday", "after the holiday"],
)
def test_a_due_date_on_a_holiday_moves_only_by_a_policy(roll, day):
    assert published().rolled(SUNDAY, roll) == day


def test_a_year_without_published_holidays_falls_back_to_weekdays_and_says_so():
    unknown = known_years()[-1] + 1

    assert seed(unknown) == {}
    assert not published().knows(unknown)
    assert published().knows(2021)
    assert not Calendar().is_workday(SATURDAY)
    assert Calendar().is_workday(date(2021, 10, 1))


def test_a_seed_holds_only_the_days_that_differ_from_the_week():
    days = seed(2021)

    assert days[SATURDAY] == WORK
    assert days[date(2021, 9, 20)] == OFF
    assert SUNDAY not in days


def test_an_admin_may_put_a_day_off_that_no_list_knows():
    calendar = Calendar.of({date(2027, 2, 15): OFF}, [2027])

    assert not calendar.is_workday(date(2027, 2, 15))
    assert calendar.knows(2027)


def test_an_override_that_is_neither_work_nor_off_is_refused():
    with pytest.raises(ValueError, match="neither work nor off"):
        Calendar.of({SUNDAY: "holiday"}, [2021])


@given(DAYS, st.integers(1, 40))
def test_counting_forward_and_back_meet(day, count):
    calendar = published()
    later = calendar.add_workdays(day, count)

    assert calendar.is_workday(later)
    assert calendar.workdays_between(day, later) == count
    assert calendar.add_workdays(later, 1 - count) == calendar.next_workday(day)
