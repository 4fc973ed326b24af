"""The stream by which one process hears DingTalk, in a thread of its own; it only hears.

Every process of the office connects: the server gives each message to one of them, at random. It
asks for another connection now and then, falls silent on the old one and closes it ten seconds
later. So the next one is opened at once, while the old one is still read to its end.

Nobody brings a message again, or only after a minute: it is acknowledged as soon as it is stored.
One that could be stored nowhere is not.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bot.dingtalk.gateway import Gateway
from bot.dingtalk.line import CLOSED_WITHIN, Ending, Line
from bot.dingtalk.stream_frames import LARGEST, Frame, answered, response, sender_of
from bot.loop_thread import LoopThread
from bot.platforms.base import Response
from bot.waiting import Pause, Turns, back_off, is_done_within
from bot.warning import Warn
from models.errors import BadRequest, DeliveryError, Shut

log = structlog.get_logger()

#: Stores what came and returns what it is answered with.
Accept = Callable[[bytes], Response]

#: What is wrong in the settings no haste mends; somebody may mend it on DingTalk's side.
REFUSED_PAUSE = 600.0
LONGEST_PAUSE = 60.0
#: The server closes an old socket after ten seconds; then it is let go of by this side.
LEFT_OPEN = 15.0
#: So many tries fail within half a minute; a server that is started anew is back by then.
_MOST_FAILURES = 5
#: So many tries fail within some ten minutes.
_LONG_AWAY = 15
_AWAY = "钉钉长连接断开约十分钟了，收不到消息，仍在重连。请查看网络，并运行 dajuan doctor"
#: DingTalk acknowledges nothing to us either way: whoever wrote waits for an answer in vain.
_NOT_OURS = (
    "钉钉长连接发来的消息不是发给本组织、本机器人的，已拒收。"
    "请核对 DINGTALK_CORP_ID 和 DINGTALK_ROBOT_CODE，改正后重启"
)
_OPENED_WITHIN = 10.0
#: Pings on the lower level find a dead way sooner than silence does.
_PINGED_EVERY = 20.0
#: So many messages wait for the database at once, and share a commit.
_ROOM = 40
#: Seconds that the end waits for what is being stored, so that it can still be acknowledged.
_STORED_WITHIN = 0.5


class Connection:
    """The connection of this process: begun, ended, and what is known of it."""

    def __init__(self, gateway: Gateway, warn: Warn, pause: Pause = asyncio.sleep) -> None:
        self._gateway = gateway
        self._warn = warn
        self._pause = pause
        self._accept: Accept = lambda raw: Response()
        self._thread = LoopThread("dingtalk-connection", self._main)
        self._line: Line | None = None
        self._lines: set[Line] = set()
        self._failures = 0
        #: What the office has to set right before it can connect; empty where nothing is known.
        self._refusal = ""
        self._arrivals: set[asyncio.Task[None]] = set()
        self._retiring: set[asyncio.Task[None]] = set()

    def start(self, accept: Accept) -> None:
        """Connect; *accept* is given what comes, that of one person in turn."""
        # The library's own log would show addresses, and the ticket in them.
        logging.getLogger("websockets").setLevel(logging.WARNING)
        self._accept = accept
        self._thread.start()

    def stop(self) -> None:
        """Store and acknowledge what came, and close the socket."""
        self._thread.stop()

    def state(self) -> str:
        """`ok` where this process hears; else what is wrong."""
        if self._refusal:
            return f"refused: {self._refusal}"
        live = self._line if self._line is not None and not self._line.is_leaving else None
        # One that only just opened may close again, as those before it did.
        if self._failures >= _MOST_FAILURES and not (live and live.is_proven):
            return f"not connected, {self._failures} tries failed"
        return "ok" if live else "ok: connecting"

    # From here on everything runs in the connection's own thread.

    async def _main(self) -> None:
        self._senders = Turns()
        with ThreadPoolExecutor(_ROOM, "dingtalk-arrival") as self._threads:
            try:
                while True:
                    if pause := await self._one_line():
                        await self._pause(pause)
            finally:
                await self._let_go()

    async def _one_line(self) -> float:
        """Connect; once another connection is due, the seconds before it is asked for."""
        try:
            line = await self._connected()
        except DeliveryError as error:
            return await self._not_opened(error)
        except (OSError, WebSocketException) as error:
            log.warning("not connected", reason=type(error).__name__)
            return await self._failed()
        except Exception:  # whatever it is, the next try may do
            log.exception("connection broke")
            return await self._failed()
        ending = await line.left()
        log.info("connection ended", why=str(ending))
        return self._ended(line, ending)

    async def _connected(self) -> Line:
        socket = await connect(
            await self._gateway.open(),
            open_timeout=_OPENED_WITHIN,
            close_timeout=CLOSED_WITHIN,
            ping_interval=_PINGED_EVERY,
            ping_timeout=_PINGED_EVERY,
            max_size=LARGEST,
        )
        log.info("connected")
        line = Line(socket, self._heard, self._pause)
        self._lines.add(line)
        line.reading.add_done_callback(lambda _: self._lines.discard(line))
        if self._line is not None:
            self._begin(self._retire(self._line), self._retiring)
        self._line, self._refusal = line, ""
        return line

    async def _retire(self, line: Line) -> None:
        if not await is_done_within(line.reading, LEFT_OPEN, self._pause):
            await line.close()

    def _ended(self, line: Line, ending: Ending) -> float:
        self._failures = 0 if line.is_proven else self._failures + 1
        # Asked to go at every coming, it would else come again without end.
        if ending is not Ending.CLOSED and self._failures <= 1:
            return 0.0
        return self._back_off()

    async def _failed(self) -> float:
        self._failures += 1
        self._refusal = ""
        if self._failures >= _LONG_AWAY:
            await self._tell(_AWAY)
        return self._back_off()

    def _back_off(self) -> float:
        return back_off(max(1, self._failures), random.random(), LONGEST_PAUSE)

    async def _not_opened(self, error: DeliveryError) -> float:
        log.warning("not connected", reason=str(error))
        if error.shut is not Shut.ALL:
            return max(await self._failed(), error.after.total_seconds())
        self._failures += 1
        self._refusal = str(error)
        await self._tell(f"钉钉长连接无法建立，收不到消息：{error}")
        return REFUSED_PAUSE

    async def _tell(self, text: str) -> None:
        """Tell the operators, once a day."""
        try:
            await asyncio.to_thread(self._warn, text)
        except Exception:  # the database is away as well: the log has to do
            log.exception("alarm not raised")

    def _heard(self, line: Line, raw: bytes, frame: Frame) -> None:
        self._begin(self._arrived(line, raw, frame), self._arrivals)

    def _begin(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    async def _arrived(self, line: Line, raw: bytes, frame: Frame) -> None:
        """Store a callback, those of a sender in their order, and acknowledge it."""
        async with self._senders.of(sender_of(frame) or frame.message_id):
            told = await self._stored(raw)
        if told is not None:
            await line.say(answered(frame, response(told)))

    async def _stored(self, raw: bytes) -> bytes | None:
        """What it is answered with; None where it could be stored nowhere."""
        try:
            accepted = partial(self._accept, raw)
            found = await asyncio.get_running_loop().run_in_executor(self._threads, accepted)
        except BadRequest as error:
            log.warning("frame refused", reason=str(error))
            if error.status == 403:
                await self._tell(_NOT_OURS)
            return b""
        except Exception:  # it is stored: only its first word is missing
            log.exception("frame failed")
            return b""
        return found.body if found.status == 200 else None

    async def _let_go(self) -> None:
        """What is being stored is still acknowledged; what comes until the end is stored."""
        for retiring in self._retiring:
            retiring.cancel()
        stored = asyncio.gather(*self._arrivals, return_exceptions=True)
        await is_done_within(asyncio.shield(stored), _STORED_WITHIN, self._pause)
        await asyncio.gather(*(line.close() for line in self._lines))
        await asyncio.gather(*self._arrivals, return_exceptions=True)
