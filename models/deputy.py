"""代理: who reports for a liaison on leave, from one day to another."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Session, SQLModel, and_, col, or_, select

from models.member import Role, RoleName


class Deputy(SQLModel, table=True):
    """*deputy_id* reports and reviews in the place of *member_id* from *since* to *until*.

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


def acts_for(member_id: Mapped[int], day: date | None) -> ColumnElement[bool]:
    """The condition that a deputyship for *member_id* holds on *day*; on no day, that none does."""
    if day is None:
        return false()
    return and_(col(Deputy.member_id) == member_id, _holds_on(day))


def _holds_on(day: date) -> ColumnElement[bool]:
    return and_(col(Deputy.since) <= day, col(Deputy.until) >= day, col(Deputy.ended_at).is_(None))


def roles_on(session: Session, member_id: int, day: date) -> Sequence[Role]:
    """A member's own roles and, as liaison, those of everybody for whom they stand in on *day*."""
    absent = select(Deputy.member_id).where(Deputy.deputy_id == member_id, _holds_on(day))
    acting = and_(Role.role == RoleName.LIAISON, col(Role.member_id).in_(absent))
    own = Role.member_id == member_id
    return session.exec(select(Role).where(or_(own, acting)).order_by(col(Role.id))).all()


def absent_for(session: Session, member_id: int, day: date) -> Sequence[int]:
    """For whom a member stands in on *day*."""
    return session.exec(
        select(Deputy.member_id).where(Deputy.deputy_id == member_id, _holds_on(day))
    ).all()


def deputies_on(session: Session, member_ids: Iterable[int], day: date) -> Sequence[Deputy]:
    """Who stands in for one of these on *day*, oldest first."""
    return session.exec(
        select(Deputy)
        .where(col(Deputy.member_id).in_(set(member_ids)), _holds_on(day))
        .order_by(col(Deputy.id))
    ).all()


def deputies_between(session: Session, since: date, until: date) -> Sequence[Deputy]:
    """Every deputyship that held on some day of these, also one that was ended in between."""
    return session.exec(
        select(Deputy)
        .where(col(Deputy.since) <= until, col(Deputy.until) >= since)
        .order_by(col(Deputy.id))
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
