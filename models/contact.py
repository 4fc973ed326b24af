"""对接: a visit or call to the upper level: date, rank, whom, result."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.corrected import Numbered, newest, standing


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


def contacts_of(session: Session, task_ids: Iterable[int]) -> list[Numbered[Contact]]:
    """The contacts of these tasks that hold, newest day first, in one query."""
    rows = session.exec(
        select(Contact)
        .where(col(Contact.task_id).in_(set(task_ids)))
        .order_by(col(Contact.on).desc(), col(Contact.id).desc())
    ).all()
    return standing(rows)


def contact_numbered(session: Session, number: int) -> Contact | None:
    """What holds or was taken back under the number people were told, or None."""
    first = session.get(Contact, number)
    if first is None:
        return None
    rows = session.exec(select(Contact).where(Contact.task_id == first.task_id)).all()
    return next((each.row for each in newest(rows) if each.number == number), None)
