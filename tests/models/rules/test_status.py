"""Status policies: bands that neither leave a hole nor overlap, or are refused."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.rules.frozen import from_data, to_data
from models.rules.status import DEFAULT_POLICY, Band, Basis, Standing, StatusPolicy

PERCENTS = st.decimals(min_value=0, max_value=1000, places=4, allow_nan=False)


def band(label, basis, start, end, standing=Standing.ON_TRACK):
    start, end = (None if each is None else Decimal(each) for each in (start, end))
    return Band(label, standing, basis, start, end)


SEPTEMBER = StatusPolicy(
    (
        band("已完成", Basis.DONE, 100, None, Standing.COMPLETED),
        band("达到或超过75%", Basis.DONE, 75, 100),
        band("未达75%", Basis.DONE, None, 75, Standing.BEHIND),
    )
)


@pytest.mark.parametrize(
    ("done", "label"),
    [
        ("130.36", "达到省定验收标准"),
        ("100", "达到省定验收标准"),
        ("99.996", "工作有序推进"),
        ("41.96", "工作有序推进"),
        ("41.665", "工作有序推进"),
        ("41.664", "工作进度相对滞后"),
        ("28.5", "工作进度相对滞后"),
    ],
)
def test_the_default_policy_in_may(done, label):
    assert DEFAULT_POLICY.status(Decimal(done), Decimal(500) / 12).label == label


@pytest.mark.parametrize(
    ("done", "label"), [("100", "已完成"), ("75", "达到或超过75%"), ("74.99", "未达75%")]
)
def test_the_september_bands_are_the_same_rule_with_other_labels(done, label):
    assert SEPTEMBER.status(Decimal(done), Decimal(75)).label == label
    assert SEPTEMBER.status(Decimal(done), Decimal(75)).standing is (
        DEFAULT_POLICY.status(Decimal(done), Decimal(75)).standing
    )


def test_traffic_lights_may_measure_done_against_scheduled():
    lights = StatusPolicy(
        (
            band("绿灯", Basis.RATIO, 100, None),
            band("黄灯", Basis.RATIO, 80, 100),
            band("红灯", Basis.RATIO, 0, 80),
        )
    )

    assert [lights.status(Decimal(done), Decimal(50)).label for done in (50, 40, 39)] == [
        "绿灯",
        "黄灯",
        "红灯",
    ]
    assert lights.status(Decimal(0), Decimal(0)).label == "绿灯"


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ([], "至少要有一个档次"),
        ([("绿", "done", 75, None), ("红", "done", None, 60)], "完成率在 60 至 75 之间没有档次"),
        ([("绿", "done", 70, None), ("红", "done", None, 75)], "“红”与“绿”重叠"),
        ([("绿", "done", 75, None), ("黄", "done", 50, None), ("红", "done", None, 50)], "重叠"),
        ([("绿", "done", 75, None), ("黄", "done", 50, 75)], "没有覆盖全部取值"),
        ([("黄", "done", 0, 75)], "没有覆盖全部取值"),
        ([("绿", "gap", 0, None), ("红", "gap", -100, 0)], "没有覆盖全部取值"),
        ([("绿", "done", 75, 60), ("红", "done", None, 75)], "起点应小于终点"),
        (
            [("绿", "done", 100, None), ("黄", "gap", None, None), ("红", "done", None, 100)],
            "同一依据的档次应排在一起",
        ),
        ([("绿", "done", None, None), ("红", "gap", None, None)], "后面的档次用不到"),
    ],
    ids=[
        "empty",
        "hole",
        "overlap",
        "two open tops",
        "open below",
        "open above",
        "negative gap",
        "reversed",
        "scattered",
        "unreachable",
    ],
)
def test_a_policy_with_holes_or_overlaps_is_refused_with_the_reason(bands, reason):
    with pytest.raises(Refused, match=reason):
        StatusPolicy(tuple(band(name, Basis(basis), low, high) for name, basis, low, high in bands))


def test_a_policy_is_data_and_comes_back_the_same():
    assert from_data(StatusPolicy, to_data(DEFAULT_POLICY)) == DEFAULT_POLICY


def test_a_misspelt_row_is_refused_by_its_place():
    data = to_data(SEPTEMBER)
    data["bands"][1]["upto"] = 100

    with pytest.raises(Refused, match=r"bands\.1\.upto"):
        from_data(StatusPolicy, data)


def test_a_hole_in_handed_in_data_is_refused_with_its_own_reason():
    data = to_data(SEPTEMBER)
    del data["bands"][1]

    with pytest.raises(Refused, match="完成率在 75 至 100 之间没有档次"):
        from_data(StatusPolicy, data)


@pytest.mark.parametrize(
    ("text", "label"),
    [("滞后", "工作进度相对滞后"), ("工作有序推进", "工作有序推进"), ("工作", None), ("", None)],
)
def test_a_label_is_found_by_its_short_word_unless_two_fit(text, label):
    found = DEFAULT_POLICY.named(text)

    assert (found.label if found else None) == label


@given(st.lists(st.integers(1, 300), unique=True, max_size=6), PERCENTS)
def test_any_cuts_make_a_policy_in_which_every_value_has_exactly_one_band(cuts, done):
    edges = [None, *sorted(cuts), None]
    bands = tuple(
        band(f"档{at}", Basis.DONE, low, high) for at, (low, high) in enumerate(pairwise(edges))
    )

    policy = StatusPolicy(bands)

    holding = [each for each in bands if each.holds(done)]
    assert holding == [policy.status(done, Decimal(50))]


def test_a_band_holds_its_start_and_not_its_end():
    yellow = band("黄灯", Basis.RATIO, 80, 100)

    assert [yellow.holds(Decimal(value)) for value in (79, 80, 99, 100)] == [
        False,
        True,
        True,
        False,
    ]
