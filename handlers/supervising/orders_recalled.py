"""A message taken back that did something to an order: undone while nobody has acted on it."""

from collections.abc import Callable, Iterator, Mapping

from handlers.context import Context
from handlers.supervising.orders import OrderStanding, add_step, live_steps, standings, this_round
from handlers.supervising.orders_deciding import withdraw
from models.inbox import InboxMessage
from models.rules.order import UNDER_WAY, OrderState
from models.supervision_order import (
    TRAIL,
    OrderStep,
    StepKind,
    locked_order,
    steps_by_message,
)

_REASON = "发出人已撤回"


def orders_recalled(ctx: Context, row: InboxMessage) -> Iterator[str]:
    """What becomes of each order that the speaker's message did something to, a line each."""
    for step in steps_by_message(ctx.session, row.id or 0):
        undo = _UNDO.get(StepKind(step.kind))
        if step.member_id != ctx.speaker.id or step.kind in TRAIL:
            continue
        [each] = standings(ctx.session, [locked_order(ctx.session, step.order_id)])
        if each.state is OrderState.DROPPED:
            continue
        live = live_steps(ctx.session, each.id)
        label = each.label(ctx.today.year)
        if undo is not None and (line := undo(ctx, each, step, live)):
            yield line
        elif step.kind != StepKind.WITHDRAWN and step in live:
            yield f"您撤回了消息，对{label} 的处理仍然有效。查看和更改请发“{label}”。"


def _issue_undone(
    ctx: Context, each: OrderStanding, step: OrderStep, live: list[OrderStep]
) -> str | None:
    """An order to which nothing has happened yet is withdrawn."""
    if each.state is not OrderState.OPEN or any(
        later.kind not in TRAIL for later in live if (later.id or 0) > (step.id or 0)
    ):
        return None
    return "\n".join(["您撤回了消息。", *withdraw(ctx, each, _REASON)])


def _evidence_undone(
    ctx: Context, each: OrderStanding, step: OrderStep, live: list[OrderStep]
) -> str | None:
    """Evidence that nobody has judged no longer counts; without any other the order is open."""
    current = [e for e in this_round(live) if e.kind == StepKind.EVIDENCE]
    if each.state is not OrderState.ANSWERED or step not in current:
        return None
    left = [other for other in current if other.inbox_id != step.inbox_id]
    each.order.state = OrderState.ANSWERED if left else OrderState.OPEN
    _take_back(ctx, each, step)
    label = each.label(ctx.today.year)
    more = "其余内容仍待复核。" if left else f"办结请再发“{label}”加整改情况。"
    return f"您撤回了消息，{label} 的这次整改情况不再作数。{more}"


def _wish_undone(
    ctx: Context, each: OrderStanding, step: OrderStep, live: list[OrderStep]
) -> str | None:
    """A wish for more time that nobody has decided is wished no longer."""
    decided = (StepKind.EXTENDED, StepKind.EXTENSION_REFUSED)
    is_open = each.state in UNDER_WAY and step in live
    if not is_open or any(e.kind in decided and (e.id or 0) > (step.id or 0) for e in live):
        return None
    _take_back(ctx, each, step)
    return f"您撤回了消息，{each.label(ctx.today.year)} 的延期申请已取消。"


def _take_back(ctx: Context, each: OrderStanding, step: OrderStep) -> None:
    taken = add_step(ctx, each.order, StepKind.WITHDRAWN)
    taken.inbox_id = step.inbox_id
    ctx.session.flush()


_Undo = Callable[[Context, OrderStanding, OrderStep, list[OrderStep]], str | None]
_UNDO: Mapping[StepKind, _Undo] = {
    StepKind.ISSUED: _issue_undone,
    StepKind.EVIDENCE: _evidence_undone,
    StepKind.EXTENSION_ASKED: _wish_undone,
}
