"""Callers who each call again as soon as they are answered: how many calls a server takes."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import cast

#: Seconds until connections, caches and threads stand; what is answered until then is not counted.
_WARM = 0.5
HEADS_END = b"\r\n\r\n"


@dataclass
class Crowd:
    """What became of it: answers by their status, but for the first moment's and the last ones.

    *acknowledged* are all answers of success; *unkept* those whose call is not found afterwards.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    acknowledged: int = 0
    unkept: int = 0

    @property
    def rate(self) -> float:
        """Answers of success a second."""
        return self.statuses[200] / self.seconds

    def __add__(self, other: "Crowd") -> "Crowd":
        return Crowd(
            self.statuses + other.statuses,
            self.seconds + other.seconds,
            self.acknowledged + other.acknowledged,
            self.unkept + other.unkept,
        )


async def crowd(port: int, calls: Iterable[bytes], connections: int, seconds: float) -> Crowd:
    """Make these calls, each once, over so many connections, until the time is over.

    Raises ValueError where the calls did not last: what was measured then is how many there were.
    """
    made, loop = _Made(iter(calls)), asyncio.get_running_loop()
    opened = [
        await loop.create_connection(partial(_Caller, made), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.sleep(_WARM)
    before, begun = made.statuses.copy(), time.perf_counter()
    await asyncio.sleep(seconds)
    counted, took = made.statuses - before, time.perf_counter() - begun
    if next(made.calls, None) is None:
        raise ValueError("too few calls were prepared for this machine")
    made.is_over = True
    await asyncio.gather(*(caller.is_done for _, caller in opened))
    return Crowd(counted, took, made.statuses[200])


@dataclass
class _Made:
    """What all callers share."""

    calls: Iterator[bytes]
    is_over: bool = False
    statuses: Counter[int] = field(default_factory=Counter)


class _Caller(asyncio.Protocol):
    """One connection, kept open."""

    def __init__(self, made: _Made) -> None:
        self._made = made
        self.is_done = asyncio.get_running_loop().create_future()
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._call()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(HEADS_END)
        if end and len(body) >= length_of(head):
            self._read = b""
            self._made.statuses[int(head[9:12])] += 1
            self._call()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_done.done():
            self.is_done.set_exception(error or ConnectionError("closed by the server"))

    def _call(self) -> None:
        call = None if self._made.is_over else next(self._made.calls, None)
        if call is not None:
            self._transport.write(call)
        elif not self.is_done.done():
            self.is_done.set_result(None)
            self._transport.close()


def length_of(head: bytes) -> int:
    """How long the body is."""
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)
