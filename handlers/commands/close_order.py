"""销号: an admin closes supervision orders whose corrections were checked."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.orders import order_called
from handlers.supervising.orders_deciding import close
from handlers.supervising.orders_words import begins_with_order, order_numbers
from handlers.supervising.scope import require_admin
from models.member import RoleName
from models.message import Reply

HOW = "请写明督办单的编号，例如：\n销号 督办3\n销号 督办3 督办4\n销号 督办3 9月28日现场查看已补齐"


@command(
    "close_order",
    "销号",
    usage="销号 督办3",
    about="督办单复核通过，办结销号",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    glued=begins_with_order,
    free=True,
)
def close_orders(ctx: Context, rest: str) -> Reply:
    """Close all the orders named, or none of them; their units are told."""
    numbers, words = order_numbers(rest, HOW)
    wanted = sorted({(each.number, each.year) for each in numbers}, key=lambda each: each[0])
    orders = [order_called(ctx, number, year) for number, year in wanted]
    for each in orders:
        require_admin(ctx, each.programme)
    return Reply("\n".join(close(ctx, orders, words)))
