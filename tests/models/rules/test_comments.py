"""群众意见: handled rates, what is open, and counts that cannot be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.comments import (
    CommentPolicy,
    Counting,
    Counts,
    check_comments,
    comment_state,
    together,
)
from models.rules.finding import Level
from models.rules.frozen import from_data, to_data
from models.rules.rounding import percent_text

MONTHLY = Counting.MONTHLY


def test_eleven_of_twelve_comments_break_the_rule_by_one():
    state = comment_state([Counts(12, 11)])

    assert (percent_text(state.rate), state.open, state.kept) == ("91.67%", 1, False)


def test_all_handled_keeps_the_rule():
    state = comment_state([Counts(12, 11), Counts(15, 15)])

    assert (state.rate, state.open, state.kept) == (100, 0, True)


def test_no_comment_is_not_applicable_and_no_report_is_not_known():
    nothing_came = comment_state([Counts(0, 0)])

    assert (nothing_came.rate, nothing_came.kept, nothing_came.open) == (None, None, 0)
    assert percent_text(nothing_came.rate) == "—"
    assert comment_state([]) is None


def test_cumulative_counts_hold_as_they_are_and_monthly_ones_add_up():
    periods = [Counts(4, 3), Counts(6, 6)]

    assert together(periods, Counting.CUMULATIVE) == Counts(6, 6)
    assert together(periods, MONTHLY) == Counts(10, 9)


def test_a_programme_may_ask_for_less_than_all():
    policy = CommentPolicy(handled=Decimal(90))

    assert comment_state([Counts(10, 9)], policy=policy).kept
    assert not comment_state([Counts(10, 8)], policy=policy).kept


def test_more_handled_than_received_is_an_error_with_its_correction():
    [finding] = check_comments(Counts(3, 5))

    assert finding.level is Level.ERROR
    assert finding.send == "修改 群众意见 收到3条 办理3条"
    assert finding.text == (
        "群众意见“收到3条 办理5条”的办理数多于收到数，应为3条以内。"
        "请发“修改 群众意见 收到3条 办理3条”。"
    )


def test_in_a_month_alone_comments_of_the_month_before_may_be_handled():
    august = Counts(4, 2)

    assert check_comments(Counts(3, 5), [august], MONTHLY) == ()
    [finding] = check_comments(Counts(3, 6), [august], MONTHLY)
    assert "多于收到数与以前未办数之和，应为5条以内" in finding.text
    assert finding.send == "修改 群众意见 收到3条 办理5条"


def test_cumulative_counts_that_fall_are_asked_about():
    [finding] = check_comments(Counts(3, 3), [Counts(12, 11)])

    assert (finding.level, finding.needs_reason) == (Level.WARNING, True)
    assert finding.expected == "不少于上次的收到12条 办理11条"
    assert finding.send == "修改 群众意见 收到15条 办理14条"


@pytest.mark.parametrize("counts", [Counts(0, 0), Counts(12, 12), Counts(12, 0)])
def test_counts_that_can_be_are_taken(counts):
    assert check_comments(counts) == ()


def test_negative_counts_are_refused():
    with pytest.raises(Refused, match="收到0条 办理0条"):
        Counts(-1, 0)


@pytest.mark.parametrize("handled", ["0", "101"])
def test_a_rate_that_asks_for_nothing_or_too_much_is_refused(handled):
    with pytest.raises(Refused, match=f"收到 {handled}"):
        CommentPolicy(Decimal(handled))


def test_the_policy_is_data_and_comes_back_the_same():
    policy = CommentPolicy(Decimal("99.5"))

    assert from_data(CommentPolicy, to_data(policy)) == policy


PERIODS = st.lists(
    st.integers(0, 500).flatmap(
        lambda received: st.builds(Counts, st.just(received), st.integers(0, received))
    ),
    min_size=1,
)


@given(PERIODS, st.sampled_from(Counting))
def test_the_rule_is_kept_exactly_while_nothing_is_open(periods, counting):
    state = comment_state(periods, counting)

    assert state.open >= 0
    if state.counts.received:
        assert 0 <= state.rate <= 100
        assert state.kept == (state.open == 0)
    else:
        assert (state.rate, state.kept) == (None, None)


@given(PERIODS, st.integers(0, 900), st.integers(0, 900))
def test_the_correction_of_an_error_is_accepted(periods, received, handled):
    for counting in Counting:
        findings = check_comments(Counts(received, handled), periods, counting)
        if findings and findings[0].level is Level.ERROR:
            sent = [int(part.strip("收到办理条")) for part in findings[0].send.split()[2:]]
            again = check_comments(Counts(*sent), periods, counting)
            assert all(finding.level is not Level.ERROR for finding in again)
