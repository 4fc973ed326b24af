"""One socket of the long connection: pings, acknowledgements, and frames in their turn."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import structlog
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from bot.waiting import Pause, Turns, is_done_within
from bot.wecom.body import Body
from bot.wecom.frames import (
    ACKNOWLEDGED_WITHIN,
    MOST_MISSED,
    NOT_SUBSCRIBED,
    PING,
    PING_EVERY,
    WRITTEN_WITHIN,
    Ending,
    Frame,
    read_frame,
    written,
)
from models.errors import BadRequest

log = structlog.get_logger()


class Unheard(Exception):
    """No acknowledgement came; *has_left* says whether the frame may have reached the server."""

    def __init__(self, *, has_left: bool) -> None:
        super().__init__()
        self.has_left = has_left


class Line:
    """A socket from its opening to its end; *heard* is given every callback."""

    def __init__(
        self, socket: ClientConnection, heard: Callable[[bytes, Frame], None], pause: Pause
    ) -> None:
        self._socket = socket
        self._heard = heard
        self._pause = pause
        self._turns = Turns()
        self._owed: dict[str, asyncio.Future[Frame | None]] = {}
        self._missed = 0
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        #: Whether it answered a ping: it did not only open to close again.
        self.is_proven = False
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._ping())]

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be asked."""
        return self._ending.done()

    async def ended(self) -> Ending:
        """Why it ended, once it did."""
        return await asyncio.shield(self._ending)

    def end(self, why: Ending = Ending.CLOSED) -> None:
        """Nothing more is asked or heard; whoever waits for an acknowledgement is told."""
        if not self.is_over:
            self._ending.set_result(why)
        for owed in self._owed.values():
            if not owed.done():
                owed.set_result(None)

    async def close(self) -> None:
        """End, and let go of the socket; what was on its way is still heard, nobody repeats it."""
        self.end()
        try:
            await self._socket.close()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(self, cmd: str, body: Body | None = None, req_id: str = "") -> Frame:
        """The acknowledgement of a frame; those of one req_id wait for each other's.

        Raises Unheard.
        """
        req_id = req_id or uuid4().hex
        async with self._turns.of(req_id):
            if (earlier := self._owed.get(req_id)) is not None:
                await self._told(earlier, has_left=False)
            if self.is_over:
                raise Unheard(has_left=False)
            owed = self._owed[req_id] = asyncio.get_running_loop().create_future()
            await self._write(written(cmd, req_id, body))
            told = await self._told(owed, has_left=True)
            del self._owed[req_id]
            return told

    async def _told(self, owed: "asyncio.Future[Frame | None]", *, has_left: bool) -> Frame:
        if not await is_done_within(owed, ACKNOWLEDGED_WITHIN, self._pause):
            self._missed += 1
            if self._missed >= MOST_MISSED:
                self.end()
            raise Unheard(has_left=has_left)
        told = owed.result()
        if told is None:
            raise Unheard(has_left=has_left)
        return told

    async def _write(self, text: str) -> None:
        writing = asyncio.ensure_future(self._socket.send(text))
        try:
            if await is_done_within(writing, WRITTEN_WITHIN, self._pause):
                writing.result()
                return
        except ConnectionClosed as error:
            self.end()
            raise Unheard(has_left=True) from error
        finally:
            writing.cancel()
        self.end()
        raise Unheard(has_left=True)

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                self._take(text.encode() if isinstance(text, str) else text)
        except ConnectionClosed:
            pass  # with or without a code: it is made again
        finally:
            self.end()

    def _take(self, raw: bytes) -> None:
        try:
            frame = read_frame(raw)
        except BadRequest as error:
            log.warning("frame refused", reason=str(error))
            return
        if frame.is_displacement:
            self.end(Ending.DISPLACED)
        elif frame.cmd:
            self._heard(raw, frame)
        else:
            self._missed = 0
            owed = self._owed.get(frame.req_id)
            if owed is not None and not owed.done():
                owed.set_result(frame)

    async def _ping(self) -> None:
        while True:
            await self._pause(PING_EVERY)
            try:
                told = await self.ask(PING)
            except Unheard:
                continue  # counted
            if told.code == NOT_SUBSCRIBED:
                self.end()
            self.is_proven = True
