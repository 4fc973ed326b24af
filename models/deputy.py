"""代理: who reports for a liaison on leave, from one day to another."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Deputy(SQLModel, table=True):
    """*deputy_id* acts as liaison for all units of *member_id* on the days from *since* to *until*.

    Reminders go to the deputy meanwhile. A row that was ended early has its *until* moved.
    """

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    deputy_id: int = Field(foreign_key="member.id", index=True)
    since: date
    until: date
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")


def standing_in_on(session: Session, day: date) -> Sequence[Deputy]:
    """Every deputyship that holds on *day*, oldest first."""
    return session.exec(
        select(Deputy)
        .where(col(Deputy.since) <= day, col(Deputy.until) >= day)
        .order_by(col(Deputy.id))
    ).all()


def deputies_for(session: Session, member_ids: Iterable[int], day: date) -> dict[int, int]:
    """Who stands in for these members on *day*, by the member's id; the newest row counts."""
    wanted = set(member_ids)
    rows = standing_in_on(session, day)
    return {row.member_id: row.deputy_id for row in rows if row.member_id in wanted}


def represented_by(session: Session, deputy_id: int, day: date) -> list[int]:
    """The members for whom somebody stands in on *day*."""
    rows = standing_in_on(session, day)
    return [row.member_id for row in rows if row.deputy_id == deputy_id]
