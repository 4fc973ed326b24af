"""代理: who reports for a liaison on leave, from one day to another."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.member import Member


class Deputy(SQLModel, table=True):
    """*deputy_id* acts as liaison for all units of *member_id* on the days from *since* to *until*.

    Reminders go to the deputy meanwhile. A row that was ended early has its *until* moved, one
    that never began has it before *since*.
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


def deputies_on(session: Session, day: date) -> dict[int, Member]:
    """Who stands in on *day*, by the id of whom they stand in for; nobody who has left."""
    rows = session.exec(
        select(Deputy.member_id, Member)
        .join(Member, col(Member.id) == col(Deputy.deputy_id))
        .where(col(Deputy.since) <= day, col(Deputy.until) >= day, col(Member.left_at).is_(None))
        .order_by(col(Deputy.id))
    ).all()
    return dict(rows)


def represented_by(session: Session, deputy_id: int, day: date) -> list[Deputy]:
    """The deputyships that a member holds on *day*, oldest first."""
    return [row for row in standing_in_on(session, day) if row.deputy_id == deputy_id]


def deputyships_from(session: Session, day: date) -> Sequence[Deputy]:
    """Every deputyship that holds on *day* or begins later, by its first day."""
    return session.exec(
        select(Deputy)
        .where(col(Deputy.until) >= day, col(Deputy.until) >= col(Deputy.since))
        .order_by(col(Deputy.since), col(Deputy.id))
    ).all()
