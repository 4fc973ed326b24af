"""督办单: problem, required correction, limit, evidence, extension, closure, and every step."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.area import Area
from models.db import batches, one_of
from models.outbox import OutboxMessage
from models.rules.order import UNDER_WAY, OrderBasis, OrderState


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
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"
    DROPPED = "dropped"


#: Notes of who was told: the trail that a paper prints.
TRAIL = (StepKind.TOLD, StepKind.REMINDED)


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

    *until* is the time that an extension asks for or allows, *inbox_id* the message that did it,
    *key* the outbox key under which somebody was told.
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
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", index=True)
    key: str = ""
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


def steps_of(session: Session, order_id: int) -> Sequence[OrderStep]:
    """Everything that happened to an order, oldest first."""
    return session.exec(
        select(OrderStep).where(OrderStep.order_id == order_id).order_by(col(OrderStep.id))
    ).all()


def steps_among(session: Session, order_ids: Iterable[int]) -> dict[int, list[OrderStep]]:
    """The steps of these orders by order, oldest first, in one query for many orders."""
    found: dict[int, list[OrderStep]] = {each: [] for each in order_ids}
    for ids in batches(found):
        wanted = select(OrderStep).where(col(OrderStep.order_id).in_(ids))
        for row in session.exec(wanted.order_by(col(OrderStep.id))):
            found[row.order_id].append(row)
    return found


def steps_by_message(session: Session, inbox_id: int) -> Sequence[OrderStep]:
    """What one message did to orders, oldest first."""
    return session.exec(
        select(OrderStep).where(OrderStep.inbox_id == inbox_id).order_by(col(OrderStep.id))
    ).all()


def last_evidence_of(session: Session, member_id: int, since: datetime) -> OrderStep | None:
    """The newest evidence that a member sent since then, or None."""
    return session.exec(
        select(OrderStep)
        .where(
            OrderStep.member_id == member_id,
            OrderStep.kind == StepKind.EVIDENCE,
            col(OrderStep.inbox_id).is_not(None),
            col(OrderStep.at) >= since,
        )
        .order_by(col(OrderStep.id).desc())
        .limit(1)
    ).first()


def locked_order(session: Session, order_id: int) -> SupervisionOrder:
    """The order, locked until the transaction ends: two people may act on it at once."""
    return session.exec(
        select(SupervisionOrder)
        .where(SupervisionOrder.id == order_id)
        .with_for_update()
        # As it is under the lock, not as this session may have read it before.
        .execution_options(populate_existing=True)
    ).one()


def orders_in(
    session: Session, states: Collection[OrderState], task_ids: Collection[int] | None = None
) -> Sequence[SupervisionOrder]:
    """The orders in these states, of these tasks where they are named, oldest first."""
    query = select(SupervisionOrder).where(col(SupervisionOrder.state).in_(states))
    if task_ids is not None:
        query = query.where(col(SupervisionOrder.task_id).in_(task_ids))
    return session.exec(query.order_by(col(SupervisionOrder.id))).all()


def any_order(session: Session, states: Collection[OrderState]) -> bool:
    """Whether there is an order in one of these states: a cheap look before all are read."""
    found = select(SupervisionOrder.id).where(col(SupervisionOrder.state).in_(states))
    return session.exec(found.limit(1)).first() is not None


def orders_numbered(session: Session, number: int) -> Sequence[SupervisionOrder]:
    """The orders of any year with this number, those under way first, then the newest."""
    rows = session.exec(
        select(SupervisionOrder)
        .where(SupervisionOrder.number == number)
        .order_by(col(SupervisionOrder.year).desc())
    ).all()
    return sorted(rows, key=lambda row: row.state not in UNDER_WAY)


def known_among(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Which of these cases were offered before."""
    key = col(SupervisionOrder.basis_key)
    found = (session.exec(select(key).where(key.in_(wanted))) for wanted in batches(keys))
    return frozenset(each for rows in found for each in rows if each is not None)


def take_number(session: Session, year: int) -> int:
    """The next number of that year, taken by nobody else while this transaction lasts.

    Orders of all programmes share one sequence; the first area stands for it as a lock.
    """
    lock_numbers(session)
    last = session.exec(
        select(func.max(SupervisionOrder.number)).where(SupervisionOrder.year == year)
    ).one()
    return (last or 0) + 1


def lock_numbers(session: Session) -> None:
    """Let nobody else issue an order until this transaction ends."""
    session.exec(
        select(Area.id).order_by(col(Area.id)).limit(1).with_for_update(key_share=True)
    ).first()


def words_under(session: Session, keys: Iterable[str]) -> dict[str, OutboxMessage]:
    """The first part of what was owed under each of these keys, in one query."""
    first = [f"{key}:0" for key in set(keys) if key]
    if not first:
        return {}
    rows = session.exec(select(OutboxMessage).where(col(OutboxMessage.key).in_(first))).all()
    return {row.key.removesuffix(":0"): row for row in rows}


def parts_under(session: Session, key: str) -> Sequence[OutboxMessage]:
    """Every part of what was owed under this key, locked."""
    return session.exec(
        select(OutboxMessage)
        .where(col(OutboxMessage.key).startswith(f"{key}:", autoescape=True))
        .with_for_update()
    ).all()


def others_told(session: Session, order_id: int, keys: Iterable[str]) -> bool:
    """Whether what was said under these keys speaks of other orders as well."""
    found = select(OrderStep.id).where(
        col(OrderStep.key).in_(list(keys)), OrderStep.order_id != order_id
    )
    return session.exec(found.limit(1)).first() is not None
