"""通报: an issued document with frozen figures and a number of its year."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.db import one_of


class BulletinState(StrEnum):
    """A draft gets its number when it is issued."""

    DRAFT = "draft"
    ISSUED = "issued"


class Bulletin(SQLModel, table=True):
    """One document; *texts* are its editable blocks, *snapshot* the figures it was made from."""

    __table_args__ = (
        UniqueConstraint("programme_id", "year", "number"),
        one_of("state", BulletinState),
    )

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    kind: str
    period: str
    year: int
    number: int | None = None
    state: str = BulletinState.DRAFT
    texts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    media_sha: str | None = Field(default=None, foreign_key="media.sha")
    drafted_at: datetime
    issued_at: datetime | None = None
    issued_by: int | None = Field(default=None, foreign_key="member.id")
