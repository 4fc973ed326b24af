"""动态: a published news item, summary, report or case for a task in a month."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.corrected import Numbered, newest, standing


class ActivityKind(StrEnum):
    """What was published, by the source's own words."""

    NEWS = "新闻报道"
    SUMMARY = "工作总结"
    REPORT = "工作专报"
    CASE = "典型案例"


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


def activities_of(
    session: Session, task_ids: Sequence[int], project_ids: Sequence[int]
) -> list[Numbered[Activity]]:
    """What holds of these tasks and projects, oldest month first, in one query."""
    rows = session.exec(
        select(Activity)
        .where(col(Activity.task_id).in_(task_ids) | col(Activity.project_id).in_(project_ids))
        .order_by(col(Activity.month), col(Activity.id))
    ).all()
    return standing(rows)


def activity_numbered(session: Session, number: int) -> Activity | None:
    """What holds or was taken back under the number people were told, or None."""
    first = session.get(Activity, number)
    if first is None:
        return None
    same = (
        Activity.task_id == first.task_id
        if first.task_id is not None
        else Activity.project_id == first.project_id
    )
    rows = session.exec(select(Activity).where(same)).all()
    return next((each.row for each in newest(rows) if each.number == number), None)
