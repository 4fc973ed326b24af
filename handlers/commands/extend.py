"""延期: an admin gives more time; a liaison asks for it."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.reading.until import Moved, read_moved
from handlers.registry import InGroup, command
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyStanding
from handlers.supervising.exception_requests import Wish, ask, decided_or_asked, take_back
from handlers.supervising.exceptions import (
    LONGEST_REASON,
    extend,
    extended_text,
    reason_text,
    told,
    undo_extension,
)
from handlers.supervising.exceptions_list import extensions_held
from handlers.supervising.exceptions_meant import (
    Meant,
    Target,
    duties_meant,
    subject_text,
    target_of,
)
from handlers.supervising.exceptions_scope import Standpoint, standpoint
from models.errors import Refused
from models.exception_request import ExceptionKind
from models.member import RoleName
from models.message import Reply
from models.rules.period import END_OF_DAY
from models.rules.reporting import Action

HOW_ADMIN = "延期请写单位、任务、新的日期和原因，例如：\n延期 州公安局 州1-7 9月25日 数据正在核对"
HOW_LIAISON = "申请延期请写任务、新的日期和原因，例如：\n延期 州1-7 9月25日 数据正在核对"
_UNDO = re.compile(r"(?:^|\s)(?:取消|撤销|撤回)(?:\s|$)")


@command(
    "extend",
    "延期",
    "申请延期",
    usage="延期 州公安局 州1-7 9月25日 原因",
    about="延长一期报送的期限；联络员发的是申请，由管理员答复；只发“延期”可查看",
    roles=(RoleName.ADMIN, RoleName.LIAISON),
    group=InGroup.REFUSE,
)
def extend_duty(ctx: Context, rest: str) -> Reply:
    """A later deadline, the wish for one, either taken back, or the list of what holds."""
    view = standpoint(ctx)
    if not rest.strip():
        return Reply("\n".join(extensions_held(ctx, view)))
    if _UNDO.search(rest):
        return _undone(ctx, view, _UNDO.sub(" ", rest).strip())
    moved = read_moved(rest, ctx.today)
    tail = f"{moved.written} {moved.after}".strip()
    target = target_of(ctx, moved.before, view.programmes, "延期", tail)
    if isinstance(target, Reply):
        return target
    reason = "；".join(filter(None, (target.reason, moved.after)))[:LONGEST_REASON]
    _require(target, moved, reason, HOW_ADMIN if view.decides(target.programme) else HOW_LIAISON)
    order = ("延期", f"{moved.written} {reason}")
    meant = duties_meant(ctx, target, view, Action.EXTEND, order)
    if isinstance(meant, Reply):
        return meant
    until = _until(ctx, moved)
    return decided_or_asked(
        view,
        meant,
        lambda theirs: _extended(ctx, theirs, until, reason),
        lambda own: ask(ctx, own, Wish(ExceptionKind.EXTENSION, reason, until)),
    )


def _require(target: Target, moved: Moved, reason: str, how: str) -> None:
    """Refuse what is not named, dated or explained, saying which."""
    missing = [
        *([] if target.names_something else ["任务编号"]),
        *([] if moved.has_day else ["新的日期"]),
        *([] if reason else ["原因"]),
    ]
    if missing:
        raise Refused(f"还缺{'、'.join(missing)}，期限没有变。{how}")


def _until(ctx: Context, moved: Moved) -> Callable[[DutyStanding], datetime]:
    zone = ctx.services.zone

    def until(each: DutyStanding) -> datetime:
        if moved.day is not None:
            return datetime.combine(moved.day, moved.at or END_OF_DAY, zone)
        local = each.duty.deadline.astimezone(zone)
        if moved.span is None or local < ctx.now:
            raise Refused(f"{subject_text(each)}已过期限，请写明延到哪天，如“9月25日”。")
        day = local.date() + timedelta(days=moved.span.days)
        if moved.span.are_workdays:
            day = ctx.calendar.add_workdays(local.date(), moved.span.days)
        return datetime.combine(day, local.time(), zone)

    return until


def _extended(
    ctx: Context, meant: Sequence[Meant], until: Callable[[DutyStanding], datetime], reason: str
) -> list[str]:
    done = extend(ctx, meant, until, reason)
    said = reason_text(reason)

    def word(each: DutyStanding) -> str:
        return f"{extended_text(ctx, each)}。{said}。请届时前发“报送 {each.number}”。"

    line = told(ctx, done, word)
    return [*(f"已延期：{extended_text(ctx, each)}" for each in done), said, line]


def _undone(ctx: Context, view: Standpoint, text: str) -> Reply:
    target = target_of(ctx, text, view.programmes, "延期 取消", "")
    if isinstance(target, Reply):
        return target
    if not target.names_something:
        raise Refused("请写明取消哪一项的延期，例如：\n延期 取消 州公安局 州1-7")
    meant = duties_meant(ctx, target, view, Action.UNDO, ("延期 取消", ""))
    if isinstance(meant, Reply):
        return meant
    return decided_or_asked(
        view,
        meant,
        lambda theirs: _taken_back(ctx, theirs),
        lambda own: take_back(ctx, own, ExceptionKind.EXTENSION),
    )


def _taken_back(ctx: Context, meant: Sequence[Meant]) -> list[str]:
    done = undo_extension(ctx, meant)

    def word(each: DutyStanding) -> str:
        due = _due(ctx, each)
        return f"{subject_text(each)}的延期已取消，仍按{due}截止。请发“报送 {each.number}”报送。"

    line = told(ctx, done, word)
    return [*(f"已取消延期：{subject_text(e)}，仍按{_due(ctx, e)}截止" for e in done), line]


def _due(ctx: Context, each: DutyStanding) -> str:
    return due_text(each.duty.deadline, ctx.services.zone)
