"""Supervision orders with what they are about: by number, by state, and who has to do with them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.standing.tasks import short_name
from handlers.supervising.scope import NOT_YOURS, readable, require_admin, scope_in
from handlers.supervising.texts import moment_text
from models.audience import Holder, holders
from models.errors import Refused
from models.media import Media
from models.member import Member, RoleName
from models.programme import Programme
from models.rules.order import UNDER_WAY, Case, OrderAction, OrderBasis, OrderState, is_allowed
from models.supervision_order import (
    OrderStep,
    StepKind,
    SupervisionOrder,
    locked_order,
    orders_in,
    orders_numbered,
    steps_of,
)
from models.task import Task
from models.unit import Unit

#: Who is told of an order: those who answer for its unit.
UNIT_ROLES = (RoleName.LIAISON, RoleName.UNIT_HEAD)
#: With these a unit begins its answer anew.
_BEGINNINGS = (StepKind.ISSUED, StepKind.SENT_BACK, StepKind.REOPENED)
NO_SUCH_ORDER = "没有找到{label}。查看督办单请发“督办”。"
_WHY_NOT = {
    OrderState.OFFERED: "还没有发出",
    OrderState.OPEN: "还没有收到整改情况",
    OrderState.ANSWERED: "已收到整改情况，正等复核",
    OrderState.CLOSED: "已销号",
    OrderState.DROPPED: "已撤销",
}


@dataclass(frozen=True)
class OrderStanding:
    """One order with its programme, task and unit."""

    order: SupervisionOrder
    programme: Programme
    task: Task
    unit: Unit

    @property
    def id(self) -> int:
        """The order's id."""
        return self.order.id or 0

    @property
    def state(self) -> OrderState:
        """How it stands."""
        return OrderState(self.order.state)

    @property
    def case(self) -> Case:
        """The case that it was offered for."""
        order = self.order
        basis = OrderBasis(order.basis)
        return Case(basis, order.task_id, order.obligation_id, order.basis_key or "")

    @property
    def subject(self) -> str:
        """州公安局 州1-7 雪亮工程（答卷专栏）."""
        return f"{self.unit.name} {short_name(self.task)}（{self.programme.short_title}）"

    def label(self, year: int) -> str:
        """督办3; of another year 督办2020-3; of one that is only offered 建议5."""
        if self.order.number is None:
            return f"建议{self.order.id}"
        before = "" if self.order.year == year else f"{self.order.year}-"
        return f"督办{before}{self.order.number}"

    def is_overdue(self, now: datetime) -> bool:
        """Whether its unit has let the limit pass without an answer."""
        return self.state is OrderState.OPEN and now > self.order.effective_limit


def standings(session: Session, rows: Iterable[SupervisionOrder]) -> list[OrderStanding]:
    """These orders with what they are about, in one query; the order of the rows stays."""
    orders = list(rows)
    if not orders:
        return []
    found = session.exec(
        select(SupervisionOrder.id, Programme, Task, Unit)
        .join(Task, col(Task.id) == col(SupervisionOrder.task_id))
        .join(Programme, col(Programme.id) == col(Task.programme_id))
        .join(Unit, col(Unit.id) == col(SupervisionOrder.unit_id))
        .where(col(SupervisionOrder.id).in_([each.id for each in orders]))
    ).all()
    about = {order_id: (programme, task, unit) for order_id, programme, task, unit in found}
    return [OrderStanding(each, *about[each.id]) for each in orders]


def orders_read(ctx: Context, states: Collection[OrderState] = UNDER_WAY) -> list[OrderStanding]:
    """The orders in these states that the speaker may read, by limit."""
    scopes = {each.programme.id: each for each in readable(ctx)}
    found = [
        each
        for each in standings(ctx.session, orders_in(ctx.session, states))
        if each.programme.id in scopes and scopes[each.programme.id].reads_units([each.unit])
    ]
    return sorted(found, key=lambda each: (each.order.effective_limit, each.id))


def order_called(ctx: Context, number: int, year: int | None = None) -> OrderStanding:
    """The order of this number that the speaker may read, locked.

    Without a year that of this year, or one of an earlier year that is still under way.
    """
    rows = [e for e in orders_numbered(ctx.session, number) if year in (None, e.year)]
    own = [row for row in rows if row.year == ctx.today.year and row.state in UNDER_WAY]
    if not rows:
        label = f"督办{f'{year}-' if year else ''}{number}"
        raise Refused(NO_SUCH_ORDER.format(label=label))
    return _locked(ctx, (own or rows)[0].id or 0)


def offer_called(ctx: Context, order_id: int) -> OrderStanding:
    """What was offered to the admins under this number, locked; refused where nothing was."""
    row = ctx.session.get(SupervisionOrder, order_id)
    if row is None or (row.number is None and row.basis_key is None):
        raise Refused(f"没有建议{order_id}。查看待定的督办建议请发“督办 建议”。")
    found = _locked(ctx, order_id)
    require_admin(ctx, found.programme)
    return found


