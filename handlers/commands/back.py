"""上一步: takes back what the latest message did to the open report."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.back import take_back
from handlers.reporting.own import fresh_report
from handlers.reporting.work import open_work
from models.member import RoleName
from models.message import Reply


@command(
    "back",
    "上一步",
    "撤销",
    "撤销上一步",
    "撤回上一步",
    "退回上一步",
    "返回",
    "返回上一步",
    "回退",
    "后退",
    usage="上一步",
    about="撤销填写中的最近一步",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def back(context: Context, rest: str) -> Reply:
    """The open report as it stood before; what was submitted is taken back by 撤回 alone."""
    work = open_work(context)
    if work is not None:
        return take_back(work)
    sent = fresh_report(context)
    if sent is None:
        return Reply("没有填写中的报送，没有可撤销的上一步。待报事项请发“任务”查看。")
    return Reply(
        f"没有填写中的报送。刚报送的 #{sent.id} 要收回请发“撤回 {sent.id}”，"
        f"要改请发“更正 {sent.id}”加要改的内容。"
    )
