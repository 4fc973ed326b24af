"""Supervision orders by the clock: what is offered each morning, who is reminded, who is above."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.standing.duties import DutyStanding
from handlers.standing.openings import opening
from handlers.standing.policy import order_policy
from handlers.standing.wishes import unanswered
from handlers.supervising.orders import OrderStanding, people_of, standings
from handlers.supervising.orders_cases import Found, cases_found
from handlers.supervising.orders_offers import HOW_TO_DECIDE, SHOWN
from handlers.supervising.orders_settled import settle
from handlers.supervising.orders_text import line_of, next_of_liaison, offer_line
from handlers.supervising.texts import owed_lines
from models.audience import Holder, by_unit
from models.db import Database
from models.member import RoleName
from models.rules.ladder import EscalationKind, Policy, escalations, slot_due, slots
from models.rules.opening import Opening
from models.rules.order import (
    UNDER_WAY,
    OrderBasis,
    OrderState,
    bases_on,
    order_ladder,
    usual_limit,
    weigh,
)
from models.rules.zone import local_zone
from models.setting import keep_setting, setting
from models.supervision_order import (
    OrderStep,
    StepKind,
    SupervisionOrder,
    known_among,
    orders_in,
    steps_among,
)
from scheduler.escalations import ADMIN_SLOT, HEAD_SLOT, told_at, was_told
from scheduler.moment import Moment, Word

#: The day on which cases were last looked for.
LAST_SCAN = "orders_scan"
#: What the clock has to do with.
WATCHED = (OrderState.OFFERED, OrderState.OPEN)
_TABLE = "supervision_order"


def scan_orders(database: Database, moment: Moment) -> None:
    """Once a working day, at its first slot: offer new cases, let go those that are settled.

    Of finished years nothing is offered, and what was is let go. A report that came in answers
    the order about it. What is found is read first, so that nobody waits for the lock meanwhile.
    """
    with database.read() as session:
        if not moment.is_slot_open or setting(session, LAST_SCAN) == str(moment.today):
            return
        bases = bases_on(moment.today, moment.days)
        found = cases_found(
            session,
            moment.running,
            moment.days,
            moment.now,
            with_red=OrderBasis.RED in bases,
        )
    with database.write() as session:
        keep_setting(session, LAST_SCAN, str(moment.today))
        kept = standings(session, orders_in(session, (*UNDER_WAY, OrderState.OFFERED)))
        offered = [each for each in kept if each.state is OrderState.OFFERED]
        under_way = [each for each in kept if each.state is not OrderState.OFFERED]
        settle(session, under_way, moment.now)
        _weigh(session, found, under_way, offered, moment)


def _weigh(
    session: Session,
    found: Sequence[Found],
    under_way: Sequence[OrderStanding],
    known: Sequence[OrderStanding],
    moment: Moment,
) -> None:
    offered = {each.case: each for each in known}
    by_case = {each.case: each for each in found}
    weighed = weigh(
        list(by_case),
        offered,
        known_among(session, [case.key for case in by_case]),
        {each.order.task_id for each in under_way},
        bases_on(moment.today, moment.days),
    )
    for case in weighed.gone:
        each = offered[case]
        each.order.state = OrderState.DROPPED
        why = "专项年度已结束" if each.programme.id in moment.over else "情况已消除"
        session.add(_step(each.id, StepKind.DROPPED, moment, why))
    session.add_all(_offer(by_case[case], moment) for case in weighed.fresh)
    session.flush()


def _offer(found: Found, moment: Moment) -> SupervisionOrder:
    policy = order_policy(found.programme)
    return SupervisionOrder(
        year=moment.today.year,
        task_id=found.case.task_id,
        unit_id=found.units[0].id or 0,
        obligation_id=found.case.obligation_id,
        basis=found.case.basis,
        basis_key=found.case.key,
        problem=found.said,
        required=found.required,
        limit=usual_limit(moment.now, moment.days, policy),
        state=OrderState.OFFERED,
        made_at=moment.now,
    )


def _step(order_id: int, kind: StepKind, moment: Moment, text: str = "") -> OrderStep:
    return OrderStep(order_id=order_id, at=moment.now, kind=kind, text=text)


def watched_orders(session: Session) -> list[OrderStanding]:
    """The orders of which somebody may be told something now: offered ones, and open ones."""
    return standings(session, orders_in(session, WATCHED))


def order_texts(
    orders: Iterable[OrderStanding], people: Iterable[Holder], moment: Moment
) -> dict[int, str]:
    """What each liaison reads of the orders with a step of their clock today, by member."""
    due = [each for each in orders if _is_today(each, moment)]
    return {member_id: _text(each, moment) for member_id, each in _by_liaison(due, people).items()}


def order_words(
    session: Session,
    orders: Sequence[OrderStanding],
    people: Sequence[Holder],
    owed: Sequence[DutyStanding],
    moment: Moment,
) -> list[Word]:
    """Reminders of orders to liaisons, of overdue ones to heads and admins, offers to admins.

    *owed* are the reports that orders may be about.
    """
    opened = [each for each in orders if each.state is OrderState.OPEN]
    found = _reminders(opened, people, moment)
    found += _above(session, opened, people, moment)
    return [*found, *_offers(session, orders, people, owed, moment)]


def _ladder(each: OrderStanding, moment: Moment) -> Policy:
    return order_ladder(moment.policies[each.programme.id or 0], order_policy(each.programme))


def _is_today(each: OrderStanding, moment: Moment) -> bool:
    """Whether its clock has struck today, however long ago."""
    if each.state is not OrderState.OPEN:
        return False
    struck = slots(each.order.effective_limit, moment.days, _ladder(each, moment), moment.now)
    return bool(struck) and struck[-1].at.date() == moment.today


def _reminders(
    opened: Iterable[OrderStanding], people: Iterable[Holder], moment: Moment
) -> list[Word]:
    at: dict[int, datetime] = {}
    for each in opened:
        limit = each.order.effective_limit
        if slot := slot_due(limit, moment.now, moment.days, _ladder(each, moment)):
            at[each.id] = slot.at
    found = []
    for member_id, theirs in _by_liaison([e for e in opened if e.id in at], people).items():
        latest = max(at[each.id] for each in theirs)
        cap = min(_ladder(each, moment).daily_cap for each in theirs)
        noted = tuple((each.id, StepKind.REMINDED) for each in theirs)
        word = Word(member_id, f"{latest:%H%M}", _text(theirs, moment), cap, orders=noted)
        found.append(word)
    return found


def _by_liaison(
    orders: Iterable[OrderStanding], people: Iterable[Holder]
) -> Mapping[int, list[OrderStanding]]:
    of_units = by_unit(people)
    found: dict[int, list[OrderStanding]] = {}
    for each in sorted(orders, key=lambda each: (each.order.effective_limit, each.id)):
        for person in people_of(of_units.get(each.unit.id, ()), each):
            if person.role is RoleName.LIAISON:
                found.setdefault(person.member_id, []).append(each)
    return found


def _text(theirs: Sequence[OrderStanding], moment: Moment) -> str:
    late = all(each.is_overdue(moment.now) for each in theirs)
    which = Opening.ORDER_LATE if late else Opening.ORDER_DUE
    head = opening(which, (each.programme for each in theirs))
    lines = [line_of(each, moment.now, moment.days) for each in theirs]
    label = theirs[0].label(moment.today.year)
    how = list(next_of_liaison(theirs[0], label, moment.now))
    return "\n".join([head, *lines, *how])


def _above(
    session: Session, opened: Sequence[OrderStanding], people: Sequence[Holder], moment: Moment
) -> list[Word]:
    """Overdue orders to the heads, and later to the admins, each once for one limit."""
    late = [each for each in opened if each.is_overdue(moment.now)]
    told = told_at(session, _TABLE, [each.id for each in late])
    heads = by_unit(person for person in people if person.role is RoleName.UNIT_HEAD)
    admins = _admins(people)
    found: dict[tuple[int, EscalationKind], list[OrderStanding]] = {}
    for each in late:
        limit = each.order.effective_limit
        for rung in escalations(limit, moment.now, moment.days, _ladder(each, moment)):
            if not was_told(told, each.id, rung.kind, limit):
                is_for_admins = rung.kind is EscalationKind.ORDER
                above = admins if is_for_admins else heads.get(each.unit.id, [])
                for member_id in _serving(above, each):
                    found.setdefault((member_id, rung.kind), []).append(each)
    return [_late_word(member_id, kind, each, moment) for (member_id, kind), each in found.items()]


def _admins(people: Iterable[Holder]) -> list[Holder]:
    return [person for person in people if person.role is RoleName.ADMIN]


def _serving(people: Iterable[Holder], each: OrderStanding) -> list[int]:
    """Those of *people* who count in the programme of this order, each once."""
    serving = (person for person in people if person.serves(each.programme.id or 0))
    return list(dict.fromkeys(person.member_id for person in serving))


def _late_word(
    member_id: int, kind: EscalationKind, theirs: Sequence[OrderStanding], moment: Moment
) -> Word:
    lines = [line_of(each, moment.now, moment.days) for each in theirs]
    label = theirs[0].label(moment.today.year)
    if kind is EscalationKind.ORDER:
        which = Opening.ORDER_LATE_ADMIN
        how = f"请电话催办；需要延期请发“{label} 延期 日期 原因”。"
    else:
        which = Opening.ORDER_LATE_HEAD
        how = f"查看请发“{label}”。"
    return Word(
        member_id=member_id,
        slot=ADMIN_SLOT if kind is EscalationKind.ORDER else HEAD_SLOT,
        text="\n".join([opening(which, (each.programme for each in theirs)), *lines, how]),
        cap=min(_ladder(each, moment).daily_cap for each in theirs),
        escalated=tuple((_TABLE, each.id, kind) for each in theirs),
        orders=tuple((each.id, StepKind.REMINDED) for each in theirs),
    )


def _offers(
    session: Session,
    orders: Sequence[OrderStanding],
    people: Sequence[Holder],
    owed: Sequence[DutyStanding],
    moment: Moment,
) -> list[Word]:
    """What was offered and no admin has read of, in one word for each admin."""
    offered = [each for each in orders if each.state is OrderState.OFFERED]
    steps = steps_among(session, [each.id for each in offered]) if offered else {}
    fresh = [each for each in offered if not steps[each.id]]
    admins = _admins(people)
    found: dict[int, list[OrderStanding]] = {}
    for each in fresh:
        for member_id in _serving(admins, each):
            found.setdefault(member_id, []).append(each)
    by_id = {each.id: each for each in owed}
    waiting = unanswered(session, owed) if fresh else frozenset[int]()
    return [
        _offer_word(member_id, theirs, by_id, waiting, moment)
        for member_id, theirs in found.items()
    ]


def _offer_word(
    member_id: int,
    theirs: Sequence[OrderStanding],
    owed: Mapping[int, DutyStanding],
    waiting: Collection[int],
    moment: Moment,
) -> Word:
    lines = [opening(Opening.OFFERS, (each.programme for each in theirs))]
    lines += _offer_lines(theirs, owed, moment)
    lines.append(HOW_TO_DECIDE.format(theirs[0].id))
    asking = sum(each.order.obligation_id in waiting for each in theirs)
    lines += [f"其中{asking}件的延期或免报申请还等您答复，请先发“延期”查看。"] if asking else []
    silent = [each for each in theirs if each.order.basis == OrderBasis.OVERDUE]
    lines += [f"再次提醒请发“催报 {silent[0].unit.name}”。"] if silent else []
    return Word(
        member_id=member_id,
        slot=ADMIN_SLOT,
        text="\n".join(lines),
        cap=min(_ladder(each, moment).daily_cap for each in theirs),
        orders=tuple((each.id, StepKind.OFFERED) for each in theirs),
    )


def _offer_lines(
    theirs: Sequence[OrderStanding], owed: Mapping[int, DutyStanding], moment: Moment
) -> Iterator[str]:
    """Each offer in a line; of many about reports that are overdue, the reports in short."""
    late = [owed[id_] for each in theirs if (id_ := each.order.obligation_id or 0) in owed]
    if len(late) > SHOWN:
        yield from owed_lines(
            late, moment.now, moment.days, local_zone(), with_units=True, count_units=True
        )
        theirs = [each for each in theirs if each.order.obligation_id not in owed]
    yield from (offer_line(each) for each in theirs[:SHOWN])
    if len(theirs) > SHOWN:
        yield f"另有{len(theirs) - SHOWN}件，查看全部请发“督办 建议”。"
    elif len(late) > SHOWN:
        yield "逐件查看请发“督办 建议”。"


def note_told(session: Session, words: Iterable[Word], moment: Moment) -> None:
    """Note on each order who was told of it, and under which key of the outbox."""
    session.add_all(
        OrderStep(
            order_id=order_id,
            at=moment.now,
            kind=kind,
            member_id=word.member_id,
            key=moment.key(word.slot, word.member_id),
        )
        for word in words
        for order_id, kind in word.orders
    )
