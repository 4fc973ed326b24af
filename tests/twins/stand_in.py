"""What every stand-in of a platform is: servers in a thread of their own, for synchronous tests."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Self

import httpx2

from tests.twins.clock import Clock
from tests.twins.courier import Carrier
from tests.twins.faults import Faults
from tests.twins.record import Bubble, Record, Sent
from tests.twins.server import Server, ended

_STUCK = 20


class StandIn(ABC):
    """A platform's servers; use it in a `with`.

    Their clock stands still until a test puts it forward, or runs when live. *transport* carries
    callbacks to a service in this process (ASGI).
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        record: Record,
        courier: Carrier,
        transport: httpx2.AsyncBaseTransport | None,
    ) -> None:
        self.clock, self.record = clock, record
        self.faults = Faults()
        self._carrier, self._transport = courier, transport
        self._thread = threading.Thread(target=self._run, name=name)
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._stop = asyncio.Event()
        self._http: Server

    @abstractmethod
    def _serving(self) -> AbstractAsyncContextManager[None]:
        """The servers, open while it lasts."""

    def _screen(self, chat: str) -> str:
        """By which name the record keeps what stands in *chat*."""
        return chat

    def sent(
        self, path: str | None = None, count: int = 0, *, seconds: float = 10, all: bool = False
    ) -> list[Sent]:
        """What was told and accepted (*all*: or refused), once there are *count* of it."""

        def found() -> list[Sent]:
            return [each for each in self.record.of(path) if all or each.errcode == 0]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} × {path}")
        return found()

    def seen(self, chat: str, count: int = 0, *, seconds: float = 10) -> list[Bubble]:
        """What stands in a person's chat (userid) or a group's, once there are *count* of it."""
        key = self._screen(chat)

        def found() -> list[Bubble]:
            return [each for each in self.record.screens.get(key, ()) if not each.recalled]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} messages in {chat}")
        return found()

    def sees(self, chat: str, text: str, *, seconds: float = 10) -> Bubble:
        """The first message in a chat that holds *text*, once there is one."""

        def found() -> list[Bubble]:
            return [each for each in self.seen(chat) if text in each.text]

        self.record.wait(lambda: bool(found()), seconds, f"{text!r} in {chat}")
        return found()[0]

    @property
    def complaints(self) -> list[str]:
        """What no documented client would do, in words."""
        return self.record.complaints

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens where the servers are called, while the block lasts."""
        self._do(self._http.leave())
        try:
            yield
        finally:
            self._do(self._http.come_back())

    def _do(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_STUCK)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(_STUCK), "the twin does not start"
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.clear()
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STUCK)
        assert not self._thread.is_alive(), "the twin does not stop"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # raised again in the test's thread
            self._error = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = self.faults.loop = self._carrier.loop = asyncio.get_running_loop()
        # On loopback there is no TLS to verify; reading the machine's authorities takes long.
        async with httpx2.AsyncClient(
            transport=self._transport, trust_env=False, verify=False
        ) as http:
            self._carrier.http = http
            async with self._serving():
                self._ready.set()
                await self._stop.wait()
                await ended(self._carrier.tasks)
