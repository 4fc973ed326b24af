"""研判: how likely an item is to win its award, per unit, with every change kept."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from models.award import Award
from models.db import one_of
from models.rules.outlook import Level
from models.task import Task


class OutlookEntry(SQLModel, table=True):
    """One judgement of one item for one unit; the newest of each scope holds, the rest is history.

    Without a unit it is the item's own level, or with *counties* one entry for all counties at
    once. *withdrawn* takes back what held in its scope. *reason* says why an item's level was set
    apart from its entries; *source* names the issued document that a judgement was read from.
    """

    __tablename__ = "outlook"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("NOT counties OR unit_id IS NULL", name="counties_no_unit"),
        Index("ix_outlook_task_id_made_at", "task_id", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    counties: bool = False
    level: str
    withdrawn: bool = False
    reason: str = ""
    source: str = ""
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")


def programmes_judged(session: Session, programme_ids: Iterable[int]) -> set[int]:
    """Those of these programmes whose items are judged: they have levels, awards or quotas."""
    judged = select(OutlookEntry.task_id)
    awarded = select(Award.task_id)
    rows = session.exec(
        select(Task.programme_id)
        .where(
            col(Task.programme_id).in_(set(programme_ids)),
            col(Task.id).in_(judged) | col(Task.id).in_(awarded) | (col(Task.quota) != ""),
        )
        .distinct()
    ).all()
    return set(rows)


def outlooks_of(session: Session, task_ids: Iterable[int]) -> dict[int, list[OutlookEntry]]:
    """Every judgement ever made of these tasks by task, oldest first, in one query."""
    found: dict[int, list[OutlookEntry]] = defaultdict(list)
    rows = session.exec(
        select(OutlookEntry)
        .where(col(OutlookEntry.task_id).in_(set(task_ids)))
        .order_by(col(OutlookEntry.made_at), col(OutlookEntry.id))
    ).all()
    for row in rows:
        found[row.task_id].append(row)
    return found
