"""对接: a visit or call to the upper level: date, rank, whom, result."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Contact(SQLModel, table=True):
    """One contact about one task; ranks and offices, never a person's name.

    *on* to *until* is a span of days, or a time that was only given roughly (7月, 8月中旬).
    A correction is a new row that *replaces_id* an earlier one; *withdrawn* takes one back.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    on: date
    until: date | None = None
    who: str
    whom: str
    result: str = ""
    source: str = ""
    replaces_id: int | None = Field(default=None, foreign_key="contact.id", unique=True)
    withdrawn: bool = False
    reported_at: datetime
    reported_by: int | None = Field(default=None, foreign_key="member.id")
