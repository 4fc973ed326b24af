"""评定: a task's status judged by an admin instead of by rule, with the reason."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Judgement(SQLModel, table=True):
    """A judged status at one data date; it does not carry over to the next."""

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    status: str
    reason: str
    data_date: date
    judged_at: datetime
    judged_by: int | None = Field(default=None, foreign_key="member.id")


def judgements_at(
    session: Session, task_ids: Iterable[int], data_date: date
) -> dict[int, Judgement]:
    """The judgement made for exactly this data date, by task: a judgement does not carry over."""
    rows = session.exec(
        select(Judgement)
        .where(col(Judgement.task_id).in_(set(task_ids)), Judgement.data_date == data_date)
        .order_by(col(Judgement.id))
    ).all()
    return {row.task_id: row for row in rows}
