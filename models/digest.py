"""When which digest goes to whom: rows with a cron line that an admin can change."""

from collections.abc import Sequence

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.chat import ChatPurpose
from models.db import one_of


class DigestSchedule(SQLModel, table=True):
    """One digest of one programme for the groups of one purpose."""

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


def enabled_digests(session: Session) -> Sequence[DigestSchedule]:
    """Every digest that is switched on."""
    return session.exec(
        select(DigestSchedule).where(col(DigestSchedule.enabled)).order_by(col(DigestSchedule.id))
    ).all()
