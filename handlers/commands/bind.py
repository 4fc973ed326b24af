"""绑定: an invite's code for someone already bound adds a role; strangers bind in dispatch."""

from handlers.binding import bind as accept
from handlers.binding import roles_text
from handlers.context import Context
from handlers.registry import InGroup, command
from models.message import Reply


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
    roles = roles_text(context.session, context.speaker.roles)
    return Reply(
        f"您已绑定：{roles or '尚无角色'}。如有新的邀请码，请发“绑定 邀请码”；查看用法请发“帮助”。"
    )
