"""督办 alone: the orders under way that somebody may read, by limit, and what waits for a word."""

from handlers.context import Context
from handlers.lists import keep_numbers, page_of
from handlers.supervising.orders import OrderStanding, orders_read
from handlers.supervising.orders_offers import offers_open
from handlers.supervising.orders_settled import settle
from handlers.supervising.orders_text import line_of
from handlers.supervising.orders_words import EXAMPLE
from handlers.supervising.scope import OWN
from models.member import RoleName
from models.message import Reply
from models.rules.order import OrderState

#: How many orders are listed at once.
_SHOWN = 12


def orders_listed(ctx: Context, page: int) -> Reply:
    """The list of one page; a number behind it shows that order."""
    orders = orders_read(ctx)
    settle(ctx.session, orders, ctx.now)
    offers = offers_open(ctx) if ctx.speaker.has(RoleName.ADMIN) else []
    waiting = [f"另有督办建议{len(offers)}件待定，请发“督办 建议”。"] if offers else []
    if not orders:
        return Reply("\n".join(["目前没有在办的督办单。", *waiting, *_how(ctx)]))
    where = page_of(page, len(orders), _SHOWN, f"在办督办单共{len(orders)}件")
    keep_numbers(ctx, "督办{}")
    is_own = not ctx.speaker.has(RoleName.ADMIN, RoleName.LEADER)
    one_unit = is_own and len(set(ctx.speaker.unit_ids(*OWN))) == 1
    lines = [line_of(each, ctx.now, ctx.calendar, with_unit=not one_unit) for each in orders[where]]
    more = f"，下一页请发“督办 第{page + 1}页”" if where.stop < len(orders) else ""
    head = f"在办督办单{len(orders)}件{_counts(ctx, orders)}{more}："
    label = orders[where][0].label(ctx.today.year)
    return Reply("\n".join([head, *lines, f"查看请发单号，如“{label}”。", *waiting]))


def _counts(ctx: Context, orders: list[OrderStanding]) -> str:
    late = sum(each.is_overdue(ctx.now) for each in orders)
    answered = sum(each.state is OrderState.ANSWERED for each in orders)
    parts = [f"逾期{late}件"] if late else []
    parts += [f"待复核{answered}件"] if answered else []
    return f"（{'、'.join(parts)}）" if parts else ""


def _how(ctx: Context) -> list[str]:
    return (
        [f"发出请写任务、期限和要求，例如：\n{EXAMPLE}"] if ctx.speaker.has(RoleName.ADMIN) else []
    )
