"""撤销销号: an admin opens a supervision order again that was closed by mistake."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.orders import order_called
from handlers.supervising.orders_deciding import reopen
from handlers.supervising.orders_words import begins_with_order, order_numbered
from handlers.supervising.scope import require_admin
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

HOW = "请写明督办单的编号和原因，例如：\n撤销销号 督办3 现场查看还差20个"


@command(
    "reopen_order",
    "撤销销号",
    "取消销号",
    usage="撤销销号 督办3 原因",
    about="销号有误的督办单恢复办理，可先写新的期限",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    glued=begins_with_order,
    free=True,
)
def reopen_order(ctx: Context, rest: str) -> Reply:
    """The order named is under way again; its unit is told."""
    found = order_numbered(rest)
    if found is None:
        raise Refused(HOW)
    each = order_called(ctx, found.number, found.year)
    require_admin(ctx, each.programme)
    return Reply("\n".join(reopen(ctx, each, found.rest)))
