"""模板: the empty workbook in which an office brings its own programme, or one filled in."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.workbooks import XLSX
from models.member import RoleName
from models.message import Reply

NAME = "专项工作簿模板.xlsx"


@command(
    "template",
    "模板",
    "工作簿模板",
    "专项模板",
    usage="模板",
    about="领取专项工作簿的空白模板",
    roles=(RoleName.ADMIN,),
    group=InGroup.MOVE,
    alone=True,
    takes_typos=True,
)
def template(context: Context, _: str) -> Reply:
    """The empty workbook as a file."""
    from models.programmes import workbook  # its library costs a start 0.1 s

    ref = context.services.keep(workbook.template(), NAME, XLSX)
    text = "请按“说明”表填写后，把文件发给我；我先列出变化，您确认后载入。"
    return Reply(text, files=(ref,))
