"""我是谁: the speaker's name, roles and units, as the bot knows them."""

from handlers.binding import roles_text
from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.registry import InGroup, command
from handlers.supervising.deputies import acting_text
from models.message import Reply


@command(
    "who_am_i",
    "我是谁",
    "我的身份",
    "我的信息",
    usage="我是谁",
    about="查看自己的身份和单位",
    group=InGroup.MOVE,
    alone=True,
)
def who_am_i(context: Context, rest: str) -> Reply:
    """What the speaker may do and for whom; whom to ask when it is not right."""
    name = harmless(context.speaker.member.name)
    roles = roles_text(context.session, context.speaker.roles)
    acting = acting_text(context)
    acts = f"代理：{acting}。\n" if acting else ""
    return Reply(
        f"{name}：{roles or '尚无角色'}。\n{acts}"
        "身份或单位不对，请联系管理员；有新的邀请码，请发“绑定 邀请码”。"
    )
