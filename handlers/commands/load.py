"""载入: loads the workbook whose changes were just shown."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.workbooks import file_sent
from models.errors import Refused
from models.member import RoleName
from models.message import Reply


@command(
    "load",
    "载入",
    "导入",
    usage="载入（附 .xlsx 工作簿）",
    about="新建或更新专项，先列出变化，确认后载入",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def load(context: Context, rest: str) -> Reply:
    """Show what a workbook would change, or load the one that was agreed to."""
    from handlers.programme_books import offer_load, take_load  # as slow to load as its subject

    if (media := file_sent(context)) is not None:
        return offer_load(context, media)
    if not rest.strip():
        raise Refused("请发送专项工作簿（.xlsx），我先列出变化，您确认后载入。空白模板请发“模板”。")
    return take_load(context, rest)
