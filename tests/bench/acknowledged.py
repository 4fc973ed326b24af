"""How many callbacks are acknowledged, and how soon, beside the least that may take one."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from hashlib import sha1
from itertools import cycle
from pathlib import Path

import uvloop

from tests.bench import hosts
from tests.bench.callbacks import PEOPLE, RATE, TALK
from tests.bench.crowd import Crowd, crowd
from tests.bench.flood import Flood, Said, Taker, flood, request_of
from tests.bench.platforms import WECOM
from tests.bench.result import Result
from tests.twins.courier import Letter
from tests.twins.wecom.corp import TOKEN

#: Everything in turn, so often: what else the machine does meets all alike.
ROUNDS = 3
SECONDS = 3.0
CONNECTIONS = (16, 64)
#: More calls than any of them takes in that time.
CALLS = 25_000
#: Milliseconds of the slow disk.
SYNC = 5.0
RATE_SECONDS = 10

#: The tables in which calls are kept, by the files of those who keep them.
_KEPT = {"dajuan.db": "inbox", "floor.db": "call"}

#: A host on an empty folder, with what its disk is like.
Host = Callable[[Path, Mapping[str, str]], AbstractAsyncContextManager[int]]


def measure() -> list[Result]:
    """Rates and delays, each host in turn with the floor in a fresh process on an empty disk."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measured())


async def _measured() -> list[Result]:
    return [
        *await _rates_here(),
        *await _rates_on_a_slow_disk(),
        *await _delays(),
    ]


async def _rates_here() -> list[Result]:
    found = list[Result]()
    for connections in CONNECTIONS:
        made: dict[str, Crowd] = {}
        for _ in range(ROUNDS):
            calls = _calls(CALLS)
            for name, host in HOSTS.items():
                taken = await _crowd_at(host, calls, connections)
                made[name] = made.get(name, Crowd()) + taken
        found += _rates(made, connections)
    return found


def _rates(made: Mapping[str, Crowd], connections: int) -> Iterator[Result]:
    floor = made["a bare route"]
    limits = {"the service": 1.0, "the callers' own": 1.3}
    for name, each in made.items():
        what = f"acknowledged at {connections} connections, {name}"
        yield _rate(what, each, limits.get(name), floor)
    yield from _faultless(f"{connections} connections", made["the service"])


async def _rates_on_a_slow_disk() -> list[Result]:
    found = list[Result]()
    with tempfile.TemporaryDirectory() as folder:
        disk = hosts.slow_disk(Path(folder), SYNC)
        for connections in CONNECTIONS:
            floor = ours = Crowd()
            for _ in range(ROUNDS):
                calls = _calls(CALLS)
                floor += await _crowd_at(hosts.bare, calls, connections, disk)
                ours += await _crowd_at(_service, calls, connections, disk)
            what = f"acknowledged at {connections} connections, {SYNC:g} ms a sync"
            limit = 10 if connections == max(CONNECTIONS) else None
            found += [_rate(what, ours, limit, floor), *_faultless(f"{connections}, slow", ours)]
    return found


async def _delays() -> list[Result]:
    """The shares of calls that come at a fixed rate, whatever the answers take."""
    floor, ours = Flood(), Flood()
    for _ in range(ROUNDS):
        for host, made in ((hosts.bare, floor), (_service, ours)):
            with tempfile.TemporaryDirectory() as folder:
                async with host(Path(folder), hosts.ITS_DISK) as port:
                    calls = _calls(RATE * RATE_SECONDS)
                    one = await flood(port, calls, RATE)
            made.took += one.took
            made.statuses += one.statuses
    return [
        Result(
            f"acknowledged at {RATE}/s, {what}",
            ours.share(share),
            "ms",
            limit,
            floor.share(share),
            "a bare route",
            of_floor=True,
        )
        for what, share, limit in (("p50", 0.5, None), ("p99", 0.99, 2))
    ]


def _rate(what: str, made: Crowd, limit: float | None, floor: Crowd) -> Result:
    beside = floor.rate, "a bare route"
    return Result(what, made.rate, "/s", limit, *beside, at_least=True, of_floor=True)


def _faultless(where: str, made: Crowd) -> Iterator[Result]:
    refused = made.statuses.total() - made.statuses[200]
    yield Result(f"refused at {where}", refused, "", 0, 1, "one")
    yield Result(f"acknowledged and not kept at {where}", made.unkept, "", 0, 1, "one")


async def _crowd_at(
    host: Host, calls: Sequence[bytes], connections: int, disk: Mapping[str, str] = hosts.ITS_DISK
) -> Crowd:
    """A crowd at a fresh process, which is killed then; whoever only answers gets calls anew."""
    with tempfile.TemporaryDirectory() as folder:
        async with host(Path(folder), disk) as port:
            lasting = cycle(calls) if host is hosts.idle else calls
            made = await crowd(port, lasting, connections, SECONDS)
        for name, table in _KEPT.items():
            if (path := Path(folder, name)).exists():
                with closing(sqlite3.connect(path)) as rows:
                    (kept,) = rows.execute(f"SELECT count(*) FROM {table}").fetchone()
                made.unkept = max(made.acknowledged - kept, 0)
    return made


@asynccontextmanager
async def _service(folder: Path, disk: Mapping[str, str]) -> AsyncIterator[int]:
    """The service in an office on WeCom, whose servers take what is answered."""
    hosts.office(folder, WECOM.move, PEOPLE).dispose()
    taker = Taker(WECOM.answer)
    try:
        async with hosts.service(folder, WECOM.settings(await taker.open()), disk) as port:
            yield port
    finally:
        taker.close()


@asynccontextmanager
async def _gunicorn(application: str, _: Path, __: Mapping[str, str]) -> AsyncIterator[int]:
    async with hosts.gunicorn(f"tests.bench.servers.{application}:app") as port:
        yield port


HOSTS: Mapping[str, Host] = {
    "a bare route": hosts.bare,
    "the service": _service,
    "WeRoBot": partial(_gunicorn, "werobot_served"),
    "wechatpy with Flask": partial(_gunicorn, "flask_served"),
    "the callers' own": hosts.idle,
}


def _calls(count: int) -> list[bytes]:
    """So many messages, each with its own number, signed as of now for all who take them."""
    said = (Said(f"liaison{n % PEOPLE}", TALK[n // PEOPLE % len(TALK)]) for n in range(count))
    letters = WECOM.letters(list(said), "http://nowhere")
    return [request_of(_for_werobot(each), WECOM.path) for each in letters]


def _for_werobot(letter: Letter) -> Letter:
    """With the plain signature beside that of the envelope: WeRoBot wants both."""
    parts = sorted((TOKEN, letter.query["timestamp"], letter.query["nonce"]))
    signature = sha1("".join(parts).encode()).hexdigest()
    return replace(letter, query={**letter.query, "signature": signature})
