"""Which pictures and files anything still needs: whatever names none of them lets them go."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text, cast, literal_column
from sqlmodel import Session, col, delete, exists, func, select

from models.media import Media, SceneKey
from models.picture import Picture

_ADDRESS = re.compile(r"[0-9a-f]{64}")
#: What stands beside the bytes and goes with them; a reference from there keeps nothing.
_BESIDE = ("media", "scene_key")


@dataclass(frozen=True)
class Needed:
    """What is kept of the media: *addresses* of bytes in use, and *unused* rows, by their sha."""

    addresses: frozenset[str]
    unused: tuple[str, ...]


def needed(session: Session, before: datetime) -> Needed:
    """What is in use now; rows that came since *before* are, whether anything names them or not."""
    named = set(_named(session))
    unused = list[str]()
    rows = session.exec(select(Media).execution_options(yield_per=1000))
    for each in rows:
        own = (each.sha, each.stored_sha, each.crop_sha, each.sheets_sha, each.book_sha)
        if each.created_at >= before or not named.isdisjoint(filter(None, own)):
            named.update(filter(None, own))
        else:
            unused.append(each.sha)
    # Two rows may share stored bytes: what a row in use needs is no less in use for the other.
    return Needed(frozenset(named), tuple(unused))


def _named(session: Session) -> Iterator[str]:
    """Every address that any row holds: no list of columns that a new one could be missing from."""
    for column in _columns():
        value: Any = cast(column, Text) if isinstance(column.type, JSON) else column
        query = select(value).where(func.length(value) >= 64).execution_options(yield_per=1000)
        for text in session.exec(query):
            yield from _ADDRESS.findall(text)


def _columns() -> Iterator[Column[Any]]:
    from models.tables import METADATA

    for table in METADATA.sorted_tables:
        if table.name not in _BESIDE:
            for column in table.columns:
                if isinstance(column.type, JSON) or column.name.endswith("sha"):
                    yield column


def forget_media(session: Session, shas: Sequence[str], before: datetime) -> int:
    """Remove the rows of these media that have not come again since *before*; returns how many."""
    going = session.exec(
        select(Media.sha)
        .where(
            col(Media.sha).in_(shas),
            col(Media.created_at) < before,
            ~exists(literal_column("1")).where(col(Picture.media_sha) == col(Media.sha)),
        )
        .with_for_update()
    ).all()
    session.exec(delete(SceneKey).where(col(SceneKey.media_sha).in_(going)))
    session.exec(delete(Media).where(col(Media.sha).in_(going)))
    return len(going)
