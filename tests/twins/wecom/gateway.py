"""The servers' WebSocket gateway: one live connection per bot, every frame acknowledged."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.twins.faults import Fault, Faults
from tests.twins.record import Sent
from tests.twins.wecom.corp import Corp, Refused
from tests.twins.wecom.frames import Frames

_STUCK = 20


@dataclass(eq=False)
class Connection:
    """One socket of the bot."""

    socket: ServerConnection
    is_subscribed: bool = False
    #: req_ids of answers whose acknowledgement is not out yet.
    pending: set[str] = field(default_factory=set)
    #: How often the bot has pinged.
    pings: int = 0


class Gateway:
    """The address bots connect to, and its switches."""

    def __init__(
        self, corp: Corp, faults: Faults, frames: Frames, start: Callable[..., None]
    ) -> None:
        self._corp, self._faults, self._frames, self._start = corp, faults, frames, start
        self.url = ""
        self.port = 0
        self.live: Connection | None = None
        #: Every socket opened so far, and how many of them subscribed.
        self.opened = 0
        self.subscriptions = 0
        #: How many connections were told that a newer one took over.
        self.displaced = 0
        #: An old connection stays open after its disconnected_event, as has been seen.
        self.lingers = False
        #: New sockets are refused with HTTP 503.
        self.is_down = False
        self.refusals = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        # The servers do not ping; frames of media are large.
        self._server = await serve(
            self._handle,
            "127.0.0.1",
            self.port,
            process_request=self._admit,
            ping_interval=None,
            max_size=4 * 1024 * 1024,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}"

    async def stop(self) -> None:
        assert self._server is not None
        for socket in self._server.connections:
            socket.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    def connected(self, count: int = 1, *, seconds: float = 10) -> Connection:
        """The live connection, once there have been *count* subscriptions."""
        self._corp.record.wait(
            lambda: self.subscriptions >= count and self.live is not None,
            seconds,
            f"{count} subscriptions",
        )
        assert self.live is not None
        return self.live

    def gone(self, *, seconds: float = 10) -> None:
        """Return once no connection is live."""
        self._corp.record.wait(lambda: self.live is None, seconds, "the connection to end")

    def pinged(self, count: int, *, seconds: float = 10) -> None:
        """Return once the live connection has pinged *count* times."""
        self._corp.record.wait(
            lambda: self.live is not None and self.live.pings >= count, seconds, f"{count} pings"
        )

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the live connection with a code, as the servers do when they feel like it."""
        if self.live is not None:
            self._do(self.live.socket.close(code, reason))

    def cut(self) -> None:
        """Drop the live connection without a close frame (1006)."""

        async def drop() -> None:
            if self.live is not None:
                self.live.socket.transport.abort()

        self._do(drop())

    def forget(self) -> None:
        """Lose the subscription while the socket stays open: frames get 846609."""
        if self.live is not None:
            self.live.is_subscribed = False

    def tell(self, frame: dict[str, Any]) -> bool:
        """Send a frame on the live connection; False: there is none."""

        async def send() -> bool:
            return self.live is not None and await self._said(self.live, frame)

        return bool(self._do(send()))

    def _do(self, work: Coroutine[None, None, Any]) -> Any:
        assert self._loop is not None, "the twin has not been started"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_STUCK)

    async def _said(self, connection: Connection, frame: dict[str, Any]) -> bool:
        try:
            await connection.socket.send(json.dumps(frame, ensure_ascii=False))
        except ConnectionClosed:
            return False
        return True

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        if not self.is_down:
            return None
        self.refusals += 1
        self._corp.record.changed()
        return socket.respond(503, "down")

    async def _handle(self, socket: ServerConnection) -> None:
        connection = Connection(socket)
        self.opened += 1
        self._corp.record.changed()
        try:
            async for text in socket:
                await self._hear(connection, text)
        except ConnectionClosed:
            pass  # by whichever side: the other end sees it too
        finally:
            if self.live is connection:
                self.live = None
            self._corp.record.changed()

    async def _hear(self, connection: Connection, text: str | bytes) -> None:
        try:
            frame = json.loads(text)
            cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        except (ValueError, KeyError, TypeError) as error:
            self._corp.record.complaints.append(f"unreadable frame: {error!r}")
            return
        self._corp.record.tried(cmd)
        self._check_turn(connection, cmd, req_id)
        fault = self._faults.next(cmd, any="frames")
        if fault is None:
            await self._answer(connection, frame)
        else:
            await self._spoil(connection, frame, fault)

    def _check_turn(self, connection: Connection, cmd: str, req_id: str) -> None:
        """Answers to one callback wait for each other's acknowledgement."""
        if req_id in connection.pending:
            self._corp.record.complaints.append(f"{cmd} before the last one was acknowledged")

    async def _spoil(self, connection: Connection, frame: dict[str, Any], fault: Fault) -> None:
        if fault.kind == "late":
            connection.pending.add(frame["headers"]["req_id"])
            self._start(self._answer_late(connection, frame, fault))
            return
        if fault.kind == "errcode":
            await self._answer(connection, frame, Refused(int(fault.errcode), fault.message))
            return
        if fault.acted:
            self._told(connection, frame, None)
        if fault.kind == "abort":
            connection.socket.transport.abort()

    async def _answer_late(
        self, connection: Connection, frame: dict[str, Any], fault: Fault
    ) -> None:
        pause = self._faults.pause(fault, self._corp.clock)
        told = self._told(connection, frame, None) if fault.acted else None
        await pause
        connection.pending.discard(frame["headers"]["req_id"])
        await self._said(connection, told or self._told(connection, frame, None))

    async def _answer(
        self, connection: Connection, frame: dict[str, Any], refused: Refused | None = None
    ) -> None:
        before = self.live
        told = self._told(connection, frame, refused)
        await self._said(connection, told)
        if before not in (None, self.live, connection):
            await self._displace(before)

    async def _displace(self, old: Connection) -> None:
        """Tell the old connection that there is a new one, and drop it without a close frame."""
        self.displaced += 1
        await self._said(old, self._frames.disconnected())
        if not self.lingers:
            old.socket.transport.close()

    def _told(
        self, connection: Connection, frame: dict[str, Any], refused: Refused | None
    ) -> dict[str, Any]:
        """Do what the frame asks; the acknowledgement."""
        cmd, headers, body = frame["cmd"], frame["headers"], frame.get("body") or {}
        told: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        try:
            if refused is not None:
                raise refused
            result = self._do_frame(connection, cmd, headers["req_id"], body)
            told |= {"body": result} if result else {}
        except Refused as error:
            told = {"errcode": error.errcode, "errmsg": error.message}
        now = self._corp.clock.now()
        self._corp.record.add(Sent(cmd, body, {"req_id": headers["req_id"]}, told, now))
        return {"headers": {"req_id": headers["req_id"]}, **told}

    def _do_frame(
        self, connection: Connection, cmd: str, req_id: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        if cmd == "aibot_subscribe":
            self._subscribe(connection, body)
            return {}
        if cmd == "ping":
            connection.pings += 1
            return {}
        if not connection.is_subscribed or connection is not self.live:
            raise Refused(846609, "not subscribed")
        return self._frames.take(cmd, req_id, body)

    def _subscribe(self, connection: Connection, body: dict[str, Any]) -> None:
        known = (self._frames.bot_id, self._frames.secret)
        if (body.get("bot_id"), body.get("secret")) != known:
            raise Refused(853000, "invalid bot_id or secret")
        connection.is_subscribed = True
        self.live = connection
        self.subscriptions += 1
