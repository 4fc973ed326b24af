"""验收: the gap between progress and acceptance in autumn 2024, on declared figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.frozen import from_data, to_data
from models.rules.verification import (
    Pair,
    Step,
    Verdict,
    VerificationPolicy,
    verification,
)

OCTOBER = Step(date(2024, 10, 31), gap=Decimal(10))
NOVEMBER = Step(date(2024, 11, 30), full=True)
AUTUMN = VerificationPolicy((OCTOBER, NOVEMBER))


def pair(name, done, verified):
    done, verified = (None if each is None else Decimal(each) for each in (done, verified))
    return Pair(name, done, verified)


#: Declared for the test, but for the first one's 100 and 100.
ITEMS = (
    pair("无障碍改造", "100", "100"),
    pair("适老化改造", "114.96", "92.5"),
    pair("两癌检查", "100.12", "88"),
    pair("新增蓄水能力", "94.53", "84.53"),
    pair("农村公路安防", "75.1", "65.09"),
    pair("法律援助", "92.01", None),
    pair("应急广播", None, "60"),
)


def verdicts(day, items=ITEMS):
    return {item.pair.name: item.verdict for item in verification(items, AUTUMN, day).items}


def test_in_september_gaps_are_shown_and_the_limit_of_october_is_announced():
    found = verification(ITEMS, AUTUMN, date(2024, 9, 27))

    assert found.holding is None
    assert found.coming.text == "10月31日前进度与验收率相差不超过10个百分点"
    assert found.counts == {
        Verdict.KEPT: 0,
        Verdict.TOO_WIDE: 0,
        Verdict.UNKNOWN: 2,
        Verdict.NOT_DUE: 5,
    }
    assert [str(item.gap) for item in found.items] == [
        *("0.00", "7.50", "12.00", "10.00", "10.01", "None", "None"),
    ]
    assert [item.ready for item in found.items] == [True, True, False, True, False, None, None]


def test_at_the_end_of_october_ten_points_are_within_and_ten_and_a_hundredth_are_not():
    assert verdicts(date(2024, 10, 31)) == {
        "无障碍改造": Verdict.KEPT,
        "适老化改造": Verdict.KEPT,
        "两癌检查": Verdict.TOO_WIDE,
        "新增蓄水能力": Verdict.KEPT,
        "农村公路安防": Verdict.TOO_WIDE,
        "法律援助": Verdict.UNKNOWN,
        "应急广播": Verdict.UNKNOWN,
    }


def test_in_november_the_gap_still_holds_and_both_at_a_hundred_is_announced():
    found = verification(ITEMS, AUTUMN, date(2024, 11, 29))

    assert (found.holding, found.coming) == (OCTOBER, NOVEMBER)
    assert found.coming.text == "11月30日前进度和验收率都达到100%"
    assert [item.pair.name for item in found.items if item.ready] == ["无障碍改造"]


def test_from_the_end_of_november_only_both_at_a_hundred_will_do():
    found = verification(ITEMS, AUTUMN, date(2024, 11, 30))

    assert (found.holding, found.coming) == (NOVEMBER, None)
    assert [item.pair.name for item in found.of(Verdict.KEPT)] == ["无障碍改造"]
    assert found.of(Verdict.UNKNOWN) == ()
    assert found.counts[Verdict.TOO_WIDE] == 6
    assert {item.ready for item in found.items} == {None}


def test_finished_but_without_an_acceptance_rate_is_unknown_and_not_failed():
    items = (pair("应急广播", "100", None), pair("三合一事项", "100", "0"))

    assert verdicts(date(2024, 11, 30), items) == {
        "应急广播": Verdict.UNKNOWN,
        "三合一事项": Verdict.TOO_WIDE,
    }


def test_an_unknown_rate_is_no_gap_of_the_whole_progress():
    unknown, nothing = pair("法律援助", "92.01", None), pair("法律援助", "92.01", "0")

    assert (unknown.gap, nothing.gap) == (None, Decimal("92.01"))


def test_what_is_done_beyond_the_target_needs_no_acceptance():
    assert pair("大学生见习岗位", "259.5", "100").gap == 0


def test_nearly_a_hundred_is_not_a_hundred():
    items = (pair("新增蓄水能力", "99.996", "100"),)

    assert verdicts(date(2024, 12, 31), items) == {"新增蓄水能力": Verdict.TOO_WIDE}


def test_a_gap_is_that_of_the_printed_places():
    items = (pair("农村公路安防", "75.0953", "65.0910"),)

    [item] = verification(items, AUTUMN, date(2024, 10, 31)).items
    assert (item.gap, item.verdict) == (Decimal("10.01"), Verdict.TOO_WIDE)
    items = (pair("农村公路安防", "75.0949", "65.0851"),)
    [item] = verification(items, AUTUMN, date(2024, 10, 31)).items
    assert (item.gap, item.verdict) == (Decimal("10.00"), Verdict.KEPT)


def test_the_widest_gap_comes_first():
    found = verification(ITEMS, AUTUMN, date(2024, 10, 31))

    assert [item.pair.name for item in found.of(Verdict.TOO_WIDE)] == ["两癌检查", "农村公路安防"]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((), "至少要有一条"),
        (
            (NOVEMBER, OCTOBER),
            "按日期先后排列，“10月31日前进度与验收率相差不超过10个百分点”应在前面",
        ),
        ((OCTOBER, OCTOBER), "按日期先后排列"),
        ((OCTOBER, Step(date(2024, 11, 30), gap=Decimal(15))), "不能放宽"),
        ((NOVEMBER, Step(date(2024, 12, 31), gap=Decimal(0))), "不能放宽"),
    ],
    ids=["none", "out of order", "twice a day", "wider", "a gap after both at 100"],
)
def test_steps_that_contradict_each_other_are_refused(steps, reason):
    with pytest.raises(Refused, match=reason):
        VerificationPolicy(steps)


@pytest.mark.parametrize(
    ("kwargs", "reason"),
    [
        ({}, "二者取一"),
        ({"gap": Decimal(10), "full": True}, "二者取一"),
        ({"gap": Decimal(-1)}, "应在 0 至 100 之间，收到 -1"),
        ({"gap": Decimal(101)}, "收到 101"),
    ],
)
def test_a_step_asks_for_one_thing_that_can_be_reached(kwargs, reason):
    with pytest.raises(Refused, match=reason):
        Step(date(2024, 10, 31), **kwargs)


def test_the_policy_is_data_and_comes_back_the_same():
    assert from_data(VerificationPolicy, to_data(AUTUMN)) == AUTUMN


PERCENTS = st.none() | st.decimals(0, 300, places=3, allow_nan=False)
DAYS = st.integers(0, 200).map(lambda days: date(2024, 8, 1) + timedelta(days))


@given(st.lists(st.builds(Pair, st.just("项目"), PERCENTS, PERCENTS)), DAYS)
def test_every_item_has_exactly_one_verdict(pairs, day):
    found = verification(pairs, AUTUMN, day)

    assert [item.pair for item in found.items] == pairs
    assert sum(found.counts.values()) == len(pairs)
    assert sum(len(found.of(verdict)) for verdict in Verdict) == len(pairs)
    assert found.counts[Verdict.NOT_DUE] == 0 or day < OCTOBER.by


@given(PERCENTS, PERCENTS, DAYS)
def test_a_missing_percentage_never_counts_as_nothing(done, verified, day):
    [item] = verification([Pair("项目", done, verified)], AUTUMN, day).items

    assert (item.gap is None) == (done is None or verified is None)
    if item.verdict is Verdict.KEPT:
        assert item.gap is not None
    if item.verdict is Verdict.UNKNOWN:
        assert item.gap is None


@given(st.decimals(0, 300, places=3), st.decimals(0, 300, places=3), DAYS)
def test_a_gap_stays_within_a_hundred_and_acceptance_ahead_is_never_too_wide(done, verified, day):
    [item] = verification([Pair("项目", done, verified)], AUTUMN, day).items

    assert -100 <= item.gap <= 100
    if item.gap <= 0 and day < NOVEMBER.by:
        assert item.verdict is not Verdict.TOO_WIDE


@given(st.decimals(0, 300, places=3), st.decimals(0, 300, places=3))
def test_what_is_kept_at_the_last_step_was_kept_at_the_one_before(done, verified):
    pairs = [Pair("项目", done, verified)]
    [late], [early] = (verification(pairs, AUTUMN, s.by).items for s in (NOVEMBER, OCTOBER))

    if late.verdict is Verdict.KEPT:
        assert early.verdict is Verdict.KEPT
