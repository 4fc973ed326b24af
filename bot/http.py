"""The clients for calls to platforms: bounds in time and size, and no address in any log."""

import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx2

#: Seconds to connect, and to wait for each piece of an answer.
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
#: Seconds in which an answer has come whole, however steadily it trickles.
WHOLE = 120.0
#: The extension by which a call asks for more bytes than a mere answer has.
LARGEST = "largest"
_LARGEST_ANSWER = 1_000_000
_LIMITS = httpx2.Limits(max_connections=20, max_keepalive_connections=10)


def open_client(transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """A client that follows no redirects; *transport* stands in for the network in tests.

    An answer of more than a megabyte, or than the call's own *LARGEST*, ends in httpx2.ReadError.
    Keys and tokens travel in the addresses of some platforms: the client's own log stays silent.
    """
    _silence()
    return httpx2.Client(
        timeout=TIMEOUT,
        limits=_LIMITS,
        transport=transport,
        event_hooks={"response": [_bound]},
    )


def open_async_client() -> httpx2.AsyncClient:
    """The same for whoever has a loop of its own: a call that is cancelled is let go of at once."""
    _silence()
    return httpx2.AsyncClient(
        timeout=TIMEOUT, limits=_LIMITS, event_hooks={"response": [_bound_async]}
    )


def _silence() -> None:
    for library in ("httpx2", "httpcore2"):
        logging.getLogger(library).setLevel(logging.WARNING)


def _bound(response: httpx2.Response) -> None:
    """Let an answer be read no further than its bounds; called before any of it is."""
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _Bounded(response.stream, _Bounds(response))


async def _bound_async(response: httpx2.Response) -> None:
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    response.stream = _AsyncBounded(response.stream, _Bounds(response))


class _Bounds:
    def __init__(self, response: httpx2.Response) -> None:
        self._left = response.request.extensions.get(LARGEST, _LARGEST_ANSWER)
        self._until = time.monotonic() + WHOLE

    def check(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise httpx2.ReadError("an answer too large")
        if time.monotonic() > self._until:
            raise httpx2.ReadTimeout("an answer too slow")


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, bounds: _Bounds) -> None:
        self._inner = inner
        self._bounds = bounds

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            self._bounds.check(piece)
            yield piece

    @property
    def elapsed(self) -> timedelta | None:
        """As `httpx2.Response.elapsed` asks for it: None while it is read."""
        return getattr(self._inner, "elapsed", None)

    def close(self) -> None:
        self._inner.close()


class _AsyncBounded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, bounds: _Bounds) -> None:
        self._inner = inner
        self._bounds = bounds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner:
            self._bounds.check(piece)
            yield piece

    @property
    def elapsed(self) -> timedelta | None:
        """As `httpx2.Response.elapsed` asks for it: None while it is read."""
        return getattr(self._inner, "elapsed", None)

    async def aclose(self) -> None:
        await self._inner.aclose()
