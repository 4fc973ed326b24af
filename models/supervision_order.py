"""督办单: problem, required correction, limit, evidence, extension, closure, and every step."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class OrderState(StrEnum):
    """Offered by rule until an admin issues it; answered until its evidence is checked."""

    OFFERED = "offered"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    DROPPED = "dropped"


class OrderBasis(StrEnum):
    """Why there is an order."""

    COMMAND = "command"
    OVERDUE = "overdue"
    RED = "red"
    RETURNED = "returned"


class StepKind(StrEnum):
    """What happened to an order, as it is printed on it."""

    OFFERED = "offered"
    ISSUED = "issued"
    TOLD = "told"
    REMINDED = "reminded"
    EVIDENCE = "evidence"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    DROPPED = "dropped"


class SupervisionOrder(SQLModel, table=True):
    """One order to one unit about one task, numbered within its year once it is issued.

    *basis_key* names what a rule saw, so that it is offered once; *limit* is the day's end by
    which it is to be answered, *extended_to* a later one that was allowed.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        UniqueConstraint("basis_key"),
        one_of("state", OrderState),
        one_of("basis", OrderBasis),
    )

    id: int | None = Field(default=None, primary_key=True)
    year: int
    number: int | None = None
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id")
    basis: str = OrderBasis.COMMAND
    basis_key: str | None = None
    problem: str
    required: str
    limit: datetime
    extended_to: datetime | None = None
    state: str = Field(default=OrderState.OPEN, index=True)
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")
    issued_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def effective_limit(self) -> datetime:
        """The limit that counts: the extension when one was allowed."""
        return self.extended_to or self.limit


class OrderStep(SQLModel, table=True):
    """One step of an order; rows are only ever added. *media* are the pictures and files with it.

    *until* is the time that an extension asks for or allows.
    """

    __tablename__ = "order_step"
    __table_args__ = (one_of("kind", StepKind),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="supervision_order.id", index=True)
    at: datetime
    kind: str
    member_id: int | None = Field(default=None, foreign_key="member.id")
    text: str = ""
    until: datetime | None = None
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


def steps_of(session: Session, order_id: int) -> Sequence[OrderStep]:
    """Everything that happened to an order, oldest first."""
    return session.exec(
        select(OrderStep).where(OrderStep.order_id == order_id).order_by(col(OrderStep.id))
    ).all()
