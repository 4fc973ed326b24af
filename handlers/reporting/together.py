"""Obligations that one report meets: the same subject, units and period, and nothing else asked.

Where a month ends a quarter, the monthly and the quarterly requirement ask for the very same;
people write it once.
"""

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.standing.duties import DutyStanding
from handlers.standing.merging import are_one
from models.rules.reporting import STILL_OWED, State, takes_reports
from models.submission import Submission, SubmissionState, SubmissionVersion, version_of
from models.task import Task

_CHANGEABLE = (SubmissionState.SUBMITTED, SubmissionState.RETURNED)


def also_met(context: Context, obligation_id: int, task: Task) -> list[DutyStanding]:
    """What else the units owe on the task that a report on this obligation says already."""
    all_ = context.own_duties.of_tasks([task.id or 0])
    this = next((each for each in all_ if each.id == obligation_id), None)
    return [
        each
        for each in all_
        if this is not None
        and are_one(this, each)
        and each.state in STILL_OWED - {State.RETURNED}
        and takes_reports(each.duty, context.now)
    ]


def sent_along(session: Session, submission: Submission) -> list[Submission]:
    """The reports whose newest version was made from the same message as this one's.

    With one that was passed go those that were passed, with another those that were not.
    """
    accepted = (SubmissionState.ACCEPTED,)
    states = accepted if submission.state in accepted else _CHANGEABLE
    version = version_of(session, submission, submission.version)
    if version.inbox_id is None:
        return []
    rows = session.exec(
        select(Submission)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .where(
            Submission.task_id == submission.task_id,
            Submission.unit_id == submission.unit_id,
            Submission.id != submission.id,
            col(Submission.state).in_(states),
            col(SubmissionVersion.version) == col(Submission.version),
            SubmissionVersion.inbox_id == version.inbox_id,
            SubmissionVersion.original == version.original,
        )
        .order_by(col(Submission.id))
    ).all()
    return list(rows)
