"""Rounding: halves go up, and shares add up to 100 whatever they are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.rounding import half_up, number_text, percent_of, percent_text, shares

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("2.5", 0, "3"),
        ("28.5", 0, "29"),
        ("0.005", 2, "0.01"),
        ("-2.5", 0, "-3"),
        ("4.685", 2, "4.69"),
    ],
)
def test_halves_are_rounded_away_from_zero_and_not_to_even(value, places, rounded):
    assert half_up(Decimal(value), places) == Decimal(rounded)


@pytest.mark.parametrize(
    ("done", "target", "text"),
    [
        (1710, 6000, "28.50%"),
        (22, 680, "3.24%"),
        (3633, 77500, "4.69%"),
        (798, 1800, "44.33%"),
        (717, 550, "130.36%"),
        (5, 12, "41.67%"),
        (1, 0, "—"),
    ],
    ids=["雪亮工程", "无障碍改造", "户用厕所", "法律援助", "儿童康复", "五个月", "无目标"],
)
def test_a_percentage_is_printed_with_two_places(done, target, text):
    assert percent_text(percent_of(done, target)) == text


def test_a_county_table_prints_one_place():
    assert percent_text(percent_of(44, 48), places=1) == "91.7%"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.65E+4", "16500"), ("473.9750", "473.975"), ("0.0", "0"), ("-0.0", "0"), ("100", "100")],
)
def test_a_number_is_printed_as_people_type_it(value, text):
    assert number_text(Decimal(value)) == text


def test_three_thirds_still_make_a_hundred():
    assert shares([Decimal(1)] * 3) == (Decimal(34), Decimal(33), Decimal(33))


def test_the_outlook_counts_of_65_items_share_out_to_a_hundred():
    parts = [Decimal(count) for count in (12, 30, 21, 2)]

    assert shares(parts, places=1) == tuple(map(Decimal, ("18.5", "46.1", "32.3", "3.1")))


def test_shares_of_nothing_are_all_nothing():
    assert shares([Decimal(0), Decimal(0)]) == (Decimal(0), Decimal(0))


@given(st.lists(AMOUNTS, min_size=1, max_size=40).filter(any), st.integers(0, 2))
def test_shares_always_sum_to_a_hundred_and_none_is_off_by_a_whole_unit(parts, places):
    result = shares(parts, places)

    assert sum(result) == 100
    whole, unit = sum(parts), Decimal(1).scaleb(-places)
    assert all(
        abs(got - part * 100 / whole) <= unit for got, part in zip(result, parts, strict=True)
    )
