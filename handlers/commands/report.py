"""报送: a report in one message, or the template to fill in."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.from_workbook import report_workbook
from handlers.reporting.said import report_said
from handlers.workbooks import file_called, take_file
from models.member import RoleName
from models.message import Reply


@command(
    "report",
    "报送",
    "上报",
    "填报",
    "报数",
    "报一下",
    usage="报送 任务编号",
    about="报送进展；单发取模板，连同内容发送即报",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    takes_typos=True,
    behind=True,
)
def report(context: Context, rest: str) -> Reply:
    """Begin a report or several, or go on with the open one."""
    if (file := file_called(context, rest)) is not None:
        return take_file(context, file) if not rest.strip() else report_workbook(context, file)
    return report_said(context, rest)
