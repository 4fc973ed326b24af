"""What other systems read page by page: a place in a list, one page of it, and what marks it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from models.api_client import ApiScope
from models.area import Area
from models.programme import Programme

Row = TypeVar("Row")


@dataclass(frozen=True)
class Key:
    """A place in a list: the value that the list is ordered by, as text, and the row's id."""

    at: str
    id: int


@dataclass(frozen=True)
class Span:
    """Which part of a list is wanted: at most *most* rows behind a place."""

    most: int
    after: Key | None = None


@dataclass(frozen=True)
class Page:
    """Part of a list; *last* is its last place where more follow.

    *marks* are other ones whenever *rows* say something else. Where rows never change once they
    are there (versions, snapshots, issued documents), their ids and times are enough, and *rows*
    are not even read by who has them.
    """

    marks: tuple[object, ...]
    rows: Callable[[], list[dict[str, Any]]]
    last: Key | None = None


def cut(found: Sequence[Row], most: int) -> tuple[Sequence[Row], bool]:
    """The rows of a page, and whether more follow; one more than *most* was asked for."""
    return found[:most], len(found) > most


def programmes_page(session: Session, client_id: int, span: Span) -> Page:
    """The active programmes that a client may read, oldest first; one query."""
    query = (
        select(Programme, Area.name)
        .join(ApiScope, col(ApiScope.programme_id) == col(Programme.id))
        .join(Area, col(Area.id) == col(Programme.area_id))
        .where(ApiScope.client_id == client_id, col(Programme.active).is_(True))
        .order_by(col(Programme.id))
        .limit(span.most + 1)
    )
    if span.after is not None:
        query = query.where(col(Programme.id) > span.after.id)
    shown, more = cut(session.exec(query).all(), span.most)
    rows = [_programme(programme, area) for programme, area in shown]
    last = Key("", shown[-1][0].id or 0) if more else None
    return Page(tuple(map(repr, rows)), lambda: rows, last)


def _programme(programme: Programme, area: str) -> dict[str, Any]:
    return {
        "code": programme.code,
        "title": programme.title,
        "short_title": programme.short_title,
        "year": programme.year,
        "area": area,
        "demo": programme.demo or None,
    }
