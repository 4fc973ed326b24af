"""点名: whether this group may read the names of those who lag or owe."""

from handlers.context import Context
from handlers.reading.harmless import shown
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.group_rights import group_here, require_group
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_ON = frozenset(("开", "开启", "打开", "启用", "on"))
_OFF = frozenset(("关", "关闭", "停", "停用", "取消", "off"))
HOW = "请在群里发“点名 开”或“点名 关”。"


@command(
    "naming",
    "点名",
    usage="点名 开|关",
    about="本群是否显示滞后、未报单位的名称（在群里发）",
    roles=(RoleName.ADMIN,),
    group=InGroup.ANSWER,
    alone=True,
)
def naming(ctx: Context, rest: str) -> Reply:
    """The group's switch set, or how it stands."""
    chat = group_here(ctx, "点名")
    key = command_key(rest)
    if not key:
        now = "显示" if chat.names_laggards else "不显示"
        return Reply(f"本群目前{now}滞后、未报单位的名称。{HOW}")
    if key not in _ON | _OFF:
        raise Refused(f"没有认出“{shown(rest, 20)}”，未作更改。{HOW}")
    require_group(ctx, chat)
    wanted, before = key in _ON, chat.names_laggards
    if wanted == before:
        return Reply(f"本群点名原来就是{'开' if before else '关'}着的，没有变化。")
    chat.names_laggards = wanted
    ctx.session.flush()
    ctx.record(
        "naming",
        "chat",
        chat.id or 0,
        before={"names_laggards": before},
        after={"names_laggards": wanted},
    )
    if wanted:
        return Reply("已开启点名：本群的排名、未报、滞后和看板显示单位名称。关闭请发“点名 关”。")
    return Reply("已关闭点名：本群只显示数量，不显示滞后、未报单位的名称。开启请发“点名 开”。")
