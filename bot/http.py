"""The one client for calls to platforms: bounds in time and size, and no address in any log."""

import logging
import time
from collections.abc import Iterator
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
    for library in ("httpx2", "httpcore2"):
        logging.getLogger(library).setLevel(logging.WARNING)
    return httpx2.Client(
        timeout=TIMEOUT,
        limits=_LIMITS,
        transport=transport,
        event_hooks={"response": [_bound]},
    )


def _bound(response: httpx2.Response) -> None:
    """Let an answer be read no further than its bounds; called before any of it is."""
    assert isinstance(response.stream, httpx2.SyncByteStream)
    most = response.request.extensions.get(LARGEST, _LARGEST_ANSWER)
    response.stream = _Bounded(response.stream, most)


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, most: int) -> None:
        self._inner = inner
        self._most = most
        self._until = time.monotonic() + WHOLE

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._inner:
            size += len(piece)
            if size > self._most:
                raise httpx2.ReadError("an answer too large")
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("an answer too slow")
            yield piece

    @property
    def elapsed(self) -> timedelta | None:
        """As `httpx2.Response.elapsed` asks for it: None while it is read."""
        return getattr(self._inner, "elapsed", None)

    def close(self) -> None:
        self._inner.close()
