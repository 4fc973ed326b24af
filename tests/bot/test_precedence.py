"""Work makes way for calls at the door: at once where it is quiet, after a lull in a crowd."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event, get_ident
from time import monotonic

import pytest

from bot import precedence
from bot.precedence import CROWD, LULL, MAKES_WAY, OFTEN, SELDOM, SOON_OVER, Precedence, patience


class Clock:
    """Seconds that pass where the test says so; *asked*: another thread has looked at it."""

    def __init__(self) -> None:
        self.now, self.asked = 0.0, Event()
        self._owner = get_ident()

    def __call__(self) -> float:
        if get_ident() != self._owner:
            self.asked.set()
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def at_the_door(clock: Clock) -> Precedence:
    return Precedence(clock)


@pytest.fixture
def one_hand() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def come(at_the_door: Precedence, clock: Clock, count: int, every: float) -> None:
    """So many calls, one after the other."""
    for _ in range(count):
        with at_the_door.call():
            pass
        clock.now += every


def test_nobody_is_waited_for_where_nobody_comes(at_the_door: Precedence, clock: Clock) -> None:
    at_the_door.make_way()
    come(at_the_door, clock, 5, every=0.001)
    at_the_door.make_way()


def test_a_call_at_the_door_goes_first(
    at_the_door: Precedence, one_hand: ThreadPoolExecutor
) -> None:
    with at_the_door.call():
        work = one_hand.submit(at_the_door.make_way)
        assert not work.done()
    work.result(10)


def test_in_a_crowd_work_waits_for_a_lull(
    at_the_door: Precedence, clock: Clock, one_hand: ThreadPoolExecutor
) -> None:
    come(at_the_door, clock, CROWD, every=0.005)
    with ExitStack() as inside:
        inside.enter_context(at_the_door.call())
        work = one_hand.submit(at_the_door.make_way)
    assert not work.done()  # it looks again after a lull, by a clock that stands
    clock.now += LULL
    work.result(10)


def test_calls_as_they_come_on_a_working_day_hold_nothing_up(
    at_the_door: Precedence, clock: Clock
) -> None:
    come(at_the_door, clock, CROWD, every=0.05)
    with at_the_door.call():
        pass
    at_the_door.make_way()


def test_work_goes_on_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "MAKES_WAY", 0.01)
    patient = Precedence()
    with patient.call():
        patient.make_way()


@pytest.mark.parametrize(
    ("lasted", "inside", "wanted"),
    [
        (0, 0.004, MAKES_WAY),
        (SOON_OVER - 1, 0.004, MAKES_WAY),
        (SOON_OVER, 0.004, OFTEN),
        (600, 0.05, OFTEN),
        (600, 0.2, SELDOM),
        (600, 4.0, SELDOM),
    ],
)
def test_work_makes_way_for_a_rush_and_less_for_what_lasts(
    lasted: float, inside: float, wanted: float
) -> None:
    assert patience(lasted, inside) == wanted


def test_in_a_crowd_without_end_work_goes_on_all_the_same(
    at_the_door: Precedence, clock: Clock, one_hand: ThreadPoolExecutor
) -> None:
    """Two hundred calls a second are at the door all the time."""
    come(at_the_door, clock, int(SOON_OVER * 200) + 2 * CROWD, every=0.005)
    with at_the_door.call():
        work = one_hand.submit(at_the_door.make_way)
        assert clock.asked.wait(10)
        come(at_the_door, clock, int(OFTEN * 200) - 2, every=0.005)
        assert not work.done()
        come(at_the_door, clock, 4, every=0.005)
        work.result(10)


def test_a_crowd_begins_anew_after_a_quiet_second(
    at_the_door: Precedence, clock: Clock, one_hand: ThreadPoolExecutor
) -> None:
    come(at_the_door, clock, int(SOON_OVER * 200) + 2 * CROWD, every=0.005)
    clock.now += 2
    come(at_the_door, clock, 2 * CROWD, every=0.005)
    with at_the_door.call():
        work = one_hand.submit(at_the_door.make_way)
        come(at_the_door, clock, int(SELDOM * 200), every=0.005)
        assert not work.done()
    clock.now += MAKES_WAY
    work.result(10)


def test_of_what_waits_in_a_crowd_one_piece_goes_on_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else each thread of the delivery would begin something at the same moment."""
    monkeypatch.setattr(precedence, "MAKES_WAY", 0.1)
    patient, begun = Precedence(), list[float]()

    def work() -> None:
        patient.make_way()
        begun.append(monotonic())

    with ExitStack() as crowd, ThreadPoolExecutor(3) as hands:
        for _ in range(CROWD):
            crowd.enter_context(patient.call())
        for each in [hands.submit(work) for _ in range(3)]:
            each.result(10)

    assert begun[2] - begun[0] > 0.15


def test_nothing_makes_way_any_more_where_the_service_is_to_end(
    at_the_door: Precedence, one_hand: ThreadPoolExecutor
) -> None:
    with at_the_door.call():
        work = one_hand.submit(at_the_door.make_way)
        assert not work.done()
        at_the_door.end()
        work.result(10)
