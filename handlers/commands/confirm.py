"""确认: settles the warnings of the bot's latest question, with a reason where it matters."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.flow import confirmed
from handlers.reporting.work import open_work
from models.member import RoleName
from models.message import Reply


@command(
    "confirm",
    "确认",
    "确认无误",
    usage="确认 [原因]",
    about="确认刚才提示的疑点",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def confirm(context: Context, rest: str) -> Reply:
    """Take the warnings asked last as right."""
    work = open_work(context)
    if work is None or not work.draft.question:
        return Reply("现在没有等您确认的事项。待报事项请发“任务”查看。")
    return confirmed(work, rest.strip())
