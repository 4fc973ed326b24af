"""What stands by a message that was taken back goes, too, if it may: 对接, 动态, 研判, 督办."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from handlers.context import Context
from handlers.supervising import activities, contacting
from handlers.supervising.orders_recalled import orders_recalled
from models.audit import Audit
from models.errors import Refused
from models.inbox import find_message
from models.message import Reply

_WORDS = {"contact": "对接", "activity": "动态"}
_REPORTED = ("report_contact", "report_activity")
_AMENDED = ("amend_contact", "amend_activity")


def recalled_facts(ctx: Context, message_id: str) -> Reply | None:
    """Take back what the speaker recorded with this message; None where it recorded nothing.

    What was changed since, or is an amendment itself, stays, and is said to.
    """
    found = _acts_of(ctx, message_id)
    row = find_message(ctx.session, ctx.message.platform, message_id)
    lines = [*_taken_back(ctx, found), *_kept(found)]
    lines += orders_recalled(ctx, row) if row is not None else []
    return Reply("\n".join(lines)) if lines else None


def _acts_of(ctx: Context, message_id: str) -> Sequence[Audit]:
    """What the speaker did with the message, oldest first."""
    row = find_message(ctx.session, ctx.message.platform, message_id)
    if row is None or row.sender_id.casefold() != ctx.message.sender_id.casefold():
        return []
    acts = ctx.session.exec(
        select(Audit)
        .where(
            Audit.member_id == ctx.speaker.id,
            col(Audit.at) >= row.received_at,
            col(Audit.table).in_((*_WORDS, "outlook")),
        )
        .order_by(col(Audit.id))
    ).all()
    return [act for act in acts if row.id in act.after.get("messages", ())]


def _taken_back(ctx: Context, acts: Sequence[Audit]) -> Iterator[str]:
    for act in acts:
        if act.action not in _REPORTED:
            continue
        try:
            yield _without(ctx, act)
        except Refused as refusal:
            yield refusal.text


def _without(ctx: Context, act: Audit) -> str:
    if act.table == "contact":
        contact = contacting.changeable(ctx, act.row)
        if contact.row.id == act.row:
            return f"您撤回了消息。{contacting.take_back(ctx, contact)}"
    else:
        item = activities.changeable(ctx, act.row)
        if item.row.id == act.row:
            return f"您撤回了消息。{activities.take_back(ctx, item)}"
    name = f"{_WORDS[act.table]}{act.row}"
    return f"您撤回了消息，但{name} 此后已更正，仍然有效。要收回请发“撤回 {name}”。"


def _kept(acts: Sequence[Audit]) -> Iterator[str]:
    if any(act.action in _AMENDED for act in acts):
        yield "您撤回了消息，更正仍然有效。要改回请再发“更正”加编号和内容。"
    if any(act.table == "outlook" for act in acts):
        yield "您撤回了消息，研判仍然有效。要改请再发“研判”加事项、单位和等级，取消写“取消”。"
