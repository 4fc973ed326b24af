"""The reminder ladder over the Mid-Autumn holiday of 2021."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.ladder import (
    EscalationKind,
    Policy,
    Slot,
    SlotKind,
    escalations,
    is_working_time,
    moments,
    slot_due,
    slots,
)
from models.rules.period import END_OF_DAY
from models.rules.workday import published
from tests.conftest import SHANGHAI

CALENDAR = published()
POLICY = Policy()


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2021, month, day, hour, minute, tzinfo=SHANGHAI)


def end_of(month: int, day: int) -> datetime:
    return datetime.combine(date(2021, month, day), END_OF_DAY, SHANGHAI)


def ladder(due: datetime, until: datetime) -> list[tuple[datetime, str, int]]:
    return [(s.at, s.kind.value, s.days) for s in slots(due, CALENDAR, POLICY, until)]


def test_an_ordinary_due_day_has_its_whole_ladder():
    assert ladder(end_of(8, 25), at(8, 30, 18)) == [
        (at(8, 18), "before", 5),
        (at(8, 23), "before", 2),
        (at(8, 25), "on_day", 0),
        (at(8, 25, 15), "on_day", 0),
        (at(8, 26), "overdue", 1),
        (at(8, 27), "overdue", 2),
        (at(8, 30), "overdue", 3),
    ]


@pytest.mark.parametrize("day", [19, 20], ids=["the nine of the 19th", "the 26 of the 20th"])
def test_dues_in_the_holiday_are_reminded_on_the_make_up_saturday_before(day):
    assert ladder(end_of(9, day), at(9, 23, 18)) == [
        (at(9, 14), "before", 5),
        (at(9, 17), "before", 2),
        (at(9, 18), "on_day", 0),
        (at(9, 18, 15), "on_day", 0),
        (at(9, 22), "overdue", 1),
        (at(9, 23), "overdue", 2),
    ]


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (at(9, 18, 8, 59), None),
        (at(9, 18), at(9, 18)),
        (at(9, 18, 12, 59), at(9, 18)),
        (at(9, 18, 13, 1), None),
        (at(9, 18, 15), at(9, 18, 15)),
        (at(9, 18, 17, 30), at(9, 18, 15)),
        (at(9, 18, 18, 1), None),
        (at(9, 20), None),
        (at(9, 22, 10), at(9, 22)),
        (at(9, 16), None),
    ],
    ids=[
        "too early",
        "on time",
        "four hours late",
        "skipped after four hours",
        "the second of the day",
        "late but in hours",
        "after hours",
        "nothing on the holiday",
        "overdue after the holiday",
        "no rung on that day",
    ],
)
def test_what_is_sent_now_is_the_latest_slot_that_is_not_too_late(now, slot):
    found = slot_due(end_of(9, 19), now, CALENDAR, POLICY)

    assert (found.at if found else None) == slot


def test_a_due_hour_leaves_out_the_slots_that_come_after_it():
    friday = at(8, 27, 12)

    assert slot_due(friday, at(8, 27), CALENDAR, POLICY) == Slot(at(8, 27), SlotKind.ON_DAY, 0)
    assert slot_due(friday, at(8, 27, 15), CALENDAR, POLICY) is None


def test_a_due_hour_before_the_first_slot_is_reminded_the_working_day_before():
    monday = at(8, 30, 8, 30)

    assert slot_due(monday, at(8, 27, 15), CALENDAR, POLICY) == Slot(
        at(8, 27, 15), SlotKind.ON_DAY, 0
    )


def test_the_unit_head_is_told_after_two_overdue_days_and_an_order_offered_after_five():
    due = end_of(9, 20)
    found = escalations(due, at(9, 28), CALENDAR, POLICY)

    assert [(e.kind, e.at) for e in found] == [
        (EscalationKind.UNIT_HEAD, at(9, 23)),
        (EscalationKind.ORDER, at(9, 27)),
    ]
    assert escalations(due, at(9, 22, 18), CALENDAR, POLICY) == ()


def test_a_clock_moved_by_hand_stops_at_every_moment_of_working_days():
    found = moments(date(2021, 9, 17), date(2021, 9, 22), CALENDAR, POLICY)

    assert found == tuple(at(9, day, hour) for day in (17, 18, 22) for hour in (9, 15))


@pytest.mark.parametrize(
    "wrong",
    [
        {"overdue_at": time(8)},
        {"on_day_at": (time(9), time(19))},
        {"on_day_at": (time(9), time(11), time(15))},
        {"before_days": (0,)},
        {"opens": time(7)},
        {"closes": time(20)},
        {"opens": time(18), "closes": time(9)},
        {"daily_cap": 4},
        {"unit_head_after": 6},
    ],
    ids=[
        "before work",
        "after work",
        "three a day",
        "no day before",
        "at dawn",
        "at night",
        "all night",
        "four a day",
        "order before the head",
    ],
)
def test_a_ladder_that_would_nag_is_refused(wrong):
    with pytest.raises(ValueError, match=r"提醒|上限|时段|逾期"):
        Policy(**wrong)


DUES = st.builds(
    datetime.combine,
    st.dates(date(2021, 1, 1), date(2022, 12, 31)),
    st.times(),
    st.just(SHANGHAI),
)


@given(DUES)
def test_no_slot_lies_outside_working_time_and_no_day_has_three(due):
    found = slots(due, CALENDAR, POLICY, due + timedelta(days=20))
    days = [slot.at.date() for slot in found]

    assert all(is_working_time(slot.at, CALENDAR, POLICY) for slot in found)
    assert max(map(days.count, days)) <= POLICY.daily_cap
    assert [slot.at for slot in found] == sorted(slot.at for slot in found)


@given(DUES, st.integers(0, 20 * 24 * 60))
def test_what_is_sent_now_is_a_slot_of_the_ladder(due, minutes):
    now = due - timedelta(days=10) + timedelta(minutes=minutes)
    found = slot_due(due, now, CALENDAR, POLICY)

    assert found is None or found in slots(due, CALENDAR, POLICY, now)
