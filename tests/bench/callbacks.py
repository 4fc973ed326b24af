"""200 messages a second by each way they come: how soon each is acknowledged, and none lost."""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, func, select

from models.db import Database
from models.inbox import InboxMessage, InboxState
from tests.bench import hosts
from tests.bench.flood import REPEATED, Flood, Said, Taker, flood, requests
from tests.bench.platforms import DINGTALK, WECOM, Flooded, frames
from tests.bench.result import Result
from tests.bench.stream import Gateway

RATE = 200
SECONDS = 60
#: The floor needs no longer to be known.
FLOOR_SECONDS = 15
#: Nobody writes more often than WeCom would carry answers to: 30 a minute.
PEOPLE = RATE * 60 // 30
#: What people really send: a look, a report with a figure, its withdrawal.
TALK = ("任务", "进度 雪亮工程", "报送 州1-7", "取消")
#: Calls that the database refused are on disk; so long they may take to come in.
_PATIENCE = 20
#: So many seconds of answering behind the flood are looked at.
_BEHIND = 10
#: After so many milliseconds a platform gives up on a call; a frame is to be acknowledged by then.
_CALL, _FRAME = 5000, 500


@dataclass(frozen=True)
class Outcome:
    """One flood of *written* different messages: its rows, and how many were answered behind it."""

    flood: Flood
    written: int
    rows: int
    different: int
    answered: int


def measure() -> list[Result]:
    """Milliseconds to the acknowledgement, beside a route that does no more than it must."""
    found = list[Result]()
    for platform in (WECOM, DINGTALK):
        with tempfile.TemporaryDirectory() as folder:
            floor = asyncio.run(_floor(platform, Path(folder), FLOOR_SECONDS))
            called = asyncio.run(_called(platform, Path(folder), SECONDS))
        found += _results(f"{platform.title}, {RATE} calls/s", called, floor, _CALL)
    with tempfile.TemporaryDirectory() as folder:
        streamed = asyncio.run(_streamed(Path(folder), SECONDS))
    # The floor of DingTalk's calls: the same body, kept and acknowledged.
    return [*found, *_results(f"{DINGTALK.title}, {RATE} frames/s", streamed, floor, _FRAME)]


def _results(name: str, found: Outcome, floor: Flood, slowest: int) -> Iterator[Result]:
    made = found.flood
    shares = (("p50", 0.5, 100), ("p95", 0.95, 100), ("p99", 0.99, 100), ("slowest", 1, slowest))
    for what, share, limit in shares:
        least = floor.share(share)
        yield Result(f"{name}, {what}", made.share(share), "ms", limit, least, "a bare route")
    planned = len(made.statuses) / RATE
    yield Result(f"{name}, all", made.seconds, "s", planned + 1, planned, "as planned")
    refused = sum(status != 200 for status in made.statuses)
    yield Result(f"{name}, refused", refused, "", 0, 1, "one")
    yield Result(f"{name}, lost", found.written - found.different, "", 0, 1, "one")
    yield Result(f"{name}, doubled", found.rows - found.different, "", 0, 1, "one")
    each = 1000 * _BEHIND / max(found.answered, 1)
    yield Result(f"{name}, answer behind", each, "ms", 100, 1000 / RATE, "as they came")


async def _floor(platform: Flooded, folder: Path, seconds: float) -> Flood:
    said = _said(seconds)
    async with hosts.bare(folder) as port:
        return await flood(port, _calls(platform, said, "http://nowhere"), RATE)


async def _called(platform: Flooded, folder: Path, seconds: float) -> Outcome:
    """What became of calls at the service's address."""
    database, taker = hosts.office(folder, platform.move, PEOPLE), Taker(platform.answer)
    url, said = await taker.open(), _said(seconds)
    try:
        async with hosts.service(folder, platform.settings(url)) as port:
            made = await flood(port, _calls(platform, said, url), RATE)
            return await asyncio.to_thread(_outcome, database, made, len(said))
    finally:
        database.dispose()
        taker.close()


async def _streamed(folder: Path, seconds: float) -> Outcome:
    """What became of frames on the stream, one connection for all of them."""
    gateway = Gateway()
    taker = Taker({**DINGTALK.answer, "endpoint": await gateway.open()})
    database = hosts.office(folder, DINGTALK.move, PEOPLE)
    url, said = await taker.open(), _said(seconds)
    settings = DINGTALK.settings(url) | {"DINGTALK_MODE": "stream"}
    try:
        async with hosts.service(folder, settings):
            made = await gateway.flood(list(frames(DINGTALK.letters(said, url))), RATE)
            return await asyncio.to_thread(_outcome, database, made, len(said))
    finally:
        database.dispose()
        await gateway.close()
        taker.close()


def _calls(platform: Flooded, said: Sequence[Said], url: str) -> list[bytes]:
    return list(requests(platform.letters(said, url), platform.path))


def _said(seconds: float) -> list[Said]:
    """As many lines as fill the time, together with those that come twice."""
    count = int(RATE * seconds * REPEATED / (REPEATED + 1))
    return [Said(f"liaison{n % PEOPLE}", TALK[n // PEOPLE % len(TALK)]) for n in range(count)]


def _outcome(database: Database, made: Flood, written: int) -> Outcome:
    """What is stored once the disk's share is in, and how soon it is answered then."""
    end = time.monotonic() + _PATIENCE
    while (rows := _rows(database)) < written and time.monotonic() < end:
        time.sleep(0.5)
    with database.read() as session:
        different = session.exec(select(func.count(col(InboxMessage.message_id).distinct()))).one()
    before = _rows(database, InboxState.DONE)
    time.sleep(_BEHIND)
    return Outcome(made, written, rows, different, _rows(database, InboxState.DONE) - before)


def _rows(database: Database, state: InboxState | None = None) -> int:
    query = select(func.count(col(InboxMessage.id)))
    if state is not None:
        query = query.where(InboxMessage.state == state)
    with database.read() as session:
        return session.exec(query).one()
