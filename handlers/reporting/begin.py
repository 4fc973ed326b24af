"""A report begins: its task and period are found, its draft is opened, its first words read."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.context import Context
from handlers.reading.dates import DateReading, read_date
from handlers.reading.headings import Vocabulary
from handlers.reading.lines import ReportLines, read_lines
from handlers.reading.marks import GAP
from handlers.reading.names import Name, find
from handlers.reading.normalise import clean, name_key
from handlers.reading.prose import day_in_prose, read_prose
from handlers.reporting.amending import offer_again
from handlers.reporting.arrived import unusable_text, usable, with_message
from handlers.reporting.choose import (
    Choice,
    already_reported,
    choose,
    duties_on,
    own_unit,
)
from handlers.reporting.drafts import content_of, open_draft
from handlers.reporting.flow import advance, ask_again
from handlers.reporting.naming import (
    clause_named,
    is_known,
    is_own,
    matter_in,
    matter_named,
    own_tasks_in,
)
from handlers.reporting.nil import loose_nil, nil_name, offer_nil, report_nil
from handlers.reporting.owed import owed_listing
from handlers.reporting.own_units import unit_meant, unit_named
from handlers.reporting.texts import left_text, template
from handlers.reporting.underway import parked_text, under_way
from handlers.reporting.waiting import let_wait
from handlers.reporting.work import Work, open_work, work_on
from handlers.standing.matters import Matter
from models.errors import Refused
from models.message import Reply
from models.obligation import ObligationState
from models.rules.clause import short_text
from models.submission import version_of

_LONGEST_NAME = 60
#: Fewer characters (成效) are a word of the report rather than a part of a name.
_SHORTEST_NAME = 4
_JOINTS = " \t\u3000:：,，;；、。"
#: A copied name ends with the line or a mark; before a figure or a colon it is a field's heading.
_TITLE_COPY = re.compile(
    r"([^\s,，;；。｜(（:：][^,，;；。｜(（:：]*?)(?:[(（][^()（）]{1,12}[)）])?"
    r"(?:$|[,，;；。｜]|\s+(?![\d０-９一二三四五六七八九十]))"
)
_ASKS = re.compile(r"[?？吗呢么]\s*$")
#: So few characters behind a name (进展情况) only go on naming the task.
_SHORT = 6


def begin(context: Context, rest: str) -> Reply:
    """The answer to 报送: the template, what is missing, or the receipt.

    Pictures of a report that is refused wait for the next one, and that is said.
    """
    try:
        with context.session.begin_nested():
            return _begin(context, rest)
    except Refused as refusal:
        if not usable(context.media):
            raise
        _keep_pictures(context)
        kept = f"随发的{len(usable(context.media))}张图片已留存，将附在您接下来的报送中；"
        return Reply(f"{refusal.text}\n{kept}不用请发“取消”。")


def _begin(context: Context, rest: str) -> Reply:
    rest = clean(rest)
    if (nil := nil_name(rest)) is not None and is_known(context, nil):
        matter = matter_named(context, nil, "无变化 {}")
        return matter if isinstance(matter, Reply) else report_nil(context, matter, nil)
    if (loose := loose_nil(rest)) and is_own(context, loose):
        matter = matter_named(context, loose, "无变化 {}")
        return matter if isinstance(matter, Reply) else offer_nil(context, matter)
    lines = read_lines(rest, Vocabulary())
    if not lines.name:
        return _without_name(context, rest, lines)
    if (clause := clause_named(context, lines.name)) is not None:
        return _begin_named(context, *clause, _behind(rest, clause[1]), lines)
    name = _named_part(context, lines)
    after = _behind(rest, name)
    told = None
    if not is_known(context, name) and (told := matter_in(context, rest, repeating(rest))):
        name, after = "", rest
    # All that was written is said again with the task chosen from the list.
    matter = told or matter_named(context, name[:_LONGEST_NAME], repeating(after))
    if isinstance(matter, Reply):
        _keep_pictures(context)
        return matter
    return _begin_named(context, matter, name, after, lines)


def _begin_named(
    context: Context, matter: Matter, name: str, after: str, lines: ReportLines
) -> Reply:
    """A report on what was called *name*; *after* is what was written behind that."""
    return begin_matter(context, matter, _glued(name, matter) + without_title(after, matter), lines)


def begin_matter(context: Context, matter: Matter, after: str, lines: ReportLines) -> Reply:
    """A report on what is known; *after* is what was written behind its name."""
    day = day_said(context, lines, after)
    try:
        begun = opened(context, matter, after, day)
    except Refused:
        offer = offer_again(context, matter, day, after) if after.strip() else None
        if offer is None:
            raise
        begun = offer
    if isinstance(begun, Reply):
        _keep_pictures(context)
        return begun
    work, opening = begun.work, begun.opening
    if begun.is_more:
        return advance(work, opening)
    if content_of(work.draft).says_nothing:
        return empty_form(work, opening)
    return ask_again(work, opening or "这一期正在填报：")


@dataclass(frozen=True)
class Begun:
    """A report opened by a message: whether that said anything of it, and what is said first."""

    work: Work
    is_more: bool
    opening: str


def opened(context: Context, matter: Matter, after: str, as_of: date | None) -> Begun | Reply:
    """The report on *matter* with what the message says of it, or the question for which unit.

    Refused where nothing is owed on it, or the very same was reported before.
    """
    named, after = unit_named(context, matter, after)
    again = f"报送 {matter.number} {{}}\n{_escaped(after)}".rstrip()
    unit = named or unit_meant(context, matter, as_of, again)
    if isinstance(unit, Reply):
        return unit
    begun = _begun_before(context, matter) if as_of is None and unit is None else None
    choice = begun or choose(context, matter, as_of, unit)
    _refuse_repeat(context, choice, after)
    draft, parked = open_draft(context, choice.duty.id, choice.unit_id)
    work, is_more = with_message(work_on(context, draft, choice.duty), after)
    return Begun(work, is_more, parked_text(context, parked))


def _begun_before(context: Context, matter: Matter) -> Choice | None:
    """What was begun on it and not sent, of whatever period: to report on it again resumes that."""
    ids = [each.obligation_id for each in under_way(context) if each.matter.key == matter.key]
    if not ids:
        return None
    context.own_duties.lock(ids[:1])
    known = {each.id: each for each in duties_on(context, matter) if each.submission is None}
    duty = known.get(ids[0])
    return Choice(duty, own_unit(context, duty) or 0) if duty else None


def _named_part(context: Context, lines: ReportLines) -> str:
    """The part of what stands before the first field that names the task.

    1710个 in “州1-7 1710个” is none, nor is a sentence; 州 1-7 is one name with a gap in it.
    """
    first, *more = GAP.split(lines.name, maxsplit=1)
    if not more or not _says_something(more[0]):
        return lines.name
    return first if is_known(context, first) else lines.name


def _behind(rest: str, name: str) -> str:
    """What was written behind the task's name."""
    text = rest.lstrip()
    after = text[len(name) :] if text.startswith(name) else text.partition("\n")[2]
    return after.lstrip(" \t\u3000:：,，;；、")


