"""评定: a task's status judged by an admin instead of by rule, with the reason."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Judgement(SQLModel, table=True):
    """A judged status at one data date; it does not carry over to the next.

    *withdrawn* takes back what was judged at that date: rows are only ever added.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    status: str
    reason: str
    withdrawn: bool = False
    data_date: date
    judged_at: datetime
    judged_by: int | None = Field(default=None, foreign_key="member.id")


def judgements_at(
    session: Session, task_ids: Iterable[int], data_date: date
) -> dict[int, Judgement]:
    """The judgement that holds at exactly this data date, by task: none carries over."""
    rows = session.exec(
        select(Judgement)
        .where(col(Judgement.task_id).in_(set(task_ids)), Judgement.data_date == data_date)
        .order_by(col(Judgement.id))
    ).all()
    last = {row.task_id: row for row in rows}
    return {task_id: row for task_id, row in last.items() if not row.withdrawn}
