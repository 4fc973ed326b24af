"""What waits for review: one source for the list and for passing all of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from handlers.context import Context
from handlers.standing.matters import Matter, matters_of
from models.obligation import Obligation
from models.programme import Programme
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.task import Task
from models.unit import Unit, units_by_id


@dataclass(frozen=True)
class Waiting:
    """One unreviewed report; *version* is its newest."""

    submission: Submission
    version: SubmissionVersion
    obligation: Obligation
    matter: Matter
    unit: Unit

    @property
    def is_correction(self) -> bool:
        """Whether an accepted version holds while this one waits."""
        return self.submission.accepted_version is not None


def waiting_reports(ctx: Context, programmes: Iterable[Programme]) -> list[Waiting]:
    """The unreviewed reports of these programmes, the one that waits longest first."""
    rows = ctx.session.exec(
        select(Submission, SubmissionVersion, Obligation, Task)
        .join(
            SubmissionVersion,
            (col(SubmissionVersion.submission_id) == col(Submission.id))
            & (col(SubmissionVersion.version) == col(Submission.version)),
        )
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .where(
            Submission.state == SubmissionState.SUBMITTED,
            col(Task.active),
            col(Obligation.programme_id).in_([each.id for each in programmes]),
        )
        .order_by(col(SubmissionVersion.received_at), col(Submission.id))
    ).all()
    units = units_by_id(ctx.session, [report.unit_id for report, _, _, _ in rows])
    tasks = {task.id or 0: task for _, _, _, task in rows}
    matters = matters_of(ctx.session, [obligation for _, _, obligation, _ in rows], tasks)
    return [
        Waiting(report, version, obligation, matters[obligation.id or 0], units[report.unit_id])
        for report, version, obligation, _ in rows
    ]
