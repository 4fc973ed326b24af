"""`/board/{signed}`: the pages of a programme's board behind a link that was handed out in chat."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.datastructures import QueryParams

from bot.board_layout import HEADERS, Layout
from handlers.board.look import Look, Wanted
from handlers.board.pages import page_of
from handlers.board.pictures import Opened, opened
from handlers.board.reader import reader_of
from handlers.render.thumbnail import smaller
from handlers.supervising.texts import DEMO
from models.errors import BadRequest, MediaUnavailable, Refused
from models.rules.picture_facts import PictureUnreadable

if TYPE_CHECKING:
    from bot.app import House

CLOSED = (
    "这个链接打不开了",
    "看板链接7天内有效，也可能已被收回。",
    "请在与“答卷”的聊天或原来的群里发“看板”，用新的链接打开。",
)
ABSENT = ("没有这一页", "它可能已经更新，或不在您可查看的范围内。")
NO_NAMES = "这里不列单位"
#: Width and most bytes of a picture: beside others on a page, and alone.
SMALL, LARGE = (320, 11_000), (1080, 140_000)
#: Small pictures kept ready: together about 3 MB.
_KEPT = 256
#: Numbers in an address that are worth looking up.
_LONGEST_NUMBER = 9


def add_board(app: FastAPI, house: House) -> None:
    """Serve the board and its style sheet."""
    layout, router = Layout(), APIRouter(include_in_schema=False)
    board = _Board(house, layout)
    router.add_api_route("/static/board/board.css", layout.style, methods=["GET", "HEAD"])
    router.add_api_route("/board/{signed}", board.show, methods=["GET", "HEAD"])
    app.include_router(router)


class _Board:
    """Opens the pages and pictures of boards."""

    def __init__(self, house: House, layout: Layout) -> None:
        self._house = house
        self._layout = layout
        self._small = lru_cache(maxsize=_KEPT)(self._made_small)

    def show(self, web: Request, signed: str) -> Response:
        """The page or picture that the address asks for."""
        wanted = wanted_of(web.query_params)
        try:
            named = self._house.addresses.read("board", signed)
        except BadRequest as error:
            return self._layout.calm(web, error.status, *CLOSED)
        with self._house.database.read() as session:
            now, zone = self._house.clock(), self._house.services.zone
            reader = reader_of(session, named.find(session), now, zone)
            if reader is None:
                return self._layout.calm(web, 410, *CLOSED)
            look = Look(session, reader, wanted, now, zone)
            return self._picture(web, look) if wanted.view == "picture" else self._page(web, look)

    def _page(self, web: Request, look: Look) -> Response:
        try:
            page = page_of(look)
        except Refused as refusal:
            return self._layout.calm(web, 403, NO_NAMES, refusal.text, home=True)
        if page is None:
            return self._layout.calm(web, 404, *ABSENT, home=True)
        return self._layout.page(web, page.view, page=page)

    def _picture(self, web: Request, look: Look) -> Response:
        found = opened(look)
        try:
            data = found and self._drawn(found, is_small=web.query_params.get("size") == "small")
        except (MediaUnavailable, PictureUnreadable):
            data = None
        if not data:
            return self._layout.calm(web, 404, *ABSENT, home=True)
        headers = {**HEADERS, "Cache-Control": "private, max-age=3600"}
        return Response(data, media_type="image/jpeg", headers=headers)

    def _drawn(self, found: Opened, *, is_small: bool) -> bytes:
        mark = DEMO if found.is_demo else ""
        if is_small:
            return self._small(found.sha, mark)
        return smaller(self._house.services.media.get(found.sha), *LARGE, mark=mark)

    def _made_small(self, sha: str, mark: str) -> bytes:
        return smaller(self._house.services.media.get(sha), *SMALL, mark=mark)


def wanted_of(query: QueryParams) -> Wanted:
    """What an address asks for; what makes no sense in it is left out."""
    return Wanted(
        view=query.get("view") or "overview",
        id=_number(query.get("id", "")),
        page=_number(query.get("page", "")) or 1,
        month=query.get("month", ""),
        status=query.get("status", ""),
    )


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else 0
