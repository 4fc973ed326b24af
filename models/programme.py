"""专项: one piece of supervised work, its year and its policies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select


class Programme(SQLModel, table=True):
    """One programme; *policy* holds what differs from the defaults, by name of the policy.

    *demo* marks everything it sends as 演示数据.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    title: str
    short_title: str
    year: int
    default_day: int | None = None
    policy: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    fingerprint: str = ""
    loaded_at: datetime
    active: bool = True
    demo: bool = False


def programme_by_code(session: Session, code: str) -> Programme | None:
    """The programme with this code, or None."""
    return session.exec(select(Programme).where(Programme.code == code)).first()


def active_programmes(session: Session) -> Sequence[Programme]:
    """Programmes in which reports are owed, oldest first."""
    return session.exec(
        select(Programme).where(col(Programme.active)).order_by(col(Programme.id))
    ).all()
