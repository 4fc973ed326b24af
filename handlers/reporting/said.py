"""What a message with reports holds: one, several in parts, or a table; each goes its way."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.headings import Vocabulary
from handlers.reading.limits import refuse_large_table
from handlers.reading.lines import read_lines
from handlers.reading.normalise import clean, name_key, normalise
from handlers.reporting.begin import begin
from handlers.reporting.blocks import Block, Cut, Known, cut
from handlers.reporting.content import Extra
from handlers.reporting.county_sheets import county_names, county_report
from handlers.reporting.extra_rows import extra_headings
from handlers.reporting.forms_asked import forms_asked, named_tasks, names_in
from handlers.reporting.in_clauses import cut_by_clause
from handlers.reporting.items import Item
from handlers.reporting.nil import says_nil
from handlers.reporting.pasted import pasted_rows
from handlers.reporting.several import report_all
from handlers.reporting.tables import Table, read_bare, read_table
from handlers.reporting.work import Work
from models.errors import Refused
from models.indicator import indicators_of
from models.member import RoleName
from models.message import Reply
from models.unit import units_by_id

#: More reports in the parts of one message are refused, and that is said.
MOST_PARTS = 20
#: So many rows of a table are reported at once.
MOST_ROWS = 100
_LONGEST_SHOWN = 40
_DAY = re.compile("截至|截止")
_CLOSING_DAY = re.compile(
    r"(?:^|[\s,，;；。])(?:以上|上述|数据|两项|各项|均|都|是|全部)*(?:截至|截止)(?:时间|日期)?[\s:：]*"
    r"(?:均为|都是|是|为|到)?(?P<day>[^\s,，;；。:：]{2,12})[。.\s]*$"
)
_FIGURE = re.compile(r"[约近]?\s*[0-9][0-9,]*(?:\.[0-9]+)?\s*[万亿]?[^\W\d]{0,4}")
_FIELD = re.compile(r"\s*[^\s:：]{2,12}\s*[:：]\s*\S")
#: Sections that any report may have, beside those that are asked for.
_SECTIONS = tuple("措施 问题 困难 成效 进展 下一步 下步 打算 建议 目标任务 县市情况".split())


def report_said(context: Context, text: str) -> Reply:
    """The answer to 报送 and what follows it: one report, or several with one summary."""
    if (table := table_of(context, text)) is not None:
        return report_table(context, table)
    text, named = _without_list(context, text)
    parts = parts_of(context, text)
    if named and len(parts.blocks) > 1:
        return report_parts(context, parts)
    names = [each.name for each in parts.blocks if not each.text]
    if len(names) < 2 or len(names) < len(parts.blocks):
        names = names_in(context, text)
    if len(names) > 1:
        return forms_asked(context, names)
    return begin(context, text) if len(parts.blocks) < 2 else report_parts(context, parts)


def _without_list(context: Context, text: str) -> tuple[str, bool]:
    """The text without a first line that only lists the tasks that follow, and whether it did."""
    first, _, more = text.lstrip().partition("\n")
    is_list = bool(more.strip()) and len(names_in(context, first)) > 1
    several = is_list and len(parts_of(context, more).blocks) > 1
    return (more, True) if several else (text, False)


def table_of(context: Context, text: str) -> Table | None:
    """The table that was pasted; None where the text is none, or its rows name no task."""
    rows = pasted_rows(text)
    if not rows:
        return None
    known, sections = known_tasks(context)
    counties = county_names(context)
    table = read_table(rows, known, sections, own_unit_names(context), counties)
    if table is None and "\t" in text:
        table = read_bare(rows, known)
    return table if table and table.items else county_report(context, rows, text)


def report_table(context: Context, table: Table, *, always: bool = False) -> Reply:
    """Report every row; refused as a whole where there are too many.

    One row alone is answered as one message is, unless the summary is *always* wanted.
    """
    count = len(table.items)
    if count > MOST_ROWS:
        raise Refused(
            f"表格有{count}行报送，一次最多{MOST_ROWS}行，均未受理。"
            f"请分成{-(-count // MOST_ROWS)}次发送。"
        )
    refuse_large_table([each.text for each in table.items])
    if always or count > 1 or table.notes or context.media:
        return report_all(context, table.items, table.notes)
    only = table.items[0]
    return begin(context, f"{only.name} {only.unit}\n{only.text}")


def parts_of(context: Context, text: str) -> Cut:
    """The parts of a message that each begin with a task's name."""
    # Whose the tasks are takes longer to find out than whether any is named at all.
    found = cut(text, named_tasks(context))
    if found.blocks:
        known, sections = known_tasks(context)
        found = cut(text, known, (*_SECTIONS, *sections))
    if len(found.blocks) > 1:
        return found
    in_clauses = cut_by_clause(context, text)
    return in_clauses or (found if found.blocks else Cut(text.strip(), ()))


