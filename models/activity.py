"""动态: a published news item, summary, report or case for a task in a month."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Activity(SQLModel, table=True):
    """One item of a task, or of a whole project; *month* is the first day of its month.

    A correction is a new row that *replaces_id* an earlier one; *withdrawn* takes one back.
    """

    __table_args__ = (
        CheckConstraint("task_id IS NOT NULL OR project_id IS NOT NULL", name="of_something"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    project_id: int | None = Field(default=None, foreign_key="project.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    month: date = Field(index=True)
    kind: str
    title: str = ""
    link: str = ""
    source: str = ""
    assumed: str = ""
    replaces_id: int | None = Field(default=None, foreign_key="activity.id", unique=True)
    withdrawn: bool = False
    reported_at: datetime
    reported_by: int | None = Field(default=None, foreign_key="member.id")
