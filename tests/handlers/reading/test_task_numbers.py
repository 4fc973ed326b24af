"""The numbers of tasks: one grammar for every programme, whatever character stands before them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading.amounts import amounts_in
from handlers.reading.names import Name, find
from handlers.reading.task_numbers import (
    COUNTED,
    begins_with_number,
    has_sign_before,
    is_number,
    number_key,
)
from handlers.registry import discover

#: Signs of programmes that there are, and that an office may choose.
SIGNS = "省州政激感新续民惠安康富强智文旅农工教医"
SIGNED = st.builds(lambda sign, n: f"{sign}{n}", st.sampled_from(SIGNS), st.integers(1, 120))
DASHED = st.builds(lambda sign, n: f"{sign}-{n}", SIGNED, st.integers(1, 40))
REGISTRY = discover()


@settings(deadline=None)
@given(SIGNED | DASHED)
def test_every_number_is_one_wherever_it_stands(number: str) -> None:
    assert is_number(number_key(number))
    assert find(number, [Name("0", number, "别的事"), Name("1", "卫9", "又一件")]).sure
    command, rest = REGISTRY.command_for(f"取消{number}") or (None, "")
    assert command is not None
    assert (command.name, rest) == ("cancel", number)


@settings(deadline=None)
@given(SIGNED, SIGNED)
def test_its_figures_count_nothing_in_a_text(one: str, two: str) -> None:
    read = amounts_in(f"{one}、{two}已完成20个")

    assert [(f"{each.value}", each.unit) for each in read] == [("20", "个")]


@settings(deadline=None)
@given(st.sampled_from(SIGNS), st.integers(1, 99), st.sampled_from(COUNTED))
def test_what_counts_is_no_number_of_a_task(sign: str, figure: int, counted: str) -> None:
    assert not begins_with_number(f"{sign}{figure}{counted}")


@pytest.mark.parametrize("text", "约7 达7 共7 第7 吉首7 全州7 我州7 完成7 7".split())
def test_other_figures_are_none_either(text: str) -> None:
    assert not has_sign_before(text, text.index("7"))


@pytest.mark.parametrize("text", ["民7", "报送民7", "完成了民7", "(民7)", "民3、7", "民 7"])
def test_a_sign_is_seen_where_a_word_begins(text: str) -> None:
    assert has_sign_before(text, text.index("7"))
