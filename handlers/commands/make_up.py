"""上班: an admin makes days worked, such as a make-up Saturday."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.working_days import (
    cancelled_days,
    days_asked,
    declare,
    taken_back,
)
from models.member import RoleName
from models.message import Reply
from models.rules.workday import WORK


@command(
    "make_up",
    "上班",
    "补班",
    usage="上班 2月20日",
    about="设定调休上班日，提醒随之调整",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def make_up(ctx: Context, rest: str) -> Reply:
    """Days worked by their dates, taken back with 取消."""
    if (cancelled := cancelled_days(rest)) is not None:
        return Reply("\n".join(taken_back(ctx, cancelled, "上班")))
    return Reply("\n".join(declare(ctx, days_asked(ctx, rest, "上班"), WORK)))


@command(
    "make_up_back",
    "上班取消",
    "取消上班",
    usage="取消上班 2月15日",
    about="取消另行设定的上班日",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def make_up_back(ctx: Context, rest: str) -> Reply:
    """Days declared worked taken back, the word of it glued on."""
    return Reply("\n".join(taken_back(ctx, rest, "上班")))
