"""How often: so many at once, and back they come evenly."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.allowance import Allowance, Left, left, taken
from tests.conftest import at

NOON = at("2021-08-20T12:00")
TWO_MINUTES = Allowance(120, timedelta(minutes=2))
A_DAY = Allowance(2000, timedelta(days=1))


def allowed(moments: list[datetime], *allowances: Allowance) -> list[bool]:
    """Whether each of these was allowed."""
    held: tuple[Left, ...] | None = None
    answers = []
    for moment in moments:
        held, is_allowed = taken(held, allowances, moment)
        answers.append(is_allowed)
    return answers


def test_so_many_at_once_and_not_one_more() -> None:
    assert allowed([NOON] * 122, TWO_MINUTES) == [True] * 120 + [False] * 2


def test_what_was_taken_comes_back_evenly() -> None:
    moments = [NOON] * 120 + [NOON + timedelta(seconds=each) for each in (0.5, 1, 1.5, 2, 2.5)]

    assert allowed(moments, TWO_MINUTES)[120:] == [False, True, False, True, False]


def test_no_more_is_saved_up_than_there_ever_was() -> None:
    tomorrow = NOON + timedelta(days=1)

    assert sum(allowed([NOON, *[tomorrow] * 500], TWO_MINUTES)) == 121


def test_of_two_allowances_the_scarcer_decides_and_a_refusal_takes_of_neither() -> None:
    each_second = [NOON + timedelta(seconds=number) for number in range(3000)]
    answers = allowed(each_second, TWO_MINUTES, A_DAY)

    assert sum(answers) == 2000 + 2000 * 3000 // 86_400  # a day gives one back in 43 s
    assert all(answers[:2000])


def test_a_clock_that_is_put_back_neither_gives_nor_takes() -> None:
    before = Left(5, NOON)

    assert left(before, TWO_MINUTES, NOON - timedelta(hours=1)).count == 5
    assert allowed([NOON] * 120 + [NOON - timedelta(days=1)], TWO_MINUTES)[-1] is False


@given(
    st.lists(st.integers(0, 600), max_size=80),
    st.integers(1, 20),
    st.integers(1, 300),
)
def test_no_window_ever_holds_more_than_it_may(steps: list[int], most: int, seconds: int) -> None:
    """Within any *seconds* at most twice as many: those saved up, and those that came back."""
    moments, now = list[datetime](), NOON
    for step in steps:
        now += timedelta(seconds=step / 10)
        moments.append(now)
    within = timedelta(seconds=seconds)
    answers = allowed(moments, Allowance(most, within))
    kept = [moment for moment, is_allowed in zip(moments, answers, strict=True) if is_allowed]

    assert all(sum(first <= each < first + within for each in kept) <= 2 * most for first in kept)
