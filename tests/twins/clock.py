"""The servers' own clock: tests put it forward, nothing in the stand-in waits for real time."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial


class Clock:
    """Seconds since 1970; it stands still unless *live*, and can always be put forward."""

    def __init__(self, start: float, live: bool = False) -> None:
        self._start, self._live, self._begun = start, live, time.monotonic()
        self._wakes: set[Callable[[], object]] = set()
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._start + (time.monotonic() - self._begun if self._live else 0)

    def forward(self, seconds: float) -> None:
        """Let *seconds* pass at once; whoever waited for a moment among them goes on."""
        with self._lock:
            self._start += seconds
            for wake in self._wakes:
                wake()

    async def until(self, moment: float) -> None:
        """Wait, on the servers' loop, until *moment*."""
        woken = asyncio.Event()
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, woken.set)
        with self._lock:
            self._wakes.add(wake)
        try:
            while (rest := moment - self.now()) > 0:
                woken.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest if self._live else None):
                        await woken.wait()
        finally:
            with self._lock:
                self._wakes.discard(wake)
