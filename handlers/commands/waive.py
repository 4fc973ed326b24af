"""免报: an admin lets a unit off a report; a liaison asks for it; 恢复报送 asks for it again."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyStanding
from handlers.supervising.exception_requests import Wish, ask, decided_or_asked, take_back
from handlers.supervising.exceptions import (
    LONGEST_REASON,
    reason_text,
    restore,
    told,
    waive,
)
from handlers.supervising.exceptions_list import waivers_held
from handlers.supervising.exceptions_meant import Meant, duties_meant, subject_text, target_of
from handlers.supervising.exceptions_scope import Standpoint, standpoint
from models.errors import Refused
from models.exception_request import ExceptionKind
from models.member import RoleName
from models.message import Reply
from models.rules.reporting import Action

HOW = "免报请写任务和原因，例如：\n免报 州公安局 州1-7 8月 机构改革，任务移交"
HOW_WITHDRAW = "请写明撤回哪一项的申请，例如：\n免报 撤回 州1-7"
HOW_BACK = "请写明恢复哪一项，例如：\n恢复报送 州公安局 州1-7 8月"
_BACK = re.compile(r"(?:撤回|取消|撤销)(?:申请)?(?:\s+|$)")


@command(
    "waive",
    "免报",
    "申请免报",
    "免予报送",
    usage="免报 州公安局 州1-7 [期次] 原因",
    about="一期不用报，不计入考核；联络员发的是申请，由管理员答复；只发“免报”可查看",
    roles=(RoleName.ADMIN, RoleName.LIAISON),
    group=InGroup.REFUSE,
)
def waive_duty(ctx: Context, rest: str) -> Reply:
    """Nobody owes it any more, the wish for that, or the list of what holds."""
    view = standpoint(ctx)
    if not rest.strip():
        return Reply("\n".join(waivers_held(ctx, view)))
    if back := _BACK.match(rest.strip()):
        return _undone(ctx, view, rest.strip()[back.end() :])
    target = target_of(ctx, rest.strip(), view.programmes, "免报", "")
    if isinstance(target, Reply):
        return target
    reason = target.reason[:LONGEST_REASON]
    if not target.names_something or not reason:
        missing = "原因" if target.names_something else "任务编号"
        raise Refused(f"还缺{missing}，未作处理。{HOW}")
    meant = duties_meant(ctx, target, view, Action.WAIVE, ("免报", reason))
    if isinstance(meant, Reply):
        return meant
    wish = Wish(ExceptionKind.WAIVER, reason)
    return decided_or_asked(
        view, meant, lambda theirs: _waived(ctx, theirs, reason), lambda own: ask(ctx, own, wish)
    )


def _waived(ctx: Context, meant: Sequence[Meant], reason: str) -> list[str]:
    done = waive(ctx, meant, reason)
    said = reason_text(reason)
    line = told(ctx, done, lambda each: f"{subject_text(each)}免报，本期不用报送。{said}")
    lines = [f"已免报：{subject_text(each)}" for each in done]
    back = f"恢复请发“恢复报送”加单位和任务编号，如“恢复报送 {done[0].number}”。"
    return [*lines, said, f"{line}{back}"]


@command(
    "restore",
    "恢复报送",
    "取消免报",
    "免报取消",
    "撤销免报",
    usage="恢复报送 州公安局 州1-7 [期次]",
    about="取消免报，照常报送",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def restore_duty(ctx: Context, rest: str) -> Reply:
    """What was let off is asked for again."""
    return _undone(ctx, standpoint(ctx), rest.strip())


def _undone(ctx: Context, view: Standpoint, text: str) -> Reply:
    """Asked for again by an admin; a liaison takes back the wish to be let off."""
    target = target_of(ctx, text, view.programmes, "免报 撤回", "")
    if isinstance(target, Reply):
        return target
    if not target.names_something:
        raise Refused(HOW_BACK if view.decides(target.programme) else HOW_WITHDRAW)
    action = None if view.decides(target.programme) else Action.WAIVE
    meant = duties_meant(ctx, target, view, action, ("免报 撤回", ""))
    if isinstance(meant, Reply):
        return meant
    return decided_or_asked(
        view,
        meant,
        lambda theirs: _restored(ctx, theirs),
        lambda own: take_back(ctx, own, ExceptionKind.WAIVER),
    )


def _restored(ctx: Context, meant: Sequence[Meant]) -> list[str]:
    done = restore(ctx, meant)

    def said(each: DutyStanding) -> str:
        return f"{subject_text(each)}，{due_text(each.duty.deadline, ctx.services.zone)}截止"

    line = told(ctx, done, lambda e: f"恢复报送：{said(e)}。请发“报送 {e.number}”报送。")
    return [*(f"已恢复报送：{said(each)}" for each in done), line]
