"""邀请: makes a code by which a person binds their account to a role."""

import re
from collections.abc import Iterator

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.normalise import clean, command_key
from handlers.registry import InGroup, command
from handlers.reporting.texts import day_text
from handlers.standing.ranks import GROUP_TITLES
from handlers.supervising.choosing import Subject, subject_called
from handlers.supervising.scope import administered
from models.errors import Refused
from models.invite import VALID_FOR, make_invite
from models.member import ROLE_TITLES, RoleName
from models.message import Reply
from models.programme import Programme
from models.unit import Unit, UnitKind

_WORDS = {
    "领导": RoleName.LEADER,
    "管理员": RoleName.ADMIN,
    "运维": RoleName.OPERATOR,
}
_HEAD_WORDS = ("负责人", "单位负责人")
#: A name becomes part of a list's template, which braces would change.
_NAME = re.compile(r"[\w·.\-（）()]{1,20}")
_LIST_WORDS = frozenset(("名单", "单位", "单位名单"))
NAMES = "全部单位名称请发“邀请 名单”查看。"
HOW = (
    "请写明单位（或身份）和姓名，姓名不超过20个字，例如：\n"
    "邀请 州公安局 张三\n邀请 州公安局 负责人 李四\n邀请 领导 王五"
)


@command(
    "invite",
    "邀请",
    usage="邀请 州公安局 张三",
    about="生成7天有效的一次性邀请码",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def invite(ctx: Context, rest: str) -> Reply:
    """A new code, shown once; only its hash is kept."""
    programmes = administered(ctx)
    words = clean(rest).split()
    if command_key(rest) in _LIST_WORDS:
        return Reply("\n".join(_listed(_units(ctx, programmes))))
    if len(words) < 2 or not _NAME.fullmatch(words[-1]):
        raise Refused(HOW)
    name = words[-1]
    role = _WORDS.get(words[0])
    if role is not None and len(words) == 2:
        _require_wide(ctx, role)
        return _made(ctx, role, None, name)
    is_head = len(words) > 2 and words[-2] in _HEAD_WORDS
    place = " ".join(words[: -2 if is_head else -1])
    chosen = subject_called(ctx, place, _units(ctx, programmes), f"邀请 {{}} {name}", NAMES)
    if isinstance(chosen, Reply):
        return chosen
    return _made(ctx, RoleName.UNIT_HEAD if is_head else RoleName.LIAISON, chosen.unit, name)


def _require_wide(ctx: Context, role: RoleName) -> None:
    """Operators see every programme's messages: only an admin of all programmes invites them."""
    is_wide = any(r.role == RoleName.ADMIN and r.programme_id is None for r in ctx.speaker.roles)
    if role is RoleName.OPERATOR and not is_wide:
        raise Refused("邀请运维人员须由全部专项的管理员办理。")


def _units(ctx: Context, programmes: list[Programme]) -> list[Subject]:
    areas = {programme.area_id: programme for programme in programmes}
    rows = ctx.session.exec(
        select(Unit).where(col(Unit.area_id).in_(areas)).order_by(col(Unit.position), col(Unit.id))
    ).all()
    return [Subject(areas[unit.area_id], unit=unit) for unit in rows]


def _listed(units: list[Subject]) -> Iterator[str]:
    """Every unit that can be invited, kind by kind."""
    yield f"可邀请的单位（共{len(units)}个）："
    for kind in UnitKind:
        names = [each.word for each in units if each.unit and each.unit.kind == kind]
        if names:
            yield f"{GROUP_TITLES[kind]}：{'、'.join(names)}"


def _made(ctx: Context, role: RoleName, unit: Unit | None, name: str) -> Reply:
    """The invite and the message to pass on; it holds where the inviting admin's own role does."""
    code = make_invite(
        ctx.session,
        name,
        role,
        ctx.now,
        unit_id=unit.id if unit else None,
        programme_id=_programme_of(ctx),
        made_by=ctx.speaker.id,
    )
    until = (ctx.now + VALID_FOR).astimezone(ctx.services.zone).date()
    title = f"{unit.name if unit else ''}{ROLE_TITLES[role]}"
    return Reply(
        f"已邀请{name}（{title}）。邀请码 {code}，{day_text(until)}前有效，仅可用一次，不再显示。\n"
        f"请转告本人，在与我的单聊中发送：\n绑定 {code}",
        secret=True,
    )


def _programme_of(ctx: Context) -> int | None:
    """An admin of one programme invites into that one; an admin of all, into all."""
    own = [role.programme_id for role in ctx.speaker.roles if role.role == RoleName.ADMIN]
    if None in own:
        return None
    if len(set(own)) > 1:
        raise Refused("您管理几个专项，请由总管理员邀请，或用命令行 dajuan invite 指明专项。")
    return own[0]
