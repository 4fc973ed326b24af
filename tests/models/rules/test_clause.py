"""Clauses by name: 政7（2） and 政7-2, short texts, many of them in a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.clause import (
    MOST_LISTED,
    SHORT,
    clause_label,
    clause_number,
    grouped,
    listed,
    short_text,
)


def test_a_clause_is_named_by_its_place_and_a_task_of_one_clause_by_its_number():
    assert (clause_label("政7", 2), clause_number("政7", 2)) == ("政7（2）", "政7-2")
    assert (clause_label("政4", 0), clause_number("政4", 0)) == ("政4", "政4")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("建设县域商业体系", "建设县域商业体系"),
        (
            "完善城乡物流网络，建设县域商业体系，促进农产品进城",
            "完善城乡物流网络，建设县域商业体系…",
        ),
        ("推动县域商业体系建设与农产品产地仓储保鲜冷链设施", "推动县域商业体系建设与农产品产地仓…"),
    ],
)
def test_a_long_text_is_cut_at_a_pause(text, short):
    assert short_text(text) == short


@given(st.text("商业体系，。、；建设", max_size=60))
def test_a_short_text_fits_and_begins_as_the_whole(text):
    short = short_text(text)

    assert len(short) <= SHORT + 1
    assert text.startswith(short.removesuffix("…"))


def test_clauses_are_listed_by_task():
    names = [("政3", 0), ("政4", 0), ("政7", 1), ("政7", 3), ("政7", 1)]

    assert grouped(names) == ["政3", "政4", "政7（1）（3）"]
    assert listed(names) == "政3、政4、政7（1）（3）"


def test_of_many_the_first_are_named_and_all_are_counted():
    names = [(f"政{n}", place) for n in range(1, 21) for place in (1, 2)]

    text = listed(names)

    assert text.startswith("政1（1）（2）、政2（1）（2）、")
    assert text.endswith("等40项")
    assert text.count("、") == MOST_LISTED - 1
