"""The only doors for messages: verify, store, acknowledge; everything else happens later."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from urllib.parse import parse_qsl

import structlog
from fastapi import FastAPI
from fastapi import Response as WebResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.acknowledged import Acknowledged
from bot.flooding import Flooding, Place, Room, Seldom
from bot.platforms.base import (
    Heard,
    Hurried,
    Platform,
    Quick,
    Request,
    Response,
    new_request_id,
    without_nul,
)
from bot.precedence import Precedence
from bot.spool import Spool
from bot.storing import Arrival, InboxWriter
from models.db import is_away
from models.errors import BadRequest
from models.message import IncomingMessage

log = structlog.get_logger()

#: Larger calls are refused unread.
LARGEST_BODY = 1_000_000
#: How long the acknowledgement waits for the database before the call goes to the spool.
PATIENCE = 4.0
#: So many calls wait for the database at once, and share a commit: asyncio's own threads are six
#: on a small machine, and pages take them too.
ROOM = 40
#: What is larger is read in a thread: a loop has others to serve meanwhile.
QUICK_BODY = 64_000
#: Seconds for which a body may take to come: platforms send all of it at once.
BODY_TIME = 10.0
_MOST_TURNED_AWAY = 10_000


class Door:
    """One way in for calls of every platform; also what `dajuan say` and the sandbox page use.

    Calls from the web wait in *threads* of their own; *precedence* counts those whose message
    is being stored: what strangers send, or a flood, holds nobody's answer up.
    """

    def __init__(
        self,
        platforms: Mapping[str, Platform],
        writer: InboxWriter,
        spool: Spool,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        flooding: Flooding | None = None,
        room: Room | None = None,
    ) -> None:
        self.precedence = Precedence()
        self.acknowledged = Acknowledged()
        self.room = room or Room()
        self.refused = Seldom()
        #: When calls came that could not be kept in any way, until somebody was told.
        self.turned_away: deque[datetime] = deque(maxlen=_MOST_TURNED_AWAY)
        self.flooding = flooding or Flooding()
        self._platforms = platforms
        self._quick = {name: each for name, each in platforms.items() if isinstance(each, Quick)}
        hurried = [each for each in platforms.values() if isinstance(each, Hurried)]
        self._hurried = {each.name: each.patience for each in hurried}
        self._writer = writer
        self._spool = spool
        self._clock = clock
        self._wake = wake
        self.threads = ThreadPoolExecutor(ROOM, "door")

    def close(self) -> None:
        """Let the calls that wait be answered, then end their threads."""
        self.threads.shutdown()

    def accept(self, platform_name: str, request: Request) -> Response:
        """Verify and store one call and return the acknowledgement; raises BadRequest.

        When the database refuses, or takes longer than the platform waits, the raw call goes synced
        to the spool and is acknowledged all the same; only if that fails too is the platform asked
        to come again (503).
        """
        with _called(request):
            return self._accept(platform_name, request)

    def _accept(self, platform_name: str, request: Request) -> Response:
        platform = self._platforms[platform_name]
        received_at = self._clock()
        try:
            if not self.store(
                platform, request, received_at, self._patience(platform_name), self.flooding
            ):
                return Response()
        except BadRequest:
            raise
        except Exception as error:  # whatever ails the database, the call must survive
            if not self._is_spooled(platform_name, request, received_at, error):
                return Response(503)
        return platform.acknowledge(request, received_at)

    async def take(self, platform_name: str, request: Request) -> Response:
        """`accept` for a loop, without a thread where the platform reads the call at once."""
        quick = self._quick.get(platform_name)
        if quick is not None and len(request.body) <= QUICK_BODY:
            with _called(request):
                received_at = self._clock()
                heard = _heard(quick, request, received_at)
                if heard is not None:
                    return await self._kept(platform_name, request, received_at, heard)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.accept, platform_name, request)

    async def _kept(
        self, platform_name: str, request: Request, received_at: datetime, heard: Heard
    ) -> Response:
        """The acknowledgement of a call that was read, as soon as its message is durable."""
        if heard.message is None:
            return heard.answer
        message = self.flooding.admitted(heard.message, received_at)
        if message is None:
            return Response()
        arrival = Arrival(storable(message), request.body, received_at, request.request_id)
        try:
            with self.precedence.call():
                await self._writer.stored(arrival, self._patience(platform_name))
        except Exception as error:  # whatever ails the database, the call must survive
            spool = partial(self._is_spooled, platform_name, request, received_at, error)
            loop, context = asyncio.get_running_loop(), copy_context()
            if not await loop.run_in_executor(self.threads, context.run, spool):
                return Response(503)
        else:
            self._wake()
        return heard.answer

    def _is_spooled(
        self, platform_name: str, request: Request, received_at: datetime, error: Exception
    ) -> bool:
        """Whether a call that the database did not take is on the disk."""
        try:
            self._spool.keep(platform_name, request, received_at)
        except OSError as disk:
            log.error("message refused", platform=platform_name, reason=disk.strerror)
            self.turned_away.append(received_at)
            return False
        log.warning("message spooled", platform=platform_name, reason=type(error).__name__)
        return True

    def _patience(self, platform_name: str) -> float:
        return self._hurried.get(platform_name, PATIENCE)

    def handshake(self, platform_name: str, request: Request) -> Response:
        """The answer to a platform's address check; raises BadRequest."""
        return self._platforms[platform_name].handshake(request, self._clock())

    def store(
        self,
        platform: Platform,
        request: Request,
        received_at: datetime,
        patience: float = PATIENCE,
        flooding: Flooding | None = None,
    ) -> bool:
        """Verify one call and wait until its message is durable; False where it is of a *flooding*.

        What waited on the disk was let in when it came.
        """
        message = platform.receive(request, received_at)
        if message is None:
            return True
        if flooding is not None and (message := flooding.admitted(message, received_at)) is None:
            return False
        arrival = Arrival(storable(message), request.body, received_at, request.request_id)
        with self.precedence.call():
            self._writer.store(arrival).result(patience)
        self._wake()
        return True

    def take_in_spooled(self) -> int:
        """Bring calls that waited on disk into the inbox; returns how many.

        Stops where the database still refuses; a call that cannot be taken in by its own fault is
        put aside for the operator, so that it does not hold up those behind it.
        """
        count = 0
        for path in self._spool.waiting():
            try:
                self._take_in(path)
            except Exception as error:
                if is_away(error) or isinstance(error, OSError):  # a time-out is an OSError
                    log.warning("spool waits", reason=type(error).__name__)
                    break
                # Forged, unreadable, or of a platform no longer served.
                log.error("spooled call put aside", file=path.name, reason=type(error).__name__)
                self._spool.put_aside(path)
            else:
                count += 1
        return count

    def waits_since(self) -> datetime | None:
        """When the oldest of the calls that wait on disk came; None where none waits."""
        first = next(iter(self._spool.waiting()), None)
        spooled = first and self._spool.read(first)
        return spooled.received_at if spooled else None

    def spooled(self) -> dict[str, int]:
        """How many calls are on disk: those that wait, and those put aside for the operator."""
        return {"waiting": len(self._spool.waiting()), "refused": self._spool.put_aside_count()}

    def _take_in(self, path: Path) -> None:
        spooled = self._spool.read(path)
        if spooled is None:
            return
        with _called(spooled.request):
            self.store(self._platforms[spooled.platform], spooled.request, spooled.received_at)
        path.unlink(missing_ok=True)


