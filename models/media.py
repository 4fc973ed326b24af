"""Pictures and files: the row beside the stored bytes, addressed by the bytes received."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from models.rules.picture_scene import scene_keys


class Media(SQLModel, table=True):
    """One picture or file; *sha* is the SHA-256 of the bytes received.

    *stored_sha* addresses what is kept (without GPS), *facts* is what the picture rules found,
    *problem* why it is no usable picture, *crop_sha* and *crop_box* the offered 2:1 crop.
    *sheets_sha* addresses the rows of a workbook, read when it came, *book_sha* its programme.
    *created_at* is when these bytes came last: what came lately is not let go.
    """

    sha: str = Field(primary_key=True)
    stored_sha: str
    name: str = ""
    mime: str
    size: int
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    problem: str = ""
    crop_sha: str | None = None
    crop_box: list[int] | None = Field(default=None, sa_type=JSON)
    sheets_sha: str | None = None
    book_sha: str | None = None
    created_at: datetime


class SceneKey(SQLModel, table=True):
    """One band of a picture's dhash (`models.rules.picture_scene`): leads to pictures like it."""

    __tablename__ = "scene_key"

    key: int = Field(primary_key=True)
    media_sha: str = Field(primary_key=True, foreign_key="media.sha", index=True)


def keep_media(session: Session, rows: Iterable[Media]) -> None:
    """Store the rows whose bytes are new, with the keys of their scenes.

    Bytes that came before under the name of something else may be read as a workbook now.
    """
    rows = {row.sha: row for row in rows}.values()
    # Locked: what is let go at this moment is stored anew.
    known = media_by_sha(session, [row.sha for row in rows], locked=True)
    fresh = [row for row in rows if row.sha not in known]
    for row in rows:
        if (before := known.get(row.sha)) is not None:
            before.created_at = max(before.created_at, row.created_at)
            before.sheets_sha = before.sheets_sha or row.sheets_sha
            before.book_sha = before.book_sha or row.book_sha
    session.add_all(fresh)
    session.flush()
    session.add_all(
        SceneKey(key=key, media_sha=row.sha)
        for row in fresh
        for key in scene_keys(row.facts.get("dhash", "0" * 16))
    )
    session.flush()


def media_by_sha(
    session: Session, shas: Sequence[str], *, locked: bool = False
) -> dict[str, Media]:
    """The rows of these pictures and files, in one query."""
    if not shas:
        return {}
    query = select(Media).where(col(Media.sha).in_(shas))
    rows = session.exec(query.with_for_update() if locked else query).all()
    return {row.sha: row for row in rows}
