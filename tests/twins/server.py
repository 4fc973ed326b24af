"""A small HTTP server on a free port of this machine: uvicorn without its signals and its tick."""

import asyncio
from collections.abc import Iterable, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol


class Server:
    """Serves *routes* on the running loop; port 0 is any that is free."""

    def __init__(self, routes: Sequence[Route], port: int) -> None:
        config = uvicorn.Config(
            Starlette(routes=list(routes)),
            host="127.0.0.1",
            port=port,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    async def open(self) -> str:
        """Begin; the address."""
        await self._server.startup()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def leave(self) -> None:
        """Listen no more, and end what is open: the next call finds nobody."""
        self._server.config.port = self._server.servers[0].sockets[0].getsockname()[1]
        for server in self._server.servers:
            server.close()
        for connection in self._connections():
            connection.transport.abort()

    async def come_back(self) -> None:
        """Listen again, at the same address."""
        await self._server.startup()

    async def close(self) -> None:
        """End, with whatever is still open."""
        for server in self._server.servers:
            server.close()
        # Two turns of the loop: what was just accepted is a connection by then.
        for _ in range(2):
            await asyncio.sleep(0)
        for connection in self._connections():
            connection.transport.abort()
        await ended(self._server.server_state.tasks)
        for server in self._server.servers:
            await server.wait_closed()

    def abort(self, request: Request) -> None:
        """Close the socket of a request without an answer."""
        for connection in self._connections():
            if connection.client == request.client:
                connection.transport.abort()

    def _connections(self) -> list[H11Protocol]:
        found = self._server.server_state.connections
        return [each for each in found if isinstance(each, H11Protocol)]


async def ended(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Cancel *tasks* and return once they have ended."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
