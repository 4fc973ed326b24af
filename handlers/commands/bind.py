"""绑定: an invite's code for someone already bound adds a role; strangers bind in dispatch."""

from handlers.binding import bind as accept
from handlers.context import Context
from handlers.registry import InGroup, command
from models.member import ROLE_TITLES, RoleName
from models.message import Reply
from models.unit import units_by_id


@command(
    "bind",
    "绑定",
    usage="绑定 邀请码",
    about="用邀请码绑定身份",
    group=InGroup.REFUSE,
    unbound=True,
)
def bind(context: Context, rest: str) -> Reply:
    """Take a further role by its code; without a code, say what the speaker already is."""
    if rest.strip():
        return accept(context.session, context.message, context.chat, rest, context.now)
    units = units_by_id(
        context.session, [role.unit_id for role in context.speaker.roles if role.unit_id]
    )
    roles = dict.fromkeys(
        f"{units[role.unit_id].name if role.unit_id else ''}{ROLE_TITLES[RoleName(role.role)]}"
        for role in context.speaker.roles
    )
    return Reply(
        f"您已绑定：{'、'.join(roles) or '尚无角色'}。"
        "如有新的邀请码，请发“绑定 邀请码”；查看用法请发“帮助”。"
    )
