"""The answer to 怎么报 and 帮助 with a word: a subject, a task's template, or a command."""

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.registry import Command
from handlers.reporting.choose import choose
from handlers.reporting.naming import is_known, matter_named
from handlers.reporting.owed import example_task
from handlers.reporting.texts import template
from handlers.teaching.overview import usage_of
from handlers.teaching.topics import topic_names, topic_of
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_LONGEST_SHOWN = 20


def taught(context: Context, asked: str) -> Reply:
    """What is known about *asked*; without a word, how the speaker's next task is reported."""
    asked = asked.strip(" \t？?。！!，,吗呢啊的")
    if not asked:
        return _next_task(context)
    wanted, topic = _command(context, asked), topic_of(asked)
    is_liaison = context.speaker.has(RoleName.LIAISON)
    if wanted is not None and not (is_liaison and topic):
        return Reply(usage_of(wanted))
    if topic is not None:  # what is asked by those who report
        return Reply(topic.text)
    if is_liaison and is_known(context, asked):
        return _task(context, asked)
    shown = harmless(asked)[:_LONGEST_SHOWN]
    return Reply(
        f"没有“{shown}”的说明。可以问：{topic_names()}；"
        "也可以问某项任务，如“怎么报 州1-7”；全部用法请发“帮助 全部”。"
    )


def _next_task(context: Context) -> Reply:
    number = example_task(context) if context.speaker.has(RoleName.LIAISON) else ""
    if number:
        return _task(context, number)
    return Reply(f"您可以问：{topic_names()}，如“怎么报 图片”；全部用法请发“帮助 全部”。")


def _task(context: Context, name: str) -> Reply:
    """The template of what is owed on it, without beginning a report."""
    matter = matter_named(context, name, "怎么报 {}")
    if isinstance(matter, Reply):
        return matter
    try:
        with context.session.begin_nested():
            choice = choose(context, matter, None)
    except Refused as refusal:
        return Reply(refusal.text)
    form = context.forms.of(choice.duty.obligation)
    lines = [template(form, context.services.zone)]
    if form.indicators:
        lines.append(
            "不想填空，也可以把材料里的一段话直接接在后面发来，如：\n"
            f"报送 {matter.number} 截至……，{form.indicators[0].name}累计完成……"
        )
    return Reply("\n".join(lines))


def _command(context: Context, asked: str) -> Command | None:
    found = context.services.registry.command_for(asked)
    if found is None or found[1].strip():
        return None
    is_own = not found[0].roles or context.speaker.has(*found[0].roles)
    return found[0] if is_own else None
