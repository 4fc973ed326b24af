"""The parts of a soak as results: each invariant a figure that may not exceed its limit."""

import contextlib
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from scheduler.delivery import HANDS
from tests.bench.result import Result
from tests.conftest import at
from tests.soak import endurance, kills, malformed, outages, schedulers
from tests.soak.databases import postgresql, sqlite
from tests.soak.office import Office, opened

#: A moment before the reminders and digests of a Monday.
START = at("2021-09-13T08:59")
#: The evening before.
EVE = at("2021-09-12T20:00")
#: People of either platform, and how many seconds lie between the lines of one.
ON_WECOM, ON_DINGTALK, PAUSE = 12, 6, 2.0
#: So many megabytes, and so many a minute, a warm process may grow by and still be called flat;
#: over less than so many minutes a minute's share says nothing.
GROWTH, SLOPE, LONG = 16, 1.0, 5

Engine = Callable[[Path], AbstractContextManager[str]]


def _server(_: Path) -> AbstractContextManager[str]:
    return postgresql()


def measure_kills(name: str, engine: Engine, replicas: int, asked: Namespace) -> list[Result]:
    """Kills of one of the processes, with WeCom's callbacks and DingTalk's stream."""
    with _office(engine, START) as office:
        plan = kills.Plan(asked.kills, asked.seed, replicas, PAUSE)
        came = kills.kill_under_load(office, plan, note)
    tell(came.wrong)
    what = f"kill -9, {name}"
    return [
        _measured(f"{what}: kills", came.kills),
        _measured(f"{what}: messages acknowledged", came.taken),
        _measured(f"{what}: called again", came.repeated),
        _measured(f"{what}: given up by the platform", came.given_up),
        _measured(f"{what}: reports", came.reports),
        _measured(f"{what}: words", came.words),
        Result(f"{what}: words of unknown outcome", came.unknown, "", came.kills * HANDS, 1, "one"),
        _none(f"{what}: broken", len(came.wrong)),
        Result(f"{what}: took", came.seconds, "s", None, came.kills, "a second a kill"),
    ]


def measure_schedulers(name: str, engine: Engine, asked: Namespace) -> list[Result]:
    """Two schedulers without a lease, over many days."""
    with _office(engine, EVE) as office:
        came = schedulers.ask_twice(office, asked.days, note)
    tell(came.wrong)
    what = f"two schedulers, {name}"
    return [
        _measured(f"{what}: moments", came.moments),
        _measured(f"{what}: digests", came.digests),
        _measured(f"{what}: reminders", came.reminders),
        _measured(f"{what}: words", came.words),
        _none(f"{what}: broken", len(came.wrong)),
    ]


def measure_flood(asked: Namespace) -> list[Result]:
    """Minutes of callbacks at a fixed rate."""
    came = endurance.endure(asked.rate, asked.minutes * 60, note)
    tell(came.wrong)
    made, memory = came.flood, came.memory
    what = f"{asked.minutes:g} min at {asked.rate:g}/s"
    refused = sum(status != 200 for status in made.statuses)
    planned = len(made.statuses) / asked.rate
    slope = SLOPE if asked.minutes >= LONG else None
    return [
        _measured(f"{what}: messages", came.said),
        _measured(f"{what}: answered meanwhile", came.done),
        _none(f"{what}: refused", refused),
        _none(f"{what}: lost", came.said - came.different),
        _none(f"{what}: doubled", came.rows - came.different),
        _none(f"{what}: broken", len(came.wrong)),
        Result(f"{what}: took", made.seconds, "s", planned + 5, planned, "as planned"),
        Result(f"{what}: p50", made.share(0.5), "ms", None, 1, "one"),
        Result(f"{what}: p99", made.share(0.99), "ms", None, 1, "one"),
        Result(f"{what}: memory at most", memory.highest, "MB", None, memory.first, "at its start"),
        Result(f"{what}: memory grown", memory.growth, "MB", GROWTH, memory.first, "at its start"),
        Result(f"{what}: memory a minute", memory.slope, "MB", slope, memory.first, "at its start"),
    ]


def measure_outage(
    name: str, engine: Engine, trouble: outages.Trouble, asked: Namespace, replicas: int = 1
) -> list[Result]:
    """A while without something that the service cannot do without."""
    with _office(engine, EVE) as office:
        came = outages.outlast(office, trouble, asked.outage, asked.seed, replicas=replicas)
    tell(came.wrong)
    what = f"{name} for {asked.outage:g} s"
    return [
        _measured(f"{what}: messages acknowledged", came.taken),
        _measured(f"{what}: of them meanwhile", came.meanwhile),
        _measured(f"{what}: words", came.words),
        Result(f"{what}: of unknown outcome", came.unknown, "", replicas * HANDS, 1, "one"),
        _none(f"{what}: broken", len(came.wrong)),
    ]


def measure_outages(asked: Namespace) -> list[Result]:
    """The database locked, and stopped; the platforms away."""
    return [
        *measure_outage("SQLite locked", sqlite, outages.locked, asked),
        *measure_outage("PostgreSQL stopped", _server, outages.stopped, asked, 2),
        *measure_outage("platforms away", sqlite, outages.unreached, asked),
    ]


def measure_malformed(asked: Namespace) -> list[Result]:
    """Malformed calls at every door."""
    return malformed.measure(asked.calls, asked.seed, note)


PARTS: dict[str, Callable[[Namespace], list[Result]]] = {
    "kills-sqlite": lambda asked: measure_kills("SQLite", sqlite, 1, asked),
    "kills-postgresql": lambda asked: measure_kills("PostgreSQL ×2", _server, 2, asked),
    "schedulers-sqlite": lambda asked: measure_schedulers("SQLite", sqlite, asked),
    "schedulers-postgresql": lambda asked: measure_schedulers("PostgreSQL", _server, asked),
    "outages": measure_outages,
    "malformed": measure_malformed,
    "flood": measure_flood,
}


def note(text: str) -> None:
    """How far it is, on the terminal's one line or as a line of a log."""
    sys.stderr.write(f"\r\033[K{text}" if sys.stderr.isatty() else f"{text}\n")
    sys.stderr.flush()


def tell(wrong: Sequence[str]) -> None:
    """What does not hold, in words."""
    for each in wrong:
        note(f"BROKEN: {each}\n")


@contextlib.contextmanager
def _office(engine: Engine, start: datetime) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as name, engine(folder := Path(name)) as url:
        with opened(folder, url, start, on_wecom=ON_WECOM, on_dingtalk=ON_DINGTALK) as office:
            yield office


def _measured(name: str, count: float) -> Result:
    return Result(name, count, "", None, 1, "one")


def _none(name: str, count: int) -> Result:
    return Result(name, count, "", 0, 1, "one")
