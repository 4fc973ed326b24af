"""A thread with an asyncio loop of its own, for connections beside a synchronous service."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any


class LoopThread:
    """Runs one coroutine until it ends or is stopped.

    *after* is called at the very end, when nothing that it began in other threads runs any more.
    """

    def __init__(
        self,
        name: str,
        main: Callable[[], Coroutine[Any, Any, None]],
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._main = main
        self._after = after
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Where it runs; None before it began and after it ended."""
        if self._loop is None or not self._thread.is_alive() or self._loop.is_closed():
            return None
        return self._loop

    def start(self) -> None:
        """Begin, and return once the loop runs."""
        self._thread.start()
        self._begun.wait()

    def stop(self) -> None:
        """Cancel the coroutine and wait for its end; nothing where it never began."""
        if not self._thread.is_alive():
            return
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # it ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _run(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._begin())
        finally:
            self._after()

    async def _begin(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        await self._main()
