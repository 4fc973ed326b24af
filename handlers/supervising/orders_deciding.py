"""What admins decide about supervision orders: more time, once more, closed, withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.standing.policy import order_policy
from handlers.supervising.orders import (
    OrderStanding,
    add_step,
    extension_asked,
    live_steps,
    require,
)
from handlers.supervising.orders_issuing import refuse_twin, told_lines
from handlers.supervising.orders_notices import take_back_unsent, tell_units
from handlers.supervising.orders_text import limit_text, next_of_liaison
from handlers.supervising.orders_words import bounded, with_limit
from models.audience import Holder
from models.errors import Refused
from models.member import RoleName
from models.rules.order import UNDER_WAY, OrderAction, OrderState, is_later, usual_limit
from models.supervision_order import StepKind


def extend(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """A later limit on the admin's own word; the reason is compulsory."""
    require(ctx, each, OrderAction.EXTEND)
    wish = with_limit(text, ctx.today)
    reason = bounded(wish.words)
    if wish.until is None or not reason:
        label = each.label(ctx.today.year)
        raise Refused(f"延期请写明日期和原因，例如：\n{label} 延期 10月15日 设备到货推迟")
    return _extended(ctx, each, wish.until, reason)


def allow(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """More time as the unit asked for it, or until the day that the admin names instead."""
    require(ctx, each, OrderAction.EXTEND)
    asked = _asked(ctx, each)
    said = with_limit(text, ctx.today)
    if said.words:
        label = each.label(ctx.today.year)
        raise Refused(
            f"没有读懂“{harmless(said.words)[:20]}”，未作处理。同意请发“{label} 同意”，"
            f"改期请发如“{label} 同意 10月20日”。"
        )
    return _extended(ctx, each, said.until or asked, "")


def _asked(ctx: Context, each: OrderStanding) -> datetime:
    """Until when the open wish asks; refused where there is none."""
    wish = extension_asked(live_steps(ctx.session, each.id))
    if wish is None or wish.until is None:
        label = each.label(ctx.today.year)
        raise Refused(f"{label} 没有待答复的延期申请。直接延期请发“{label} 延期 日期 原因”。")
    return wish.until


def _extended(ctx: Context, each: OrderStanding, until: datetime, reason: str) -> list[str]:
    label, limit = each.label(ctx.today.year), each.order.effective_limit
    new = limit_text(until, ctx.today)
    if not is_later(until, limit, ctx.now):
        raise Refused(
            f"延期的日期应晚于今天和现期限{limit_text(limit, ctx.today)}，收到{new}。请改写后再发。"
        )
    each.order.extended_to = until
    add_step(ctx, each.order, StepKind.EXTENDED, reason, until=until)
    said = f"{label} {each.subject}的期限已延到{new}{_reason(reason)}。"
    return [said, *_told(ctx, [each], "extended", [f"【督办】{said}", *_how(ctx, each)])]


def refuse_extension(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """No more time; the reason is compulsory."""
    require(ctx, each, OrderAction.EXTEND)
    _asked(ctx, each)
    label = each.label(ctx.today.year)
    reason = bounded(text)
    if not reason:
        raise Refused(f"不同意延期请写明原因，例如：\n{label} 不同意 设备已到货，请按期安装")
    add_step(ctx, each.order, StepKind.EXTENSION_REFUSED, reason)
    limit = limit_text(each.order.effective_limit, ctx.today)
    said = f"{label} {each.subject}的延期申请未获同意，仍请于{limit}前办结{_reason(reason)}。"
    return [said, *_told(ctx, [each], "kept", [f"【督办】{said}", *_how(ctx, each)])]


def send_back(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """The evidence is not enough: once more, perhaps until a later day; a reason is compulsory."""
    require(ctx, each, OrderAction.SEND_BACK)
    label, said = each.label(ctx.today.year), with_limit(text, ctx.today)
    reason = bounded(said.words)
    if not reason:
        raise Refused(
            f"退回请写明原因，需要时先写新的期限，例如：\n{label} 退回 10月10日 还差20个点位的照片"
        )
    _move_limit(ctx, each, said.until, f"{label} 退回 {reason}")
    each.order.state = OrderState.OPEN
    add_step(ctx, each.order, StepKind.SENT_BACK, reason, until=said.until)
    limit = limit_text(each.order.effective_limit, ctx.today)
    line = f"{label} {each.subject}的整改情况已退回，请于{limit}前继续整改{_reason(reason)}。"
    return [line, *_told(ctx, [each], "sent_back", [f"【督办】{line}", *_how(ctx, each)])]


def close(ctx: Context, orders: Sequence[OrderStanding], words: str) -> list[str]:
    """Done: checked and closed; one that nobody answered needs a word on how it was checked."""
    reason = bounded(words)
    for each in orders:
        require(ctx, each, OrderAction.CLOSE)
        label = each.label(ctx.today.year)
        if each.state is OrderState.OPEN and not reason:
            raise Refused(
                f"{label} 还没有收到整改情况，未销号。已另行核实的，请写明核实情况，例如：\n"
                f"销号 {label} 9月28日现场查看已补齐"
            )
    for each in orders:
        each.order.state, each.order.closed_at = OrderState.CLOSED, ctx.now
        add_step(ctx, each.order, StepKind.CLOSED, reason)
    lines = [f"已销号：{e.label(ctx.today.year)} {e.subject}" for e in orders]

    def words_for(person: Holder, theirs: Sequence[OrderStanding]) -> str:
        listed = "；".join(f"{each.label(ctx.today.year)} {each.subject}" for each in theirs)
        return f"【督办】已复核销号：{listed}{_reason(reason)}。无需再报。"

    return [*lines, *told_lines(ctx, tell_units(ctx, orders, "closed", words_for))]


def reopen(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """Closed by mistake: under way again, perhaps until a later day; a reason is compulsory."""
    label, said = each.label(ctx.today.year), with_limit(text, ctx.today)
    if each.state in UNDER_WAY:
        raise Refused(f"{label} 还在办理，不用恢复。查看请发“{label}”。")
    require(ctx, each, OrderAction.REOPEN)
    reason = bounded(said.words)
    if not reason:
        raise Refused(
            f"恢复请写明原因，需要时先写新的期限，例如：\n{label} 恢复 10月10日 现场查看还差20个"
        )
    refuse_twin(ctx, each.task, each.unit, each.order.required)
    until = said.until or _limit_again(ctx, each)
    _move_limit(ctx, each, until, f"{label} 恢复 {reason}")
    each.order.state, each.order.closed_at = OrderState.OPEN, None
    add_step(ctx, each.order, StepKind.REOPENED, reason, until=until)
    limit = limit_text(each.order.effective_limit, ctx.today)
    line = f"{label} {each.subject}已恢复办理，请于{limit}前办结{_reason(reason)}。"
    return [line, *_told(ctx, [each], "reopened", [f"【督办】{line}", *_how(ctx, each)])]


def _move_limit(ctx: Context, each: OrderStanding, until: datetime | None, without: str) -> None:
    """Let a new limit hold; refused where it takes time away, with what to send *without* it."""
    if until is None:
        return
    if until < each.order.effective_limit:
        present = limit_text(each.order.effective_limit, ctx.today)
        raise Refused(
            f"新的期限不应早于现期限{present}，收到{limit_text(until, ctx.today)}。"
            f"期限不变请只写原因，例如：\n{shown(without, 40)}"
        )
    each.order.extended_to = until


def _limit_again(ctx: Context, each: OrderStanding) -> datetime | None:
    """The usual time to answer where the limit has passed meanwhile; else it stays."""
    if each.order.effective_limit > ctx.now:
        return None
    return usual_limit(ctx.now, ctx.calendar, order_policy(each.programme))


def drop(ctx: Context, each: OrderStanding, text: str) -> list[str]:
    """An order that should not have gone out; the reason is compulsory."""
    require(ctx, each, OrderAction.DROP)
    label, reason = each.label(ctx.today.year), bounded(text)
    if not reason:
        raise Refused(f"撤销请写明原因，例如：\n{label} 撤销 发错单位")
    return withdraw(ctx, each, reason)


def withdraw(ctx: Context, each: OrderStanding, reason: str) -> list[str]:
    """The order holds no longer; who was told of it is told so."""
    each.order.state = OrderState.DROPPED
    add_step(ctx, each.order, StepKind.DROPPED, reason)
    said = f"{each.label(ctx.today.year)} {each.subject}已撤销{_reason(reason)}，无需办理。"
    if take_back_unsent(ctx, each):
        return [said, "通知尚未发出，已一并撤下。"]
    return [said, *_told(ctx, [each], "dropped", [f"【督办】{said}"])]


def _how(ctx: Context, each: OrderStanding) -> list[str]:
    return list(next_of_liaison(each, each.label(ctx.today.year), ctx.now))


def _told(
    ctx: Context, orders: Sequence[OrderStanding], about: str, lines: Sequence[str]
) -> list[str]:
    """Tell the units these lines; a head reads the first alone, who need not answer."""

    def words(person: Holder, theirs: Sequence[OrderStanding]) -> str:
        return "\n".join(lines if person.role is RoleName.LIAISON else lines[:1])

    return told_lines(ctx, tell_units(ctx, orders, about, words))


def _reason(reason: str) -> str:
    return f"（{harmless(reason)}）" if reason else ""
