"""One socket of DingTalk's stream: what comes, signs of life, and acknowledgements."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

import structlog
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from bot.dingtalk.stream_frames import (
    CARD,
    MESSAGE,
    SUCCESS,
    UNKNOWN,
    Ask,
    Frame,
    Kind,
    answered,
    read_frame,
    response,
)
from bot.waiting import Pause, is_done_within
from models.errors import BadRequest

log = structlog.get_logger()

#: The server pings every twenty to thirty seconds. A socket on which nothing comes for twice that
#: long may still answer on the lower level, and be one that the server has forgotten.
SILENCE = 60.0
#: Seconds for the other side to agree to the end.
CLOSED_WITHIN = 1.0


class Ending(StrEnum):
    """Why the next connection is due; the server may close the socket of this one later."""

    CLOSED = "closed"
    LEAVING = "disconnect"
    SILENT = "silent"


class Line:
    """A socket from its opening to its end; *heard* is given every callback, to be acknowledged."""

    def __init__(
        self, socket: ClientConnection, heard: Callable[["Line", bytes, Frame], None], pause: Pause
    ) -> None:
        self._socket = socket
        self._heard = heard
        self._pause = pause
        self._sign = asyncio.Event()
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        #: Whether the server pinged or said anything: it did not only open to close again.
        self.is_proven = False
        self._watch = asyncio.create_task(self._watched())
        #: Done once nothing more can come.
        self.reading = asyncio.create_task(self._read())

    @property
    def is_leaving(self) -> bool:
        """Whether another connection is due; what still comes by this one counts all the same."""
        return self._ending.done()

    async def left(self) -> Ending:
        """Why another connection is due, once it is."""
        return await asyncio.shield(self._ending)

    async def close(self) -> None:
        """Let go of the socket; what was on its way is still heard."""
        with suppress(TimeoutError):
            # The library bounds the answer to it, not how long what was said before is unread.
            async with asyncio.timeout(CLOSED_WITHIN):
                await self._socket.close()
        self._socket.transport.abort()
        await asyncio.gather(self.reading, return_exceptions=True)

    async def say(self, text: str) -> None:
        """Send an acknowledgement; one that finds the socket closed is not owed any more."""
        try:
            await self._socket.send(text)
        except ConnectionClosed:
            log.info("not acknowledged", reason="closed")

    def _leave(self, why: Ending) -> None:
        self._watch.cancel()
        if not self._ending.done():
            self._ending.set_result(why)

    async def _watched(self) -> None:
        while await self._shows_life():
            self._sign.clear()
        self._leave(Ending.SILENT)

    async def _shows_life(self) -> bool:
        waiting = asyncio.ensure_future(self._sign.wait())
        try:
            return await is_done_within(waiting, SILENCE, self._pause)
        finally:
            waiting.cancel()

    async def _read(self) -> None:
        try:
            while True:
                await self._take(await self._socket.recv(decode=False))
        except ConnectionClosed:
            pass  # with or without a code: another is made
        finally:
            self._leave(Ending.CLOSED)

    async def _take(self, raw: bytes) -> None:
        self._sign.set()
        try:
            frame = read_frame(raw)
        except BadRequest as error:
            log.warning("frame refused", reason=str(error))
            return
        if frame.kind == Kind.SYSTEM:
            await self._obey(frame)
        elif frame.kind in (Kind.CALLBACK, Kind.EVENT):
            self.is_proven = True
            await self._serve(raw, frame)
        else:
            log.info("frame passed over")

    async def _obey(self, frame: Frame) -> None:
        if frame.topic == Ask.DISCONNECT:
            self._leave(Ending.LEAVING)
        elif frame.topic == Ask.PING:
            self.is_proven = True
            await self.say(answered(frame, frame.data))

    async def _serve(self, raw: bytes, frame: Frame) -> None:
        if frame.kind == Kind.EVENT:
            await self.say(answered(frame, SUCCESS))
        elif frame.topic in (MESSAGE, CARD):
            self._heard(self, raw, frame)
        else:
            await self.say(answered(frame, response(), code=UNKNOWN))
