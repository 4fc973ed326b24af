"""无变化: reports nil by repeating the last accepted figures."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.nil_several import report_nil_said
from models.member import RoleName
from models.message import Reply


@command(
    "nil",
    "无变化",
    "没有变化",
    "没变化",
    "零报告",
    "本月无变化",
    "本期无变化",
    "本月没有变化",
    usage="无变化 任务编号（或全部）",
    about="数据与上次相同时报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
    behind=True,
)
def nil(context: Context, rest: str) -> Reply:
    """Reports that repeat what holds; refused where there is nothing to repeat."""
    return report_nil_said(context, rest)
