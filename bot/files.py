"""`/files/{signed}`: one document, picture or package behind its link, or the upload form."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from bot.board_layout import HEADERS, Layout
from bot.exports import Exports, may_export
from bot.pages import LARGEST_FILE, MOST_FILES
from bot.uploads import MEGABYTE, MOST_WORDS, NotTaken, may_upload, new_once, take_form
from handlers.supervising.texts import moment_text
from models.errors import BadRequest, MediaUnavailable
from models.link import Link, LinkKind
from models.member import Member

if TYPE_CHECKING:
    from bot.app import House

CLOSED = (
    "这个链接打不开了",
    "文件链接24小时内有效，上传链接2小时内有效，也可能已被收回。",
    "请回到与“答卷”的聊天，重新取一次：要上传请发“上传”。",
)
AWAY = ("暂时取不到这个文件", "请稍后再打开一次；仍打不开，请在聊天里重新取。")
#: Forms that are in memory together: each may hold 180 MB.
_AT_ONCE = 2
_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def add_files(app: FastAPI, house: House) -> None:
    """Serve files and the upload form."""
    files, router = _Files(house, Layout()), APIRouter(include_in_schema=False)
    router.add_api_route("/files/{signed}", files.show, methods=["GET", "HEAD"])
    router.add_api_route("/files/{signed}", files.receive, methods=["POST"])
    app.include_router(router)


class _Files:
    """Opens what a link was made for."""

    def __init__(self, house: House, layout: Layout) -> None:
        self._house = house
        self._layout = layout
        self._exports = Exports(house, layout)
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def show(self, web: Request, signed: str) -> Response:
        """The file, or the form that is filled in."""
        try:
            link = self._open(signed)
        except BadRequest as error:
            return self._layout.calm(web, error.status, *CLOSED)
        if link.kind == LinkKind.UPLOAD:
            return self._form(web, link, came=_came(web.query_params))
        if link.kind == LinkKind.EXPORT:
            headers = {**HEADERS, **as_download(link.name, link.mime)}
            return self._exports.answer(web, link, headers)
        return self._file(web, link)

    async def receive(self, web: Request, signed: str) -> Response:
        """What is for the inbox; a browser is sent on, so that going back sends nothing twice."""
        try:
            link = await asyncio.to_thread(self._open, signed)
            if link.kind != LinkKind.UPLOAD:
                raise BadRequest("nothing is uploaded to a file", 403)
        except BadRequest as error:
            return self._layout.calm(web, error.status, *CLOSED)
        try:
            taken = await take_form(web, self._house, link.id or 0, self._turn)
        except NotTaken as refused:
            return self._form(web, link, refused=refused)
        words = "&words=1" if taken.has_words else ""
        return RedirectResponse(f"?sent={taken.files}{words}", 303, HEADERS)

    def _open(self, signed: str) -> Link:
        """The link behind the address; BadRequest (403, 410) where it opens nothing."""
        named = self._house.addresses.read("files", signed)
        with self._house.database.read() as session:
            link = named.find(session)
            now = self._house.clock()
            today = now.astimezone(self._house.services.zone).date()
            if link is None or not link.is_open(now) or not _is_for(session, link, today):
                raise BadRequest("link is closed", 410)
            return link

    def _file(self, web: Request, link: Link) -> Response:
        try:
            data = self._house.services.media.get(link.media_sha or "")
        except MediaUnavailable as error:
            return self._layout.calm(web, 503 if error.retryable else 410, *AWAY)
        return Response(data, headers={**HEADERS, **as_download(link.name, link.mime)})

    def _form(
        self, web: Request, link: Link, came: str = "", refused: NotTaken | None = None
    ) -> Response:
        return self._layout.page(
            web,
            "upload",
            refused.status if refused else 200,
            once=new_once(),
            came=came,
            problem=refused.text if refused else "",
            words=refused.words if refused else "",
            most=MOST_FILES,
            megabytes=LARGEST_FILE // MEGABYTE,
            most_words=MOST_WORDS,
            until=moment_text(link.expires_at, self._house.services.zone),
        )


def _came(query: Mapping[str, str]) -> str:
    """文字和2个文件: what the form brought that was just sent; empty where none was."""
    files = query.get("sent", "")
    found = ["文字"] if query.get("words") == "1" else []
    found += [f"{files}个文件"] if re.fullmatch("[1-9]", files) else []
    return "和".join(found)


def _is_for(session: Session, link: Link, today: date) -> bool:
    """Whether the one it was made for is still here, and may still do what it is for."""
    if link.kind == LinkKind.UPLOAD:
        return may_upload(session, link, today) is not None
    if link.kind == LinkKind.EXPORT:
        return may_export(session, link, today)
    if link.kind != LinkKind.FILE:
        return False
    member = session.get(Member, link.member_id) if link.member_id is not None else None
    return link.member_id is None or (member is not None and member.left_at is None)


def as_download(name: str, mime: str) -> dict[str, str]:
    """What it is and what it is called: a plain name for old phones, the whole one (RFC 5987)."""
    plain = _NOT_PLAIN.sub("_", name)[-60:] or "file"
    return {
        "Content-Type": mime if _MIME.fullmatch(mime) else "application/octet-stream",
        "Content-Disposition": (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
