"""The bot's long connection: kept by one process of the office, made again whenever it ends.

WeCom allows one connection a bot and tells the older one when a newer displaced it. Who connects
again then displaces the other in turn, for ever. So nobody connects without the lease, and
a displaced process asks for the lease before anything else:

- another process has it: it took over by right, as this one was too slow to renew. This one waits
  for the lease like any other.
- it was this one's all along: the bot is used outside this office's lease, by another
  installation or tool. This process stays away and says so. It keeps the lease, for if it gave it
  up, the next process of the office would only go on with the quarrel.
- it was lost and won back meanwhile: the other one was of this office and is gone; connect again.

An owner that cannot reach the servers offers the lease to whoever asks while it pauses: the way
may be open from another machine.

Without the database nobody can take the lease over. A connection that lives then is kept, since
what people write is not repeated to anybody; one that ends is made again only under a lease that
has not run out.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bot.loop_thread import LoopThread
from bot.waiting import Pause, Turns, back_off, is_done_within
from bot.wecom.body import Body, sender_of
from bot.wecom.errors import failure, meaning
from bot.wecom.frames import (
    LARGEST,
    NOT_SUBSCRIBED,
    REFUSED,
    SUBSCRIBE,
    Ending,
    Frame,
    read_frame,
)
from bot.wecom.line import Line, Unheard
from bot.wecom.ownership import ASKED_EVERY, RENEWED_EVERY, Hold, Ownership, Standing
from models.errors import BadRequest, DeliveryError, Shut

log = structlog.get_logger()

T = TypeVar("T")

#: Stores what came and returns the frame to be said at once, or nothing.
Accept = Callable[[bytes], bytes]

#: So long a word waits for a connection that has just been lost.
PATIENCE = 6.0
#: No word takes longer: connecting again, and two tries.
_LONGEST = 60.0
#: Then words wait so long for the next try, which calls nobody where there is no connection.
_ASKED_AGAIN = timedelta(seconds=10)
#: So many tries fail within some forty seconds; a server that is started anew is back by then.
_MOST_FAILURES = 5
#: After so many failures another process may try, from another machine perhaps.
_STANDS_ASIDE = 3
_OPENED_WITHIN = 10
_LONGEST_PAUSE = 30.0
_CLOSED_WITHIN = 2
_DISPLACED = (
    "智能机器人的长连接被本系统以外的程序占用，已停止收发。"
    "请停用那个程序（或在管理后台重置 Secret 并改好 WECOM_BOT_SECRET），再重启本服务"
)


class Connection:
    """The connection of one bot, in a thread of its own; `ask` may be called from any other."""

    def __init__(
        self,
        url: str,
        bot_id: str,
        secret: str,
        ownership: Ownership,
        warn: Callable[[str], None],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._url = url
        self._bot_id = bot_id
        self._secret = secret
        self._ownership = ownership
        self._warn = warn
        self._pause = pause
        self._accept: Accept = lambda raw: b""
        self._thread = LoopThread("wecom-connection", self._main, self._let_go)
        self._line: Line | None = None
        self._failures = 0
        self._arrivals: set[asyncio.Task[None]] = set()
        #: Why it stays away, until the service is started again; empty while it does not.
        self.halted = ""
        #: Whether this process speaks for the bot; also when its connection is down or halted.
        self.is_owner = False

    def start(self, accept: Accept) -> None:
        """Connect as soon as the lease is had; *accept* is given what comes, in turn by sender."""
        # The library's own log would show frames, and the secret in the first of them.
        logging.getLogger("websockets").setLevel(logging.WARNING)
        self._accept = accept
        self._thread.start()

    def stop(self) -> None:
        """Store what came, close the socket and hand back the lease."""
        self._thread.stop()

    def state(self) -> str:
        """`ok` where the bot is heard, by this process or by another; else what is wrong."""
        if self.halted:
            return f"halted: {self.halted}"
        if not self.is_owner:
            return "ok: another process has it"
        if self._live is not None:
            return "ok"
        if self._failures < _MOST_FAILURES:
            return "ok: connecting"
        return f"not connected, {self._failures} tries failed"

    def ask(self, cmd: str, body: Body, req_id: str = "") -> Body:
        """What a frame is answered with; without *req_id* it belongs to no callback.

        A frame that found no subscription is sent once more over a new one. Raises DeliveryError:
        *unknown* where it left and was not acknowledged, *elsewhere* where there is no connection.
        """
        loop = self._thread.loop
        if loop is None:
            raise _no_connection("智能机器人的长连接不在本进程")
        future = asyncio.run_coroutine_threadsafe(self._asked(cmd, body, req_id), loop)
        try:
            return future.result(_LONGEST)
        except (TimeoutError, CancelledError) as error:
            future.cancel()
            raise DeliveryError("等待企业微信回应超时", retryable=True, unknown=True) from error

    # From here on everything runs in the connection's own thread.

    def _let_go(self) -> None:
        self.is_owner = False
        self._ownership.release()

    async def _main(self) -> None:
        self._owned, self._linked = asyncio.Event(), asyncio.Event()
        self._senders = Turns()
        keeper = asyncio.create_task(self._keep_lease())
        try:
            while not self.halted:
                await self._owned.wait()
                await self._after(await self._one_line())
            await keeper
        finally:
            self.halted = self.halted or "服务正在停止"
            self._linked.set()
            keeper.cancel()
            # What came is stored before the lease goes: nobody would bring it again.
            await asyncio.gather(keeper, *self._arrivals, return_exceptions=True)

    async def _keep_lease(self) -> None:
        while True:
            try:
                await self._renewed()
            except Exception:  # the next round asks again
                log.exception("lease broke")
            await self._pause(RENEWED_EVERY if self.is_owner else ASKED_EVERY)

    async def _renewed(self) -> Hold:
        hold = await asyncio.to_thread(self._ownership.renew)
        if hold in (Hold.TAKEN, Hold.KEPT):
            self.is_owner = True
            self._owned.set()
        elif hold is Hold.OTHERS:
            self.is_owner = False
            self._owned.clear()
            if self._line is not None:
                self._line.end()
        elif not self._ownership.is_current:
            self._owned.clear()
        return hold

    async def _one_line(self) -> Ending:
        """Connect, subscribe, and return why it ended."""
        if not self._may_connect:
            return Ending.CLOSED
        try:
            socket = await self._opened()
        except (OSError, WebSocketException) as error:
            log.warning("not connected", reason=type(error).__name__)
            return Ending.CLOSED
        except Exception:  # whatever it is, the next try may do
            log.exception("connection broke")
            return Ending.CLOSED
        line = Line(socket, self._heard, self._pause)
        try:
            ending = await self._subscribed(line)
        finally:
            self._line = None
            self._linked.clear()
            await line.close()
        if line.is_proven:
            self._failures = 0
        return ending

    @property
    def _may_connect(self) -> bool:
        """Whether the lease holds at this moment, whatever was learned when it was renewed."""
        return self._owned.is_set() and self._ownership.is_current

    async def _opened(self) -> ClientConnection:
        return await connect(
            self._url,
            open_timeout=_OPENED_WITHIN,
            close_timeout=_CLOSED_WITHIN,
            ping_interval=None,  # the protocol has a ping of its own
            max_size=LARGEST,
        )

    async def _subscribed(self, line: Line) -> Ending:
        if not self._may_connect:  # it may have taken long to open the socket
            return Ending.CLOSED
        body = {"bot_id": self._bot_id, "secret": self._secret}
        try:
            told = await line.ask(SUBSCRIBE, body)
        except Unheard:
            return Ending.CLOSED
        if told.code:
            log.warning("not subscribed", code=told.code)
            return Ending.REFUSED if told.code == REFUSED else Ending.CLOSED
        log.info("connected")
        self._line = line
        self._linked.set()
        await self._noted(Standing.CONNECTED)
        return await line.ended()

    async def _after(self, ending: Ending) -> None:
        """Wait as long as is due before the next try, or stay away."""
        log.info("connection ended", why=str(ending))
        if ending is Ending.REFUSED:
            return await self._halt(meaning(REFUSED).text)
        if ending is Ending.DISPLACED:
            hold = await self._renewed()
            if hold is Hold.KEPT:
                return await self._halt(_DISPLACED)
            if hold is Hold.UNKNOWN:
                self._owned.clear()
        if not self._ownership.is_current:
            self._owned.clear()
        self._failures += 1
        await self._noted(Standing.LOST)
        stands_aside = self._failures % _STANDS_ASIDE == 0
        if stands_aside:
            self._owned.clear()
            await asyncio.to_thread(self._ownership.release)
        await self._pause(back_off(self._failures, random.random(), _LONGEST_PAUSE))
        if stands_aside:
            await self._renewed()

    async def _halt(self, why: str) -> None:
        self.halted = why
        await self._noted(Standing.HALTED, why)
        try:
            await asyncio.to_thread(self._warn, why)
        except Exception:  # the database is away as well: the log has to do
            log.exception("alarm not raised")
        log.error("connection halted", reason=why)

    async def _noted(self, standing: Standing, why: str = "") -> None:
        try:
            await asyncio.to_thread(self._ownership.note, standing, why)
        except Exception:  # the connection matters more than what is known of it
            log.exception("connection not noted")

    def _heard(self, raw: bytes, frame: Frame) -> None:
        task = asyncio.create_task(self._arrived(raw, frame))
        self._arrivals.add(task)
        task.add_done_callback(self._arrivals.discard)

    async def _arrived(self, raw: bytes, frame: Frame) -> None:
        """Store a callback, those of a sender in their order, and say the first word."""
        try:
            sender = sender_of(frame.body)
        except BadRequest as error:
            log.warning("frame refused", reason=str(error))
            return
        async with self._senders.of(sender):
            said = await self._stored(raw)
        if said:
            first = read_frame(said)
            try:
                await self._asked(first.cmd, first.body, first.req_id)
            except DeliveryError as error:  # the answer itself will do
                log.warning("first word not said", reason=str(error))

    async def _stored(self, raw: bytes) -> bytes:
        try:
            return await asyncio.to_thread(self._accept, raw)
        except BadRequest as error:
            log.warning("frame refused", reason=str(error))
        except Exception:
            log.exception("frame failed")
        return b""

    async def _asked(self, cmd: str, body: Body, req_id: str) -> Body:
        try:
            line = await self._ready()
            told = await line.ask(cmd, body, req_id)
            if told.code == NOT_SUBSCRIBED:
                line.end()
                told = await (await self._ready()).ask(cmd, body, req_id)
        except Unheard as error:
            if not error.has_left:
                raise _no_connection("智能机器人的长连接已断开") from error
            raise DeliveryError("等待企业微信回应超时", retryable=True, unknown=True) from error
        if told.code:
            raise failure(told.code)
        return told.body

    async def _ready(self) -> Line:
        """The subscribed socket, waited for where it has just been lost; raises DeliveryError."""
        if self._live is None and self._owned.is_set() and self._failures <= 1 and not self.halted:
            self._linked.clear()
            await self._is_heard(self._linked.wait())
        if self._live is None:
            raise _no_connection(self.halted or "智能机器人的长连接尚未连上")
        return self._live

    @property
    def _live(self) -> Line | None:
        return None if self._line is None or self._line.is_over else self._line

    async def _is_heard(self, waiting: Coroutine[Any, Any, T]) -> bool:
        task = asyncio.ensure_future(waiting)
        try:
            return await is_done_within(task, PATIENCE, self._pause)
        finally:
            task.cancel()


def _no_connection(reason: str) -> DeliveryError:
    """Nothing has left, and nothing will before the connection is there again."""
    return DeliveryError(reason, retryable=True, elsewhere=True, after=_ASKED_AGAIN, shut=Shut.AWAY)
