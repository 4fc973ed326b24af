"""群众意见: how many comments of citizens came in for a task, and how many were handled."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class CommentCount(SQLModel, table=True):
    """Cumulative counts at an as-of date, from one version of a report.

    Like figures they count once *accepted_at* is set.
    """

    __tablename__ = "comment_count"
    __table_args__ = (CheckConstraint("handled <= received", name="handled_of_received"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int | None = Field(default=None, foreign_key="submission_version.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    as_of: date
    received: int
    handled: int
    accepted_at: datetime | None = None
    source: str = ""
