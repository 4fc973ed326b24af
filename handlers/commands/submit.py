"""提交: hands in the open report, or says what still stands in the way."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.flow import advance
from handlers.reporting.work import open_work
from models.member import RoleName
from models.message import Reply


@command(
    "submit",
    "提交",
    usage="提交",
    about="提交填好的报送，或查看还缺什么",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def submit(context: Context, rest: str) -> Reply:
    """Submit what is complete; else ask once more for what is missing."""
    work = open_work(context)
    if work is None or work.content.says_nothing:
        return Reply("没有填写中的报送。请发“报送”加任务编号，待报事项请发“任务”查看。")
    return advance(work)
