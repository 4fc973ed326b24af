"""Passing a report or sending it back: locked, recorded, and told to whoever reported."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reporting.texts import period_text
from handlers.reporting.together import sent_along
from handlers.standing.duties import duty_of
from handlers.standing.matters import Matter, matter_of
from handlers.supervising.review_duties import reviews_report, step_of
from handlers.supervising.scope import require_admin
from handlers.supervising.texts import moment_text
from models.audience import holders, single_chats
from models.card import about_report
from models.comment import CommentCount
from models.errors import Refused
from models.figure import Figure
from models.member import Member, RoleName
from models.obligation import Obligation, ObligationState, locked_obligation, owing_units
from models.programme import Programme
from models.rules.reporting import accepted, sent_back
from models.rules.review import Step
from models.submission import (
    Submission,
    SubmissionState,
    SubmissionVersion,
    submission_for_update,
    version_of,
)
from models.unit import Unit

#: The states in which a report can be returned, and its reason put right.
REVIEWED = (SubmissionState.SUBMITTED, SubmissionState.RETURNED)


@dataclass(frozen=True)
class Case:
    """A report under review with everything about it, locked until the transaction ends."""

    submission: Submission
    obligation: Obligation
    matter: Matter
    programme: Programme
    unit: Unit

    @property
    def is_returned(self) -> bool:
        """Whether it was returned and nobody has answered that yet."""
        return self.submission.state == SubmissionState.RETURNED

    @property
    def subject(self) -> str:
        """Its task or clause, and period."""
        return f"{self.matter.name}（{period_text(self.obligation)}）"


@dataclass(frozen=True)
class Review:
    """What is said about one or several reports that were one: a month and the quarter it ends."""

    cases: tuple[Case, ...]

    @property
    def first(self) -> Case:
        """The one that is answered; the others go along with it."""
        return self.cases[0]

    @property
    def numbers(self) -> str:
        """#128, or #128、#129 of what is one."""
        return "、".join(f"#{case.submission.id}" for case in self.cases)

    @property
    def subject(self) -> str:
        """The numbers with task or clause, and period."""
        return f"{self.numbers} {self.first.subject}"

    @property
    def title(self) -> str:
        """What it is called in answers: #128 州公安局 州1-7 雪亮工程（1—8月）."""
        return f"{self.numbers} {self.first.unit.name} {self.first.subject}"


def with_alike(
    ctx: Context, numbers: Iterable[int], states: Container[str] = REVIEWED
) -> list[int]:
    """The reports named in one of *states* with those that say the very same, smaller ones first.

    What was reported once for two requirements is reviewed once; two versions that differ are
    two reports. In this order they are locked, so that two admins at once never wait for each
    other.
    """
    found = set(numbers)
    for number in sorted(found):
        report = ctx.session.get(Submission, number)
        if report is not None and report.state in states:
            alike = sent_along(ctx.session, report)
            found.update(each.id or 0 for each in alike if each.state == report.state)
    return sorted(found)


def reviews(ctx: Context, cases: Iterable[Case]) -> list[Review]:
    """The cases, those that are one report together."""
    found: list[Review] = []
    for case in cases:
        at = next((at for at, each in enumerate(found) if _is_alike(ctx, each.first, case)), None)
        if at is None:
            found.append(Review((case,)))
        else:
            found[at] = Review((*found[at].cases, case))
    return found


def _is_alike(ctx: Context, one: Case, other: Case) -> bool:
    if one.unit.id != other.unit.id or one.subject != other.subject:
        return False
    return other.submission.id in {each.id for each in sent_along(ctx.session, one.submission)}


def no_such_report(number: int) -> Refused:
    """The refusal of a number that no report has."""
    return Refused(f"没有找到报送 #{number}。待审的报送请发“待审”查看。")


def case_for_review(ctx: Context, number: int) -> Case:
    """Report #*number*, locked; refused where it does not wait for this speaker's review."""
    case = _locked_case(ctx, number)
    if case.submission.state != SubmissionState.SUBMITTED:
        raise Refused(_settled(ctx, case.submission))
    return case


def case_for_return(ctx: Context, number: int) -> Case:
    """As `case_for_review`, but also one already returned, whose reason may be put right."""
    case = _locked_case(ctx, number)
    if case.submission.state not in REVIEWED:
        raise Refused(_settled(ctx, case.submission))
    if case.submission.state == SubmissionState.SUBMITTED:
        step_in(ctx, case)  # refused where it waits for somebody else
    return case


def _locked_case(ctx: Context, number: int) -> Case:
    """Report #*number*; refused where there is none or the speaker does not review it.

    The obligation is locked before the report is read: of two admins at once the second then
    sees what the first one did.
    """
    session = ctx.session
    obligation_id = session.exec(
        select(Submission.obligation_id).where(Submission.id == number)
    ).first()
    if obligation_id is None:
        raise no_such_report(number)
    obligation = locked_obligation(session, obligation_id)
    programme = session.get_one(Programme, obligation.programme_id)
    submission = submission_for_update(session, number)
    if submission is None:
        raise no_such_report(number)
    if not reviews_report(ctx, programme, submission):
        require_admin(ctx, programme)
    return Case(
        submission,
        obligation,
        matter_of(session, obligation),
        programme,
        session.get_one(Unit, submission.unit_id),
    )


