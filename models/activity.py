"""动态: a published news item, summary, report or case for a task in a month."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Activity(SQLModel, table=True):
    """One item; *month* is the first day of the month it counts for."""

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    month: date = Field(index=True)
    kind: str
    title: str = ""
    link: str = ""
    reported_at: datetime
    reported_by: int | None = Field(default=None, foreign_key="member.id")
