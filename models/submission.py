"""报送: a report against an obligation (#128) and its versions, which are never changed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.db import ExactDecimal, batches, one_of
from models.obligation import Obligation
from models.requirement import Requirement


class SubmissionState(StrEnum):
    """Where a report stands; it speaks of the newest version."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class AnswerKind(StrEnum):
    """报送 or 无变化."""

    REPORT = "report"
    NIL = "nil"


class Submission(SQLModel, table=True):
    """The report people call by its number; content stands in its versions.

    *first_received_at* decides on time or late (a correction later does not make it late),
    *returns* whether it passed at once. *endorsed_at* is set while a report that is reviewed twice
    has passed the first time (初审). *accepted_version* is what counts in figures.
    """

    __table_args__ = (one_of("state", SubmissionState),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    state: str = Field(default=SubmissionState.SUBMITTED, index=True)
    version: int = 1
    accepted_version: int | None = None
    first_received_at: datetime
    returns: int = 0
    return_reason: str = ""
    endorsed_by: int | None = Field(default=None, foreign_key="member.id")
    endorsed_at: datetime | None = None
    reviewed_by: int | None = Field(default=None, foreign_key="member.id")
    reviewed_at: datetime | None = None


class SubmissionVersion(SQLModel, table=True):
    """What a person sent, as they sent it and as it was read; never updated.

    *sections* maps a section's name to its text, *confirmed* lists the warnings that the person
    confirmed, with their reason, and what the checks remarked without asking (`note`).
    """

    __tablename__ = "submission_version"
    __table_args__ = (
        UniqueConstraint("submission_id", "version"),
        one_of("kind", AnswerKind),
    )

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    version: int
    kind: str = AnswerKind.REPORT
    member_id: int = Field(foreign_key="member.id")
    inbox_id: int | None = Field(default=None, foreign_key="inbox.id", index=True)
    received_at: datetime = Field(index=True)
    as_of: date | None = None
    stated_percent: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    sections: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    original: str = ""
    confirmed: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


def submission_for_update(session: Session, number: int) -> Submission | None:
    """Report #*number*, locked until the transaction ends, or None."""
    return session.exec(
        select(Submission)
        .where(Submission.id == number)
        .with_for_update()
        # As it is under the lock, not as this session may have read it before.
        .execution_options(populate_existing=True)
    ).first()


def submissions_of(session: Session, obligation_ids: Iterable[int]) -> dict[int, Submission]:
    """The report that stands for each obligation (withdrawn ones do not).

    In one query for some ten thousand of them.
    """
    found: dict[int, Submission] = {}
    for ids in batches(obligation_ids):
        rows = session.exec(
            select(Submission)
            .where(
                col(Submission.obligation_id).in_(ids),
                Submission.state != SubmissionState.WITHDRAWN,
            )
            .order_by(col(Submission.id))
        ).all()
        found |= {row.obligation_id: row for row in rows}
    return found


def version_of(session: Session, submission: Submission, version: int) -> SubmissionVersion:
    """One version of a report."""
    return session.exec(
        select(SubmissionVersion).where(
            SubmissionVersion.submission_id == submission.id, SubmissionVersion.version == version
        )
    ).one()


def accepted_versions(
    session: Session, submission_ids: Iterable[int]
) -> dict[int, SubmissionVersion]:
    """The version that counts of each of these reports that has one, as `submissions_of`."""
    return {
        row.submission_id: row
        for ids in batches(submission_ids)
        for row in session.exec(
            select(SubmissionVersion)
            .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
            .where(
                col(Submission.id).in_(ids),
                col(SubmissionVersion.version) == col(Submission.accepted_version),
            )
        )
    }


def originals_of(session: Session, submission: Submission) -> Sequence[str]:
    """What was sent for a report, the text of each version, oldest first."""
    return session.exec(
        select(SubmissionVersion.original)
        .where(SubmissionVersion.submission_id == submission.id)
        .order_by(col(SubmissionVersion.version))
    ).all()


def last_accepted_version(
    session: Session, task_id: int, *, clause_id: int | None = None, unit_id: int | None = None
) -> SubmissionVersion | None:
    """The newest accepted version of any report on this task or clause: what 无变化 repeats.

    *unit_id* asks for that unit's own, where each reports for itself.
    """
    query = (
        select(SubmissionVersion)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(
            Submission.task_id == task_id,
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
    )
    if clause_id is not None:
        query = query.where(Requirement.clause_id == clause_id)
    if unit_id is not None:
        query = query.where(Submission.unit_id == unit_id)
    return session.exec(
        query.order_by(col(SubmissionVersion.as_of).desc(), col(SubmissionVersion.id).desc())
    ).first()


def last_accepted_by_clause(
    session: Session, task_id: int
) -> dict[int, tuple[SubmissionVersion, int]]:
    """The newest accepted version on each clause of a task with its unit, in two queries."""
    rows = session.exec(
        select(col(Requirement.clause_id), col(SubmissionVersion.id), col(Submission.unit_id))
        .select_from(SubmissionVersion)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(
            Submission.task_id == task_id,
            col(Requirement.clause_id).is_not(None),
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
        .order_by(col(SubmissionVersion.as_of).asc().nulls_first(), col(SubmissionVersion.id))
    ).all()
    last = {clause: (version, unit) for clause, version, unit in rows if clause is not None}
    wanted = [version for version, _ in last.values()]
    versions = session.exec(
        select(SubmissionVersion).where(col(SubmissionVersion.id).in_(wanted))
    ).all()
    by_id = {version.id: version for version in versions}
    return {clause: (by_id[version], unit) for clause, (version, unit) in last.items()}


def accepted_since(session: Session, programme_id: int, due_by: datetime, since: datetime) -> int:
    """How many reports that were due by one moment were accepted after another one."""
    return session.exec(
        select(func.count())
        .select_from(Submission)
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .where(
            Obligation.programme_id == programme_id,
            col(Obligation.due) <= due_by,
            col(Submission.accepted_version).is_not(None),
            col(Submission.reviewed_at) > since,
        )
    ).one()
