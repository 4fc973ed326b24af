"""Waiting on a connection: in turn, for so long at most, and longer after every failure."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

#: Waits so many seconds; tests put another in place of asyncio's.
Pause = Callable[[float], Awaitable[None]]


class Turns:
    """One at a time for every key, in the order in which they came."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> asyncio.Lock:
        """Held by one task; a lock lives as long as somebody holds it or waits."""
        return self._locks.setdefault(key, asyncio.Lock())


async def is_done_within(task: "asyncio.Future[Any]", seconds: float, pause: Pause) -> bool:
    """Whether *task* is done in time; it goes on if not."""
    timer = asyncio.ensure_future(pause(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return task.done()


def back_off(failures: int, share: float, longest: float) -> float:
    """Seconds before the next try after *failures* of them: 1, 2, 4 … *longest*, up to half more.

    *share* between 0 and 1 spreads those who lost their connections at the same moment.
    """
    return min(longest, 2.0 ** min(failures - 1, 10) * (1 + share / 2))
