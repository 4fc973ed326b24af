"""200 messages a second by each way they come: how soon each is acknowledged, and none lost."""

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, func, select

from models.db import Database, open_database
from models.inbox import InboxMessage, InboxState
from models.member import RoleName
from models.schema import migrate
from models.unit import Unit
from tests.bench.flood import REPEATED, Flood, Said, Taker, flood, requests
from tests.bench.platforms import DINGTALK, WECOM, Flooded, frames
from tests.bench.result import Result
from tests.bench.service import free_port, wait_until_ready
from tests.bench.stream import Gateway
from tests.connected import SECRET
from tests.factories import a_member, xiangxi
from tests.served import ROOT, environment

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
    port, said = free_port(), _said(seconds)
    command = ["-m", "tests.bench.bare_callbacks", port, f"{folder}/floor.db"]
    async with _process(command, port, ROOT, os.environ):
        return await flood(int(port), _calls(platform, said, "http://nowhere"), RATE)


async def _called(platform: Flooded, folder: Path, seconds: float) -> Outcome:
    """What became of calls at the service's address."""
    database, taker = _office(platform, folder), Taker(platform.answer)
    url = await taker.open()
    port, said = free_port(), _said(seconds)
    try:
        async with _service(port, folder, platform.settings(url)):
            made = await flood(int(port), _calls(platform, said, url), RATE)
            return await asyncio.to_thread(_outcome, database, made, len(said))
    finally:
        database.dispose()
        taker.close()


async def _streamed(folder: Path, seconds: float) -> Outcome:
    """What became of frames on the stream, one connection for all of them."""
    gateway = Gateway()
    taker = Taker({**DINGTALK.answer, "endpoint": await gateway.open()})
    database, url, said = _office(DINGTALK, folder), await taker.open(), _said(seconds)
    settings = DINGTALK.settings(url) | {"DINGTALK_MODE": "stream"}
    try:
        async with _service(free_port(), folder, settings):
            made = await gateway.flood(list(frames(DINGTALK.letters(said, url))), RATE)
            return await asyncio.to_thread(_outcome, database, made, len(said))
    finally:
        database.dispose()
        await gateway.close()
        taker.close()


def _calls(platform: Flooded, said: Sequence[Said], url: str) -> list[bytes]:
    return list(requests(platform.letters(said, url), platform.path))


def _service(
    port: str, folder: Path, settings: Mapping[str, str]
) -> AbstractAsyncContextManager[None]:
    command = ["-m", "bot", "serve", "--host", "127.0.0.1", "--port", port]
    more = {"SANDBOX": "false", "SECRET_KEY": SECRET}
    return _process(command, port, folder, environment(folder) | {**settings, **more})


@asynccontextmanager
async def _process(
    command: Sequence[str], port: str, folder: Path, settings: Mapping[str, str]
) -> AsyncIterator[None]:
    """A process that is ready, until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=settings, stderr=DEVNULL
    )
    try:
        await asyncio.to_thread(wait_until_ready, port, time.perf_counter())
        yield
    finally:
        process.kill()
        await process.wait()


def _said(seconds: float) -> list[Said]:
    """As many lines as fill the time, together with those that come twice."""
    count = int(RATE * seconds * REPEATED / (REPEATED + 1))
    return [Said(f"liaison{n % PEOPLE}", TALK[n // PEOPLE % len(TALK)]) for n in range(count)]


def _office(platform: Flooded, folder: Path) -> Database:
    """The small programmes of the tests, with many liaisons of one office."""
    database = open_database(f"sqlite:///{folder}/dajuan.db")
    migrate(database)
    with database.write() as session:
        xiangxi(session)
        police = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        for n in range(PEOPLE):
            a_member(session, f"联络员{n}", (RoleName.LIAISON, police), account=f"liaison{n}")
        platform.move(session)
    return database


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
