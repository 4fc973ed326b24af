"""审计: who did what to which row, with before and after; rows are only ever added."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, or_
from sqlmodel import Field, Session, SQLModel, col, select

from models.member import Member


class Audit(SQLModel, table=True):
    """One act; without a member it was the service itself or the command line."""

    __table_args__ = (Index("ix_audit_table_row", "table", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    member_id: int | None = Field(default=None, foreign_key="member.id")
    action: str
    table: str
    row: int
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


def record(
    session: Session,
    *,
    at: datetime,
    member_id: int | None,
    action: str,
    table: str,
    row: int,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one act to the trail, in the transaction that does it."""
    session.add(
        Audit(
            at=at,
            member_id=member_id,
            action=action,
            table=table,
            row=row,
            before=before or {},
            after=after or {},
        )
    )


def trail_of(session: Session, table: str, row: int) -> Sequence[Audit]:
    """Everything that was done to one row, oldest first."""
    return session.exec(
        select(Audit).where(Audit.table == table, Audit.row == row).order_by(col(Audit.id))
    ).all()


def trails(
    session: Session, rows: Mapping[str, Collection[int]]
) -> Sequence[tuple[Audit, str | None]]:
    """Everything done to these rows, by table, with the name of who did it; oldest first."""
    wanted = [
        (col(Audit.table) == table) & col(Audit.row).in_(set(ids))
        for table, ids in rows.items()
        if ids
    ]
    if not wanted:
        return []
    return session.exec(
        select(Audit, Member.name)
        .join(Member, col(Member.id) == col(Audit.member_id), isouter=True)
        .where(or_(*wanted))
        .order_by(col(Audit.at), col(Audit.id))
    ).all()
