"""Obligations that one report meets: the same subject, units and period, and nothing else asked.

Where a month ends a quarter, the monthly and the quarterly requirement ask for the very same;
people write it once.
"""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from models.requirement import Requirement
from models.rules.reporting import STILL_OWED, State, takes_reports
from models.submission import Submission, SubmissionState, SubmissionVersion, version_of

#: What a report on one requirement leaves open for another, if anything of it differs.
_ASKED = ("sections", "pictures", "picture_rule", "county_figures", "verified", "comments", "each")
_CHANGEABLE = (SubmissionState.SUBMITTED, SubmissionState.RETURNED)


def are_one(one: DutyStanding, other: DutyStanding) -> bool:
    """Whether a report on the *one* says all that the *other* asks for."""
    return (
        one.id != other.id
        and one.task.id == other.task.id
        and one.matter.clause_id == other.matter.clause_id
        and one.duty.covers is not None
        and one.duty.covers == other.duty.covers
        and {unit.id for unit in one.units} == {unit.id for unit in other.units}
        and _ask_the_same(one.requirement, other.requirement)
    )


def _ask_the_same(one: Requirement, other: Requirement) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _ASKED)


def merged(owed: Iterable[DutyStanding]) -> list[DutyStanding]:
    """These obligations without those that the report on an earlier one meets as well.

    One that was returned is spoken of by itself.
    """
    kept: dict[tuple[object, ...], list[DutyStanding]] = {}
    found = []
    for each in owed:
        key = (each.task.id, each.matter.clause_id, each.duty.covers)
        known = kept.setdefault(key, [])
        waits = each.state is not State.RETURNED
        if waits and any(are_one(other, each) for other in known):
            continue
        found.append(each)
        if waits:
            known.append(each)
    return found


def also_met(context: Context, obligation_id: int, task_id: int) -> list[DutyStanding]:
    """What else is owed that the report just made on this obligation says already."""
    wanted = DutyFilter(task_ids=(task_id,))
    all_ = duties(context.session, wanted, context.now, context.services.zone)
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
    """The unaccepted reports whose newest version was made from the same message as this one's."""
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
            col(Submission.state).in_(_CHANGEABLE),
            col(SubmissionVersion.version) == col(Submission.version),
            SubmissionVersion.inbox_id == version.inbox_id,
            SubmissionVersion.original == version.original,
        )
        .order_by(col(Submission.id))
    ).all()
    return list(rows)
