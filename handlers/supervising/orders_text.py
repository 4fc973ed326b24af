"""Supervision orders as they are said: in one line, in full, and what to do next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.reporting.texts import due_text
from handlers.supervising.orders import (
    OrderStanding,
    extension_asked,
    is_admin,
    is_liaison,
    live_steps,
)
from handlers.supervising.texts import moment_text
from models.member import Member
from models.outbox import OutboxMessage, OutboxState
from models.rules.order import OrderState
from models.rules.workday import Calendar
from models.rules.zone import local_zone
from models.supervision_order import TRAIL, OrderStep, StepKind, steps_of, words_under

#: So much of a requirement stands in a list.
_IN_LIST = 30
STATES = {
    OrderState.OFFERED: "待定",
    OrderState.OPEN: "办理中",
    OrderState.ANSWERED: "已答复，待复核",
    OrderState.CLOSED: "已销号",
    OrderState.DROPPED: "已撤销",
}
STEPS = {
    StepKind.OFFERED: "收到督办建议",
    StepKind.ISSUED: "发出督办单",
    StepKind.TOLD: "通知",
    StepKind.REMINDED: "提醒",
    StepKind.EVIDENCE: "报来整改情况",
    StepKind.EXTENSION_ASKED: "申请延期",
    StepKind.EXTENDED: "同意延期",
    StepKind.EXTENSION_REFUSED: "不同意延期",
    StepKind.SENT_BACK: "退回继续整改",
    StepKind.WITHDRAWN: "撤回",
    StepKind.CLOSED: "销号",
    StepKind.REOPENED: "恢复办理",
    StepKind.DROPPED: "撤销",
}
_SENT = {
    OutboxState.WAITING: "待发送",
    OutboxState.SENT: "已送达",
    OutboxState.FAILED: "未送达",
    OutboxState.UNKNOWN: "是否送达不明",
    OutboxState.DROPPED: "未发送",
}


def limit_text(limit: datetime, today: date) -> str:
    """9月30日, with the year where it is not this one."""
    year = limit.astimezone(local_zone()).year
    return f"{'' if year == today.year else f'{year}年'}{due_text(limit, local_zone())}"


def when_text(each: OrderStanding, now: datetime, days: Calendar) -> str:
    """Its limit, and how far off it is in working days."""
    today = now.astimezone(local_zone()).date()
    limit = each.order.effective_limit
    day = limit.astimezone(local_zone()).date()
    text = f"{limit_text(limit, today)}前办结"
    if each.state is not OrderState.OPEN:
        return text
    if now > limit:
        late = days.workdays_between(day, today)
        return f"{text}，已逾期{f'{late}个工作日' if late else ''}"
    if day == today:
        return f"今天（{limit_text(limit, today)}）前办结"
    return f"{text}，还有{days.workdays_between(today, day)}个工作日"


def line_of(each: OrderStanding, now: datetime, days: Calendar, *, with_unit: bool = True) -> str:
    """One order in a list."""
    year = now.astimezone(local_zone()).year
    subject = each.subject if with_unit else each.subject.removeprefix(f"{each.unit.name} ")
    state = "" if each.state is OrderState.OPEN else f"（{STATES[each.state]}）"
    required = shown(each.order.required, _IN_LIST)
    when = when_text(each, now, days)
    return f"{each.label(year)} {subject}：{required}；{when}{state}"


def offer_line(each: OrderStanding) -> str:
    """One offer: 建议3 州公安局 州1-7 雪亮工程（答卷专栏）：what is wrong."""
    return f"建议{each.id} {each.subject}：{harmless(each.order.problem)}"


def body_of(each: OrderStanding, now: datetime, days: Calendar) -> list[str]:
    """Number and subject, problem, requirement and limit, a line each."""
    year = now.astimezone(local_zone()).year
    order = each.order
    problem = [f"问题：{harmless(order.problem)}"] if order.problem else []
    return [
        f"{each.label(year)} {each.subject}",
        *problem,
        f"要求：{harmless(order.required)}",
        f"期限：{when_text(each, now, days)}",
    ]


def in_full(ctx: Context, each: OrderStanding) -> list[str]:
    """An order with its steps, who was told of it when, and what its reader does next."""
    steps = list(steps_of(ctx.session, each.id))
    names = names_of(ctx.session, steps)
    words = words_under(ctx.session, [step.key for step in steps])
    done = [step for step in steps if step.kind not in TRAIL]
    lines = [*body_of(each, ctx.now, ctx.calendar), f"状态：{state_text(each, ctx.now)}"]
    lines += ["办理过程：", *(step_line(s, names, ctx.services.zone) for s in done)]
    if trail := trail_lines(steps, names, words, ctx.services.zone):
        lines += ["通知记录：", *trail]
    return [*lines, *next_lines(ctx, each)]


def state_text(each: OrderStanding, now: datetime) -> str:
    """办理中, 已逾期, 已答复，待复核, 已销号."""
    return "已逾期" if each.is_overdue(now) else STATES[each.state]


def names_of(session: Session, steps: Sequence[OrderStep]) -> dict[int, str]:
    """Who did or was told these, by id, in one query."""
    ids = {step.member_id for step in steps if step.member_id is not None}
    rows = session.exec(select(Member).where(col(Member.id).in_(ids))).all()
    return {row.id or 0: harmless(row.name) for row in rows}


def step_text(step: OrderStep) -> str:
    """What a step says besides who and when."""
    kind = StepKind(step.kind)
    until = f"到{due_text(step.until, local_zone())}" if step.until else ""
    count = f"（附件{len(step.media)}个）" if step.media else ""
    words = f"：{harmless(step.text)}" if step.text else ""
    return f"{STEPS[kind]}{until}{words}{count}"


def step_line(step: OrderStep, names: Mapping[int, str], zone: ZoneInfo) -> str:
    who = names.get(step.member_id or 0, "系统")
    return f"{moment_text(step.at, zone)} {who}{step_text(step)}"


def trail_lines(
    steps: Sequence[OrderStep],
    names: Mapping[int, str],
    words: Mapping[str, OutboxMessage],
    zone: ZoneInfo,
) -> list[str]:
    """Who was told what when, and whether it reached them, a line for each notice."""
    notices: dict[tuple[datetime, str], list[OrderStep]] = {}
    for step in steps:
        if step.kind in TRAIL:
            notices.setdefault((step.at, step.kind), []).append(step)
    return [
        f"{moment_text(at, zone)} {STEPS[StepKind(kind)]}{told[0].text}："
        + "、".join(
            f"{names.get(s.member_id or 0, '')}{_bracketed(sent_text(s, words, zone))}"
            for s in told
        )
        for (at, kind), told in notices.items()
    ]


def sent_text(step: OrderStep, words: Mapping[str, OutboxMessage], zone: ZoneInfo) -> str:
    """Whether a notice reached its reader, and when: as the outbox knows it."""
    word = words.get(step.key)
    if word is None:
        return ""
    at = moment_text(word.sent_at, zone) if word.sent_at else ""
    if at and word.state == OutboxState.DROPPED:
        return f"{at}送达，后已撤回"
    # Of what may have left there is a time, too.
    return f"{at if word.state == OutboxState.SENT else ''}{_SENT[OutboxState(word.state)]}"


def _bracketed(text: str) -> str:
    return f"（{text}）" if text else ""


def next_lines(ctx: Context, each: OrderStanding) -> Iterator[str]:
    """What the reader of an order can send now."""
    label = each.label(ctx.today.year)
    if is_admin(ctx, each):
        yield from _next_of_admin(ctx, each, label)
    elif is_liaison(ctx, each):
        yield from next_of_liaison(each, label, ctx.now)


def _next_of_admin(ctx: Context, each: OrderStanding, label: str) -> Iterator[str]:
    asked = extension_asked(live_steps(ctx.session, each.id))
    if asked is not None and each.state in (OrderState.OPEN, OrderState.ANSWERED):
        yield f"延期请发“{label} 同意”或“{label} 不同意 原因”。"
    if each.state is OrderState.ANSWERED:
        yield f"复核通过请发“销号 {label}”；需继续整改请发“{label} 退回 原因”。"
    elif each.state is OrderState.OPEN:
        yield f"已另行核实的请发“销号 {label} 核实情况”；发错的请发“{label} 撤销 原因”。"
    elif each.state is OrderState.CLOSED:
        yield f"销号有误的请发“{label} 恢复 原因”。"


def next_of_liaison(each: OrderStanding, label: str, now: datetime) -> Iterator[str]:
    """How a liaison answers an order, and asks for more time while that is possible."""
    if each.state is OrderState.ANSWERED:
        yield f"正等管理员复核；要补充请再发“{label}”加内容。"
    elif each.state is OrderState.OPEN:
        if each.order.obligation_id is not None:
            yield f"报送后自动转复核，不用另报；另有说明请发“{label}”加内容。"
        else:
            yield f"办结请发“{label}”加整改情况，图片、文件可一并发来。"
        if now <= each.order.effective_limit:
            yield f"需要延期请在期限前发“{label} 延期 日期 原因”。"