def storable(message: IncomingMessage) -> IncomingMessage:
    """*message* as every database can store it."""
    text, quoted = without_nul(message.text), without_nul(message.quoted_text)
    if (text, quoted) == (message.text, message.quoted_text):
        return message
    return replace(message, text=text, quoted_text=quoted)


def _heard(quick: Quick, request: Request, received_at: datetime) -> Heard | None:
    """What is read at once; a fault in reading is left to `Door.accept`, which keeps the call."""
    try:
        return quick.heard(request, received_at)
    except BadRequest:
        raise
    except Exception:
        return None


@contextmanager
def _called(request: Request) -> Iterator[None]:
    """What is logged meanwhile carries the call's id."""
    before = structlog.contextvars.bind_contextvars(request_id=request.request_id)
    try:
        yield
    finally:
        structlog.contextvars.reset_contextvars(**before)


def add_doors(app: FastAPI, door: Door, platforms: Mapping[str, Platform]) -> None:
    """`/webhooks/…` for every served platform: POST for messages, GET for its address check."""
    names = {f"/webhooks/{each.path}": each.name for each in platforms.values() if each.path}
    app.add_middleware(_Doors, door=door, names=names)


class _Doors:
    """The platforms' addresses, before everything else that is served.

    What a framework does to find a route and to call it is a fifth of what a call takes.
    """

    def __init__(self, app: ASGIApp, door: Door, names: Mapping[str, str]) -> None:
        self._app = app
        self._door = door
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._names.get(scope["path"]) if scope["type"] == "http" else None
        if name is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST":
            begun = perf_counter()
            answer = await accept(self._door, name, scope, receive)
            self._door.acknowledged.note(name, answer.status_code, perf_counter() - begun)
        elif scope["method"] in ("GET", "HEAD"):
            answer = await _handshake(self._door, name, scope)
        else:
            answer = WebResponse(status_code=405, headers={"Allow": "GET, HEAD, POST"})
        await answer(scope, receive, send)


