"""任务: what the speaker has to report now, numbered, with due days and returned reasons."""

from handlers.context import Context
from handlers.lists import page_asked
from handlers.registry import InGroup, command
from handlers.reporting.owed import owed_listing, waiting_for_review
from handlers.reporting.underway import names_of, under_way
from models.member import RoleName
from models.message import Reply


@command(
    "tasks",
    "任务",
    "待办",
    "我的任务",
    "任务清单",
    "任务表",
    "待办事项",
    "待报任务",
    "待报事项",
    usage="任务 [第2页]",
    about="查看待报事项",
    group=InGroup.MOVE,
    alone=True,
    takes_typos=True,
)
def tasks(context: Context, rest: str) -> Reply:
    """The speaker's own owed reports, page by page; a number sent next begins the report."""
    if not context.speaker.has(RoleName.LIAISON):
        return Reply("您没有报送任务。查看进度请发“进度”，全部用法请发“帮助”。")
    _, page = page_asked(rest)
    owed, listing = owed_listing(context, "报送 {}", page)
    lines = [f"待报{len(owed)}项："] if owed else []
    lines.append(listing)
    if begun := under_way(context):
        lines.append(f"没有报完的：{names_of(begun)}。接着报请发“继续”。")
    if owed:
        lines.append("回复序号即可开始报送。")
    lines += waiting_for_review(context)
    return Reply("\n".join(lines))
