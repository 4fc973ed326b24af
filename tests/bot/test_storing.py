"""Calls of the web wait for their commit on the loop: told of it together, holding up nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot import webhooks
from bot.platforms.base import Request
from bot.storing import Arrival, InboxWriter, store
from models.db import Database
from tests.hall import NOW, SIGNED, Hall
from tests.served import until
from tests.stores import waits

DOOR = "/webhooks/sandbox"


class Gated(Database):
    """A database whose messages wait at a gate, and may be refused behind it."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self.gate, self.reached = Event(), Event()
        self.refuses = False

    @contextmanager
    def write_first(self) -> Iterator[Session]:
        self.reached.set()
        assert self.gate.wait(10)
        if self.refuses:
            raise OperationalError("INSERT", {}, OSError("no space left"))
        with super().write_first() as session:
            yield session


@pytest.fixture
def gated(hall: Hall) -> Iterator[Gated]:
    database = Gated(hall.database)
    yield database
    database.gate.set()


@pytest.fixture
def writer(gated: Gated) -> Iterator[InboxWriter]:
    writer = InboxWriter(gated)
    yield writer
    gated.gate.set()
    writer.close()


def an_arrival(hall: Hall, text: str) -> Arrival:
    call = hall.call(text)
    message = hall.platform.receive(call, NOW)
    assert message is not None
    return Arrival(message, call.body, NOW)


def by_web(hall: Hall, talk: Callable[[httpx2.AsyncClient], Awaitable[None]]) -> None:
    """Let *talk* happen with the platform's address, on one loop."""
    app = FastAPI()
    webhooks.add_doors(app, hall.door, hall.platforms)

    async def talked() -> None:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://office") as client:
            await talk(client)

    asyncio.run(talked())


def test_those_of_one_commit_are_told_of_it_together(
    hall: Hall, gated: Gated, writer: InboxWriter
) -> None:
    async def stored() -> list[bool]:
        lines = ("一", "二", "二", "三")
        waiting = [
            asyncio.ensure_future(writer.stored(an_arrival(hall, each), 10)) for each in lines
        ]
        await asyncio.to_thread(gated.reached.wait, 10)
        assert not any(each.done() for each in waiting)
        gated.gate.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(stored()) == [True, True, False, True]
    assert [row.message["text"] for row in hall.rows()] == ["一", "二", "三"]


def test_who_does_not_wait_so_long_is_told_so_and_what_came_behind_is_stored(
    hall: Hall, gated: Gated, writer: InboxWriter
) -> None:
    """A loop that has ended meanwhile takes the writer nothing away."""

    async def not_stored() -> None:
        with pytest.raises(TimeoutError):
            await writer.stored(an_arrival(hall, "一"), 0.01)

    asyncio.run(not_stored())
    behind = writer.store(an_arrival(hall, "二"))
    gated.gate.set()

    assert behind.result(10) is True
    assert [row.message["text"] for row in hall.rows()] == ["一", "二"]


def test_others_are_answered_while_a_call_waits_for_the_database(
    hall: Hall, gated: Gated, writer: InboxWriter
) -> None:
    hall.door = webhooks.Door(hall.platforms, writer, hall.spool, hall.clock, lambda: None)

    async def talk(client: httpx2.AsyncClient) -> None:
        content = hall.call("回声 一").body
        waits = asyncio.ensure_future(client.post(DOOR, content=content, headers=SIGNED))
        assert await asyncio.to_thread(gated.reached.wait, 10)
        forged = await client.post(DOOR, content=content, headers={"x-sign": "bad"})
        check = await client.get(DOOR, params={"sign": "good", "echo": "e4711"})
        assert (forged.status_code, check.text) == (403, "e4711")
        assert not waits.done()
        gated.gate.set()
        assert (await waits).text == "success"

    by_web(hall, talk)
    hall.door.close()

    assert [row.message["text"] for row in hall.rows()] == ["回声 一"]


def test_what_the_database_refuses_to_many_at_once_is_on_the_disk_under_their_ids(
    hall: Hall, gated: Gated, writer: InboxWriter
) -> None:
    hall.door = webhooks.Door(hall.platforms, writer, hall.spool, hall.clock, lambda: None)
    gated.refuses = True
    gated.gate.set()
    told: list[str] = []

    async def talk(client: httpx2.AsyncClient) -> None:
        bodies = [hall.call(f"回声 {number}").body for number in range(20)]
        posts = [client.post(DOOR, content=each, headers=SIGNED) for each in bodies]
        for answer in await asyncio.gather(*posts):
            assert answer.text == "success"
            told.append(answer.headers["X-Request-Id"])

    by_web(hall, talk)
    hall.door.close()

    spooled = [hall.spool.read(path) for path in hall.spool.waiting()]
    assert {each.request.request_id for each in spooled if each} == set(told)
    assert len(spooled) == 20


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_processes_that_store_the_same_in_another_order_refuse_nobody(on_both: Hall) -> None:
    """Repeats come to whichever process; of two transactions that cross PostgreSQL ends one."""
    gated = Gated(on_both.database)
    writer = InboxWriter(gated)
    held = writer.store(an_arrival(on_both, "零"))
    assert gated.reached.wait(10)
    batch = [writer.store(an_arrival(on_both, each)) for each in ("一", "二")]
    with suppress(OperationalError), on_both.database.write() as other:
        other.execute(text("SET LOCAL deadlock_timeout = '1min'"))
        store(other, [an_arrival(on_both, "二")])
        gated.gate.set()
        until(lambda: waits(on_both.database), 60, "the writer to wait for the other process")
        store(other, [an_arrival(on_both, "一")])

    assert held.result(60) is True
    assert all(each.exception(60) is None for each in batch)
    writer.close()
    assert sorted(row.message["text"] for row in on_both.rows()) == sorted("零一二")


def test_a_large_call_is_read_in_a_thread(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop has others to serve meanwhile."""
    loops: list[bool] = []
    receive = hall.platform.receive

    def noted(request: Request, *rest: object) -> object:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            loops.append(False)
        else:
            loops.append(True)
        return receive(request, NOW)

    monkeypatch.setattr(hall.platform, "receive", noted)

    async def talk(client: httpx2.AsyncClient) -> None:
        for number, size in enumerate((10, webhooks.QUICK_BODY)):
            content = hall.call("长" * size, id=f"m{number}").body
            assert (await client.post(DOOR, content=content, headers=SIGNED)).status_code == 200

    by_web(hall, talk)

    assert loops == [True, False]


def test_a_call_that_we_fail_to_read_is_kept(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is ours, and what somebody reported is not to be lost by it."""

    def fails(request: Request, received_at: datetime) -> None:
        raise KeyError("msgtype")

    monkeypatch.setattr(hall.platform, "receive", fails)
    content = hall.call("回声 一").body

    async def talk(client: httpx2.AsyncClient) -> None:
        assert (await client.post(DOOR, content=content, headers=SIGNED)).text == "success"

    by_web(hall, talk)
    monkeypatch.undo()

    assert hall.door.take_in_spooled() == 1
    assert [row.message["text"] for row in hall.rows()] == ["回声 一"]


@pytest.mark.parametrize(("method", "status"), [("PUT", 405), ("DELETE", 405), ("HEAD", 200)])
def test_other_ways_of_asking_at_an_address(hall: Hall, method: str, status: int) -> None:
    async def talk(client: httpx2.AsyncClient) -> None:
        answer = await client.request(method, DOOR, params={"sign": "good", "echo": "e4711"})
        assert answer.status_code == status
        assert ("allow" in answer.headers) == (status == 405)

    by_web(hall, talk)
