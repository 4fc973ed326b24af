"""别名: other names of a unit or a task, shown, given and taken back."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.aliases import (
    HOW,
    HOW_TO_REMOVE,
    give_names,
    show_names,
    split_target,
    take_name,
)
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply


@command(
    "alias",
    "别名",
    "加别名",
    "增加别名",
    "添加别名",
    usage="别名 州发改委 发改委",
    about="给单位或任务加一个叫法；只发“别名 州发改委”可查看",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def alias(ctx: Context, rest: str) -> Reply:
    """Names given to what is named first, or those that it has."""
    if not rest.strip():
        return Reply(HOW)
    target, names = split_target(rest, administered(ctx))
    return give_names(ctx, target, names) if names else show_names(ctx, target)


@command(
    "alias_back",
    "删除别名",
    "去掉别名",
    "取消别名",
    "别名删除",
    usage="删除别名 州发改委 发改委",
    about="删除一个叫法",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def alias_back(ctx: Context, rest: str) -> Reply:
    """One name taken back; its bearer need not be named where only one has it."""
    target, name = split_target(rest, administered(ctx))
    if not target:
        raise Refused(HOW_TO_REMOVE)
    return take_name(ctx, target, name) if name else take_name(ctx, "", target)
