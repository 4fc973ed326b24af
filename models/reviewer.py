"""审核分工: who reviews which reports of a programme, and at which level."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.deputy import absent_for
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


def assignments_of(session: Session, member_id: int, day: date) -> Sequence[Reviewer]:
    """Everything that one member reviews on *day*, also in the place of others."""
    members = (member_id, *absent_for(session, member_id, day))
    return session.exec(
        select(Reviewer).where(col(Reviewer.member_id).in_(members)).order_by(col(Reviewer.id))
    ).all()


def reviewed_by(session: Session, member_ids: Iterable[int]) -> dict[int, set[int]]:
    """In which programmes each of these members reviews by assignment, in one query."""
    found: dict[int, set[int]] = {each: set() for each in member_ids}
    rows = session.exec(
        select(Reviewer.member_id, Reviewer.programme_id).where(col(Reviewer.member_id).in_(found))
    ).all()
    for member_id, programme_id in rows:
        found[member_id].add(programme_id)
    return found


def assignment(row: Reviewer) -> Assignment:
    """The row as the rule of reviewing sees it."""
    return Assignment(row.member_id, Level(row.level), row.task_id, row.unit_id)
