"""撤回: takes a report back before it is reviewed."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.own import (
    last_unreviewed,
    number_and_rest,
    only_report,
    own_report,
    report_of_task,
)
from handlers.reporting.withdraw import taken_back
from models.member import RoleName
from models.message import Reply
from models.submission import Submission, SubmissionState


@command(
    "withdraw",
    "撤回",
    "收回",
    usage="撤回 报送编号",
    about="审核前收回报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
)
def withdraw(context: Context, rest: str) -> Reply:
    """Take back a report of the speaker's unit; refused once it is reviewed."""
    named = number_and_rest(rest)
    if named is None and (found := _meant(context, rest)) is not None:
        return Reply(taken_back(context, found))
    if named is None:
        last = last_unreviewed(context.session, context.speaker.id)
        example = f"撤回 {last.id}" if last else "撤回 128"
        return Reply(f"请写明要撤回的报送编号，如“{example}”。")
    submission = own_report(context, named[0], "撤回")
    return Reply(taken_back(context, submission))


def _meant(context: Context, rest: str) -> Submission | None:
    """The report of the task that is named, or the only one that can be taken back."""
    if rest.strip():
        found = report_of_task(context, rest, "撤回")
        return found[0] if found else None
    only = only_report(context, SubmissionState.SUBMITTED)
    return own_report(context, only.id or 0, "撤回") if only else None