def is_several(parts: Cut) -> bool:
    """Whether they surely are several reports, of which at least one is the writer's own."""
    said = [_says_something(each.text) for each in parts.blocks]
    return len(said) > 1 and all(said) and parts.has_own


def _says_something(text: str) -> bool:
    """Whether a part has a figure, a field under its heading, or says that nothing changed."""
    has_field = any(_FIELD.match(line) for line in text.split("\n"))
    return has_field or any(char.isdigit() for char in text) or says_nil(text)


def only_part(parts: Cut) -> Block | None:
    """The part that is the whole message, or None."""
    is_whole = len(parts.blocks) == 1 and not parts.preamble
    return parts.blocks[0] if is_whole else None


def is_of(work: Work, part: Block) -> bool:
    """Whether a part names the very task or clause of the open report."""
    matter = work.form.matter
    names = (matter.number, matter.label, matter.task.number, *matter.task.aliases)
    return bool(part.text) and name_key(part.name) in map(name_key, names)


def report_parts(context: Context, parts: Cut) -> Reply:
    """Report every part; refused as a whole where there are too many."""
    count = len(parts.blocks)
    if count > MOST_PARTS:
        raise Refused(
            f"这条消息有{count}项报送，一次最多{MOST_PARTS}项，均未受理。"
            f"请分成{-(-count // MOST_PARTS)}条发送，或发“模板”领取表格，填好发回。"
        )
    day, unread = _preamble(parts.preamble)
    blocks = parts.blocks if day else _with_closing_day(parts.blocks)
    items = [Item(each.name, f"{day}{_as_field(each.text)}") for each in blocks]
    return report_all(context, items, [unread] if unread else [])


def _with_closing_day(blocks: Sequence[Block]) -> Sequence[Block]:
    """A day that is said once, behind the last part, holds for those before it too."""
    *others, last = blocks
    found = _CLOSING_DAY.search(last.text)
    if found is None or any(_DAY.search(each.text) for each in others):
        return blocks
    text = last.text[: found.start()].rstrip(" ,，;；")
    day = f"截至：{found['day']}\n"
    return [replace(each, text=f"{day}{each.text}") for each in (*others, replace(last, text=text))]


def _as_field(text: str) -> str:
    """A part that begins with nothing but a figure gives the one that is asked for."""
    first, mark, more = text.partition("\n")
    is_figure = _FIGURE.fullmatch(normalise(first).strip()) is not None
    return f"完成数：{first}{mark}{more}" if is_figure else text


def _preamble(text: str) -> tuple[str, str]:
    """A day that is said ahead holds for all; a figure before any task belongs to none."""
    lines = read_lines(text, Vocabulary())
    day = next((line.text for line in lines.as_of if line.text.strip()), "")
    shown = harmless(text)[:_LONGEST_SHOWN]
    is_lost = not day and any(char.isdigit() for char in clean(text))
    return f"截至：{day}\n" if day else "", f"未读懂，未采用：{shown}" if is_lost else ""


def known_tasks(context: Context) -> tuple[list[Known], tuple[str, ...]]:
    """The tasks that may be named, with the words of their indicators, and sections asked for."""
    asked_for = context.own_duties.requirements()
    own_ids = {each.task_id for each in asked_for}
    indicators = indicators_of(context.session, own_ids)
    known = []
    for each in named_tasks(context):
        task_id = int(each.name.key)
        words = tuple(w for i in indicators.get(task_id, ()) for w in (i.name, *i.aliases))
        known.append(replace(each, words=words, is_own=task_id in own_ids))
    asked = (s for each in asked_for for s in each.sections)
    names = (name for s in asked for name in (s["name"], *s.get("aliases", ())))
    extras = (name for each in extra_headings(tuple(Extra)) for name in each.names)
    return known, tuple(dict.fromkeys((*names, *extras)))


def own_unit_names(context: Context) -> list[str]:
    """What the units are called for which the speaker reports."""
    units = units_by_id(context.session, context.speaker.unit_ids(RoleName.LIAISON))
    return [name for unit in units.values() for name in (unit.name, *unit.aliases)]
