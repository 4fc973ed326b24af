"""The pages that people open in a browser: the sandbox's practice chat and its small API."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, FastAPI, Form, HTTPException, Query, Response, UploadFile
from fastapi import Request as WebRequest
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel

from bot import sandbox_cast, webhooks
from bot.platforms.base import Request
from bot.platforms.sandbox import NAME, SINGLE, Sandbox, Upload, message_id, word_key
from models.errors import BadRequest, MediaUnavailable
from models.inbox import InboxState, message_states
from models.outbox import choices_of
from models.sandbox_message import Direction, SandboxMessage, lines_after, lines_of, newest_line

if TYPE_CHECKING:
    from bot.app import House

_HERE = Path(__file__).parent
#: The largest file that a person may send; platforms allow 20 MB and less.
LARGEST_FILE = 20_000_000
MOST_FILES = 9
#: How far the clock is moved at once: every day in between is played.
FARTHEST_MOVE = timedelta(days=366)
#: What a browser may show as a picture; everything else is only offered for saving.
SHOWN_PICTURES = ("image/png", "image/jpeg", "image/webp")
#: How long an event stream waits for a wake-up before it looks for lines of other processes.
LOOK_SECONDS = 2.0
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
#: The page needs nothing from elsewhere and runs nothing inline.
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ClockMove(BaseModel):
    """Where to move the sandbox's clock: a local time such as 2021-09-18T09:00."""

    to: datetime


def add_sandbox(app: FastAPI, house: House, sandbox: Sandbox) -> None:
    """Serve `/sandbox`, its API and its files."""
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.include_router(_page())
    app.include_router(_chat(house))
    app.include_router(_writing(house))
    app.include_router(_media(house))
    app.include_router(_events(house, sandbox))
    app.include_router(_clock(house))


def _page() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(_HERE / "templates")

    @router.get("/sandbox")
    def sandbox(web: WebRequest) -> HTMLResponse:
        page = templates.TemplateResponse(web, "sandbox.html")
        page.headers["Content-Security-Policy"] = CONTENT_SECURITY
        page.headers["Referrer-Policy"] = "no-referrer"
        return page

    return router


def _chat(house: House) -> APIRouter:
    router = APIRouter(prefix="/sandbox/api", include_in_schema=False)

    @router.get("/state")
    def state() -> dict[str, Any]:
        with house.database.read() as session:
            cast = sandbox_cast.cast(session)
            return {**clock_data(house), **cast, "demo": True}

    @router.get("/messages")
    def messages(
        person: str, chat: str, after: Annotated[int, Query(ge=0, lt=2**63)] = 0
    ) -> dict[str, Any]:
        with house.database.read() as session:
            names = sandbox_cast.names(session)
            lines = lines_of(session, person if chat == SINGLE else chat, after)
            states = message_states(session, NAME, [message_id(line) for line in lines])
            choices = choices_of(session, [word_key(line) for line in lines])
            last = newest_line(session, person if chat == SINGLE else chat)
        shown = [
            line_data(line, person, names, states) | {"choices": choices.get(word_key(line), [])}
            for line in lines
        ]
        return {"messages": shown, "last": last}

    return router


