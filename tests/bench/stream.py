"""The stream of DingTalk at a fixed rate, over one connection, whatever acknowledging takes."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from websockets.asyncio.server import Server, ServerConnection, serve

from tests.bench.flood import Flood
from tests.twins.dingtalk.frames import read

#: Seconds for what is on its way when the last frame has left.
_BEHIND = 20
_CONNECTED_WITHIN = 30


class Gateway:
    """The gateway at its least: whoever connects is told what there is."""

    def __init__(self) -> None:
        self._socket = asyncio.get_running_loop().create_future()
        self._ends, self._answered = asyncio.Event(), asyncio.Event()
        self._waiting: dict[str, float] = {}
        self._made = Flood()

    async def open(self) -> str:
        """Where it is found from now on."""
        self._server: Server = await serve(self._serve, "127.0.0.1", 0, ping_interval=None)
        return f"ws://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}/connect"

    async def close(self) -> None:
        self._ends.set()
        self._server.close()
        await self._server.wait_closed()

    async def flood(self, frames: Iterable[tuple[str, str]], rate: float) -> Flood:
        """Send the frames, each with its message id, at *rate* a second; a lost one is none."""
        async with asyncio.timeout(_CONNECTED_WITHIN):
            socket = await asyncio.shield(self._socket)
        begun = time.perf_counter() + 0.5
        for n, (message_id, frame) in enumerate(frames):
            moment = begun + n / rate
            if (early := moment - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._waiting[message_id] = moment
            await socket.send(frame)
        with suppress(TimeoutError):
            async with asyncio.timeout(_BEHIND):
                while self._waiting:
                    self._answered.clear()
                    await self._answered.wait()
        self._made.seconds = time.perf_counter() - begun
        self._made.statuses += [0] * len(self._waiting)
        return self._made

    async def _serve(self, socket: ServerConnection) -> None:
        if not self._socket.done():
            self._socket.set_result(socket)
            reading = asyncio.ensure_future(self._read(socket))
            await self._ends.wait()
            reading.cancel()

    async def _read(self, socket: ServerConnection) -> None:
        async for text in socket:
            message_id, code, _, _ = read(text)
            self._made.took.append(time.perf_counter() - self._waiting.pop(message_id))
            self._made.statuses.append(code)
            self._answered.set()
