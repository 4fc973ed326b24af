"""Many minutes of callbacks at a fixed rate: none refused, lost or doubled, and flat memory."""

import asyncio
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from sqlmodel import col, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.chat import Door
from models.db import Database
from models.inbox import InboxMessage
from models.outbox import OutboxMessage, OutboxState
from tests.bench.flood import Flood, flood, requests
from tests.bench.hosts import office
from tests.bench.service import free_port, resident
from tests.connected import SECRET
from tests.served import environment, until
from tests.twins.clock import Clock
from tests.twins.courier import Letter
from tests.twins.server import Server
from tests.twins.wecom.app_door import AppDoor
from tests.twins.wecom.corp import App, Corp
from tests.twins.wecom.courier import Courier
from tests.twins.wecom.messages import Messages
from tests.wecom import move_to_wecom, wecom_settings

_PATH = "/webhooks/wecom/app"
#: Messages a second that one person writes: far less than the service takes from one.
_EACH = 12 / 60
_TALK = ("任务", "进度 雪亮工程", "帮助", "我是谁")
_SAMPLED_EVERY = 1.0
#: This share of the time is for caches and pools to fill.
_WARM_UP = 0.3
_CALM, _STARTED = 60, 120


@dataclass
class Memory:
    """Megabytes that the process held, by the seconds since the first call."""

    samples: list[tuple[float, float]] = field(default_factory=list)

    @property
    def _after(self) -> list[tuple[float, float]]:
        """What was held when it was warm."""
        end = self.samples[-1][0]
        return [each for each in self.samples if each[0] >= end * _WARM_UP]

    @property
    def slope(self) -> float:
        """By how many megabytes a minute it grew, as the least squares have it."""
        times, held = zip(*self._after, strict=True)
        return statistics.linear_regression(times, held).slope * 60

    @property
    def growth(self) -> float:
        """The highest of the last third over the highest of the first, in megabytes."""
        held = [megabytes for _, megabytes in self._after]
        third = max(len(held) // 3, 1)
        return max(held[-third:]) - max(held[:third])

    @property
    def first(self) -> float:
        """What it held before the first call."""
        return self.samples[0][1]

    @property
    def highest(self) -> float:
        """The most that it ever held."""
        return max(megabytes for _, megabytes in self.samples)


@dataclass
class Endured:
    """What became of *said* messages: how many rows, how many of them answered by then."""

    flood: Flood
    memory: Memory
    said: int
    rows: int = 0
    different: int = 0
    done: int = 0
    sent: int = 0
    wrong: list[str] = field(default_factory=list)


class _Wecom:
    """The servers at their least: every word is taken and counted."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        route = Route("/cgi-bin/{path:path}", self._answer, methods=["GET", "POST"])
        self._server = Server([route], 0)
        self._count = 0

    async def open(self) -> str:
        """Where they are found."""
        return await self._server.open()

    async def close(self) -> None:
        await self._server.close()

    async def _answer(self, request: Request) -> Response:
        body = await request.json() if request.url.path.endswith("message/send") else {}
        if body.get("msgtype") not in (None, "template_card"):  # buttons go with an answer
            self.told[body["touser"]] += 1
        self._count += 1
        told = {"errcode": 0, "errmsg": "ok", "access_token": "t", "expires_in": 7200}
        return JSONResponse(told | {"msgid": str(self._count)})


def endure(rate: float, seconds: float, note: Callable[[str], None] = lambda _: None) -> Endured:
    """The whole of it, on SQLite in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_endure(Path(folder), rate, seconds, note))


async def _endure(
    folder: Path, rate: float, seconds: float, note: Callable[[str], None]
) -> Endured:
    people, count = int(rate / _EACH), int(rate * seconds)
    database, wecom, port = office(folder, move_to_wecom, people), _Wecom(), free_port()
    url = await wecom.open()
    process = await _begun(folder, port, url)
    try:
        await asyncio.to_thread(until, lambda: _is_ready(port), _STARTED, "the service")
        memory = Memory()
        sampling = asyncio.ensure_future(_sample(process.pid, memory, note))
        made = await flood(int(port), requests(_letters(people, count), _PATH), rate)
        await asyncio.to_thread(until, lambda: _rows(database) >= count, _CALM, "the spool")
        sampling.cancel()
        # What is being answered ends; the rest is the next process's.
        process.terminate()
        code = await asyncio.wait_for(process.wait(), _CALM)
        endured = Endured(made, memory, count)
        endured.wrong += [f"the service ended with {code}"] if code not in (0, -15) else []
        _compare(database, wecom, endured)
        return endured
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await wecom.close()
        database.dispose()


async def _begun(folder: Path, port: str, url: str) -> Process:
    more = {"SANDBOX": "false", "SECRET_KEY": SECRET}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", port),
        cwd=folder,
        env=environment(folder) | wecom_settings(url) | more,
        stderr=DEVNULL,
    )


def _letters(people: int, count: int) -> Iterator[Letter]:
    """Encrypted and signed when their turn comes: after ten minutes they would be too old."""
    corp = Corp(Clock(time.time(), live=True))
    door = AppDoor(corp, App(), Courier(corp.clock), Messages(corp))
    for n in range(count):
        yield door.letter(
            {
                "ToUserName": corp.id,
                "FromUserName": f"liaison{n % people}",
                "CreateTime": int(corp.clock.now()),
                "MsgType": "text",
                "Content": _TALK[n // people % len(_TALK)],
                "MsgId": int(corp.msgid()),
                "AgentID": door.app.agent_id,
            }
        )


def _is_ready(port: str) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx2.TransportError:
        return False


async def _sample(pid: int, memory: Memory, note: Callable[[str], None]) -> None:
    begun = time.monotonic()
    while True:
        held = resident(pid)
        memory.samples.append((time.monotonic() - begun, held))
        note(f"{memory.samples[-1][0]:.0f} s, {held:.0f} MB")
        await asyncio.sleep(_SAMPLED_EVERY)


def _rows(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(func.count(col(InboxMessage.id)))).one()


def _compare(database: Database, wecom: _Wecom, endured: Endured) -> None:
    """What was said and what is stored; what is owed and what WeCom was told."""
    endured.rows = _rows(database)
    with database.read() as session:
        endured.different = session.exec(
            select(func.count(col(InboxMessage.message_id).distinct()))
        ).one()
        endured.done = session.exec(
            select(func.count(col(InboxMessage.id))).where(InboxMessage.state == "done")
        ).one()
        words = session.exec(
            select(Door.address, OutboxMessage.state, func.count(col(OutboxMessage.id)))
            .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
            .group_by(col(Door.address), col(OutboxMessage.state))
        ).all()
    sent, unknown = Counter[str](), Counter[str]()
    for address, state, count in words:
        sent[address] += count if state == OutboxState.SENT else 0
        unknown[address] += count if state == OutboxState.UNKNOWN else 0
    endured.sent = sum(sent.values())
    for each in {*sent, *wecom.told}:
        if not sent[each] <= (told := wecom.told[each]) <= sent[each] + unknown[each]:
            endured.wrong.append(f"{each} was told {told} words, not {sent[each]}")
