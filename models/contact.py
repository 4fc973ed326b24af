"""对接: a visit or call to the upper level: date, rank, whom, result."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Contact(SQLModel, table=True):
    """One contact about one task; ranks and offices, never a person's name."""

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    on: date
    who: str
    whom: str
    result: str = ""
    reported_at: datetime
    reported_by: int | None = Field(default=None, foreign_key="member.id")
