"""获奖情况: who won an incentive item in which year."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select


class Award(SQLModel, table=True):
    """One year of one item: the winners as printed, none if nobody of the area won.

    A year without a row is a year in which the award was not given.
    """

    __table_args__ = (UniqueConstraint("task_id", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    year: int
    winners: list[str] = Field(default_factory=list, sa_type=JSON)


def awards_of(session: Session, task_ids: Iterable[int]) -> dict[int, dict[int, list[str]]]:
    """Winners by task and year, newest year first, in one query."""
    found: dict[int, dict[int, list[str]]] = defaultdict(dict)
    rows = session.exec(
        select(Award).where(col(Award.task_id).in_(set(task_ids))).order_by(col(Award.year).desc())
    ).all()
    for row in rows:
        found[row.task_id][row.year] = row.winners
    return found
