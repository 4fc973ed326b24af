"""A report begins: its task and period are found, its draft is opened, its first words read."""

from dataclasses import replace
from datetime import date

from handlers.context import Context
from handlers.reading.dates import DateReading, read_date
from handlers.reading.headings import Vocabulary
from handlers.reading.lines import ReportLines, read_lines
from handlers.reading.names import Name, find
from handlers.reading.normalise import clean
from handlers.reporting.choose import Choice, already_reported, choose, own_duties, task_named
from handlers.reporting.content import Parked
from handlers.reporting.drafts import open_draft, task_name
from handlers.reporting.flow import (
    Work,
    advance,
    open_work,
    unusable_text,
    usable,
    with_message,
    work_on,
)
from handlers.reporting.owed import owed_listing
from handlers.reporting.texts import template
from handlers.reporting.versions import content_of_version
from handlers.reporting.waiting import let_wait
from models.draft import Draft
from models.errors import Refused
from models.message import Reply
from models.obligation import ObligationState
from models.submission import version_of
from models.task import Task

_LONGEST_NAME = 60
#: So few characters behind a name (进展情况) only go on naming the task.
_SHORT = 6


def begin(context: Context, rest: str) -> Reply:
    """The answer to 报送: the template, what is missing, or the receipt."""
    lines = read_lines(rest, Vocabulary())
    if not lines.name:
        return _without_name(context, rest, lines)
    task = task_named(context, _query(lines), _replay(rest, lines))
    if isinstance(task, Reply):
        _keep_pictures(context)
        return task
    return begin_task(context, task, rest, lines)


def begin_task(context: Context, task: Task, rest: str, lines: ReportLines) -> Reply:
    """A report on a task that is known."""
    choice = choose(context, task, _as_of(context, lines))
    _refuse_repeat(context, choice, rest)
    draft, parked = open_draft(context, choice.duty.id, choice.unit_id)
    work = _first_work(context, draft)
    work, is_more = with_message(work, _behind_name(rest, lines, task), rest)
    opening = parked_text(context, parked)
    if not is_more:
        return _template(work, choice, opening)
    return advance(work, opening)


def _query(lines: ReportLines) -> str:
    return lines.name[:_LONGEST_NAME]


def _replay(rest: str, lines: ReportLines) -> str:
    """The command to repeat for the task chosen from a list, with all that was written."""
    after = rest.lstrip()[len(lines.name) :] if rest.lstrip().startswith(lines.name) else ""
    return "报送 {}" + after.replace("{", "{{").replace("}", "}}")


def _keep_pictures(context: Context) -> None:
    """Pictures sent with a report whose task is still asked wait for the answer."""
    if shas := [each.sha for each in usable(context.media)]:
        let_wait(context.session, context.speaker.id, shas, "", context.now)


def _without_name(context: Context, rest: str, lines: ReportLines) -> Reply:
    """No task is named: the open report goes on, or the only one that is owed begins."""
    work = open_work(context)
    if work is not None and rest.strip():
        work, _ = with_message(work, rest)
        return advance(work)
    owed, listing = owed_listing(context, f"报送 {{}}\n{_escaped(rest)}".rstrip())
    tasks = {each.task.id: each.task for each in owed}
    if len(tasks) == 1:
        return begin_task(context, next(iter(tasks.values())), rest, lines)
    _keep_pictures(context)
    asks = "请问报送哪一项？" if owed else ""
    return Reply("\n".join(filter(None, (unusable_text(context), asks, listing))))


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _as_of(context: Context, lines: ReportLines) -> date | None:
    for line in lines.as_of:
        read = read_date(line.text, context.today)
        if isinstance(read, DateReading):
            return read.day
    return None


def _refuse_repeat(context: Context, choice: Choice, rest: str) -> None:
    """The very same text again is no new report, even where a later period would take it."""
    own = own_duties(context, [choice.duty.task.id or 0])
    for duty in own:
        if duty.submission is None or duty.obligation.state == ObligationState.RETURNED:
            continue
        version = version_of(context.session, duty.submission, duty.submission.version)
        if version.original and version.original == clean(rest):
            raise Refused(already_reported(duty, own, context))


def _first_work(context: Context, draft: Draft) -> Work:
    """The draft as it is; a returned report is gone on with from what was sent before."""
    work = work_on(context, draft)
    if work.standing is None or not work.content.says_nothing:
        return work
    before = content_of_version(context.session, work.standing, work.form)
    return replace(work, content=before)


def _behind_name(rest: str, lines: ReportLines, task: Task) -> str:
    """What was written behind the task's name: 1710个 in “州1-7 1710个” is no part of it."""
    text = rest.lstrip()
    first, *more = lines.name.split(maxsplit=1)
    known = [Name("", task.number, task.title, tuple(task.aliases))]
    is_enough = bool(more) and (_has_digit(more[0]) or len(more[0]) > _SHORT)
    name = first if is_enough and find(first, known).sure else lines.name
    return text[len(name) :] if text.startswith(name) else text.partition("\n")[2]


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _template(work: Work, choice: Choice, opening: str) -> Reply:
    context = work.context
    reason = choice.duty.submission.return_reason if choice.duty.submission else ""
    text = template(context.session, work.form, context.services.zone, reason)
    return Reply("\n".join(filter(None, (unusable_text(context), opening, text))))


def parked_text(context: Context, parked: Parked | None) -> str:
    """What is said about a report that was put aside for another."""
    if parked is None:
        return ""
    name = task_name(context.session, parked.obligation_id)
    return f"{name} 尚未报完，先为您放下，本项报完后接着报。"


def named_or_only(context: Context, name: str, template: str) -> Task | Reply:
    """The task that is named, or without a name the only one owed now; else the question which."""
    if name.strip():
        return task_named(context, name, template)
    owed, listing = owed_listing(context, template)
    tasks = {each.task.id: each.task for each in owed}
    if len(tasks) == 1:
        return next(iter(tasks.values()))
    return Reply("\n".join(filter(None, ("请问是哪一项？" if owed else "", listing))))
