"""What the people of a unit are told of supervision orders: once, merged, in working hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.standing.policy import ladder_policy
from handlers.supervising.orders import UNIT_ROLES, OrderStanding, admins_of, people_of
from models.audience import Holder, holders, single_chats
from models.member import RoleName
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.rules.ladder import next_working_time
from models.supervision_order import (
    OrderStep,
    StepKind,
    others_told,
    parts_under,
    steps_of,
)

#: What a notice is about, by the part of its key that says so.
_ABOUT = {
    "issued": "督办单",
    "extended": "同意延期",
    "kept": "不同意延期",
    "sent_back": "退回整改情况",
    "closed": "销号",
    "reopened": "恢复办理",
    "dropped": "撤销",
}
_WITHDRAWN = "督办单已撤销，未发送"
#: Words for one person about all the orders that concern them.
Words = Callable[[Holder, Sequence[OrderStanding]], str]


@dataclass(frozen=True)
class Told:
    """Who is told, from when on, and whom nothing reaches; *nobody* are units without anyone."""

    people: tuple[str, ...]
    lost: tuple[str, ...]
    nobody: tuple[str, ...]
    held_until: datetime | None


def tell_units(ctx: Context, orders: Sequence[OrderStanding], about: str, words: Words) -> Told:
    """One message to each liaison and head about all *orders* of theirs, noted on each order.

    Outside working hours it waits for the next working time: an order is no emergency.
    """
    by_person, nobody = _by_person(ctx, orders)
    chats = single_chats(ctx.session, by_person)
    opens = next_working_time(ctx.now, ctx.calendar, ladder_policy(orders[0].programme))
    # What waits for the morning may not hold up what is said tonight.
    priority = Priority.BULK if opens > ctx.now else Priority.ALARM
    for member_id, (person, theirs) in by_person.items():
        if member_id in chats:
            key = f"order:{ctx.inbox_id}:{about}:member{member_id}"
            reply = Reply(words(person, theirs))
            say(
                ctx.session,
                chats[member_id],
                reply,
                key=key,
                now=ctx.now,
                priority=priority,
                not_before=opens,
            )
            ctx.session.add_all(
                told_step(each, member_id, key, ctx.now, text=_ABOUT[about]) for each in theirs
            )
    told = [person.name for id_, (person, _) in by_person.items() if id_ in chats]
    lost = [person.name for id_, (person, _) in by_person.items() if id_ not in chats]
    held = opens if opens > ctx.now else None
    return Told(tuple(told), tuple(lost), nobody, held)


def _by_person(
    ctx: Context, orders: Sequence[OrderStanding]
) -> tuple[dict[int, tuple[Holder, list[OrderStanding]]], tuple[str, ...]]:
    """Who answers for the units of these orders, with theirs; the units without a liaison."""
    found: dict[int, tuple[Holder, list[OrderStanding]]] = {}
    nobody = []
    everybody = holders(ctx.session, UNIT_ROLES, ctx.today)
    for each in orders:
        people = people_of(everybody, each)
        if not any(person.role is RoleName.LIAISON for person in people):
            nobody.append(each.unit.name)
        for person in people:
            found.setdefault(person.member_id, (person, []))[1].append(each)
    return found, tuple(dict.fromkeys(nobody))


def tell_admins(ctx: Context, each: OrderStanding, text: str, about: str) -> None:
    """Tell every admin of the order's programme what waits for a decision, in working hours."""
    opens = next_working_time(ctx.now, ctx.calendar, ladder_policy(each.programme))
    chats = single_chats(ctx.session, admins_of(ctx.session, each.programme))
    for member_id, chat_id in chats.items():
        key = f"order:{ctx.inbox_id}:{about}:member{member_id}"
        say(ctx.session, chat_id, Reply(text), key=key, now=ctx.now, not_before=opens)


def told_step(
    each: OrderStanding,
    member_id: int,
    key: str,
    now: datetime,
    kind: StepKind = StepKind.TOLD,
    text: str = "",
) -> OrderStep:
    """The note on an order that somebody was told of it under *key*."""
    return OrderStep(order_id=each.id, at=now, kind=kind, member_id=member_id, key=key, text=text)


def take_back_unsent(ctx: Context, each: OrderStanding) -> bool:
    """Take back the notices of an order while none has gone out; whether that was possible.

    One that speaks of other orders as well stays.
    """
    keys = [step.key for step in steps_of(ctx.session, each.id) if step.key]
    rows = [row for key in keys for row in parts_under(ctx.session, key)]
    is_alone = not others_told(ctx.session, each.id, keys)
    if not rows or not is_alone or any(not _is_unsent(row) for row in rows):
        return False
    for row in rows:
        row.state, row.answer = OutboxState.DROPPED, _WITHDRAWN
    return True


def _is_unsent(row: OutboxMessage) -> bool:
    return row.state == OutboxState.WAITING and not (row.locked_until or row.platform)
