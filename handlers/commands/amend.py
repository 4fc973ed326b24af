"""更正: a new version of a submitted report; accepted figures hold until it is accepted."""

from handlers.context import Context
from handlers.reading.picture_orders import read_picture_order
from handlers.reading.spoken import begins_with_field
from handlers.registry import InGroup, command
from handlers.reporting.correct import correct, open_again
from handlers.reporting.own import (
    last_unreviewed,
    number_and_rest,
    only_report,
    own_report,
    report_of_task,
)
from models.member import RoleName
from models.message import Reply
from models.submission import Submission, SubmissionState


@command(
    "amend",
    "更正",
    "订正",
    usage="更正 报送编号",
    about="更正已报送的内容，只发要改的行",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    glued=begins_with_field,
)
def amend(context: Context, rest: str) -> Reply:
    """Change a report of the speaker's unit, before or after its acceptance."""
    named = number_and_rest(rest)
    if named is None and (meant := _meant(context, rest)) is not None:
        return correct(context, *meant)
    if named is None:
        last = last_unreviewed(context.session, context.speaker.id)
        example = last.id if last else "编号"
        return Reply(f"请写明报送编号和要改的内容，如：\n更正 {example}\n完成数：××")
    number, changes = named
    report = own_report(context, number, "更正")
    return _ordered(context, report, changes) or correct(context, report, changes)


def _ordered(context: Context, report: Submission, changes: str) -> Reply | None:
    """图1和图2说明写反了 done to the pictures of *report*; None where it is no such order."""
    order = read_picture_order(changes.strip())
    found = context.services.registry.command_for(order) if order else None
    if found is None:
        return None
    open_again(context, report)
    return found[0].run(context, found[1])


def _meant(context: Context, rest: str) -> tuple[Submission, str] | None:
    """The report of the task that is named, or the only one that waits, with the changes."""
    if (of_task := report_of_task(context, rest, "更正")) is not None:
        return of_task
    waiting = (SubmissionState.SUBMITTED, SubmissionState.RETURNED)
    only = only_report(context, *waiting)
    return (own_report(context, only.id or 0, "更正"), rest) if only else None
