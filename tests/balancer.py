"""A small balancer before several replicas: each call to the next one that takes connections."""

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Self

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.twins.server import Server

_STUCK = 20
#: What belongs to one connection and not to the call.
_HOP = {"connection", "content-length", "host", "transfer-encoding"}


class Balancer:
    """Serves in a thread of its own; use it in a `with`.

    A call whose connection is refused goes to the next replica. One that was handed over and not
    answered does not: the replica may have taken it, so the caller hears 502 and calls again.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        self._turns = itertools.cycle(ports)
        self._count = len(ports)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="balancer")
        self._ready = threading.Event()
        self.url = ""
        #: How many calls each port has answered, and how often one took no connection.
        self.answered: Counter[int] = Counter()
        self.refused: Counter[int] = Counter()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(_STUCK), "the balancer does not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STUCK)
        assert not self._thread.is_alive(), "the balancer does not stop"

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        # A connection that is kept open says nothing of whether its replica still lives.
        limits = httpx2.Limits(max_keepalive_connections=0)
        server = Server([Route("/{path:path}", self._pass, methods=["GET", "POST"])], 0)
        async with httpx2.AsyncClient(
            limits=limits, timeout=_STUCK, trust_env=False, verify=False
        ) as self._http:
            self.url = await server.open()
            self._ready.set()
            await self._stop.wait()
            await server.close()

    async def _pass(self, request: Request) -> Response:
        body = await request.body()
        headers = {name: each for name, each in request.headers.items() if name not in _HOP}
        for _ in range(self._count):
            port = next(self._turns)
            url = httpx2.URL(str(request.url)).copy_with(host="127.0.0.1", port=port)
            try:
                answer = await self._http.request(
                    request.method, url, content=body, headers=headers
                )
            except httpx2.ConnectError:
                self.refused[port] += 1
                continue
            except httpx2.TransportError:
                return Response(status_code=502)
            self.answered[port] += 1
            kept = {name: each for name, each in answer.headers.items() if name not in _HOP}
            return Response(answer.content, answer.status_code, kept)
        return Response(status_code=503)
