"""How a person is found in what is kept, and what is not taken for them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.retention import SHORTEST, Mentions, Periods, over_before, pseudonym
from tests.conftest import at

NAME, ID = "龙晓岚", "longxiaolan"


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("请龙晓岚补报", "请离任人员17补报"),
        ("@LongXiaolan 请补报", "@离任人员17 请补报"),
        ("LongXiaolan的文件", "离任人员17的文件"),
        ("wecom:longxiaolan", "离任人员17"),
        ("longxiaolan2、mylongxiaolan、longxiaolan.b", None),
        ("a@longxiaolan.cn", None),
        ("龙晓", None),
        ("", None),
    ],
)
def test_a_name_and_a_long_account_are_found_in_sentences(text: str, without: str | None) -> None:
    mentions = Mentions(NAME, [ID, f"wecom:{ID}"], pseudonym(17))

    assert mentions.within(text) == (text if without is None else without)


@pytest.mark.parametrize("short", ["17", "110105", "zs", "a.b", ""])
def test_what_may_be_a_number_is_not_looked_for(short: str) -> None:
    mentions = Mentions("", [short], pseudonym(17))

    assert mentions.needles == ()
    assert mentions.within(f"完成{short}个，{short}") == f"完成{short}个，{short}"


def test_lists_and_objects_keep_their_shape() -> None:
    mentions = Mentions(NAME, [], pseudonym(17))

    kept = {"who": [NAME, 3, None, {"a": f"{NAME}报"}], NAME: True}
    left = {"who": ["离任人员17", 3, None, {"a": "离任人员17报"}], "离任人员17": True}
    assert mentions.within(kept) == left


@given(before=st.text(), after=st.text())
def test_whatever_stands_around_the_name_it_is_gone_and_the_rest_is_not(
    before: str, after: str
) -> None:
    mentions = Mentions(NAME, [], pseudonym(17))
    left = mentions.within(f"{before}{NAME}{after}")

    assert NAME not in left
    assert mentions.within(left) == left
    if NAME not in before + after:
        assert left == f"{before}{pseudonym(17)}{after}"


def test_a_period_ends_to_the_second_and_none_never() -> None:
    now = at("2021-09-18T02:00")

    assert over_before(30, now) == now - timedelta(days=30)
    assert over_before(0, now) is None
    assert all(days >= SHORTEST[kind] for kind, days in vars(Periods()).items())
