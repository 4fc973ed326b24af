"""Digests and reminders of a province as its obligations grow from a thousand to a million.

Three years of it: two are history, and of this one most was accepted; eight of a hundred
obligations are open, one of a hundred is due these days. The hard case has all of them due at once.
"""

import gc
import math
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from handlers.registry import discover
from models.db import Database, open_database
from models.schema import migrate
from scheduler.digest_run import run_digests
from scheduler.obligations import keep_obligations
from scheduler.reminders import remind
from tests.bench.result import Result
from tests.province import MONDAY, PROGRAMMES, Province
from tests.talk import Talk

POWERS = (3, 4, 5, 6)
#: The size that has to be quick, and how quick in milliseconds.
_PREFECTURES, _MOST = 5, 2000
#: From one size to the next ten times as long is linear; measured, it is never quite the same.
_LINEAR = 1.1
_OPEN_AT_ONCE = 100_000
#: What each question has to look at, at the least: this year's rows, those that are open, none.
_YEAR = f"""
    SELECT * FROM obligation o JOIN obligation_unit u ON u.obligation_id = o.id
      LEFT JOIN submission s ON s.obligation_id = o.id
      WHERE o.programme_id > (SELECT max(id) FROM programme) - {PROGRAMMES}"""
_OPEN = f"{_YEAR} AND o.state IN ('owed', 'returned') AND o.due < '2021-11-20'"
_READ_BARE = "its rows read by sqlite3"


@dataclass(frozen=True)
class _Taken:
    """Milliseconds of a question, and of reading what it has to look at."""

    ms: float
    bare: float


def measure() -> list[Result]:
    """Milliseconds of each question at each size, and how they grow from one size to the next."""
    found = {power: _at(Province.of(10**power)) for power in POWERS}
    results = []
    for what in ("digests", "reminders", "obligations"):
        taken = [found[power][what] for power in POWERS]
        for power, each in zip(POWERS, taken, strict=True):
            limit = _MOST if power == _PREFECTURES and what != "obligations" else None
            name = f"{what} at 10^{power} obligations"
            results.append(Result(name, each.ms, "ms", limit, each.bare, _READ_BARE))
        for power, less, more in zip(POWERS[1:], taken, taken[1:], strict=False):
            exponent = math.log10(more.ms / less.ms)
            name = f"{what} from 10^{power - 1} to 10^{power}, exponent"
            results.append(Result(name, exponent, "", _LINEAR, 1, "linear"))
    hard = _at(Province.open_at_once(_OPEN_AT_ONCE))
    return [
        *results,
        *(
            Result(f"{what}, 10^5 open at once", each.ms, "ms", None, each.bare, _READ_BARE)
            for what, each in hard.items()
            if what != "obligations"
        ),
    ]


def _at(province: Province) -> dict[str, _Taken]:
    """Each question asked once on a Monday morning when there is much to say."""
    with tempfile.TemporaryDirectory(prefix="dajuan-growth-") as folder:
        path = f"{folder}/province.db"
        database = open_database(f"sqlite:///{path}")
        _fill(database, province)
        services = Talk(database, now=MONDAY, empty=True).services
        # As after any start: every programme of this year is looked through.
        kept = _timed(lambda: keep_obligations(database, MONDAY))
        told = _timed(lambda: remind(database, services, MONDAY))
        made = _timed(lambda: run_digests(database, services, MONDAY))
        database.dispose()
        year, owed = _bare(path, _YEAR), _bare(path, _OPEN)
    assert kept.count == 0
    assert told.count >= province.units
    assert made.count > PROGRAMMES
    return {
        "digests": _Taken(made.ms, year),
        "reminders": _Taken(told.ms, owed),
        "obligations": _Taken(kept.ms, year),
    }


def _fill(database: Database, province: Province) -> None:
    migrate(database)
    with database.write() as session:
        province.into(session, discover())
    database.dispose()  # with its last connection the journal is taken into the file


@dataclass(frozen=True)
class _Run:
    count: int
    ms: float


def _timed(job: Callable[[], int]) -> _Run:
    gc.collect()
    begun = time.perf_counter()
    count = job()
    return _Run(count, 1000 * (time.perf_counter() - begun))


def _bare(path: str, statement: str) -> float:
    connection = sqlite3.connect(path)
    begun = time.perf_counter()
    rows = connection.execute(statement).fetchall()
    ms = 1000 * (time.perf_counter() - begun)
    connection.close()
    assert rows
    return ms