def _locked(ctx: Context, order_id: int) -> OrderStanding:
    [found] = standings(ctx.session, [locked_order(ctx.session, order_id)])
    if not scope_in(ctx, found.programme).reads_units([found.unit]):
        raise Refused(NOT_YOURS)
    return found


def require(ctx: Context, each: OrderStanding, action: OrderAction) -> None:
    """Refuse what the state of an order does not let anybody do; who settled it is named."""
    if is_allowed(action, each.state):
        return
    label = each.label(ctx.today.year)
    why = _settled(ctx, each) or f"{_WHY_NOT[each.state]}，不能{action.value}"
    raise Refused(f"{label} {why}，本次未处理。查看请发“{label}”。")


def _settled(ctx: Context, each: OrderStanding) -> str:
    """已由管理员乙于8月20日09:05销号, of an order that somebody closed or dropped."""
    ends = {StepKind.CLOSED: OrderAction.CLOSE, StepKind.DROPPED: OrderAction.DROP}
    last = next((e for e in reversed(steps_of(ctx.session, each.id)) if e.kind in ends), None)
    if last is None or last.member_id is None:
        return ""
    name = ctx.session.get_one(Member, last.member_id).name
    at = moment_text(last.at, ctx.services.zone)
    return f"已由{harmless(name)}于{at}{ends[StepKind(last.kind)].value}"


def people_of(people: Iterable[Holder], each: OrderStanding) -> list[Holder]:
    """Those of *people* who are liaison or head of the order's unit, each once, liaisons first."""
    found: dict[int, Holder] = {}
    for role in UNIT_ROLES:
        for holder in people:
            is_of_unit = holder.unit_id == each.unit.id and holder.role is role
            if is_of_unit and holder.serves(each.programme.id or 0):
                found.setdefault(holder.member_id, holder)
    return list(found.values())


def admins_of(session: Session, programme: Programme) -> list[int]:
    """The admins of a programme."""
    found = holders(session, (RoleName.ADMIN,))
    return list(dict.fromkeys(e.member_id for e in found if e.serves(programme.id or 0)))


def is_admin(ctx: Context, each: OrderStanding) -> bool:
    """Whether the speaker decides about this order."""
    return ctx.speaker.has(RoleName.ADMIN, programme_id=each.programme.id)


def is_liaison(ctx: Context, each: OrderStanding) -> bool:
    """Whether the speaker answers for this order's unit."""
    own = ctx.speaker.unit_ids(RoleName.LIAISON, programme_id=each.programme.id)
    return each.unit.id in own


def add_step(
    ctx: Context,
    order: SupervisionOrder,
    kind: StepKind,
    text: str = "",
    *,
    until: datetime | None = None,
    media: Sequence[Media] = (),
) -> OrderStep:
    """One more step, by the speaker's message, also in the trail of what was done."""
    step = OrderStep(
        order_id=order.id or 0,
        at=ctx.now,
        kind=kind,
        member_id=ctx.speaker.id,
        text=text,
        until=until,
        inbox_id=ctx.inbox_id,
        media=[{"sha": each.sha, "name": each.name} for each in media],
    )
    ctx.session.add(step)
    ctx.session.flush()
    ctx.record(
        f"order_{kind.value}",
        "supervision_order",
        order.id or 0,
        after={"state": str(order.state), "messages": list(ctx.inbox_ids)},
    )
    return step


def live_steps(session: Session, order_id: int) -> list[OrderStep]:
    """The steps of an order without those that were taken back, oldest first."""
    steps = steps_of(session, order_id)
    back = {each.inbox_id for each in steps if each.kind == StepKind.WITHDRAWN}
    return [each for each in steps if each.inbox_id is None or each.inbox_id not in back]


def this_round(steps: Sequence[OrderStep]) -> list[OrderStep]:
    """What happened since the order was issued, last sent back or opened again."""
    begins = [at for at, e in enumerate(steps) if e.kind in _BEGINNINGS]
    return list(steps[begins[-1] + 1 :]) if begins else list(steps)


def extension_asked(steps: Sequence[OrderStep]) -> OrderStep | None:
    """The wish for more time that nobody has decided yet, or None."""
    last = next((each for each in reversed(steps) if _is_about_time(each)), None)
    return last if last is not None and last.kind == StepKind.EXTENSION_ASKED else None


def _is_about_time(step: OrderStep) -> bool:
    """Whether a step asks for more time, or settles what was asked: also by a limit of its own."""
    kinds = (StepKind.EXTENSION_ASKED, StepKind.EXTENDED, StepKind.EXTENSION_REFUSED)
    return step.kind in kinds or (step.kind in _BEGINNINGS and step.until is not None)
