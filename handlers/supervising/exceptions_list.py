"""What was extended or let off and still holds, and what waits for an answer, in lines."""

from collections.abc import Callable, Sequence

from sqlmodel import col, select

from handlers.context import Context
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.supervising.exception_requests import asked_lines, waiting_lines
from handlers.supervising.exceptions import reason_text
from handlers.supervising.exceptions_meant import subject_text
from handlers.supervising.exceptions_scope import Standpoint
from models.obligation import Obligation, ObligationState
from models.rules.reporting import WAITING, State

_MOST = 20
_ADMINS_EXTEND = "延期请发“延期 州公安局 州1-7 9月25日 原因”，取消请发“延期 取消 州公安局 州1-7”。"
_OTHERS_EXTEND = (
    "申请延期请发“延期 州1-7 9月25日 原因”，由管理员答复；撤回申请请发“延期 撤回 州1-7”。"
)
_ADMINS_WAIVE = "免报请发“免报 州公安局 州1-7 原因”，恢复请发“恢复报送 州公安局 州1-7”。"
_OTHERS_WAIVE = "申请免报请发“免报 州1-7 原因”，由管理员答复；撤回申请请发“免报 撤回 州1-7”。"


def extensions_held(ctx: Context, view: Standpoint) -> list[str]:
    """Everything whose later deadline still counts, and what to send."""
    rows = select(Obligation.id).where(
        col(Obligation.extended_to).is_not(None), Obligation.state == ObligationState.OWED
    )
    found = [e for e in _held(ctx, view, rows) if e.state in WAITING]

    def line(each: DutyStanding) -> str:
        due, until = each.obligation.due, each.duty.deadline
        zone = ctx.services.zone
        reason = reason_text(each.obligation.extension_reason)
        return f"{subject_text(each)}：{due_text(due, zone)}延至{due_text(until, zone)}，{reason}"

    how = _how(view, _ADMINS_EXTEND, _OTHERS_EXTEND)
    return [*_lines(found, "已延期", line), *_waiting(ctx, view), *how]


def waivers_held(ctx: Context, view: Standpoint) -> list[str]:
    """Everything that somebody was let off, and what to send."""
    rows = select(Obligation.id).where(Obligation.state == ObligationState.WAIVED)
    found = [e for e in _held(ctx, view, rows) if e.state is State.WAIVED and not e.is_dropped]

    def line(each: DutyStanding) -> str:
        return f"{subject_text(each)}：{reason_text(each.obligation.waiver_reason)}"

    how = _how(view, _ADMINS_WAIVE, _OTHERS_WAIVE)
    return [*_lines(found, "免报", line), *_waiting(ctx, view), *how]


def _how(view: Standpoint, of_admins: str, of_others: str) -> list[str]:
    return [*([of_admins] if view.admin_of else []), *([of_others] if view.asks else [])]


def _held(ctx: Context, view: Standpoint, rows: object) -> list[DutyStanding]:
    """The newest first; where the speaker only asks, what the own units owe alone."""
    ids = tuple(ctx.session.exec(rows).all())  # type: ignore[call-overload]
    own = {each.id for each in view.own(ctx)}
    wanted = DutyFilter(ids=ids, programme_ids=tuple(each.id or 0 for each in view.programmes))
    found = duties(ctx.session, wanted, ctx.now, ctx.services.zone)
    return [e for e in reversed(found) if view.decides(e.programme) or e.id in own]


def _lines(
    found: Sequence[DutyStanding], title: str, line: Callable[[DutyStanding], str]
) -> list[str]:
    if not found:
        return [f"目前没有{title}的报送。"]
    more = f"（先列最近{_MOST}件）" if len(found) > _MOST else ""
    return [f"{title}{len(found)}件{more}：", *(line(each) for each in found[:_MOST])]


def _waiting(ctx: Context, view: Standpoint) -> list[str]:
    """What the speaker is to answer, and of what their units asked what nobody has answered."""
    lines = waiting_lines(ctx, view.admin_of)
    asked = asked_lines(ctx, view.own(ctx))
    return [
        *([f"等您答复的申请{len(lines)}件：", *lines[:_MOST]] if lines else []),
        *([f"等管理员答复的申请{len(asked)}件：", *asked[:_MOST]] if asked else []),
    ]
