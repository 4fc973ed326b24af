"""Connections as whoever reaches the port may use them: heads without end, and silence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from bot import connections
from bot.connections import MOST, Bounded

HEAD = b"POST /webhooks/wecom/app HTTP/1.1\r\nHost: x\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _measured(scope: Any, receive: Any, send: Any) -> None:
    """Says how long the body was."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


@asynccontextmanager
async def _served() -> AsyncIterator[int]:
    config = Config(_measured, http=Bounded, ws="none", log_config=None, access_log=False)
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Bounded(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


def connected(talk: Talk) -> None:
    """Let *talk* use one connection."""

    async def run() -> None:
        async with _served() as port, asyncio.timeout(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                await talk(reader, writer)
            finally:
                writer.close()

    asyncio.run(run())


async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, parts: Any) -> bytes:
    """What comes back until the connection is closed; what cannot be said any more is left."""
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.read()
    except ConnectionError:
        return b""


def _headers() -> Iterator[bytes]:
    yield HEAD
    for number in range(100 * MOST // 1000):
        yield b"X-%d: %s\r\n" % (number, b"a" * 1000)


@pytest.mark.parametrize(
    "parts",
    [
        _headers(),
        (HEAD, b"X: ", *(b"a" * 1000 for _ in range(100 * MOST // 1000))),
        (b"GET /", *(b"a" * 1000 for _ in range(100 * MOST // 1000))),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\n1;", *(b"e" * MOST for _ in range(100))),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *(b"1\r\na\r\n" * MOST for _ in range(20))),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *(b"T: %s\r\n" % (b"t" * MOST),) * 100),
    ],
    ids=["headers", "one-header", "address", "chunk-extension", "tiny-chunks", "trailers"],
)
def test_who_says_much_beside_a_body_is_hung_up_on(parts: Any) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert b" bytes" not in await said(reader, writer, parts)

    connected(talk)


@pytest.mark.parametrize("parts", [(), (HEAD,)], ids=["nothing", "half-a-head"])
def test_who_says_nothing_whole_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, parts: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(connections, "HEAD_TIME", 0.1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await said(reader, writer, parts) == b""

    connected(talk)


def test_call_after_call_with_bodies_of_any_size_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long the whole talk lasts, and the second call begins."""
    monkeypatch.setattr(connections, "HEAD_TIME", 0.1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for size in (0, 100 * MOST, 5):
            writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % size)
            for _ in range(3):
                await asyncio.sleep(0.05)
                writer.write(b"b" * (size // 3))
            writer.write(b"b" * (size % 3))
            await reader.readuntil(b"%d bytes" % size)

    connected(talk)


def test_an_address_asked_for_as_a_websocket_is_logged_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = b"GET /board/17-secret HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\n"
    asked += b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eHg=\r\n\r\n"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(0)
        writer.write(asked)
        assert b"0 bytes" in await reader.readuntil(b"bytes")

    with caplog.at_level("DEBUG"):
        connected(talk)
    assert "17-secret" not in caplog.text
