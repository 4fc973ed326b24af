"""The stream's gateway: tickets, several connections of one robot, and every frame's way."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.twins.dingtalk.corp import Corp, Robot
from tests.twins.dingtalk.frames import (
    CALLBACK,
    CARDS,
    EVENT,
    MESSAGES,
    SYSTEM,
    Ack,
    Carried,
    Try,
    Unreadable,
    read,
    written,
)

TICKET_LIFE, PING_EVERY, CLOSES_AFTER, REPEATED_AFTER = 90.0, 20.0, 10.0, 60.0
_STUCK = 20
_TOPICS = {(CALLBACK, MESSAGES), (CALLBACK, CARDS), (EVENT, "*")}


@dataclass(eq=False)
class Connection:
    """One socket of the robot."""

    socket: ServerConnection
    ident: str
    subscriptions: frozenset[tuple[str, str]]
    since: float
    #: Answers WebSocket pings and delivers nothing, as has been seen.
    is_silent: bool = False
    #: It was told to disconnect: nothing comes on it any more.
    is_leaving: bool = False
    #: What was sent on it and waits for an acknowledgement, by message id.
    waiting: dict[str, Carried | dict[str, Any]] = field(default_factory=dict)
    tries: dict[str, Try] = field(default_factory=dict)
    #: How many pings it has answered with their own data.
    pings: int = 0


class Gateway:
    """Where the robot's processes connect, and its switches."""

    def __init__(self, corp: Corp, robot: Robot, start: Callable[..., None]) -> None:
        self._corp, self._robot, self._start = corp, robot, start
        self.url, self.port = "", 0
        #: Connections that frames may come on.
        self.live: list[Connection] = []
        #: How many sockets were opened so far, and how many were refused.
        self.opened = self.refusals = 0
        #: Which connection hears a message; any of them, unless a test says otherwise.
        self.random = random.Random()
        self.chooses: Callable[[Sequence[Connection]], Connection] = self.random.choice
        #: New sockets are refused with HTTP 503, or their handshake never ends.
        self.is_down = self.hangs = False
        #: After 60 s without an acknowledgement a message comes once more, as many have seen;
        #: the protocol's own page knows no such repeat.
        self.repeats = True
        #: Whether the repeat bears the message id of the first frame; not known.
        self.keeps_message_id = False
        #: One official sample writes `header`.
        self.headers_name = "headers"
        #: A new connection is told that it stands, as one official client expects.
        self.greets = True
        self._tickets: dict[str, tuple[float, frozenset[tuple[str, str]]]] = {}
        self._used: set[str] = set()
        self._admitted: dict[ServerConnection, frozenset[tuple[str, str]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None
        self._ends = asyncio.Event()

    async def open(self) -> None:
        """Serve on a free port."""
        self._loop = asyncio.get_running_loop()
        self._server = await serve(
            self._handle, "127.0.0.1", self.port, process_request=self._admit, ping_interval=None
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/connect"

    async def stop(self) -> None:
        """Drop every socket."""
        assert self._server is not None
        self._ends.set()
        for socket in self._server.connections:
            socket.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    # Tickets

    def ticket(self, body: dict[str, Any]) -> dict[str, str]:
        """The answer to connections/open, whose credentials were right."""
        asked = frozenset(
            (str(each.get("type")), str(each.get("topic")))
            for each in body.get("subscriptions") or []
        )
        for type, topic in asked - _TOPICS:
            self._complain(f"subscribes {type} {topic}")
        ticket = self._corp.number("ticket/+")
        self._tickets[ticket] = (self._corp.clock.now(), asked)
        return {"endpoint": self.url, "ticket": ticket}

    async def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        if self.hangs:
            await self._ends.wait()
        if self.is_down:
            return self._refused(socket, HTTPStatus.SERVICE_UNAVAILABLE)
        asked = urlsplit(request.path)
        ticket = parse_qs(asked.query).get("ticket", [""])[0]
        if ticket in self._used or ticket not in self._tickets:
            self._complain("connects with a used or unknown ticket")
            return self._refused(socket, HTTPStatus.UNAUTHORIZED)
        issued, subscriptions = self._tickets.pop(ticket)
        self._used.add(ticket)
        if asked.path != "/connect" or self._corp.clock.now() - issued > TICKET_LIFE:
            return self._refused(socket, HTTPStatus.UNAUTHORIZED)
        self._admitted[socket] = subscriptions
        return None

    def _refused(self, socket: ServerConnection, status: HTTPStatus) -> Response:
        self.refusals += 1
        self._corp.record.changed()
        return socket.respond(status, status.phrase)

    # What tests do

    def connected(self, count: int = 1, *, seconds: float = 10) -> Connection:
        """The newest live connection, once there have been *count* and one lives."""
        self._corp.record.wait(
            lambda: self.opened >= count and bool(self.live), seconds, f"{count} connections"
        )
        return self.live[-1]

    def stands(self, count: int, *, seconds: float = 10) -> list[Connection]:
        """The live connections, once there are exactly *count*."""
        self._corp.record.wait(
            lambda: len(self.live) == count, seconds, f"{count} living connections"
        )
        return list(self.live)

    def pinged(self, count: int, *, seconds: float = 10) -> None:
        """Return once the live connections have answered *count* pings together."""
        self._corp.record.wait(
            lambda: sum(each.pings for each in self.live) >= count, seconds, f"{count} pings"
        )

    def close(self, connection: Connection, code: int = 1000, reason: str = "") -> None:
        """Close a connection with a code."""
        self._do(connection.socket.close(code, reason))

    def cut(self, connection: Connection) -> None:
        """Drop a connection without a close frame (1006)."""

        async def drop() -> None:
            connection.socket.transport.abort()

        self._do(drop())

    def disconnect(self, connection: Connection, reason: str = "load balancing") -> None:
        """Ask for a new connection: this one hears no more and is closed after 10 s."""
        connection.is_leaving = True
        self._do(self._tell_off(connection, reason))

    def silence(self, connection: Connection) -> None:
        """Leave a connection open and send nothing on it any more, pings neither."""
        connection.is_silent = True

    def says(self, connection: Connection, topic: str, data: dict[str, Any]) -> None:
        """A SYSTEM frame."""
        self._do(self._said(connection, SYSTEM, topic, data))

    def sends(self, connection: Connection, raw: str | bytes) -> None:
        """Anything at all."""
        self._do(connection.socket.send(raw))

    def tell(self, carried: Carried) -> None:
        """Set a callback or an event on its way; it has been sent once when this returns."""
        assert self._loop is not None, "the twin has not been started"
        self._loop.call_soon_threadsafe(self._start, self._carry(carried))
        carried.wait_tries(1)

    def _do(self, work: Coroutine[None, None, Any]) -> Any:
        assert self._loop is not None, "the twin has not been started"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_STUCK)

    # The way of a frame

    async def _carry(self, carried: Carried) -> None:
        await self._send_once(carried)
        while self._comes_again(carried) and not await self._is_heard(carried):
            await self._send_once(carried)
        carried.is_over = carried.is_over or not self._may_still_come(carried)
        self._corp.record.changed()

    def _comes_again(self, carried: Carried) -> bool:
        """Whether it will, unless it is acknowledged: a message once, an event for ever."""
        return carried.type == EVENT or (self.repeats and len(carried.tries) == 1)

    def _may_still_come(self, carried: Carried) -> bool:
        """Whether the last frame went out, so that an acknowledgement may be on its way."""
        connection = carried.tries[-1].connection
        return connection is not None and connection in self.live

    async def _is_heard(self, carried: Carried) -> bool:
        """Whether it is acknowledged within a minute of the servers' clock."""
        moment = carried.tries[-1].at + REPEATED_AFTER
        late = asyncio.ensure_future(self._corp.clock.until(moment))
        heard = asyncio.ensure_future(carried.heard.wait())
        try:
            await asyncio.wait({late, heard}, return_when=asyncio.FIRST_COMPLETED)
            return heard.done()
        finally:
            for each in (late, heard):
                each.cancel()
            await asyncio.gather(late, heard, return_exceptions=True)

    async def _send_once(self, carried: Carried) -> None:
        able = [e for e in self.live if (carried.type, carried.topic) in e.subscriptions]
        able = able or [e for e in self.live if (carried.type, carried.topic) not in _TOPICS]
        connection = self.chooses(able) if able else None
        first = carried.tries[0].message_id if carried.tries else ""
        message_id = (self.keeps_message_id and first) or self._corp.number("213d_")
        made = Try(self._corp.clock.now(), message_id, connection)
        carried.tries.append(made)
        self._corp.record.changed()
        if connection is not None and not connection.is_silent:
            connection.waiting[message_id] = carried
            connection.tries[message_id] = made
            headers = self._headers(connection, carried.topic, message_id) | carried.headers
            await self._write(
                connection, written(carried.type, headers, carried.data, self.headers_name)
            )

    async def _said(
        self, connection: Connection, type: str, topic: str, data: dict[str, Any]
    ) -> None:
        """A frame of the servers' own."""
        message_id = self._corp.number("213d_")
        connection.waiting[message_id] = {"topic": topic, "data": data}
        headers = self._headers(connection, topic, message_id)
        await self._write(connection, written(type, headers, data, self.headers_name))

    def _headers(self, connection: Connection, topic: str, message_id: str) -> dict[str, str]:
        return {
            "topic": topic,
            "messageId": message_id,
            "time": str(int(self._corp.clock.now() * 1000)),
            "appId": self._robot.app_id,
            "connectionId": connection.ident,
        }

    async def _write(self, connection: Connection, text: str) -> None:
        try:
            await connection.socket.send(text)
        except ConnectionClosed:
            pass  # lost on the way, as on any wire

    # A connection's life

    async def _handle(self, socket: ServerConnection) -> None:
        subscriptions, now = self._admitted.pop(socket), self._corp.clock.now()
        connection = Connection(socket, self._corp.number("connection-"), subscriptions, now)
        pings = asyncio.ensure_future(self._ping(connection, self._corp.clock.now() + PING_EVERY))
        self.opened += 1
        self.live.append(connection)
        self._corp.record.changed()
        try:
            if self.greets:
                await self._said(connection, SYSTEM, "CONNECTED", {})
                await self._said(connection, SYSTEM, "REGISTERED", {})
            async for text in socket:
                self._hear(connection, text)
        except ConnectionClosed:
            pass  # by whichever side: the other end sees it too
        finally:
            pings.cancel()
            await asyncio.gather(pings, return_exceptions=True)
            self._leave(connection)

    def _leave(self, connection: Connection) -> None:
        if connection in self.live:
            self.live.remove(connection)
        self._corp.record.changed()

    async def _ping(self, connection: Connection, moment: float) -> None:
        clock = self._corp.clock
        while not connection.is_leaving:
            await clock.until(moment)
            moment = clock.now() + PING_EVERY
            if not connection.is_silent and not connection.is_leaving:
                opaque = {"opaque": self._corp.number("opaque-")}
                await self._said(connection, SYSTEM, "ping", opaque)

    async def _tell_off(self, connection: Connection, reason: str) -> None:
        self._leave(connection)
        await self._said(connection, SYSTEM, "disconnect", {"reason": reason})
        self._start(self._close_at(connection, self._corp.clock.now() + CLOSES_AFTER))

    async def _close_at(self, connection: Connection, moment: float) -> None:
        await self._corp.clock.until(moment)
        connection.socket.transport.abort()

    def _hear(self, connection: Connection, text: str | bytes) -> None:
        try:
            message_id, code, message, data = read(text)
        except Unreadable as error:
            self._complain(str(error))
            return
        about = connection.waiting.pop(message_id, None)
        if about is None:
            self._complain("acknowledges what this connection was not sent, or did so before")
        elif isinstance(about, Carried):
            made = connection.tries.pop(message_id)
            now = self._corp.clock.now()
            delay = asyncio.get_running_loop().time() - made.sent
            about.hear(Ack(code, message, data, now, delay, connection))
        elif about["topic"] == "ping":
            self._hear_pong(connection, about["data"], code, data)
        self._corp.record.changed()

    def _complain(self, what: str) -> None:
        self._corp.complain(what)
        self._corp.record.changed()

    def _hear_pong(
        self, connection: Connection, asked: dict[str, Any], code: int, data: Any
    ) -> None:
        if (code, data) == (HTTPStatus.OK, asked):
            connection.pings += 1
        else:
            self._complain(f"answers a ping with {code} {json.dumps(data)}")
