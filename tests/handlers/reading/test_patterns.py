"""Every pattern by which text is read: none may need a power of its length to see it through."""

import dataclasses
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from types import FrameType, ModuleType

import pytest

import handlers
import models.rules
from handlers.reading.normalise import folded
from handlers.reading.shares_and_counts import _LONGEST as SHORT

LENGTH = 1_500
FILLERS = (" ", "\t", "\n", "1", "、", "第", "的", "½")
#: Their reader turns away whatever is longer than SHORT.
OF_SHORT_TEXTS = frozenset(
    f"handlers.reading.shares_and_counts.{name}" for name in ("_BOTH", "_NIL", "_RATE")
)
#: Processor time that the longest way through a text takes a hundredth of; the cube of its length
#: takes minutes.
MOST_SECONDS = 2.0


class TooMuch(Exception):
    pass


def texts() -> Iterator[str]:
    """One long run of each filler, and as many runs as may stand side by side."""
    for filler in FILLERS:
        yield folded(f"完成数{filler * LENGTH}x")
        yield folded(f"完成数{filler * 59}1x\n" * (LENGTH // 60))


def modules() -> Iterator[ModuleType]:
    for package in (handlers, models.rules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (*patterns_in(key), *patterns_in(each))
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from patterns_in(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from patterns_in(getattr(value, field.name))


def patterns() -> dict[re.Pattern[str], str]:
    """All that stand in modules, with the name they have there first."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                found.setdefault(pattern, f"{module.__name__}.{name}")
    return found


def reads_all(pattern: re.Pattern[str], written: list[str]) -> bool:
    """Whether all the texts are read through before the time is up."""
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        return all(sum(1 for _ in pattern.finditer(text)) >= 0 for text in written)
    except TooMuch:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.fixture
def stopped() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooMuch

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.usefixtures("stopped")
def test_no_pattern_takes_a_power_of_the_length_of_what_is_said() -> None:
    long = list(texts())
    short = [text[:SHORT] for text in long]

    slow = [
        f"{name}: {pattern.pattern}"
        for pattern, name in patterns().items()
        if not reads_all(pattern, short if name in OF_SHORT_TEXTS else long)
    ]

    assert slow == []


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize(
    "written", [r"^\s*[^\d:]{1,16}[:\s]\s*月?\s*\d{1,2}:\d$", r"(?:的|第)*的*(?:第|的)*的*!"]
)
def test_a_pattern_of_three_neighbours_for_one_character_is_found(written: str) -> None:
    assert not reads_all(
        re.compile(written, re.MULTILINE), [f"{each * LENGTH}x" for each in "\t的"]
    )
