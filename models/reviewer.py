"""审核分工: who reviews which reports of a programme, and at which level."""

from collections.abc import Iterable, Sequence

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.rules.review import Assignment, Level


class Reviewer(SQLModel, table=True):
    """A member reviews the reports on one task, of one unit, or, without either, all of them."""

    __table_args__ = (
        UniqueConstraint("programme_id", "member_id", "level", "task_id", "unit_id"),
        one_of("level", Level),
    )

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    level: str = Level.FINAL
    task_id: int | None = Field(default=None, foreign_key="task.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")


def reviewers_of(session: Session, programme_ids: Iterable[int]) -> dict[int, list[Reviewer]]:
    """Everyone who reviews in these programmes by programme, in the order they were named."""
    found: dict[int, list[Reviewer]] = {each: [] for each in programme_ids}
    rows = session.exec(
        select(Reviewer).where(col(Reviewer.programme_id).in_(found)).order_by(col(Reviewer.id))
    ).all()
    for row in rows:
        found[row.programme_id].append(row)
    return found


def assignments_of(session: Session, member_id: int) -> Sequence[Reviewer]:
    """Everything that one member reviews."""
    return session.exec(
        select(Reviewer).where(Reviewer.member_id == member_id).order_by(col(Reviewer.id))
    ).all()


def assignment(row: Reviewer) -> Assignment:
    """The row as the rule of reviewing sees it."""
    return Assignment(row.member_id, Level(row.level), row.task_id, row.unit_id)
