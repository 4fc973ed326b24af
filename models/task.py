"""任务: what must be done, by whom, and the responsibility clauses it may consist of."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class UnitRole(StrEnum):
    """牵头 or 配合, and in clauses also 按职责分工 and 分别."""

    LEAD = "lead"
    SUPPORTING = "supporting"
    SHARED = "shared"
    EACH = "each"


class Task(SQLModel, table=True):
    """One item of a programme; *number* is its stable key, such as 州1-7.

    *kind* says how progress is counted (models/rules/progress.py), *stages* names a milestone
    task's stages, *stated* that a percentage stated by the reporter wins over the computed one.
    *project* names the row it stands under in a matrix of projects (models/project.py),
    *printed* the source's own number; *marks* and *quota* say what an award is given to.
    """

    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    number: str
    theme: str = ""
    title: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    kind: str = "narrative"
    stated: bool = False
    stages: list[str] = Field(default_factory=list, sa_type=JSON)
    project: str = ""
    printed: str = ""
    marks: list[str] = Field(default_factory=list, sa_type=JSON)
    quota: str = ""
    position: int = 0
    active: bool = True


class TaskUnit(SQLModel, table=True):
    """A unit's part in a task; joint leads are several rows with the same role."""

    __tablename__ = "task_unit"
    __table_args__ = (
        UniqueConstraint("task_id", "unit_id", "role"),
        one_of("role", (UnitRole.LEAD, UnitRole.SUPPORTING)),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    role: str = UnitRole.LEAD
    position: int = 0


class Clause(SQLModel, table=True):
    """分工: a responsibility clause of a task, in short; *unnamed* lists 有关部门 and the like."""

    __table_args__ = (one_of("role", (UnitRole.LEAD, UnitRole.SHARED, UnitRole.EACH)),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int = 0
    text: str
    role: str
    unnamed: list[str] = Field(default_factory=list, sa_type=JSON)
    active: bool = True


class ClauseUnit(SQLModel, table=True):
    """A unit named in a clause: *role* is the clause's own, or supporting."""

    __tablename__ = "clause_unit"
    __table_args__ = (UniqueConstraint("clause_id", "unit_id", "role"), one_of("role", UnitRole))

    id: int | None = Field(default=None, primary_key=True)
    clause_id: int = Field(foreign_key="clause.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    role: str
    position: int = 0


def tasks_of(session: Session, programme_id: int) -> Sequence[Task]:
    """The active tasks of a programme in printed order."""
    return session.exec(
        select(Task)
        .where(Task.programme_id == programme_id, col(Task.active))
        .order_by(col(Task.position), col(Task.id))
    ).all()


def task_units(session: Session, task_ids: Iterable[int]) -> dict[int, list[TaskUnit]]:
    """The units of these tasks by task, leads first and in printed order, in one query."""
    found: dict[int, list[TaskUnit]] = {task_id: [] for task_id in task_ids}
    if not found:
        return found
    rows = session.exec(
        select(TaskUnit)
        .where(col(TaskUnit.task_id).in_(found))
        .order_by(col(TaskUnit.role), col(TaskUnit.position), col(TaskUnit.id))
    ).all()
    for row in rows:
        found[row.task_id].append(row)
    return found


def clauses_of(session: Session, task_ids: Iterable[int]) -> dict[int, list[Clause]]:
    """The active clauses of these tasks by task, in printed order, in one query."""
    found: dict[int, list[Clause]] = {task_id: [] for task_id in task_ids}
    if not found:
        return found
    rows = session.exec(
        select(Clause)
        .where(col(Clause.task_id).in_(found), col(Clause.active))
        .order_by(col(Clause.position), col(Clause.id))
    ).all()
    for row in rows:
        found[row.task_id].append(row)
    return found


def clause_units(session: Session, clause_ids: Iterable[int]) -> dict[int, list[ClauseUnit]]:
    """The units of these clauses by clause, in printed order, in one query."""
    found: dict[int, list[ClauseUnit]] = {clause_id: [] for clause_id in clause_ids}
    if not found:
        return found
    rows = session.exec(
        select(ClauseUnit)
        .where(col(ClauseUnit.clause_id).in_(found))
        .order_by(col(ClauseUnit.position), col(ClauseUnit.id))
    ).all()
    for row in rows:
        found[row.clause_id].append(row)
    return found
