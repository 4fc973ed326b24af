"""When a supervision order is offered, what its state lets people do, and its own clock."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from models.rules.ladder import Policy, next_working_time, slots
from models.rules.order import (
    Case,
    OrderAction,
    OrderBasis,
    OrderPolicy,
    OrderState,
    bases_on,
    is_allowed,
    is_later,
    is_long_overdue,
    is_red,
    is_returned_often,
    may_ask,
    order_ladder,
    usual_limit,
    weigh,
)
from models.rules.status import DEFAULT_POLICY, Band, Basis, Standing
from models.rules.workday import published
from tests.conftest import at

DAYS = published()
OVERDUE = Case(OrderBasis.OVERDUE, 7, 70, "overdue:70:2021-09-20")
RED = Case(OrderBasis.RED, 8, None, "red:8:2021-08-31")
RED_TOO = Case(OrderBasis.RED, 7, None, "red:7:2021-08-31")
RETURNED = Case(OrderBasis.RETURNED, 9, 90, "returned:128:2")


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2021-09-01T08:59", False), ("2021-09-01T09:00", True)],
    ids=["four-days-and-a-night", "five-working-days"],
)
def test_five_working_days_overdue_call_for_an_order(now: str, expected: bool) -> None:
    assert is_long_overdue(at("2021-08-25T23:59:59"), at(now), DAYS, Policy()) is expected


@pytest.mark.parametrize(
    ("done", "scheduled", "expected"),
    [("28.50", "41.67", True), ("44.63", "41.67", False), ("100", "41.67", False)],
)
def test_red_is_what_the_colour_policy_calls_red(done: str, scheduled: str, expected: bool) -> None:
    band = DEFAULT_POLICY.status(Decimal(done), Decimal(scheduled))

    assert is_red(band) is expected


def test_without_colours_behind_is_red_and_unknown_is_not() -> None:
    behind = Band("滞后", Standing.BEHIND, Basis.GAP, None, Decimal(0))

    assert is_red(behind)
    assert is_red(replace(behind, colour="红灯"))
    assert not is_red(replace(behind, colour="黄"))
    assert not is_red(None)


def test_the_second_return_calls_for_an_order_unless_the_policy_waits_longer() -> None:
    assert not is_returned_often(1, OrderPolicy())
    assert is_returned_often(2, OrderPolicy())
    assert not is_returned_often(2, OrderPolicy(returns=3))


def test_a_case_is_offered_once() -> None:
    first = weigh([OVERDUE, RED, RETURNED], [], (), ())
    standing = weigh([OVERDUE, RED], [OVERDUE, RED], (OVERDUE.key, RED.key), ())
    declined = weigh([OVERDUE], [], (OVERDUE.key,), ())

    assert first.fresh == (OVERDUE, RED, RETURNED)
    assert (standing.fresh, standing.gone, declined.fresh) == ((), (), ())


def test_a_red_light_that_goes_on_is_no_new_case_while_its_offer_stands() -> None:
    later = replace(RED, key="red:8:2021-09-30")

    assert weigh([later], [RED], (RED.key,), ()).fresh == ()
    assert weigh([later], [], (RED.key,), ()).fresh == (later,)


def test_an_offer_lapses_when_its_case_is_gone_or_an_order_went_out() -> None:
    assert weigh([], [OVERDUE], (OVERDUE.key,), ()).gone == (OVERDUE,)
    assert weigh([OVERDUE], [OVERDUE], (OVERDUE.key,), (7,)).gone == (OVERDUE,)


def test_a_task_under_an_order_gets_no_offer_nor_does_red_beside_its_missing_report() -> None:
    assert weigh([OVERDUE], [], (), (7,)).fresh == ()
    assert weigh([OVERDUE, RED_TOO], [], (), ()).fresh == (OVERDUE,)


def test_the_clock_of_an_order_around_mid_autumn() -> None:
    """Due on Thursday 23 September; 18 September is a working Saturday, 19 to 21 are off."""
    ladder = order_ladder(Policy(), OrderPolicy())
    found = slots(at("2021-09-23T23:59:59"), DAYS, ladder, at("2021-09-26T10:00"))

    assert [f"{slot.at:%m-%d %H} {slot.kind} {slot.days}" for slot in found] == [
        "09-17 09 before 3",
        "09-22 09 before 1",
        "09-23 09 on_day 0",
        "09-24 09 overdue 1",
        "09-26 09 overdue 2",
    ]


@pytest.mark.parametrize(
    ("day", "red"),
    [("2021-08-30", True), ("2021-08-31", False), ("2021-09-18", False), ("2021-09-22", True)],
    ids=["monday", "tuesday", "make-up-saturday", "first-day-after-the-holiday"],
)
def test_red_lights_are_looked_for_once_a_week(day: str, red: bool) -> None:
    bases = bases_on(date.fromisoformat(day), DAYS)

    assert (OrderBasis.RED in bases) is red
    assert OrderBasis.OVERDUE in bases


def test_a_red_light_that_was_not_looked_for_is_not_gone() -> None:
    looked_for = (OrderBasis.OVERDUE, OrderBasis.RETURNED)

    assert weigh([], [RED, OVERDUE], (RED.key,), (), looked_for).gone == (OVERDUE,)


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (OrderState.OFFERED, ""),
        (OrderState.OPEN, "答复 申请延期 延期 销号 撤销"),
        (OrderState.ANSWERED, "答复 延期 退回 销号 撤销"),
        (OrderState.CLOSED, "恢复"),
        (OrderState.DROPPED, ""),
    ],
)
def test_what_each_state_allows(state: OrderState, may: str) -> None:
    assert " ".join(each for each in OrderAction if is_allowed(each, state)) == may


def test_more_time_is_asked_for_before_the_limit_and_only_ahead() -> None:
    limit = at("2021-09-30T23:59:59")

    assert may_ask(limit, at("2021-09-30T20:00"))
    assert not may_ask(limit, at("2021-10-01T00:10"))
    assert not is_later(limit, limit, at("2021-09-20T09:00"))
    assert not is_later(at("2021-10-08T23:59:59"), limit, at("2021-10-09T09:00"))


def test_the_usual_limit_counts_working_days() -> None:
    limit = usual_limit(at("2021-09-16T10:00"), DAYS, OrderPolicy())

    assert limit == at("2021-09-24T23:59:59")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2021-09-17T10:00", "2021-09-17T10:00"),
        ("2021-09-17T20:00", "2021-09-18T09:00"),
        ("2021-09-18T18:30", "2021-09-22T09:00"),
        ("2021-09-22T07:00", "2021-09-22T09:00"),
    ],
    ids=["at-work", "evening-before-a-make-up-saturday", "before-the-holiday", "early"],
)
def test_what_is_decided_at_night_is_told_when_people_work(now: str, opens: str) -> None:
    assert next_working_time(at(now), DAYS, Policy(opens=time(9))) == at(opens)
