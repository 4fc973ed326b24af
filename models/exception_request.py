"""延期 and 免报 that a liaison asks for: one row each until an admin decides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, func, select

from models.card import about_wish, close_cards
from models.db import batches, one_of
from models.obligation import Obligation


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
    rows = [
        row
        for ids in batches(obligation_ids)
        for row in session.exec(
            select(ExceptionRequest).where(
                col(ExceptionRequest.obligation_id).in_(ids),
                ExceptionRequest.state == RequestState.ASKED,
            )
        )
    ]
    return sorted(rows, key=lambda row: row.id or 0)


def requests_in(session: Session, programme_ids: Collection[int]) -> Sequence[ExceptionRequest]:
    """What was asked in these programmes and nobody decided, oldest first."""
    return session.exec(
        select(ExceptionRequest)
        .join(Obligation, col(Obligation.id) == col(ExceptionRequest.obligation_id))
        .where(
            col(Obligation.programme_id).in_(programme_ids),
            ExceptionRequest.state == RequestState.ASKED,
        )
        .order_by(col(ExceptionRequest.id))
    ).all()


def request_for_update(session: Session, number: int) -> ExceptionRequest | None:
    """Request *number*, locked until the transaction ends, or None."""
    return session.exec(
        select(ExceptionRequest)
        .where(ExceptionRequest.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def asked_since(session: Session, member_id: int, since: datetime) -> int:
    """How many requests a member has made since then."""
    return session.exec(
        select(func.count()).where(
            col(ExceptionRequest.member_id) == member_id, col(ExceptionRequest.asked_at) >= since
        )
    ).one()


def withdraw_requests(session: Session, obligation_ids: Iterable[int], now: datetime) -> int:
    """Take back what waits for an answer about these obligations; returns how many."""
    rows = requests_open(session, list(obligation_ids))
    for row in rows:
        row.state, row.decided_at = RequestState.WITHDRAWN, now
    session.flush()
    if rows:
        close_cards(session, [about_wish(row.id) for row in rows], "已撤回", now)
    return len(rows)
