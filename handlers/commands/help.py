"""帮助: what waits for the speaker now, their next task as the example, and what they may send."""

from collections.abc import Iterator

from handlers.alone import limits_told_alone
from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.reporting.owed import example_task
from handlers.teaching.overview import in_brief, in_full
from handlers.teaching.situation import situation
from handlers.teaching.teach import taught
from models.member import RoleName
from models.message import Reply

_ALL = frozenset(("全部", "所有", "更多", "全部用法"))


@command(
    "help",
    "帮助",
    "用法",
    "怎么用",
    "使用说明",
    usage="帮助 [全部|词]",
    about="查看用法",
    group=InGroup.MOVE,
    alone=True,
    takes_typos=True,
)
def help_(context: Context, rest: str) -> Reply:
    """What to do now and the commands of the speaker's roles; 全部 or a word explains them."""
    if command_key(rest) in _ALL:
        return Reply("\n".join(in_full(context)))
    if rest.strip():
        return taught(context, rest)
    lines = list(situation(context))
    if context.speaker.has(RoleName.LIAISON):
        lines += _how_to_report(context)
    lines += in_brief(context)
    lines.append("写法请发“帮助”加词，如“帮助 进度”；全部用法发“帮助 全部”。")
    return Reply("\n".join(filter(None, (*lines, limits_told_alone(context)))))


def _how_to_report(context: Context) -> Iterator[str]:
    number = example_task(context) or "任务编号"
    yield f"报送：发“报送 {number}”取模板，填好发回；也可把写好的一段话接在任务名后面发来。"
    yield f"数据没有变化发“无变化 {number}”；图片勾选“原图”发送。"
    yield f"不清楚就问，如“怎么报 {number}”“怎么报 图片”。"
