"""From a message in to its reply stored, through the real door, inbox and dispatch."""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.app import House
from bot.demo import fresh_house
from bot.platforms.base import Request
from tests.bench.result import Result
from tests.conftest import at

ROUNDS = 60
#: What people really send: a look, a report with a figure, its withdrawal.
TALK = ("任务", "进度 雪亮工程", "报送 州1-7", "取消")


def measure() -> list[Result]:
    """The median over the talk of one liaison, and of the same number of bare commits."""
    with tempfile.TemporaryDirectory() as folder:
        house = fresh_house(at("2021-08-16T09:00"), Path(folder))
        try:
            times = sorted(_talk(house))
        finally:
            house.close()
        floor = statistics.median(_commits(Path(folder) / "floor.db"))
    median = statistics.median(times)
    slow = times[int(len(times) * 0.95)]
    name = "one row committed by sqlite3"
    return [
        Result("message in → reply stored, median", median, "ms", 50, floor, name),
        Result("message in → reply stored, p95", slow, "ms", 150, floor, name),
    ]


def _talk(house: House) -> Iterator[float]:
    person = _liaison(house)
    for number in range(ROUNDS):
        for position, text in enumerate(TALK):
            body = {"id": f"b{number}-{position}", "person": person, "chat": "single", "text": text}
            begun = time.perf_counter()
            house.door.accept("sandbox", Request("POST", {}, {}, json.dumps(body).encode()))
            house.inbox.handle_due()
            yield (time.perf_counter() - begun) * 1000
            house.delivery.deliver_due()


def _liaison(house: House) -> str:
    from bot.sandbox_cast import cast

    with house.database.read() as session:
        people = cast(session)["people"]
    return next(each["id"] for each in people if "州公安局" in each["units"])


def _commits(path: Path) -> Iterator[float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, body BLOB)")
    for _ in range(ROUNDS * len(TALK)):
        begun = time.perf_counter()
        connection.execute("INSERT INTO message (body) VALUES (?)", (b"x" * 500,))
        yield (time.perf_counter() - begun) * 1000
    connection.close()