def without_title(after: str, matter: Matter) -> str:
    """What was written, without the task's own name copied behind its number from a list."""
    first, mark, more = after.partition("\n")
    titles = [name_key(each) for each in (*_clause_names(matter), matter.task.title)]
    if title := next((each for each in titles if name_key(first).startswith(each)), ""):
        ends = (n for n in range(1, len(first) + 1) if name_key(first[:n]) == title)
        tail = first[next(ends, 0) :].lstrip(f"{_JOINTS}…")
        return f"{'' if tail.startswith('｜') else tail}{mark}{more}".lstrip("\n")
    found = _TITLE_COPY.match(first)
    if found is None or not _is_name_of(matter, found[1]):
        return after
    tail = "" if "｜" in first else first[found.end() :].lstrip(_JOINTS)
    return f"{tail}{mark}{more}".lstrip("\n")


def _clause_names(matter: Matter) -> tuple[str, ...]:
    """The text of a clause, whole and as a list shows it."""
    text = matter.clause.text if matter.clause else ""
    return (text, short_text(text)) if text else ()


def _is_name_of(matter: Matter, written: str) -> bool:
    """Whether words are a name of it or a part of one, without a figure of their own."""
    key, task = name_key(written), matter.task
    called = (task.title, task.theme, *task.aliases, *_clause_names(matter))
    names = [name_key(each) for each in called]
    is_part = len(key) >= _SHORTEST_NAME and any(key in each for each in names)
    return not any(char.isdigit() for char in key) and (key in names or is_part)


