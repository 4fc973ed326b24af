"""Pictures and files: the row beside the stored bytes, addressed by the bytes received."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select


class Media(SQLModel, table=True):
    """One picture or file; *sha* is the SHA-256 of the bytes received.

    *stored_sha* addresses what is kept (without GPS), *facts* is what the picture rules found,
    *problem* why it is no usable picture, *crop_sha* and *crop_box* the offered 2:1 crop.
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
    created_at: datetime


def media_by_sha(session: Session, shas: list[str]) -> dict[str, Media]:
    """The rows of these pictures and files, in one query."""
    if not shas:
        return {}
    rows = session.exec(select(Media).where(col(Media.sha).in_(shas))).all()
    return {row.sha: row for row in rows}
