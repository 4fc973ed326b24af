"""Malformed calls in great number at one service, and what came of them."""

import asyncio
import os
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlmodel import func, select

from bot.app import House, create_app
from bot.platforms.base import Request
from models.errors import BadRequest
from models.inbox import InboxMessage, InboxState
from models.tables import METADATA
from tests.security.junk import Call, Junk

#: What a call of a kind may be told; nothing else, and never that something broke.
STATUSES = frozenset((200, 202, 204, 303, 304, 307, 400, 401, 403, 404, 405, 409, 410, 413, 422))
MakeCall = Callable[[Junk], Call]


@dataclass
class Door:
    """One service and the calls that are made at it."""

    name: str
    house: House
    calls: tuple[MakeCall, ...]
    #: So many calls are at the door together.
    together: int = 16
    app: Any = None
    #: One loop for all calls, as a server has it.
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    told: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.app = create_app(self.house)

    async def knock(self, call: Call) -> int:
        """The status that a call is told."""
        if not call.path:
            return await asyncio.to_thread(self._frame, call)
        status = [0]
        waiting = [{"type": "http.request", "body": call.body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await asyncio.sleep(3600)
            raise AssertionError("nobody hears an answer out for so long")

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]

        await self.app(_scope(call), receive, send)
        return status[0]

    def _frame(self, call: Call) -> int:
        try:
            return self.house.door.accept(call.door, Request(call.method, {}, {}, call.body)).status
        except BadRequest as error:
            return error.status

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with self.house.database.read() as session:
            return {
                table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in METADATA.sorted_tables
            }

    def broken(self) -> list[str]:
        """The messages that broke what answers them."""
        with self.house.database.read() as session:
            rows = session.exec(select(InboxMessage).where(InboxMessage.state == InboxState.FAILED))
            return [f"{row.error}: {row.message}" for row in rows]


def _scope(call: Call) -> dict[str, Any]:
    headers = {"host": "office", "content-length": str(len(call.body)), **call.headers}
    raw = [
        (name.lower().encode("latin-1", "ignore"), said.encode("latin-1", "ignore"))
        for name, said in headers.items()
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": unquote(call.path),
        "raw_path": call.path.encode(),
        "root_path": "",
        "query_string": call.query.encode("latin-1", "ignore"),
        "headers": raw,
        "client": ("203.0.113.7", 4711),
        "server": ("office", 80),
    }


@dataclass
class Raid:
    """What was found wrong: every entry is a fault of the service."""

    calls: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep the first hundred."""
        if len(self.faults) < 100:
            self.faults.append(what)


def raid(door: Door, count: int, seed: int) -> Raid:
    """Make *count* malformed calls at *door*, the same for the same *seed*.

    Those that nobody signed leave no row behind, in whatever table; those that are signed leave
    one at most, and break neither the door nor what answers them.
    """
    junk, found = Junk(seed), Raid()
    calls = [junk.chance.choice(door.calls)(junk) for _ in range(count)]
    forged = [call for call in calls if not call.is_signed]
    before = door.rows()
    door.runner.run(_make(door, forged, found))
    if (after := door.rows()) != before:
        grown = {name for name, rows in after.items() if rows != before[name]}
        found.note(f"forged calls left rows in {sorted(grown)}")
    signed = [call for call in calls if call.is_signed]
    door.runner.run(_make(door, signed, found))
    if (rows := door.rows()["inbox"] - before["inbox"]) > len(signed):
        found.note(f"{len(signed)} signed calls left {rows} messages")
    spooled = door.house.door._spool.waiting()
    if spooled:
        found.note(f"{len(spooled)} calls went to the spool: {spooled[0].read_text()[:2000]}")
        for path in spooled:
            path.unlink()
    door.house.inbox.handle_due(may_wait=False)
    for broken in door.broken():
        found.note(f"{door.name}: a handler broke: {broken[:2000]}")
    return found


async def _make(door: Door, calls: Sequence[Call], found: Raid) -> None:
    waiting = iter(calls)

    async def one_after_another() -> None:
        for call in waiting:
            found.calls += 1
            try:
                status = await door.knock(call)
            except Exception:
                found.note(f"{call}\n{traceback.format_exc()}"[-6000:])
                continue
            door.told[status] += 1
            if status not in STATUSES:
                found.note(f"{status} to {str(call)[:2000]}")

    await asyncio.gather(*(one_after_another() for _ in range(door.together)))


@dataclass(frozen=True)
class Held:
    """What a process holds that must not grow with calls."""

    threads: int
    files: int
    temporary: int
    resident: int

    @classmethod
    def now(cls) -> "Held":
        """As it is; memory in megabytes."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            threading.active_count(),
            len(os.listdir("/proc/self/fd")),
            len(os.listdir(tempfile.gettempdir())),
            pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000,
        )
