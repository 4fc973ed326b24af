"""One call of the read API: who calls, which part of a list is wanted, and the answer to it."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from bot.api_models import Listing
from bot.api_problems import ABSENT, BUSY, TOKEN, Problem, refuse
from handlers.standing.readable import Key, Page, Span
from models.api_client import client_with, open_to
from models.programme import Programme

if TYPE_CHECKING:
    from bot.app import House

#: Calls that are answered at the same moment by one process: callbacks of platforms, which share
#: its threads, must not wait behind a system that reads everything at once.
MOST_AT_ONCE = 4
#: What an answer looks like: another number marks every answer as a new one.
_SHAPE = 1
#: Kept by the caller alone, who asks whether it still holds before using it again.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="运维人员用 dajuan token add 发放，只显示一次；只从请求头读取，不要写进地址。",
)


class Turns:
    """Lets so many calls through at once, and tells the others when to come again."""

    def __init__(self) -> None:
        self._taken = 0

    async def __call__(self) -> AsyncIterator[None]:
        if self._taken >= MOST_AT_ONCE:
            raise Problem(BUSY, headers={"Retry-After": "2"})
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


@dataclass(frozen=True)
class Asked:
    """Which part of the list is asked for, and the filters that its next page keeps."""

    span: Span
    filters: dict[str, str]


@dataclass(frozen=True)
class Call:
    """One call of a client, known by its token."""

    house: "House"
    client_id: int
    web: Request

    @property
    def now(self) -> datetime:
        """The moment of the call."""
        return self.house.clock()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every time that is told."""
        return self.house.services.zone

    def asked(self, limit: int, cursor: str | None, **filters: date | str | None) -> Asked:
        """What the call asks for; a Problem for a cursor that was not made for this list."""
        kept = {name: str(value) for name, value in filters.items() if value is not None}
        if cursor is None:
            return Asked(Span(limit), kept)
        try:
            at, id_ = self._seal().loads(cursor)
        except (BadData, ValueError) as error:
            raise refuse("cursor", cursor) from error
        return Asked(Span(limit, Key(at, id_)), kept)

    @contextmanager
    def reading(self, code: str) -> Iterator[tuple[Session, Programme]]:
        """One snapshot of a programme; the same Problem whether it is absent or not theirs."""
        with self.house.database.read() as session:
            # PostgreSQL takes no NUL, not even to look for it.
            programme = None if "\0" in code else open_to(session, self.client_id, code)
            if programme is None:
                raise Problem(ABSENT)
            yield session, programme

    def answer(self, kind: type[Listing], page: Page, asked: Asked, **beside: Any) -> Response:
        """The page as *kind*, or that it still is what the caller has: rows are not read then."""
        headers = dict(HEADERS)
        following = self._next(page, asked)
        if following is not None:
            headers["Link"] = f'<{following}>; rel="next"'
        mark = repr((_SHAPE, page.marks, following, beside))
        headers["ETag"] = f'W/"{hashlib.sha256(mark.encode()).hexdigest()[:32]}"'
        if self.has(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = kind.model_validate({"items": page.rows(), "next": following, **beside})
        told = body.model_dump_json(exclude_none=True)
        return Response(told, headers=headers, media_type="application/json")

    def has(self, tag: str) -> bool:
        """Whether the caller has just this answer (If-None-Match, compared weakly)."""
        told = self.web.headers.get("if-none-match", "").split(",")
        known = {each.strip().removeprefix("W/") for each in told}
        return not known.isdisjoint(("*", tag.removeprefix("W/")))

    def address(self, path: str) -> str:
        """The whole address of a path of the service."""
        return f"{self.house.settings.public_url}{path}"

    def _next(self, page: Page, asked: Asked) -> str | None:
        if page.last is None:
            return None
        cursor = self._seal().dumps([page.last.at, page.last.id])
        query = {**asked.filters, "limit": asked.span.most, "cursor": cursor}
        return f"{self.address(self.web.url.path)}?{urlencode(query)}"

    def _seal(self) -> URLSafeSerializer:
        """Cursors are sealed: one that a caller made up would be a query of their own."""
        secret = self.house.settings.secret_key.get_secret_value()
        return URLSafeSerializer(
            secret,
            salt=f"dajuan.cursor.{self.web.url.path}",
            signer_kwargs={"digest_method": hashlib.sha256},
        )


def _call(
    web: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Call:
    """The call of whom the token belongs to; a Problem without one that opens anything."""
    house: House = web.app.state.house
    if given is None:
        raise Problem(TOKEN, headers={"WWW-Authenticate": "Bearer"})
    with house.database.read() as session:
        client = client_with(session, given.credentials)
    if client is None:
        said = "这个令牌不存在，或已收回。"
        refused = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Problem(TOKEN, f"{said}{TOKEN.remedy}", refused)
    return Call(house, client.id or 0, web)


Caller = Annotated[Call, Depends(_call)]
