"""无变化: reports nil by repeating the last accepted figures."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.begin import named_or_only
from handlers.reporting.nil import report_nil
from models.member import RoleName
from models.message import Reply


@command(
    "nil",
    "无变化",
    "没有变化",
    "零报告",
    "本月无变化",
    "本期无变化",
    "本月没有变化",
    usage="无变化 任务编号",
    about="数据与上次相同时报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def nil(context: Context, rest: str) -> Reply:
    """A report that repeats what holds; refused where there is nothing to repeat."""
    matter = named_or_only(context, rest, "无变化 {}")
    return matter if isinstance(matter, Reply) else report_nil(context, matter, rest)
