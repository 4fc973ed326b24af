"""报送要求: who reports what by when, with which sections and pictures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select


class Requirement(SQLModel, table=True):
    """One requirement of a task, or of one of its clauses.

    *wording* is the official deadline that holds, *recurrences* what was read from it;
    *declared* is the wording of the definition, from which an admin's own may differ.
    *sections* are `{"name", "aliases", "required"}`; *pictures* counts the compulsory ones.
    *verified* and *comments*: the report also says how far acceptance and answers to citizens are.
    *each*: every owing unit reports for itself (分别负责). While *assumed* holds something and
    *confirmed_at* is empty, nothing is chased.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    clause_id: int | None = Field(default=None, foreign_key="clause.id")
    key: str = ""
    wording: str
    declared: str = ""
    recurrences: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    assumed: list[str] = Field(default_factory=list, sa_type=JSON)
    confirmed_at: datetime | None = None
    sections: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    pictures: int = 0
    picture_rule: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    county_figures: bool = False
    verified: bool = False
    comments: bool = False
    each: bool = False
    active: bool = True

    @property
    def is_amended(self) -> bool:
        """Whether an admin's own wording holds instead of the definition's."""
        return self.wording != self.declared


def requirements_of(session: Session, task_ids: Iterable[int]) -> dict[int, list[Requirement]]:
    """The active requirements of these tasks by task, in one query."""
    found: dict[int, list[Requirement]] = {task_id: [] for task_id in task_ids}
    if not found:
        return found
    rows = session.exec(
        select(Requirement)
        .where(col(Requirement.task_id).in_(found), col(Requirement.active))
        .order_by(col(Requirement.id))
    ).all()
    for row in rows:
        found[row.task_id].append(row)
    return found
