"""What a connection may say before its body and beside it: not much, and not slowly.

A reverse proxy holds others to this, too; a service that is reached without one would keep heads
without end in memory, and silent connections open for good.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of a head, or around the pieces of a body; platforms and browsers need some thousand.
MOST = 64_000
#: Seconds in which the head of a call has come.
HEAD_TIME = 10.0


class Bounded(HttpToolsProtocol):
    """One connection, closed without an answer once it says too much or nothing whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beside = 0
        self._is_head = False
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It is there, and may begin."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What came is read; `on_body` takes off what is of a body."""
        self._beside += len(data)
        super().data_received(data)
        if self._beside > MOST:
            self.transport.close()
        elif self._is_head and self._late is None:
            self._wait()

    def on_message_begin(self) -> None:
        """One more call on this connection."""
        self._beside, self._is_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._is_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, which the doors measure."""
        self._beside -= len(body)
        super().on_body(body)

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEAD_TIME, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
