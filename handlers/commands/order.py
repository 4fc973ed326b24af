"""督办: orders are issued, listed, shown, answered, extended and sent back."""

from handlers.context import Context
from handlers.lists import page_asked
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.orders import order_called
from handlers.supervising.orders_acts import act_on
from handlers.supervising.orders_issuing import issue, tell_issued
from handlers.supervising.orders_listed import orders_listed
from handlers.supervising.orders_offers import decision_in, offers_decided, offers_listed
from handlers.supervising.orders_rules import WORD, rules_said
from handlers.supervising.orders_wanted import order_wanted
from handlers.supervising.orders_words import begins_with_order, order_numbered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

ROLES = (RoleName.ADMIN, RoleName.LEADER, RoleName.UNIT_HEAD, RoleName.LIAISON)
_OFFERS = frozenset(("建议", "待定", "督办建议"))
_LIST = frozenset(("", "全部", "列表", "清单", "在办"))


@command(
    "order",
    "督办",
    "督办单",
    usage="督办 [州1-7 9月30日 要求]；督办3 [整改情况]；督办3 延期 10月15日 原因",
    about="发出、查看、答复督办单；只发“督办”列出在办的",
    roles=ROLES,
    group=InGroup.REFUSE,
    glued=begins_with_order,
    free=True,
)
def order(ctx: Context, rest: str) -> Reply:
    """The list, the offers, a decision on them, one order and what is done to it, or a new one."""
    rest = rest.strip()
    asked, page = page_asked(rest)
    if command_key(asked) in _LIST:
        return orders_listed(ctx, page)
    if (numbered := order_numbered(rest)) is not None:
        return act_on(ctx, order_called(ctx, numbered.number, numbered.year), numbered.rest)
    if not ctx.speaker.has(RoleName.ADMIN):
        raise Refused(
            "发出督办单限管理员使用。查看在办的请发“督办”；答复请发单号加整改情况，例如：\n"
            "督办3 已补装40个，9月25日验收合格"
        )
    if command_key(asked) in _OFFERS:
        return offers_listed(ctx, page)
    if rest.startswith(WORD):
        return Reply("\n".join(rules_said(ctx, rest.removeprefix(WORD))))
    if (decision := decision_in(rest)) is not None:
        return offers_decided(ctx, decision)
    wanted = order_wanted(ctx, rest)
    if isinstance(wanted, Reply):
        return wanted
    return Reply("\n".join(tell_issued(ctx, [issue(ctx, wanted)])))
