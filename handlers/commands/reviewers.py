"""审核分工: an admin says who reviews which reports, and whether once or twice."""

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.normalise import clean
from handlers.registry import InGroup, command
from handlers.standing.policy import review_levels
from handlers.supervising.first_word import repeated
from handlers.supervising.people_called import member_called
from handlers.supervising.review_assigning import (
    HOW,
    Wanted,
    assign,
    listed,
    read_wanted,
    set_levels,
    unassign,
)
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import Member, RoleName, roles_of
from models.message import Reply
from models.programme import Programme
from models.rules.review import TWO_LEVELS


@command(
    "reviewers",
    "审核分工",
    "审核安排",
    usage="审核分工 管理员乙 州公安局 州1-3",
    about="谁审核哪些报送，一级还是两级；只发“审核分工”可查看",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def reviewers(ctx: Context, rest: str) -> Reply:
    """An assignment made or taken back, the levels set, or the list of what holds."""
    programmes = administered(ctx)
    wanted = read_wanted(ctx, clean(rest), programmes)
    if not (wanted.names or wanted.levels or wanted.scopes or wanted.is_back):
        chosen = [wanted.programme] if wanted.programme else programmes
        return Reply("\n".join(listed(ctx, chosen)))
    programme = wanted.programme
    if programme is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"您管理几个专项（{titles}），请写明专项后重发。")
    if wanted.levels is not None and wanted.names:
        raise Refused(_unclear(wanted, programme))
    if wanted.levels is not None:
        return set_levels(ctx, programme, wanted.levels)
    if len(wanted.names) != 1:
        raise Refused(_unclear(wanted, programme))
    return _assigned(ctx, programme, wanted, rest)


def _unclear(wanted: Wanted, programme: Programme) -> str:
    how = HOW.format(title=programme.short_title)
    if not wanted.names:
        return f"还缺审核人的姓名，分工没有变。{how}"
    listed_ = "、".join(shown(each, 20) for each in wanted.names[:3])
    if wanted.levels is not None:
        return f"没有认出“{listed_}”，审核方式没有变。{how}"
    return f"一次安排一位审核人；{listed_}中有不认识的单位或任务，分工没有变。{how}"


def _assigned(ctx: Context, programme: Programme, wanted: Wanted, rest: str) -> Reply:
    name = wanted.names[0]
    before, _, after = clean(rest).partition(name)
    again = repeated("审核分工 {}", f"{before.strip()} {after.strip()}".strip())
    member = member_called(ctx, name, again, lambda each: _has_part(ctx, programme, each))
    if isinstance(member, Reply):
        return member
    if wanted.is_back:
        return Reply("\n".join(unassign(ctx, programme, member, wanted)))
    if not wanted.scopes:
        how = HOW.format(title=programme.short_title)
        raise Refused(f"还缺审核范围（全部、单位或任务），分工没有变。{how}")
    if wanted.level is None and review_levels(programme) == TWO_LEVELS:
        raise Refused(
            f"【{programme.short_title}】是两级审核，请写明“初审”或“终审”，例如：\n"
            f"审核分工 初审 {name} 全部"
        )
    return Reply("\n".join(assign(ctx, programme, member, wanted)))


def _has_part(ctx: Context, programme: Programme, member: Member) -> bool:
    """Whether a member reads anything of the programme, so that they can review in it."""
    return any(
        role.role != RoleName.OPERATOR and role.programme_id in (None, programme.id)
        for role in roles_of(ctx.session, member.id or 0)
    )
