"""免报: an admin lets a unit off a report; a liaison asks for it; 恢复报送 asks for it again."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyStanding
from handlers.supervising.exception_requests import Wish, ask
from handlers.supervising.exceptions import (
    LONGEST_REASON,
    reason_text,
    restore,
    told,
    under_lock,
    waive,
)
from handlers.supervising.exceptions_list import waivers_held
from handlers.supervising.exceptions_meant import duties_meant, subject_text, target_of
from handlers.supervising.exceptions_scope import standpoint
from models.errors import Refused
from models.exception_request import ExceptionKind
from models.member import RoleName
from models.message import Reply
from models.rules.reporting import Action

HOW = "免报请写任务和原因，例如：\n免报 州公安局 州1-7 8月 机构改革，任务移交"
HOW_BACK = "请写明恢复哪一项，例如：\n恢复报送 州公安局 州1-7 8月"


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
    target = target_of(ctx, rest.strip(), view.programmes, "免报", "")
    if isinstance(target, Reply):
        return target
    reason = target.reason[:LONGEST_REASON]
    if not target.names_something or not reason:
        missing = "原因" if target.names_something else "任务编号"
        raise Refused(f"还缺{missing}，未作处理。{HOW}")
    meant = duties_meant(
        ctx, target, view.programmes, Action.WAIVE, ("免报", reason), view.own(ctx)
    )
    if isinstance(meant, Reply):
        return meant
    if not view.is_admin:
        return Reply("\n".join(ask(ctx, meant, Wish(ExceptionKind.WAIVER, reason))))
    done = under_lock(ctx, meant, waive(ctx, reason))
    said = reason_text(reason)
    line = told(ctx, done, lambda each: f"{subject_text(each)}免报，本期不用报送。{said}")
    lines = [f"已免报：{subject_text(each)}" for each in done]
    back = f"恢复请发“恢复报送”加单位和任务编号，如“恢复报送 {done[0].number}”。"
    return Reply("\n".join([*lines, said, f"{line}{back}"]))


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
    view = standpoint(ctx)
    target = target_of(ctx, rest.strip(), view.programmes, "恢复报送", "")
    if isinstance(target, Reply):
        return target
    if not target.names_something:
        raise Refused(HOW_BACK)
    meant = duties_meant(ctx, target, view.programmes, None, ("恢复报送", ""))
    if isinstance(meant, Reply):
        return meant
    done = under_lock(ctx, meant, restore(ctx))

    def said(each: DutyStanding) -> str:
        return f"{subject_text(each)}，{due_text(each.duty.deadline, ctx.services.zone)}截止"

    line = told(ctx, done, lambda e: f"恢复报送：{said(e)}。请发“报送 {e.number}”报送。")
    return Reply("\n".join([*(f"已恢复报送：{said(each)}" for each in done), line]))
