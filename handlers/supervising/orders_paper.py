"""A supervision order as plain data, for whoever prints it: what it says, its steps, its trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handlers.reading.harmless import harmless
from handlers.standing.tasks import short_name
from handlers.supervising.orders import standings
from handlers.supervising.orders_text import STATES, STEPS, names_of, sent_text, step_text
from models.rules.order import OrderBasis, OrderState
from models.rules.zone import local_zone
from models.supervision_order import (
    TRAIL,
    OrderStep,
    StepKind,
    SupervisionOrder,
    steps_of,
    words_under,
)

_BASES = {
    OrderBasis.COMMAND: "工作督办",
    OrderBasis.OVERDUE: "逾期未报",
    OrderBasis.RED: "进度亮红灯",
    OrderBasis.RETURNED: "多次退回",
}


@dataclass(frozen=True)
class PaperStep:
    """One step of the work on it: when, who, what."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class PaperNotice:
    """One person told: when it was decided, who, of what, and whether it reached them."""

    at: datetime
    who: str
    what: str
    outcome: str


@dataclass(frozen=True)
class OrderPaper:
    """Everything that is printed on one order; *extended_to* None while the limit stands.

    Users' words are made harmless, not escaped: the writer of the file does that.
    """

    id: int
    programme_id: int
    programme: str
    number: int
    year: int
    unit: str
    task_number: str
    task: str
    basis: str
    problem: str
    required: str
    issued: date
    limit: date
    extended_to: date | None
    state: str
    closed: date | None
    steps: tuple[PaperStep, ...]
    trail: tuple[PaperNotice, ...]


def order_paper(session: Session, order: SupervisionOrder) -> OrderPaper:
    """The data of an order that was issued; ValueError for one that was only offered.

    Four queries, however long its trail.
    """
    if order.number is None or order.issued_at is None:
        raise ValueError("an order that was not issued has no paper")
    [each] = standings(session, [order])
    steps = steps_of(session, each.id)
    names = names_of(session, steps)
    return OrderPaper(
        id=each.id,
        programme_id=each.programme.id or 0,
        programme=each.programme.title,
        number=order.number,
        year=order.year,
        unit=each.unit.name,
        task_number=each.task.number,
        task=short_name(each.task).removeprefix(f"{each.task.number} "),
        basis=_BASES[OrderBasis(order.basis)],
        problem=harmless(order.problem),
        required=harmless(order.required),
        issued=_day(order.issued_at),
        limit=_day(order.limit),
        extended_to=_day(order.extended_to) if order.extended_to else None,
        state=STATES[OrderState(order.state)],
        closed=_day(order.closed_at) if order.closed_at else None,
        steps=tuple(
            PaperStep(step.at, names.get(step.member_id or 0, "系统"), step_text(step))
            for step in steps
            if step.kind not in TRAIL
        ),
        trail=_trail(session, steps, names),
    )


def _trail(
    session: Session, steps: Sequence[OrderStep], names: Mapping[int, str]
) -> tuple[PaperNotice, ...]:
    """Who was told of what, oldest first, with what the outbox knows of it."""
    words = words_under(session, [step.key for step in steps])
    return tuple(
        PaperNotice(
            step.at,
            names.get(step.member_id or 0, ""),
            f"{STEPS[StepKind(step.kind)]}{step.text}",
            sent_text(step, words, local_zone()),
        )
        for step in steps
        if step.kind in TRAIL
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(local_zone()).date()
