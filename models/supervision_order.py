"""督办单: problem, required correction, limit, evidence, extension, closure."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.db import one_of


class OrderState(StrEnum):
    """Open until its evidence is checked and it is closed (销号)."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class SupervisionOrder(SQLModel, table=True):
    """One order to one unit about one task, numbered within its year."""

    __tablename__ = "supervision_order"
    __table_args__ = (UniqueConstraint("year", "number"), one_of("state", OrderState))

    id: int | None = Field(default=None, primary_key=True)
    year: int
    number: int
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    problem: str
    required: str
    limit: datetime
    extended_to: datetime | None = None
    evidence: str = ""
    state: str = OrderState.OPEN
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")
    closed_at: datetime | None = None
