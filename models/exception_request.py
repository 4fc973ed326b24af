"""延期 and 免报 that a liaison asks for: one row each until an admin decides."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class ExceptionKind(StrEnum):
    """More time, or none of it."""

    EXTENSION = "extension"
    WAIVER = "waiver"


class RequestState(StrEnum):
    """Asked until somebody decides; withdrawn by who asked, or by its own report."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ExceptionRequest(SQLModel, table=True):
    """One wish about one obligation; *until* is the new time that an extension asks for."""

    __tablename__ = "exception_request"
    __table_args__ = (one_of("kind", ExceptionKind), one_of("state", RequestState))

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    kind: str
    until: datetime | None = None
    reason: str
    state: str = Field(default=RequestState.ASKED, index=True)
    asked_at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    answer: str = ""


def requests_open(session: Session, obligation_ids: Sequence[int]) -> Sequence[ExceptionRequest]:
    """What was asked about these obligations and nobody decided, oldest first."""
    return session.exec(
        select(ExceptionRequest)
        .where(
            col(ExceptionRequest.obligation_id).in_(obligation_ids),
            ExceptionRequest.state == RequestState.ASKED,
        )
        .order_by(col(ExceptionRequest.id))
    ).all()
