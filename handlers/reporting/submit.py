"""A report into rows: submission, version, figures and pictures, and the obligation's state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from handlers.context import Context
from handlers.reporting.choose import already_reported
from handlers.reporting.content import Content
from handlers.reporting.drafts import received_at
from handlers.reporting.extra_rows import extra_rows
from handlers.reporting.form import Form
from handlers.reporting.pictures import album_of
from handlers.reporting.versions import changes, content_of_version
from handlers.standing.duties import timed_duty
from models.card import about_report
from models.draft import Draft
from models.errors import Refused
from models.exception_request import withdraw_requests
from models.figure import Figure, Series
from models.obligation import Obligation, ObligationState
from models.picture import Picture
from models.rules.finding import Finding
from models.rules.reporting import Duty, corrected, is_late, submitted
from models.submission import (
    AnswerKind,
    Submission,
    SubmissionState,
    SubmissionVersion,
    submission_for_update,
    submissions_of,
)


@dataclass(frozen=True)
class Receipt:
    """What became of a report: its number and version, whether late, and what it changed."""

    number: int
    version: int
    is_late: bool
    changes: tuple[str, ...]
    accepted_before: bool


def submit(
    context: Context, draft: Draft, form: Form, content: Content, notes: Sequence[Finding] = ()
) -> Receipt:
    """Store the report as a submission or its next version; raises Refused before any change.

    *notes* are what the checks only remark, for the admin. On time counts from the receipt of
    the message that made the report whole.
    """
    session = context.session
    context.own_duties.lock([draft.obligation_id])
    obligation = session.get_one(Obligation, draft.obligation_id)
    submission = _locked_submission(session, draft.obligation_id)
    context.own_duties.changed(draft.obligation_id)
    _refuse_dropped(form)
    _refuse_second(context, draft, submission)
    duty = timed_duty(session, obligation, submission, context.services.zone)
    after = _duty_after(duty, draft, submission, received_at(context), context.now)
    changed: tuple[str, ...] = ()
    if submission is None:
        submission = _new_submission(context, draft, form)
    else:
        before = content_of_version(session, submission, form)
        changed = tuple(changes(before, content, form))
        submission.version = next_version(session, submission)
        submission.state, submission.return_reason = SubmissionState.SUBMITTED, ""
        submission.endorsed_at = submission.endorsed_by = None
        context.settle(about_report(submission.id), "已有更正")
    obligation.state = ObligationState.SUBMITTED
    withdraw_requests(session, [draft.obligation_id], context.now)
    _store(context, _version(context, submission, content, notes), form, content)
    _record(context, submission, content)
    return Receipt(
        number=submission.id or 0,
        version=submission.version,
        is_late=submission.version == 1 and is_late(after),
        changes=changed,
        accepted_before=submission.accepted_version is not None,
    )


def _locked_submission(session: Session, obligation_id: int) -> Submission | None:
    """The report that stands for an obligation, as it is under its lock."""
    standing = submissions_of(session, [obligation_id]).get(obligation_id)
    submission = submission_for_update(session, standing.id or 0) if standing else None
    if submission is not None:
        session.refresh(submission)
    return submission


def _store(context: Context, version: SubmissionVersion, form: Form, content: Content) -> None:
    """A version with its figures, further lines and pictures."""
    session = context.session
    session.add(version)
    session.flush()
    day = _day(context, form, content)
    session.add_all(_figures(version, form, content, day))
    said = [each for each in content.extras if each.extra in form.extras]
    session.add_all(extra_rows(said, version.id, form.task.id or 0, day))
    session.add_all(_pictures(context, version, form, content))


def _refuse_dropped(form: Form) -> None:
    """The programme was loaded anew since the report was begun, without this."""
    clause = form.matter.clause
    if form.task.active and form.requirement.active and (clause is None or clause.active):
        return
    raise Refused(
        f"{form.name} 已从“{form.programme.short_title}”中取消，这次填写的内容未提交，不用再报。"
        "如有疑问，请联系管理员。"
    )


def _refuse_second(context: Context, draft: Draft, submission: Submission | None) -> None:
    """A colleague was faster: which report stands, and by whom."""
    if draft.submission_id is not None or submission is None:
        return
    own = context.own_duties.of_tasks([submission.task_id])
    stands = next((each for each in own if each.id == draft.obligation_id), None)
    if stands is not None and not stands.is_owed:
        raise Refused(already_reported(stands, own, context))


def _duty_after(
    duty: Duty,
    draft: Draft,
    submission: Submission | None,
    received: datetime,
    now: datetime,
) -> Duty:
    """The duty after this report; refused where someone else was faster or the period closed.

    What counts is when the message came that made the report whole: a first word before the due
    time would otherwise hold the door open for as long as one likes.
    """
    if draft.submission_id is None:
        return submitted(duty, received)
    if submission is None or submission.id != draft.submission_id:
        raise Refused(f"#{draft.submission_id} 已撤回，不能更正。请重新发“报送”加任务编号。")
    return corrected(duty, now)


def _new_submission(context: Context, draft: Draft, form: Form) -> Submission:
    submission = Submission(
        obligation_id=draft.obligation_id,
        task_id=form.task.id or 0,
        unit_id=draft.unit_id,
        member_id=draft.member_id,
        first_received_at=received_at(context),
    )
    context.session.add(submission)
    context.session.flush()
    return submission


def next_version(session: Session, submission: Submission) -> int:
    """The next free version number: those taken back keep theirs."""
    newest = session.exec(
        select(func.max(SubmissionVersion.version)).where(
            col(SubmissionVersion.submission_id) == submission.id
        )
    ).one()
    return (newest or 0) + 1


def _version(
    context: Context, submission: Submission, content: Content, notes: Sequence[Finding]
) -> SubmissionVersion:
    percent = next((each.value for each in content.stated if each.value is not None), None)
    return SubmissionVersion(
        submission_id=submission.id or 0,
        version=submission.version,
        kind=AnswerKind.NIL if content.nil else AnswerKind.REPORT,
        member_id=context.speaker.id,
        inbox_id=content.messages[0] if content.messages else context.inbox_id,
        received_at=received_at(context),
        as_of=content.as_of,
        stated_percent=percent,
        sections={each.name: each.text for each in content.sections if each.text},
        original="\n".join(content.originals),
        confirmed=[
            {"key": each.key, "text": each.text, "reason": each.reason}
            for each in content.confirmed
        ]
        + [{"key": each.code, "note": each.text} for each in notes],
    )


def _day(context: Context, form: Form, content: Content) -> date:
    """The day the figures speak of: stated, else the end of the period, never in the future."""
    if content.as_of:
        return content.as_of
    return min(form.covers[1], context.today) if form.covers else context.today


def _figures(
    version: SubmissionVersion, form: Form, content: Content, day: date
) -> Iterator[Figure]:
    whole: dict[str, Any] = {"version_id": version.id, "task_id": form.task.id or 0, "as_of": day}
    for said in content.figures:
        if said.value is not None:
            yield Figure(
                **whole,
                indicator_id=said.indicator_id,
                unit_id=said.unit_id,
                value=said.value,
                approximate=said.approximate,
            )
    for stated in content.stated:
        if stated.value is not None:
            of_part = None if form.only_indicator else stated.indicator_id
            yield Figure(**whole, series=Series.STATED, indicator_id=of_part, value=stated.value)


def _pictures(
    context: Context, version: SubmissionVersion, form: Form, content: Content
) -> Iterator[Picture]:
    album = album_of(context.session, form, content)
    for number, each in enumerate(content.pictures, 1):
        caption = content.caption(number)
        crop = album.crop_sha(each, context.services.media) if each.cropped else None
        box = album.box(each) if crop else None
        whole = album.whole_sha(each, context.services.media)
        yield Picture(
            version_id=version.id or 0,
            position=number,
            media_sha=each.sha,
            delivered_sha=crop or whole,
            crop_box=list(box) if box else None,
            title=caption.title,
            taken_on=caption.taken_on,
            place=caption.place,
        )


def _record(context: Context, submission: Submission, content: Content) -> None:
    context.record(
        "submit" if submission.version == 1 else "correct",
        "submission",
        submission.id or 0,
        after={"version": submission.version, "messages": list(content.messages)},
    )
