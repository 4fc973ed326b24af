"""A message that quotes another: the report that is meant stands in what was quoted."""

import re
from collections.abc import Iterable

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.normalise import clean, command_key, normalise
from handlers.registry import Command
from handlers.reporting.amending import quoted_task_report
from handlers.reporting.correct import is_part_of
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.own import as_line, newest_reports, number_and_rest
from handlers.reporting.traces import messages_of
from models.inbox import InboxMessage, find_message
from models.member import RoleName
from models.submission import Submission
from models.task import Task

#: Commands that begin with a report's number; a quotation says which.
_ABOUT_ONE_REPORT = frozenset(("amend", "withdraw", "accept", "send_back", "show"))
_NUMBER = re.compile(r"#\s*(\d{1,9})(?!\d)")
#: So many of the newest reports of the speaker's units may be the one that is quoted.
_LOOKED_THROUGH = 30


def with_quoted(context: Context, text: str) -> str:
    """*text* with the number of the report that its message quotes, as the command would have it.

    “通过” under the word on #128 is 通过 128, and lines of a report under their receipt are its
    correction. A text that is whole without the quotation stays as it is.
    """
    if not (context.message.quoted_id or context.message.quoted_text):
        return text
    found = context.services.registry.command_for(text)
    if found is not None and found[0].name not in _ABOUT_ONE_REPORT | {"modify"}:
        return text
    number = quoted_number(context)
    if number is None and found is None and (of_task := _of_quoted_task(context, text)):
        return of_task
    if number is None:
        return text if found else _as_report(context, text)
    return _of_command(number, *found) if found else _as_correction(context, number, text)


def quoted_number(context: Context) -> int | None:
    """The number of the report that the message quotes; None where it quotes none, or several."""
    message = context.message
    number = _number_in(message.quoted_text)
    if number is not None or not context.speaker.has(RoleName.LIAISON):
        return number
    reports = sorted(newest_reports(context, _LOOKED_THROUGH), key=lambda each: each.id or 0)
    behind = messages_of(context.session, reports)
    rows = {n for versions in behind.values() for ids in versions.values() for n in ids}
    meant = _rows_meant(context, rows)
    numbers = [
        each.id for each in reports if any(meant & ids for ids in behind[each.id or 0].values())
    ]
    return numbers[0] if numbers else None


def _rows_meant(context: Context, rows: Iterable[int]) -> set[int]:
    """The inbox row that is quoted by its id, or those of *rows* with the quoted words.

    A platform may know the same message by another id where it is quoted.
    """
    message, session = context.message, context.session
    if message.quoted_id:
        row = find_message(session, message.platform, message.quoted_id)
        if row is not None:
            return {row.id or 0}
    key = command_key(message.quoted_text)
    found = session.exec(select(InboxMessage).where(col(InboxMessage.id).in_(set(rows)))).all()
    return {row.id or 0 for row in found if key and command_key(row.message.get("text", "")) == key}


def _number_in(quoted: str) -> int | None:
    """The number in a word of the bot: the one of its first line, or the only one at all."""
    plain = normalise(quoted)
    for part in (plain.split("\n")[0], plain):
        numbers = {int(each) for each in _NUMBER.findall(part)}
        if len(numbers) == 1:
            return numbers.pop()
    return None


def _of_command(number: int, wanted: Command, rest: str) -> str:
    if wanted.name == "modify":
        return f"更正 {number}\n{as_line(rest)}"
    if number_and_rest(rest) is not None:
        return f"{wanted.words[0]} {rest}"
    return f"{wanted.words[0]} {number} {rest}".rstrip()


def _of_quoted_task(context: Context, text: str) -> str:
    """州1-14改成121公里 under a summary of several reports, as the correction of that one."""
    numbers = [int(each) for each in _NUMBER.findall(normalise(context.message.quoted_text))]
    if not numbers or not context.speaker.has(RoleName.LIAISON):
        return ""
    report = quoted_task_report(context, numbers, text)
    if report is None or not any(map(str.isdigit, normalise(text))):
        return ""
    task = context.session.get_one(Task, report.task_id)
    known = sorted((task.number, task.title, *task.aliases), key=len, reverse=True)
    name = next((each for each in known if text.strip().startswith(each)), "")
    return f"更正 {report.id}\n{text.strip().removeprefix(name).lstrip(' ，,：:的')}"


def _as_report(context: Context, text: str) -> str:
    """Figures and lines under a reminder of one task are the report on it."""
    is_told = any(map(str.isdigit, normalise(text))) or "：" in clean(text)
    if not is_told or not context.speaker.has(RoleName.LIAISON):
        return text
    near = own_tasks_in(context, context.message.quoted_text)
    return f"报送 {near[0].number}\n{text}" if len(near) == 1 else text


def _as_correction(context: Context, number: int, text: str) -> str:
    """Lines and pictures under an own report are its correction; other words stay talk."""
    report = _own(context, number)
    if report is None:
        return text
    is_more = bool(context.media) or is_part_of(context, report, text)
    return f"更正 {number}\n{text}" if is_more else text


def _own(context: Context, number: int) -> Submission | None:
    newest = newest_reports(context, _LOOKED_THROUGH)
    return next((each for each in newest if each.id == number), None)
