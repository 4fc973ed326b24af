"""动态: counts and ticks by project and month, and the months in which an item is missing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.activity import (
    ActivityPolicy,
    Missing,
    Published,
    activity_matrix,
    months_between,
)
from models.rules.frozen import from_data, to_data

PROJECTS = ("法律援助", "基层防灾能力提升", "农村水源保障")
SUMMER = months_between(date(2024, 6, 1), date(2024, 9, 30))
PUBLISHED = (
    Published("法律援助", date(2024, 6, 3)),
    Published("法律援助", date(2024, 7, 8)),
    Published("法律援助", date(2024, 8, 9)),
    Published("法律援助", date(2024, 8, 21)),
    Published("法律援助", date(2024, 9, 2)),
    Published("基层防灾能力提升", date(2024, 7, 31)),
    Published("基层防灾能力提升", date(2024, 5, 31)),
)
SUMMER_2024 = activity_matrix(PROJECTS, SUMMER, PUBLISHED)
ONE = ActivityPolicy()


def month(number):
    return date(2024, number, 1)


def test_a_month_is_ticked_when_anything_was_published_in_it():
    law, disasters, water = SUMMER_2024.rows

    assert (law.counts, law.total) == ((1, 1, 2, 1), 5)
    assert disasters.ticks == (False, True, False, False)
    assert (water.project, water.ticks) == ("农村水源保障", (False,) * 4)


def test_months_are_counted_by_projects():
    assert SUMMER_2024.months == (month(6), month(7), month(8), month(9))
    assert SUMMER_2024.projects_per_month == (1, 2, 1, 1)


def test_an_item_of_another_month_belongs_to_another_matrix():
    assert SUMMER_2024.total == len(PUBLISHED) - 1


def test_missing_months_are_named_and_the_running_one_is_not_missing_yet():
    assert SUMMER_2024.missing(ONE, date(2024, 9, 27)) == (
        Missing("基层防灾能力提升", (month(6), month(8)), running=True),
        Missing("农村水源保障", (month(6), month(7), month(8)), running=True),
    )


def test_the_last_day_of_a_month_makes_it_missing():
    found = {each.project: each for each in SUMMER_2024.missing(ONE, date(2024, 9, 30))}

    assert found["基层防灾能力提升"].months == (month(6), month(8), month(9))
    assert not found["基层防灾能力提升"].running


def test_months_to_come_owe_nothing():
    [disasters, water] = SUMMER_2024.missing(ONE, date(2024, 7, 15))

    assert (disasters.months, disasters.running) == ((month(6),), False)
    assert (water.months, water.running) == ((month(6),), True)


def test_a_programme_may_ask_for_two_items_a_month():
    [law, *_] = SUMMER_2024.missing(ActivityPolicy(monthly=2), date(2024, 8, 31))

    assert (law.project, law.months) == ("法律援助", (month(6), month(7)))


def test_a_project_that_is_not_listed_is_named():
    with pytest.raises(Refused, match="没有这些项目：普惠托育，请核对"):
        activity_matrix(PROJECTS, SUMMER, [Published("普惠托育", date(2024, 6, 1))])


def test_a_rule_of_no_item_is_refused():
    with pytest.raises(Refused, match="至少应为 1 条，收到 0"):
        ActivityPolicy(monthly=0)


def test_the_policy_is_data_and_comes_back_the_same():
    assert from_data(ActivityPolicy, to_data(ActivityPolicy(2))) == ActivityPolicy(2)


def test_months_run_over_the_new_year():
    assert months_between(date(2024, 11, 30), date(2025, 2, 1)) == (
        *(date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)),
    )


DAYS = st.integers(0, 213).map(lambda days: date(2024, 3, 1) + timedelta(days))
ITEMS = st.lists(st.builds(Published, st.sampled_from(PROJECTS), DAYS), max_size=60)
MARCH_TO_SEPTEMBER = months_between(date(2024, 3, 1), date(2024, 9, 30))


@given(ITEMS)
def test_totals_by_row_and_by_column_are_the_number_of_items(published):
    matrix = activity_matrix(PROJECTS, MARCH_TO_SEPTEMBER, published)

    assert sum(row.total for row in matrix.rows) == matrix.total == len(published)
    ticks = sum(sum(row.ticks) for row in matrix.rows)
    assert ticks == sum(matrix.projects_per_month) <= matrix.total


@given(ITEMS, st.integers(1, 3), DAYS)
def test_a_month_that_is_over_is_either_missing_or_has_enough(published, monthly, day):
    matrix = activity_matrix(PROJECTS, MARCH_TO_SEPTEMBER, published)
    missing = {each.project: each.months for each in matrix.missing(ActivityPolicy(monthly), day)}

    for row in matrix.rows:
        counts = dict(zip(matrix.months, row.counts, strict=True))
        over = [m for m in matrix.months if m < day.replace(day=1)]
        named = missing.get(row.project, ())
        assert all((m in named) == (counts[m] < monthly) for m in over)
        assert all(m <= day for m in named)