def _glued(name: str, matter: Matter) -> str:
    """Words glued to the number that are no name of the task: they are not lost silently."""
    task = matter.task
    if matter.place:
        return ""
    tail = name.removeprefix(task.number).strip()
    called = sorted((task.title, *task.aliases), key=len, reverse=True)
    title = next((each for each in called if tail.startswith(each)), "")
    if title:
        rest = tail.removeprefix(title)
        return f"{rest}\n" if any(map(str.isdigit, rest)) else ""
    if not name.startswith(task.number):
        return ""
    known = [Name("", "", task.title, tuple(task.aliases))]
    return f"{tail}\n" if _says_something(tail) and not find(tail, known).candidates else ""


def _says_something(text: str) -> bool:
    """Whether words behind a name are more than 进展情况 and the like."""
    return any(char.isdigit() for char in text) or len(text) > _SHORT


def repeating(text: str) -> str:
    """The command that says *text* again of whatever entry a number picks."""
    return f"报送 {{}}\n{_escaped(text)}".rstrip()


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _keep_pictures(context: Context) -> None:
    """Pictures sent with a report whose task is still asked wait for the answer."""
    if shas := [each.sha for each in usable(context.media)]:
        context.pictures_taken = True
        let_wait(context.session, context.speaker.id, shas, "", context.now)


def _without_name(context: Context, rest: str, lines: ReportLines) -> Reply:
    """No task is named: the open report goes on, or the only one that is owed begins."""
    work = open_work(context)
    if work is not None and rest.strip():
        work, _ = with_message(work, rest)
        return advance(work)
    owed, listing = owed_listing(context, repeating(rest))
    matters = {(each.task.id, each.matter.place): each.matter for each in owed}
    if len(matters) == 1:
        return begin_matter(context, next(iter(matters.values())), rest, lines)
    _keep_pictures(context)
    asks = "请问报送哪一项？" if owed else ""
    return Reply("\n".join(filter(None, (unusable_text(context), asks, listing))))


def day_said(context: Context, lines: ReportLines, text: str) -> date | None:
    """The day that a message names for its figures, in a line or in its prose; it decides the
    period."""
    for line in lines.as_of:
        read = read_date(line.text, context.today)
        if isinstance(read, DateReading):
            return read.day
    return day_in_prose(text, context.today)


def _refuse_repeat(context: Context, choice: Choice, text: str) -> None:
    """The very same text again is no new report, even where a later period would take it."""
    own = duties_on(context, choice.duty.matter)
    for duty in own:
        if duty.duty.covers == choice.duty.duty.covers:
            continue  # another requirement or unit for the very period
        if duty.submission is None or duty.obligation.state == ObligationState.RETURNED:
            continue
        version = version_of(context.session, duty.submission, duty.submission.version)
        if version.original and version.original == text.strip():
            raise Refused(already_reported(duty, own, context))


def empty_form(work: Work, opening: str = "") -> Reply:
    """The template of the open report to copy, fill in and send back."""
    context = work.context
    reason = work.standing.return_reason if work.standing else ""
    text = template(work.form, context.services.zone, reason)
    first = (unusable_text(context), opening, left_text(work.content))
    return Reply("\n".join(filter(None, (*first, text))))


def named_or_only(context: Context, name: str, template: str) -> Matter | Reply:
    """What is named, or without a name the only one owed now; else the question which."""
    if name.strip():
        return matter_named(context, name, template)
    owed, listing = owed_listing(context, template)
    matters = {(each.task.id, each.matter.place): each.matter for each in owed}
    if len(matters) == 1:
        return next(iter(matters.values()))
    return Reply("\n".join(filter(None, ("请问是哪一项？" if owed else "", listing))))


def looks_like_report(context: Context, text: str) -> bool:
    """Whether *text* tells of one of the speaker's tasks in figures.

    It begins with the task's name, or the name stands whole in its sentence.
    """
    if _ASKS.search(text):
        return False
    first, *more = GAP.split(text.strip(), maxsplit=1)
    if more and any(map(str.isdigit, more[0])) and is_own(context, first):
        return True
    is_told = bool(read_prose(text, context.today).figures)
    return is_told and bool(own_tasks_in(context, text))
