"""Callbacks of a platform at a fixed rate, whatever the answers take, on connections kept open."""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from tests.bench.crowd import length_of
from tests.twins.courier import Letter

LINES = 40
#: One of so many calls is made once more at the same moment, as after an answer that got lost.
REPEATED = 50
_HEADS_END = b"\r\n\r\n"


@dataclass
class Flood:
    """What became of it: seconds from the planned moment of each call to its answer, in all."""

    took: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def share(self, of: float) -> float:
        """Within how many milliseconds this share of the calls was answered."""
        ranked = sorted(self.took)
        return ranked[min(int(len(ranked) * of), len(ranked) - 1)] * 1000


@dataclass(frozen=True)
class Said:
    """A line that somebody writes to the bot."""

    person: str
    text: str


def requests(letters: Iterable[Letter], path: str) -> Iterator[bytes]:
    """The calls with these letters; one of so many is made twice."""
    for number, letter in enumerate(letters):
        call = request_of(letter, path)
        yield call
        if number % REPEATED == 0:
            yield call


def request_of(letter: Letter, path: str) -> bytes:
    """The call with a letter, as it goes over the wire."""
    target = f"{path}?{urlencode(letter.query)}" if letter.query else path
    headers = {"host": "office", **letter.headers, "content-length": str(len(letter.body))}
    lines = (f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()))
    return "\r\n".join(lines).encode() + _HEADS_END + letter.body


async def flood(port: int, calls: Iterable[bytes], rate: float) -> Flood:
    """Make the calls at *rate* a second; one that finds no free connection in time is late."""
    made, begun = Flood(), time.perf_counter() + 0.5
    planned = ((begun + n / rate, call) for n, call in enumerate(calls))
    await asyncio.gather(*(_line(port, planned, made) for _ in range(LINES)))
    made.seconds = time.perf_counter() - begun
    return made


async def _line(port: int, planned: Iterator[tuple[float, bytes]], made: Flood) -> None:
    """One connection, and the calls that nobody else has taken yet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for moment, call in planned:
        if (early := moment - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        writer.write(call)
        head = await _read(reader)
        made.took.append(time.perf_counter() - moment)
        made.statuses.append(int(head.split(b" ", 2)[1]))
    writer.close()
    await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> bytes:
    """The head of an answer, its body passed over."""
    head = await reader.readuntil(_HEADS_END)
    await reader.readexactly(length_of(head))
    return head


class Taker:
    """A platform's servers at their least: *answer* is told to whoever asks for anything."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = dict(answer)

    async def open(self) -> str:
        """Where they are found from now on."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Taking(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._server.close()


class _Taking(asyncio.Protocol):
    """One connection to them."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(_HEADS_END)
        if end and len(body) >= length_of(head + end):
            self._read = b""
            said = json.dumps(self._taker.answer)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            self._transport.write(head + f"Content-Length: {len(said)}\r\n\r\n{said}".encode())
