"""Another wording: the clauses that state their day stay, and nothing past is asked for."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.rules.period import occurrences
from models.rules.rewording import reworded
from models.rules.wording import Defaults, Reading, read_wording

DECLARED = "8月25日前报送1—7月情况；9月份起，按季度报送累计情况"
TODAY = date(2021, 8, 16)


def read(text: str) -> Reading:
    return read_wording(text, 2021, Defaults(20))


def due_days(found: Reading, text: str, today: date, *, is_whole: bool = False) -> list[str]:
    rules = reworded(found, read(text).recurrences, today, is_whole=is_whole).rules
    return [
        f"{due.due:%Y-%m-%d}" for due in occurrences(rules, date(2021, 1, 1), date(2022, 1, 31))
    ]


def test_the_clause_in_doubt_is_replaced_within_its_bounds():
    found = reworded(read(DECLARED), read("每季度结束后10日前报送").recurrences, TODAY)

    assert [rule.on for rule in found.kept] == [date(2021, 8, 25)]
    assert [rule.since for rule in found.new] == [date(2021, 9, 1)]


def test_bounds_that_the_new_wording_states_are_its_own():
    found = reworded(
        read(DECLARED), read("2021年11月1日起，每季度结束后10日前报送").recurrences, TODAY
    )

    assert [rule.since for rule in found.new] == [date(2021, 11, 1)]


def test_a_clause_not_understood_is_answered_and_the_rest_stays():
    declared = read_wording("8月25日前报送1—7月情况；按季度报送", 2021)

    days = due_days(declared, "每季度结束后10日前报送", TODAY)

    assert declared.not_understood
    assert days == ["2021-08-25", "2021-10-10", "2022-01-10"]


def test_a_wording_without_doubt_is_replaced_as_a_whole():
    assert due_days(read("8月25日前；12月10日前"), "9月3日前", TODAY) == ["2021-09-03"]


def test_a_stated_day_that_is_said_again_stays_once_even_when_it_is_past():
    text = "8月25日前报送1—7月情况；每季度结束后10日前报送"

    assert due_days(read(DECLARED), text, TODAY).count("2021-08-25") == 1
    assert due_days(read(DECLARED), text, date(2021, 9, 5), is_whole=True)[0] == "2021-08-25"


@given(
    st.sampled_from(["每月5日前", "每周五17:00前", "每季度结束后10日前", "3月2日前；每月底前"]),
    st.dates(date(2021, 1, 1), date(2021, 12, 31)),
    st.booleans(),
)
def test_a_rewriting_never_asks_for_what_was_due_before(text, today, is_whole):
    new = reworded(read(DECLARED), read(text).recurrences, today, is_whole=is_whole).new

    assert all(
        due.due.date() >= today for due in occurrences(new, date(2021, 1, 1), date(2022, 12, 31))
    )