def _writing(house: House) -> APIRouter:
    router = APIRouter(prefix="/sandbox/api", include_in_schema=False)

    @router.post("/messages", status_code=202)
    async def write(
        web: WebRequest,
        person: Annotated[str, Form()],
        chat: Annotated[str, Form()],
        client_id: Annotated[str, Form()],
        text: Annotated[str, Form()] = "",
        files: Annotated[list[UploadFile] | None, Form()] = None,
        quote: Annotated[int, Form(ge=0, lt=2**63)] = 0,
        recall: Annotated[int, Form(ge=0, lt=2**63)] = 0,
        label: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        uploads = await _take_uploads(house, files or [])
        said = {"person": person, "chat": chat, "text": text, "quote": quote, "recall": recall}
        body = {"id": client_id, "label": label, **said}
        raw = json.dumps({**body, "uploads": [each.model_dump() for each in uploads]}).encode()
        call = Request("POST", webhooks.headers_of(web.scope), {}, raw)
        try:
            answer = await asyncio.to_thread(house.door.accept, "sandbox", call)
        except BadRequest as error:
            raise HTTPException(400, "这条消息无法读取，请刷新页面后重试。") from error
        if answer.status >= 500:
            raise HTTPException(503, "暂时无法保存消息，请稍后再发。")
        return JSONResponse({"accepted": 1}, status_code=202)

    return router


def _media(house: House) -> APIRouter:
    router = APIRouter(prefix="/sandbox/api", include_in_schema=False)

    @router.get("/media/{sha}")
    def media(sha: str, mime: str = "application/octet-stream", name: str = "") -> Response:
        try:
            data = house.services.media.get(sha)
        except MediaUnavailable as error:
            raise HTTPException(404, "没有这个文件。") from error
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
        if mime in SHOWN_PICTURES:
            return Response(data, media_type=mime, headers=headers)
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(data, media_type="application/octet-stream", headers=headers)

    return router


async def _take_uploads(house: House, files: list[UploadFile]) -> list[Upload]:
    if len(files) > MOST_FILES:
        raise HTTPException(413, f"一次最多发送{MOST_FILES}个图片或文件，请分几次发送。")
    uploads = []
    for file in files:
        data = await file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise HTTPException(413, f"“{file.filename}”超过20MB，请压缩后再发。")
        sha = await asyncio.to_thread(house.services.media.put, data)
        mime = file.content_type or "application/octet-stream"
        name = (file.filename or "文件")[-200:]
        uploads.append(Upload(sha=sha, name=name, mime=mime[:100], size=len(data)))
    return uploads


#: What the page shows of a message that is not handled yet, or could not be.
_SHOWN_STATES = {InboxState.NEW: "waiting", InboxState.FAILED: "failed"}


def line_data(
    line: SandboxMessage, person: str, names: Mapping[str, str], states: Mapping[str, str]
) -> dict[str, Any]:
    """One line of a chat as the page shows it to *person*."""
    is_in = line.direction == Direction.IN
    state = InboxState(states.get(message_id(line), InboxState.DONE))
    return {
        "seq": line.id,
        "direction": line.direction,
        "sender": names.get(line.person, line.person) if is_in else "答卷",
        "mine": is_in and line.person == person,
        "text": line.text,
        "at": line.at.isoformat(),
        "kind": _kind(line.media),
        "media": None if line.media is None else media_data(line.media),
        "state": _SHOWN_STATES.get(state, "done"),
    }


def _kind(media: Mapping[str, Any] | None) -> str:
    if media is None:
        return "text"
    return "image" if media["mime"] in SHOWN_PICTURES else "file"


def media_data(media: Mapping[str, Any]) -> dict[str, Any]:
    """A picture or file of a line: where to get it and what to call it."""
    query = urlencode({"mime": media["mime"], "name": media["name"]})
    return {
        "url": f"/sandbox/api/media/{media['sha']}?{query}",
        "name": media["name"],
        "size": media["size"],
    }


def clock_data(house: House) -> dict[str, Any]:
    """The sandbox's time, its weekday, and whether it is a working day."""
    now = house.clock().astimezone(house.settings.zone)
    with house.database.read() as session:
        is_workday = sandbox_cast.is_workday(session, now.date())
    return {"now": now.isoformat(), "weekday": WEEKDAYS[now.weekday()], "workday": is_workday}


def _events(house: House, sandbox: Sandbox) -> APIRouter:
    router = APIRouter(prefix="/sandbox/api", include_in_schema=False)

    @router.get("/events")
    async def events(web: WebRequest) -> StreamingResponse:
        since = web.headers.get("last-event-id", "")
        with house.database.read() as session:
            is_number = since.isdecimal() and len(since) < 19
            last = int(since) if is_number else newest_line(session)
        stream = _stream(house, sandbox, last)
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return router


async def _stream(house: House, sandbox: Sandbox, last: int) -> AsyncIterator[bytes]:
    """An event for every new line of any chat: the page reads its own, and marks the others."""
    changed = asyncio.Event()
    changed.set()
    loop = asyncio.get_running_loop()
    with sandbox.watched(lambda: loop.call_soon_threadsafe(changed.set)):
        while not house.inbox_loop.is_ending:
            is_woken = await _within(changed, LOOK_SECONDS)
            changed.clear()
            clock, lines = await asyncio.to_thread(_news, house, last)
            if not is_woken and not lines:
                yield b": ping\n\n"
                continue
            yield format_sse_event(data_str=json.dumps(clock), event="clock", id=str(last))
            for line in lines:
                last = line["seq"]
                yield format_sse_event(data_str=json.dumps(line), event="message", id=str(last))


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether *event* was set in time; waiting takes no thread from the door."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _news(house: House, last: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The clock, and in which chats lines came after line *last*."""
    with house.database.read() as session:
        groups = sandbox_cast.group_addresses(session)
        lines = [
            {
                "chat": line.chat_id if line.chat_id in groups else SINGLE,
                "person": None if line.chat_id in groups else line.chat_id,
                "seq": line.id,
            }
            for line in lines_after(session, last)
        ]
    return clock_data(house), lines


def _clock(house: House) -> APIRouter:
    router = APIRouter(prefix="/sandbox/api", include_in_schema=False)
    moving = threading.Lock()

    @router.post("/clock")
    def move(wanted: ClockMove) -> dict[str, Any]:
        to = wanted.to
        if to.tzinfo is None:
            to = to.replace(tzinfo=house.settings.zone)
        if to - house.clock() > FARTHEST_MOVE:
            raise HTTPException(409, "时钟一次最多前进366天。")
        if not moving.acquire(blocking=False):
            raise HTTPException(409, "时钟正在移动，请稍候。")
        try:
            house.advance(to)
        except ValueError as error:
            raise HTTPException(409, "时钟只能向前移动：已经发出的消息收不回来。") from error
        finally:
            moving.release()
        return clock_data(house)

    return router
