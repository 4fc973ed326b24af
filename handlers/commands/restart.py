"""重来: empties the open report and shows its template again."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.back import start_over
from handlers.reporting.owed import example_task
from handlers.reporting.work import open_work
from models.member import RoleName
from models.message import Reply


@command(
    "restart",
    "重来",
    "重填",
    "重新填",
    "重新填写",
    "重新填报",
    "重新开始",
    "从头来",
    "清空",
    "清空重填",
    usage="重来",
    about="清空填写中的报送，重新填",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def restart(context: Context, rest: str) -> Reply:
    """Begin the open report anew; those put aside for it stay as they are."""
    work = open_work(context)
    if work is None:
        number = example_task(context) or "任务编号"
        return Reply(f"没有填写中的报送。取空白模板请发“报送 {number}”。")
    return start_over(work)
