"""取消: gives up the open report or correction; what was submitted stays."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.flow import end, open_work
from handlers.reporting.waiting import take_waiting
from models.member import RoleName
from models.message import Reply


@command(
    "cancel",
    "取消",
    "取消报送",
    "不报了",
    "放弃",
    usage="取消",
    about="放弃填写中的报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def cancel(context: Context, rest: str) -> Reply:
    """Close the open report; pictures that only wait for one are let go as well."""
    work = open_work(context)
    waited = take_waiting(context.session, context.speaker.id, context.now)
    if work is None:
        if waited.shas:
            return Reply(f"暂存的{len(waited.shas)}张图片已清除。")
        return Reply("没有填写中的报送，不用取消。已报送的要收回，请发“撤回”加编号。")
    if work.number is not None:
        text = f"已放弃对 #{work.number} 的更正，原报送不变。"
    else:
        again = f"报送 {work.form.matter.number}"
        text = f"已取消 {work.form.name} 的填报，未提交。重新报送请发“{again}”。"
    return Reply("\n".join(filter(None, (text, end(work)))))
