"""研判: how likely an item is to win its award, per unit, with every change kept."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class OutlookEntry(SQLModel, table=True):
    """One judgement of one item for one unit (or, without a unit, for the item); the newest holds.

    *judged* marks an item's level that was set apart from its entries, with the reason.
    """

    __tablename__ = "outlook"
    __table_args__ = (Index("ix_outlook_task_id_made_at", "task_id", "made_at"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    level: str
    judged: bool = False
    reason: str = ""
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")