def _settled(ctx: Context, submission: Submission) -> str:
    """Why a report cannot be reviewed: who did what to it, and when."""
    number, by = submission.id, ""
    if submission.reviewed_at is not None:
        who = _name_of(ctx.session, submission.reviewed_by)
        by = f"已由{who}于{moment_text(submission.reviewed_at, ctx.services.zone)}"
    if submission.state == SubmissionState.ACCEPTED:
        return f"#{number} {by or '已'}通过，未重复处理。"
    if submission.state == SubmissionState.RETURNED:
        reason = submission.return_reason
        return f"#{number} {by or '已'}退回（原因：{reason}），正等单位重新报送，本次未处理。"
    return f"#{number} 已由报送人撤回，无需审核。"


def _name_of(session: Session, member_id: int | None) -> str:
    member = None if member_id is None else session.get(Member, member_id)
    return member.name if member is not None else "管理员"


def step_in(ctx: Context, case: Case) -> Step:
    """What the speaker's word does to a case: the first of two reviews, or the last."""
    version = version_of(ctx.session, case.submission, case.submission.version)
    return step_of(ctx, case.programme, case.submission, version)


def endorse(ctx: Context, case: Case) -> None:
    """The report passed the first time (初审) and waits for the second."""
    case.submission.endorsed_by, case.submission.endorsed_at = ctx.speaker.id, ctx.now
    ctx.session.flush()
    ctx.record(
        "endorse",
        "submission",
        case.submission.id or 0,
        before=_state_of(case),
        after={"version": case.submission.version},
    )


def accept(ctx: Context, case: Case) -> None:
    """Let the report's newest version count: its figures hold from now on."""
    before = _state_of(case)
    accepted(duty_of(case.obligation, case.submission), ctx.now)
    case.submission.state = SubmissionState.ACCEPTED
    case.submission.accepted_version = case.submission.version
    case.submission.return_reason = ""
    case.obligation.state = ObligationState.ACCEPTED
    _count_figures(ctx, case.submission)
    _reviewed(ctx, case, "accept", before)
    ctx.settle(about_report(case.submission.id), "已通过")


def send_back(ctx: Context, case: Case, reason: str) -> None:
    """Return the report with a reason; it counts against passing at once (质量)."""
    before = _state_of(case)
    sent_back(duty_of(case.obligation, case.submission), ctx.now, reason)
    case.submission.state = SubmissionState.RETURNED
    case.submission.endorsed_at = case.submission.endorsed_by = None
    case.submission.returns += 1
    case.submission.return_reason = reason
    case.obligation.state = ObligationState.RETURNED
    _reviewed(ctx, case, "send_back", before)
    ctx.settle(about_report(case.submission.id), "已退回")


def change_reason(ctx: Context, case: Case, reason: str) -> None:
    """Put the reason of a return right that nobody has answered yet; it is no second return."""
    before = _state_of(case) | {"reason": case.submission.return_reason}
    case.submission.return_reason = reason
    _reviewed(ctx, case, "change_reason", before)


def _count_figures(ctx: Context, submission: Submission) -> None:
    """The accepted version's figures count and those of its earlier versions no longer do.

    An earlier version may speak of a later day or of an indicator that was taken out.
    """
    for table in (Figure, CommentCount):
        rows = ctx.session.exec(
            select(table, SubmissionVersion.version)
            .join(SubmissionVersion, col(SubmissionVersion.id) == col(table.version_id))
            .where(SubmissionVersion.submission_id == submission.id)
        ).all()
        for row, version in rows:
            row.accepted_at = ctx.now if version == submission.version else None


def _state_of(case: Case) -> dict[str, Any]:
    return {
        "state": str(case.submission.state),
        "version": case.submission.version,
        "accepted_version": case.submission.accepted_version,
        "returns": case.submission.returns,
    }


def _reviewed(ctx: Context, case: Case, action: str, before: dict[str, Any]) -> None:
    case.submission.reviewed_by = ctx.speaker.id
    case.submission.reviewed_at = ctx.now
    ctx.session.flush()
    after = _state_of(case)
    if case.submission.return_reason:
        after["reason"] = case.submission.return_reason
    ctx.record(action, "submission", case.submission.id or 0, before=before, after=after)


def reporters(ctx: Context, case: Case) -> list[int]:
    """Who has to hear of a review: who reported, or else the unit's other liaisons."""
    session, submission = ctx.session, case.submission
    units = set(owing_units(session, [submission.obligation_id])[submission.obligation_id])
    people = [
        holder.member_id
        for holder in holders(session, (RoleName.LIAISON,), ctx.today)
        if holder.unit_id in units and holder.serves(case.programme.id or 0)
    ]
    reachable = single_chats(session, [submission.member_id, *people])
    if submission.member_id in people and submission.member_id in reachable:
        return [submission.member_id]
    return list(dict.fromkeys(each for each in people if each in reachable))
