"""Obligations of a year: the thirty-nine of dajuan-2021, labels, bounds and closing times."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.period import (
    END_OF_DAY,
    Due,
    closing_times,
    occurrences,
    programme_dues,
)
from models.rules.recurrence import DayKind, DueDay, Every, Recurrence
from models.rules.wording import Defaults, read_wording
from models.rules.workday import Calendar, Roll
from tests.conftest import SHANGHAI

MONTHLY_19 = "8月25日前报送1—7月情况；9月份起，每月19日前报1月1日至上月累计情况。"
MONTHLY_20 = "8月25日前报送l—7月情况：\n9月份起，每月20目前，报送1月l曰至上月的累计情况。"
QUARTERLY = "8月25日前报送1—7月情况；\n9月份起，按季度报送累计情况。"
HALF_YEARLY = "8月25日前报送1—6月情况；\n次年1月10日前报送全年累计情况。"
DAJUAN = [MONTHLY_19] * 9 + [MONTHLY_20] * 26 + [QUARTERLY] * 2 + [HALF_YEARLY] * 2
DAJUAN_DEFAULTS = Defaults(day=20)


def dues_of(text: str) -> tuple[Due, ...]:
    return programme_dues(read_wording(text, 2021, DAJUAN_DEFAULTS).recurrences, 2021)


def days(dues: tuple[Due, ...]) -> list[str]:
    return [f"{due.due:%m-%d}" for due in dues]


def test_the_year_of_dajuan_2021_is_39_then_9_and_26():
    count = Counter(due.due.date() for text in DAJUAN for due in dues_of(text))

    assert count[date(2021, 8, 25)] == 39
    assert count[date(2021, 9, 19)] == 9
    assert count[date(2021, 9, 20)] == 26
    assert count[date(2021, 10, 20)] == 26 + 2
    assert count[date(2022, 1, 10)] == 2
    assert max(count) == date(2022, 1, 20)
    assert sum(count.values()) == 9 * 6 + 26 * 6 + 2 * 3 + 2 * 2


def test_the_quarterly_items_are_due_on_an_assumed_day():
    first, third, fourth = dues_of(QUARTERLY)

    assert (first.label, first.assumed) == ("2021-07", ())
    assert (third.due.date(), third.label) == (date(2021, 10, 20), "2021-Q3")
    assert (fourth.due.date(), fourth.label) == (date(2022, 1, 20), "2021-Q4")
    assert "请确认" in third.assumed[0]


def test_in_january_the_whole_past_year_is_covered_and_that_is_the_last():
    last = dues_of(MONTHLY_19)[-1]

    assert last.due == datetime(2022, 1, 19, 23, 59, 59, tzinfo=SHANGHAI)
    assert last.covers == (date(2021, 1, 1), date(2021, 12, 31))
    assert last.label == "2021-12"


def test_the_half_yearly_items_are_the_half_and_the_year():
    assert [(d.label, d.covers) for d in dues_of(HALF_YEARLY)] == [
        ("2021-H1", (date(2021, 1, 1), date(2021, 6, 30))),
        ("2021", (date(2021, 1, 1), date(2021, 12, 31))),
    ]


def test_a_duty_since_january_owes_nothing_of_the_year_before():
    assert days(dues_of("每月10日前报送上月情况"))[0] == "02-10"
    assert days(dues_of("每月10日前报送上月情况"))[-1] == "01-10"
    assert days(dues_of("每年3月底前报送上年度总结")) == ["03-31"]


def test_a_period_closes_at_the_next_due_and_the_last_stays_open():
    dues = dues_of(QUARTERLY)

    assert closing_times(dues) == (dues[1].due, dues[2].due, None)


def test_due_is_the_end_of_the_day_unless_an_hour_is_given():
    whole, hour = (
        occurrences(read_wording(t, 2021).recurrences, date(2021, 8, 1), date(2021, 8, 31))[0]
        for t in ("8月25日前报送", "8月25日17:00前报送")
    )

    assert (whole.due.time(), whole.has_hour) == (END_OF_DAY, False)
    assert (hour.due.time(), hour.has_hour) == (time(17), True)
    assert whole.due.utcoffset() == hour.due.utcoffset() == SHANGHAI.utcoffset(whole.due)


@pytest.mark.parametrize(
    ("roll", "expected"),
    [(Roll.NONE, "09-19"), (Roll.PREVIOUS, "09-18"), (Roll.NEXT, "09-22")],
    ids=["stays", "before", "after"],
)
def test_only_a_roll_policy_moves_a_due_date_off_a_holiday(roll, expected):
    rules = read_wording(MONTHLY_19, 2021).recurrences

    assert days(programme_dues(rules, 2021, roll=roll))[1] == expected


def test_the_wording_s_own_roll_wins_over_the_programme_s():
    rules = read_wording("每月19日前报送，遇节假日顺延", 2021).recurrences

    assert "09-22" in days(programme_dues(rules, 2021, roll=Roll.PREVIOUS))


def test_working_days_of_an_unknown_year_are_marked():
    rules = read_wording("每月第5个工作日前报送", date(2021, 8, 16)).recurrences
    found = occurrences(rules, date(2021, 9, 1), date(2021, 9, 30), calendar=Calendar())

    assert found[0].assumed == ("2021年放假安排未录入，工作日暂按周一至周五推算",)


def test_labels_of_several_rules_never_meet():
    rules = read_wording("每月10日、20日、月底前报送；8月25日前报送1—7月", 2021).recurrences
    labels = [due.label for due in programme_dues(rules, 2021)]

    assert len(set(labels)) == len(labels) == 37


def test_a_label_does_not_depend_on_the_bounds_asked_for():
    rules = read_wording("每月10日、20日前报送", 2021).recurrences
    year = {d.due: d.label for d in occurrences(rules, date(2021, 1, 1), date(2021, 12, 31))}
    day = date(2021, 8, 20)

    assert all(year[d.due] == d.label for d in occurrences(rules, day, day))


def test_a_week_without_a_working_day_has_no_last_one():
    rules = read_wording("每周最后一个工作日前报送", date(2021, 9, 27)).recurrences
    found = occurrences(rules, date(2021, 9, 13), date(2021, 10, 10))

    assert days(found) == ["09-18", "09-26", "09-30", "10-09"]
    spring = occurrences(
        rules,
        date(2020, 1, 27),
        date(2020, 2, 2),
        calendar=Calendar(off=frozenset(date(2020, 1, 27) + timedelta(days=n) for n in range(7))),
    )
    assert spring == ()


RULES = st.one_of(
    st.builds(
        Recurrence,
        st.sampled_from([Every.MONTH, Every.QUARTER, Every.HALF, Every.YEAR]),
        day=st.builds(
            DueDay, st.sampled_from([DayKind.DATE]), st.integers(0, 31), st.integers(0, 13)
        ),
    ),
    st.builds(
        Recurrence,
        st.sampled_from([Every.WEEK, Every.MONTH, Every.QUARTER]),
        day=st.builds(
            DueDay,
            st.sampled_from([DayKind.AFTER, DayKind.AFTER_WORKDAYS]),
            st.integers(1, 40),
        ),
    ),
    st.builds(
        Recurrence,
        st.just(Every.WEEK),
        day=st.builds(DueDay, st.just(DayKind.WEEKDAY), st.integers(1, 7), st.integers(0, 1)),
    ),
    st.builds(
        Recurrence,
        st.sampled_from([Every.WEEK, Every.MONTH]),
        day=st.builds(DueDay, st.just(DayKind.WORKDAY), st.sampled_from([-2, -1, 1, 2])),
    ),
)
DATES = st.dates(date(2019, 1, 1), date(2025, 12, 31))


@given(RULES, DATES, DATES, st.sampled_from(Roll))
def test_no_due_lies_outside_its_bounds_and_every_label_is_its_own(rule, one, other, roll):
    start, end = min(one, other), max(one, other)
    found = occurrences([rule], start, end, roll=roll)

    assert all(start <= due.due.date() <= end for due in found)
    assert len({due.label for due in found}) == len(found)


@given(RULES, DATES, DATES, DATES)
def test_bounds_cut_the_same_series_anywhere(rule, one, two, three):
    start, middle, end = sorted((one, two, three))
    whole = occurrences([rule], start, end)

    assert {d.due for d in whole} == {
        d.due
        for part in (occurrences([rule], start, middle), occurrences([rule], middle, end))
        for d in part
    }


@pytest.mark.parametrize(
    ("text", "held", "outside"),
    [
        ("2022年10月1日至2022年12月3日，每周六前报送，遇节假日顺延", "2022-12-03", "2022-12-05"),
        ("2022年4月5日起，每月5日前报送，遇节假日提前", "2022-04-05", "2022-04-02"),
    ],
)
def test_a_roll_never_carries_a_due_out_of_the_bounds_of_its_duty(text, held, outside):
    rules = read_wording(text, date(2022, 3, 1)).recurrences
    dues = {f"{d.due:%Y-%m-%d}": d for d in occurrences(rules, date(2022, 1, 1), date(2023, 1, 31))}

    assert outside not in dues
    assert "仍按当日计" in dues[held].assumed[-1]


@given(
    st.dates(date(2021, 1, 1), date(2024, 6, 1)),
    st.integers(0, 200),
    st.one_of(
        st.integers(1, 7).map(lambda n: (Every.WEEK, DueDay(DayKind.WEEKDAY, n))),
        st.integers(0, 31).map(lambda n: (Every.MONTH, DueDay(DayKind.DATE, n))),
    ),
    st.sampled_from(Roll),
)
def test_every_due_of_a_bounded_duty_lies_in_its_bounds(since, length, duty, roll):
    until = since + timedelta(days=length)
    rule = Recurrence(duty[0], day=duty[1], since=since, until=until, roll=roll)
    plain = Recurrence(duty[0], day=duty[1], since=since, until=until)
    first, last = since - timedelta(days=40), until + timedelta(days=40)
    dues = occurrences([rule], first, last)

    assert all(since <= due.due.date() <= until for due in dues)
    assert len(dues) == len(occurrences([plain], first, last))