async def accept(door: Door, platform_name: str, scope: Scope, receive: Receive) -> WebResponse:
    """One call from the web to *door*; a forged or unreadable one gets a bare status."""
    number = new_request_id()
    with door.room.call() as place:
        body = await read_body(receive, place)
        if isinstance(body, int):
            return _web(Response(body), number)
        request = _request(scope, body, number)
        try:
            answer = await door.take(platform_name, request)
        except BadRequest as error:
            if times := door.refused.times(platform_name, str(error)):
                with _called(request):
                    about = {"platform": platform_name, "reason": str(error), "times": times}
                    log.warning("call refused", **about)
            return _web(Response(error.status), number)
        return _web(answer, number)


async def read_body(receive: Receive, place: Place) -> bytes | int:
    """The body, or the status that tells why it is not taken, as soon as that is known.

    503 where there is no room, and the platform comes again; 413 where it is larger than allowed.
    """
    if not place.is_free:
        return 503
    body, is_over = b"", False
    try:
        async with asyncio.timeout(BODY_TIME):
            while not is_over:
                part = await receive()
                if part["type"] == "http.disconnect":
                    return 408
                chunk, is_over = part.get("body", b""), not part.get("more_body", False)
                body += chunk
                if len(body) > LARGEST_BODY:
                    return 413
                if not place.holds(len(chunk)):
                    return 503
    except TimeoutError:
        return 408
    return body


async def _handshake(door: Door, platform_name: str, scope: Scope) -> WebResponse:
    request = _request(scope, b"", new_request_id())
    try:
        answer = await asyncio.to_thread(door.handshake, platform_name, request)
    except BadRequest as error:
        return _web(Response(error.status), request.request_id)
    return _web(answer, request.request_id)


def _request(scope: Scope, body: bytes, request_id: str) -> Request:
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Request(scope["method"], headers_of(scope), query, body, request_id)


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by their names in lower case."""
    told = scope["headers"]
    return {name.decode("latin-1").lower(): said.decode("latin-1") for name, said in told}


def _web(answer: Response, request_id: str) -> WebResponse:
    headers = {**answer.headers, "X-Request-Id": request_id}
    return WebResponse(answer.body, answer.status, headers, answer.content_type)
