"""Pauses of a connection that end when a test says so: nothing waits for real time."""

import asyncio
import threading
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass

STUCK = 10


@dataclass(eq=False)
class _Wait:
    seconds: float
    loop: asyncio.AbstractEventLoop
    ended: "asyncio.Future[None]"

    def end(self, told: "Future[bool]") -> None:
        is_waiting = not self.ended.done()
        if is_waiting:
            self.ended.set_result(None)
        told.set_result(is_waiting)

    def is_ended(self) -> bool:
        """End it; False where whoever waited had given up already."""
        told: Future[bool] = Future()
        self.loop.call_soon_threadsafe(self.end, told)
        return told.result(STUCK)


class Pauses:
    """In place of asyncio's sleep."""

    def __init__(self) -> None:
        self._waits: list[_Wait] = []
        self._changed = threading.Condition()
        #: Every pause asked for, in order.
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        wait = _Wait(seconds, loop, loop.create_future())
        with self._changed:
            self.asked.append(seconds)
            self._waits.append(wait)
            self._changed.notify_all()
        try:
            await wait.ended
        finally:
            self._forget(wait)

    def end(self, least: float, most: float | None = None) -> float:
        """Let a pause of so many seconds be over, once somebody waits; how long it was."""
        most = least if most is None else most
        while True:
            with self._changed:
                found = self._changed.wait_for(lambda: self._between(least, most), STUCK)
                assert found is not None, f"nobody waits for {least} to {most} s: {self.asked}"
                self._waits.remove(found)
            if found.is_ended():
                return found.seconds

    def turn(self, *seconds: float) -> None:
        """Let a pause of one of these lengths be over; return once the next one is asked for."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._one_of(seconds), STUCK)
            assert found is not None, f"nobody waits for one of {seconds} s: {self.asked}"
            self._waits.remove(found)
            found.loop.call_soon_threadsafe(found.end, Future())
            assert self._changed.wait_for(lambda: self._one_of(seconds), STUCK)

    def waits(self, least: float, most: float | None = None) -> None:
        """Return once somebody waits for so many seconds."""
        most = least if most is None else most
        with self._changed:
            assert self._changed.wait_for(lambda: self._between(least, most), STUCK)

    def _between(self, least: float, most: float) -> _Wait | None:
        return next((each for each in self._waits if least <= each.seconds <= most), None)

    def _one_of(self, seconds: Collection[float]) -> _Wait | None:
        return next((each for each in self._waits if each.seconds in seconds), None)

    def _forget(self, wait: _Wait) -> None:
        with self._changed:
            if wait in self._waits:
                self._waits.remove(wait)
