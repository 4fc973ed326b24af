"""代理: who is on leave names a colleague who reports or reviews meanwhile; so may an admin."""

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.leaves import read_leave
from handlers.registry import InGroup, command
from handlers.supervising.deputies import arrange, arranged, cancel, lines_of
from handlers.supervising.first_word import repeated
from handlers.supervising.people_called import member_called
from models.audience import holders
from models.deputy import Deputy
from models.errors import Refused
from models.member import Member, RoleName, roles_of
from models.message import Reply
from models.programme import Programme
from models.reviewer import reviewed_by, reviewers_of

HOW = "请写代理人的姓名和到哪天，例如：\n代理 联络员乙 到 9月30日"
HOW_ADMIN = "请写请假人、代理人的姓名和到哪天，例如：\n代理 联络员甲 由 联络员乙 到 9月30日"
_CANCEL = ("取消", "结束", "撤销")


@command(
    "deputy",
    "代理",
    "请假代理",
    usage="代理 联络员乙 到 9月30日",
    about="请假期间由同事代为报送或审核、接收提醒；“代理 取消”提前结束",
    roles=(RoleName.LIAISON, RoleName.ADMIN),
    group=InGroup.MOVE,
    alone=True,
    reviewers=True,
)
def deputy(ctx: Context, rest: str) -> Reply:
    """A deputyship arranged or ended, or the list of those that hold."""
    text = rest.strip()
    if not text:
        return Reply("\n".join(_list(ctx)))
    if word := next((each for each in _CANCEL if text.startswith(each)), None):
        return _cancelled(ctx, text.removeprefix(word).strip())
    said = read_leave(text, ctx.today)
    if said.until is None or not 1 <= len(said.names) <= 2:
        raise Refused(_how(ctx))
    since, until = said.since or ctx.today, said.until
    days = f"{since}至{until}"
    if len(said.names) == 1:
        member: Member | Reply = _speaker(ctx)
    else:
        again = repeated("代理 {}", f"{said.names[1]} {days}")
        member = member_called(ctx, said.names[0], again, lambda each: _may_plan(ctx, each))
    if isinstance(member, Reply):
        return member
    before = f"人{member.id} " if len(said.names) > 1 else ""
    colleague = member_called(ctx, said.names[-1], repeated(f"代理 {before}{{}}", days))
    if isinstance(colleague, Reply):
        return colleague
    return Reply("\n".join(arrange(ctx, member, colleague, since, until)))


def _how(ctx: Context) -> str:
    return HOW if _has_work(ctx, ctx.speaker.member) else HOW_ADMIN


def _has_work(ctx: Context, member: Member) -> bool:
    """Whether a member reports for a unit, or reviews by assignment, themselves."""
    id_ = member.id or 0
    is_liaison = any(role.role == RoleName.LIAISON for role in roles_of(ctx.session, id_))
    return is_liaison or bool(reviewed_by(ctx.session, [id_])[id_])


def _speaker(ctx: Context) -> Member:
    """The speaker as who is on leave; refused where they neither report nor review themselves."""
    if not _has_work(ctx, ctx.speaker.member):
        raise Refused(HOW_ADMIN)
    return ctx.speaker.member


def _may_plan(ctx: Context, member: Member) -> bool:
    """Whether the leave of this liaison or reviewer is the speaker's to arrange."""
    if member.id == ctx.speaker.id:
        return _has_work(ctx, member)
    mine = {r.programme_id for r in ctx.speaker.roles if r.role == RoleName.ADMIN}
    roles = roles_of(ctx.session, member.id or 0)
    theirs = {role.programme_id for role in roles if role.role == RoleName.LIAISON}
    theirs |= reviewed_by(ctx.session, [member.id or 0])[member.id or 0]
    return bool(mine and theirs) and (None in mine | theirs or bool(mine & theirs))


def _seen(ctx: Context) -> list[Deputy]:
    """What the speaker may see: of the people of the programmes they administer, and the own."""
    mine = [each for each in ctx.programmes if _is_admin(ctx, each)]
    people = holders(ctx.session, (RoleName.LIAISON,)) if mine else ()
    known = {h.member_id for h in people if any(h.serves(each.id or 0) for each in mine)}
    reviewers = reviewers_of(ctx.session, [each.id or 0 for each in mine])
    known |= {row.member_id for rows in reviewers.values() for row in rows}
    return arranged(ctx, {*known, ctx.speaker.id})


def _is_admin(ctx: Context, programme: Programme) -> bool:
    return ctx.speaker.has(RoleName.ADMIN, programme_id=programme.id)


def _list(ctx: Context) -> list[str]:
    rows = _seen(ctx)
    lines = lines_of(ctx, rows) or ["目前没有代理安排。"]
    return [*lines, _how(ctx)]


def _cancelled(ctx: Context, name: str) -> Reply:
    """End the speaker's own, on either side, or those of the person an admin names."""
    if not name:
        rows = arranged(ctx, [ctx.speaker.id])
        if not rows:
            raise Refused("您没有代理安排，无需取消。查看请发“代理”。")
        return Reply("\n".join(cancel(ctx, rows)))
    member = member_called(ctx, name, "代理 取消 {}", lambda each: _may_plan(ctx, each))
    if isinstance(member, Reply):
        return member
    rows = arranged(ctx, [member.id or 0])
    if not rows:
        raise Refused(f"“{shown(name, 20)}”没有代理安排，无需取消。查看请发“代理”。")
    return Reply("\n".join(cancel(ctx, rows)))
