"""Issuing supervision orders: numbered, recorded, and told to the unit's people once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.standing.openings import opening
from handlers.standing.policy import order_policy
from handlers.supervising.orders import (
    OrderStanding,
    add_step,
    offer_called,
    standings,
)
from handlers.supervising.orders_notices import Told, tell_units
from handlers.supervising.orders_text import body_of, next_of_liaison
from handlers.supervising.orders_words import same_words
from handlers.supervising.scope import require_admin
from handlers.supervising.texts import moment_text
from models.audience import Holder
from models.errors import Refused
from models.member import RoleName
from models.programme import Programme
from models.rules.opening import Opening
from models.rules.order import UNDER_WAY, OrderBasis, OrderState, usual_limit
from models.supervision_order import (
    StepKind,
    SupervisionOrder,
    lock_numbers,
    orders_in,
    take_number,
)
from models.task import Task
from models.unit import Unit

_MOST_NAMED = 8


@dataclass(frozen=True)
class Wanted:
    """An order as an admin asks for it."""

    programme: Programme
    task: Task
    unit: Unit
    problem: str
    required: str
    limit: datetime


def under_way_on(ctx: Context, task: Task, unit: Unit) -> list[OrderStanding]:
    """The orders to this unit on this task that are not closed; nobody issues one meanwhile."""
    lock_numbers(ctx.session)
    rows = orders_in(ctx.session, UNDER_WAY, [task.id or 0])
    return standings(ctx.session, [row for row in rows if row.unit_id == unit.id])


def issue(ctx: Context, wanted: Wanted) -> OrderStanding:
    """A new order by command; refused where the very same one is under way."""
    require_admin(ctx, wanted.programme)
    refuse_twin(ctx, wanted.task, wanted.unit, wanted.required)
    order = SupervisionOrder(
        year=ctx.today.year,
        task_id=wanted.task.id or 0,
        unit_id=wanted.unit.id or 0,
        basis=OrderBasis.COMMAND,
        problem=wanted.problem,
        required=wanted.required,
        limit=wanted.limit,
        made_at=ctx.now,
        made_by=ctx.speaker.id,
    )
    ctx.session.add(order)
    ctx.session.flush()
    _number(ctx, order)
    return OrderStanding(order, wanted.programme, wanted.task, wanted.unit)


def refuse_twin(ctx: Context, task: Task, unit: Unit, required: str) -> None:
    """Refuse where an order that asks the very same of this unit is under way."""
    for each in under_way_on(ctx, task, unit):
        if same_words(each.order.required, required):
            raise Refused(_issued_before(ctx, each))


def _issued_before(ctx: Context, each: OrderStanding) -> str:
    label = each.label(ctx.today.year)
    at = moment_text(each.order.issued_at or each.order.made_at, ctx.services.zone)
    return f"{label} 已于{at}发给{each.unit.name}，要求相同，未重复发出。查看请发“{label}”。"


def agree(
    ctx: Context, offer: OrderStanding, unit: Unit, required: str, limit: datetime | None
) -> OrderStanding:
    """Issue what was offered, to *unit*, with the admin's words and limit where there are any."""
    order = offer.order
    lock_numbers(ctx.session)
    order.unit_id = unit.id or 0
    order.required = required or order.required
    policy = order_policy(offer.programme)
    order.limit = limit or usual_limit(ctx.now, ctx.calendar, policy)
    order.year, order.made_by = ctx.today.year, ctx.speaker.id
    _number(ctx, order)
    return OrderStanding(order, offer.programme, offer.task, unit)


def _number(ctx: Context, order: SupervisionOrder) -> None:
    order.number = take_number(ctx.session, order.year)
    order.state, order.issued_at = OrderState.OPEN, ctx.now
    add_step(ctx, order, StepKind.ISSUED)


def open_offer(ctx: Context, order_id: int) -> OrderStanding:
    """The offer of this number, still standing; refused where it was decided or its case is gone.

    What was settled since the offer was made is found out now, not at the next scan.
    """
    offer = offer_called(ctx, order_id)
    if offer.order.number is not None:
        label = offer.label(ctx.today.year)
        raise Refused(f"建议{order_id} 已发为{label}，未重复发出。查看请发“{label}”。")
    if offer.state is OrderState.DROPPED:
        raise Refused(
            f"建议{order_id} 已失效。如仍需督办，请发“督办 {offer.task.number} 期限 要求”。"
        )
    return offer


def tell_issued(ctx: Context, orders: Sequence[OrderStanding]) -> list[str]:
    """Tell the units; what the admin reads of it."""

    def words(person: Holder, theirs: Sequence[OrderStanding]) -> str:
        is_liaison = person.role is RoleName.LIAISON
        which = Opening.ORDER if is_liaison else Opening.ORDER_HEAD
        ask = opening(which, (each.programme for each in theirs))
        bodies = [line for each in theirs for line in body_of(each, ctx.now, ctx.calendar)]
        first = theirs[0]
        label = first.label(ctx.today.year)
        how = next_of_liaison(first, label, ctx.now) if is_liaison else [f"查看请发“{label}”。"]
        return "\n".join([ask, *bodies, *how])

    told = tell_units(ctx, orders, "issued", words)
    lines = list[str]()
    for each in orders:
        first, *rest = body_of(each, ctx.now, ctx.calendar)
        lines += [f"已发出{first}", *rest]
    return [*lines, *told_lines(ctx, told)]


def told_lines(ctx: Context, told: Told) -> list[str]:
    """Who is told and when, whom nothing reaches, and what to do about that."""
    lines = []
    if told.people:
        names = "、".join(harmless(name) for name in told.people[:_MOST_NAMED])
        at = moment_text(told.held_until, ctx.services.zone) if told.held_until else ""
        lines.append(f"{f'将于{at}通知' if at else '已通知'}：{names}。")
    if told.lost:
        names = "、".join(harmless(name) for name in told.lost[:_MOST_NAMED])
        lines.append(f"暂无法送达：{names}，请电话告知。")
    for unit in told.nobody:
        lines.append(f"{unit}尚无联络员，请电话告知，并发“邀请 {unit} 姓名”请其绑定。")
    return lines
