"""帮助: what the speaker can do, by role, with their own next task as the example."""

from collections.abc import Iterable, Iterator

from handlers.context import Context
from handlers.registry import Command, InGroup, command
from handlers.reporting.owed import example_task
from models.member import ROLE_TITLES, RoleName
from models.message import Reply

#: Said when they are needed, so that one line is enough for them.
_WHILE_REPORTING = ("确认", "修改", "用裁剪图", "换图", "删图", "提交", "取消")
#: Named where they are asked for.
_ANSWERS = ("加图", "不换图", "更正对接", "撤回对接", "更正动态", "撤回动态")
_FIRST = ("tasks", "report", "nil", "amend", "withdraw")
_ORDER = (RoleName.LIAISON, RoleName.LEADER, RoleName.ADMIN, RoleName.OPERATOR)


@command(
    "help",
    "帮助",
    "用法",
    "怎么报",
    "怎么用",
    usage="帮助",
    about="查看用法",
    group=InGroup.MOVE,
    alone=True,
)
def help_(context: Context, rest: str) -> Reply:
    """The commands of the speaker's roles, a line each."""
    lines: list[str] = []
    if context.speaker.has(RoleName.LIAISON):
        lines += _how_to_report(context)
    lines += _commands(context)
    return Reply("\n".join(lines))


def _how_to_report(context: Context) -> Iterator[str]:
    number = example_task(context) or "任务编号"
    yield f"报送：发“报送 {number}”取模板，填好发回即可。"
    yield "图片勾选“原图”发送，说明如：图1 标题；8月20日；地点。"
    yield f"填报中可用：{'、'.join(_WHILE_REPORTING)}。"


def _commands(context: Context) -> Iterator[str]:
    """Commands for everyone, then those of each role the speaker holds, each told once."""
    known = list(context.services.registry.commands.values())
    yield from _lines(each for each in known if not each.roles)
    told: set[str] = set()
    for role in _ORDER:
        own = [each for each in known if role in each.roles and each.name not in told]
        if own and context.speaker.has(role):
            yield f"【{ROLE_TITLES[role]}】"
            yield from _lines(own)
            told |= {each.name for each in own}


def _lines(commands: Iterable[Command]) -> Iterator[str]:
    for each in sorted(commands, key=_place):
        if each.words[0] not in (*_WHILE_REPORTING, *_ANSWERS, "帮助"):
            yield f"{each.usage}　{each.about}"


def _place(each: Command) -> int:
    """What is needed most comes first; the rest keeps its order."""
    return _FIRST.index(each.name) if each.name in _FIRST else len(_FIRST)
