"""The open report of a person: what was read so far, kept across chats and restarts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select


class Draft(SQLModel, table=True):
    """One open report; a person has at most one.

    *content* is the report as read so far (handlers/reading), *submission_id* the report that a
    更正 will add a version to.
    """

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", unique=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    question: str = ""
    updated_at: datetime
    expires_at: datetime = Field(index=True)


def draft_of(session: Session, member_id: int) -> Draft | None:
    """The open report of a member, or None."""
    return session.exec(select(Draft).where(Draft.member_id == member_id)).first()


def expired_drafts(session: Session, now: datetime) -> Sequence[Draft]:
    """Open reports that nobody went on with."""
    return session.exec(select(Draft).where(col(Draft.expires_at) <= now)).all()
