"""When which digest goes to whom: rows with a cron line that an admin can change."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.chat import ChatPurpose
from models.db import one_of


class DigestSchedule(SQLModel, table=True):
    """One digest of one programme for the groups of one purpose.

    *changed_at*: an admin set the time then; what it would have fired before is not made up for.
    *looked_on*: the last day on which it was asked whether late reports alter what went out.
    *silent_in*: the last period in which it had nothing to say to somebody; it is asked once.
    """

    __tablename__ = "digest_schedule"
    __table_args__ = (
        UniqueConstraint("programme_id", "digest", "purpose"),
        one_of("purpose", ChatPurpose),
    )

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id")
    digest: str
    purpose: str
    cron: str
    enabled: bool = True
    changed_at: datetime | None = None
    looked_on: date | None = None
    silent_in: str | None = None


def enabled_digests(session: Session) -> Sequence[DigestSchedule]:
    """Every digest that is switched on."""
    return session.exec(
        select(DigestSchedule).where(col(DigestSchedule.enabled)).order_by(col(DigestSchedule.id))
    ).all()


def schedules_of(session: Session, programme_ids: Sequence[int]) -> Sequence[DigestSchedule]:
    """Every row of these programmes, switched on or not, in the order in which they were made."""
    return session.exec(
        select(DigestSchedule)
        .where(col(DigestSchedule.programme_id).in_(programme_ids))
        .order_by(col(DigestSchedule.programme_id), col(DigestSchedule.id))
    ).all()
