"""The one client for calls to platforms: time-outs everywhere, and no address in any log."""

import logging

import httpx2

#: Seconds to connect, and to wait for each piece of an answer.
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
_LIMITS = httpx2.Limits(max_connections=20, max_keepalive_connections=10)


def open_client(transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """A client that follows no redirects; *transport* stands in for the network in tests.

    Keys and tokens travel in the addresses of some platforms: the client's own log stays silent.
    """
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return httpx2.Client(timeout=TIMEOUT, limits=_LIMITS, transport=transport)
