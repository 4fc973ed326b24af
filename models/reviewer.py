"""审核分工: who reviews which reports of a programme, and at which level."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class ReviewLevel(StrEnum):
    """First where a county's own office looks at a report before the prefecture does."""

    FIRST = "first"
    FINAL = "final"


class Reviewer(SQLModel, table=True):
    """A member reviews the reports on one task, of one unit, or, without either, all of them."""

    __table_args__ = (
        UniqueConstraint("programme_id", "member_id", "level", "task_id", "unit_id"),
        one_of("level", ReviewLevel),
    )

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    level: str = ReviewLevel.FINAL
    task_id: int | None = Field(default=None, foreign_key="task.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")


def reviewers_of(session: Session, programme_id: int) -> Sequence[Reviewer]:
    """Everyone who reviews in a programme, in the order in which they were named."""
    return session.exec(
        select(Reviewer).where(Reviewer.programme_id == programme_id).order_by(col(Reviewer.id))
    ).all()
