"""Several tasks named in one breath: which they are, and their forms to fill in together."""

import re
from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.reading.names import Name
from handlers.reading.normalise import normalise
from handlers.reporting.blank import blank
from handlers.reporting.blocks import Known, are_tasks
from handlers.reporting.choose import choose
from handlers.reporting.content import Content
from handlers.reporting.naming import matter_named
from models.errors import Refused
from models.message import Reply
from models.task import Task

#: More forms would fill a phone's screen several times over.
MOST_FORMS = 5
_BETWEEN = re.compile(r"[\s,;、。]+|(?<=[0-9])\s*[和及与]\s*")
_LONGEST_LIST = 400


def names_in(context: Context, text: str) -> list[str]:
    """The tasks that a text consists of (州1-7、州1-8); none where it says anything else."""
    if len(text) > _LONGEST_LIST:
        return []
    words = [each for each in _BETWEEN.split(normalise(text)) if each]
    names = [each for each in words if each not in ("和", "及", "与")]
    if len(names) < 2:
        return []
    names = list(dict.fromkeys(names))
    return names if are_tasks(names, named_tasks(context)) else []


def named_tasks(context: Context) -> list[Known]:
    """Every task that the speaker may name, without asking whose it is."""
    return [Known(name_of(task)) for task in context.tasks.values()]


def name_of(task: Task) -> Name:
    """What a task is called."""
    return Name(str(task.id), task.number, task.title, tuple(task.aliases))


def forms_asked(context: Context, names: Sequence[str]) -> Reply:
    """The forms of these tasks below one another; nothing is begun by asking for them."""
    if len(names) > MOST_FORMS:
        raise Refused(
            f"您点了{len(names)}项，一次最多列出{MOST_FORMS}项。任务较多时请发“模板”领取报送表。"
        )
    shown = [*_forms(context, names)]
    forms = [form for form, _ in shown if form]
    refused = [why for _, why in shown if why]
    if not forms:
        return Reply("\n".join(refused))
    return Reply("\n".join([*refused, "请复制下面内容，填好一并发回：", "\n\n".join(forms)]))


def _forms(context: Context, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        try:
            with context.session.begin_nested():
                matter = matter_named(context, name, "报送 {}")
                if isinstance(matter, Reply):
                    raise Refused(f"“{name}”可以指几项任务，请写任务编号。")
                duty = choose(context, matter, None).duty
            yield blank(context.forms.of(duty.obligation), Content(), None), ""
        except Refused as refusal:
            yield "", refusal.text
