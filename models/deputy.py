"""代理: who reports for a liaison on leave, from one day to another."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.member import Member, Role, RoleName


class Deputy(SQLModel, table=True):
    """*deputy_id* acts as liaison for all units of *member_id* on the days from *since* to *until*.

    Reminders go to the deputy meanwhile. *ended_at* is set where it was ended before its day.
    """

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    deputy_id: int = Field(foreign_key="member.id", index=True)
    since: date
    until: date
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")
    ended_at: datetime | None = None


def deputies_on(session: Session, day: date) -> dict[int, Member]:
    """Who stands in on *day*, by the id of whom they stand in for; nobody who has left."""
    rows = session.exec(
        select(Deputy.member_id, Member)
        .join(Member, col(Member.id) == col(Deputy.deputy_id))
        .where(
            col(Deputy.since) <= day,
            col(Deputy.until) >= day,
            col(Deputy.ended_at).is_(None),
            col(Member.left_at).is_(None),
        )
        .order_by(col(Deputy.id))
    ).all()
    return dict(rows)


def roles_stood_in(session: Session, deputy_id: int, day: date) -> Sequence[Role]:
    """The roles as liaison of everybody for whom a member stands in on *day*."""
    return session.exec(
        select(Role)
        .join(Deputy, col(Deputy.member_id) == col(Role.member_id))
        .where(
            Deputy.deputy_id == deputy_id,
            col(Deputy.since) <= day,
            col(Deputy.until) >= day,
            col(Deputy.ended_at).is_(None),
            Role.role == RoleName.LIAISON,
        )
        .order_by(col(Role.id))
    ).all()


def deputyships_from(session: Session, day: date) -> Sequence[Deputy]:
    """Every deputyship that holds on *day* or begins later, by its first day."""
    return session.exec(
        select(Deputy)
        .where(col(Deputy.until) >= day, col(Deputy.ended_at).is_(None))
        .order_by(col(Deputy.since), col(Deputy.id))
    ).all()


def deputyships_of(session: Session, deputy_ids: Iterable[int]) -> Sequence[Deputy]:
    """Every deputyship that these members ever held, oldest first."""
    return session.exec(
        select(Deputy).where(col(Deputy.deputy_id).in_(set(deputy_ids))).order_by(col(Deputy.id))
    ).all()
