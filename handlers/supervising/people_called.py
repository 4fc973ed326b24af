"""People by their names as an order writes them; several of one name are asked by their units."""

import re
from collections.abc import Callable, Sequence

from handlers.binding import roles_text
from handlers.context import Context
from handlers.lists import keep_list, shown_list
from handlers.reading.harmless import harmless, shown
from models.errors import Refused
from models.member import Member, RoleName, members_named, roles_of
from models.message import Reply

_KEY = re.compile(r"人(?P<id>\d{1,9})")


def member_called(
    ctx: Context, name: str, template: str, may: Callable[[Member], bool] = lambda _: True
) -> Member | Reply:
    """The one present member of this name for whom *may* holds, or the question which.

    *template* is the command to repeat with the choice; refused where there is none.
    """
    key = _KEY.fullmatch(name) if _may_count(ctx, name) else None
    found = [ctx.session.get(Member, int(key["id"]))] if key else members_named(ctx.session, name)
    people = [each for each in found if each and each.left_at is None and may(each)]
    if not people:
        raise Refused(
            f"没有找到“{shown(name, 20)}”。请写对方绑定时的姓名；还没有绑定的，请管理员先“邀请”。"
        )
    return people[0] if len(people) == 1 else _which(ctx, people, template)


def _may_count(ctx: Context, name: str) -> bool:
    """Whether somebody is meant by their place in the files: nobody else goes through all."""
    row = shown_list(ctx.session, ctx.speaker.id, ctx.now)
    return ctx.speaker.has(RoleName.ADMIN) or (row is not None and name in row.entries)


def _which(ctx: Context, people: Sequence[Member], template: str) -> Reply:
    keep_list(ctx, template, [f"人{each.id}" for each in people])
    lines = [f"{at}. {described(ctx, each)}" for at, each in enumerate(people, start=1)]
    return Reply("\n".join(["您指的是哪一位？请回复序号：", *lines]))


def described(ctx: Context, member: Member) -> str:
    """A name with the roles that tell two of one name apart."""
    roles = roles_text(ctx.session, roles_of(ctx.session, member.id or 0))
    return f"{harmless(member.name)}（{roles or '尚无角色'}）"
