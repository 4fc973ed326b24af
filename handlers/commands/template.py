"""模板: the workbook to fill in: a liaison's reports, or a programme that an office brings."""

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.registry import InGroup, command
from handlers.reporting.blocks import are_tasks
from handlers.reporting.forms_asked import named_tasks, names_in
from handlers.reporting.owed import nothing_owed
from handlers.reporting.said import report_said
from handlers.reporting.sheets import XLSX
from handlers.supervising.bulletin_templates import is_template_order, take_template
from models.member import RoleName
from models.message import MediaRef, Reply

NAME = "专项工作簿模板.xlsx"


@command(
    "template",
    "模板",
    "模版",
    "工作簿模板",
    "专项模板",
    "报送表",
    "报送模板",
    usage="模板 [任务编号]",
    about="领取报送表（联络员）或专项工作簿（管理员）",
    roles=(RoleName.LIAISON, RoleName.ADMIN),
    group=InGroup.MOVE,
    alone=True,
    takes_typos=True,
    behind=True,
)
def template(context: Context, rest: str) -> Reply:
    """The sheet for what a liaison owes, an admin's empty programme; both for who is both.

    For a task that is named, the text to fill in; for a document, its Word template.
    """
    if context.speaker.has(RoleName.ADMIN) and is_template_order(context, rest):
        return take_template(context, rest)
    name = normalise(rest).strip()
    is_task = are_tasks([name], named_tasks(context)) or len(names_in(context, rest)) > 1
    if name and is_task and context.speaker.has(RoleName.LIAISON):
        return report_said(context, name)
    parts = []
    if context.speaker.has(RoleName.LIAISON):
        parts.append(_of_reports(context))
    if context.speaker.has(RoleName.ADMIN):
        parts.append(_of_programme(context))
    files = tuple(ref for _, ref in parts if ref is not None)
    return Reply("\n".join(text for text, _ in parts), files=files)


def _of_programme(context: Context) -> tuple[str, MediaRef | None]:
    from models.programmes import workbook  # its library costs a start 0.1 s

    ref = context.services.keep(workbook.template(), NAME, XLSX)
    return "请按“说明”表填写后，把文件发给我；我先列出变化，您确认后载入。", ref


def _of_reports(context: Context) -> tuple[str, MediaRef | None]:
    from handlers.reporting import own_form  # as above

    data = own_form.own_form(context)
    if data is None:
        return nothing_owed(context), None
    ref = context.services.keep(data, own_form.NAME, XLSX)
    text = "您的待报事项已列在报送表中，填好白色的格子，把文件发给我即可；图片请另发。"
    return text, ref
