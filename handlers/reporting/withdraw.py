"""Taking a report back before review: by 撤回, or because its message was taken back."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reporting.colleagues import tell_of_recall
from handlers.reporting.together import sent_along
from handlers.reporting.traces import messages_of
from handlers.standing.duties import duty_of
from handlers.standing.matters import Matter, matter_of
from models.audit import record
from models.card import about_report
from models.errors import Refused
from models.inbox import find_message
from models.obligation import Obligation, ObligationState, locked_obligation
from models.rules.reporting import State, recalled
from models.submission import (
    Submission,
    SubmissionState,
    SubmissionVersion,
    submission_for_update,
)

#: A message can be taken back for some minutes only: its report is among the newest.
_LOOKED_THROUGH = 30

_STATES = {
    State.OWED: (SubmissionState.WITHDRAWN, ObligationState.OWED),
    State.RETURNED: (SubmissionState.RETURNED, ObligationState.RETURNED),
    State.ACCEPTED: (SubmissionState.ACCEPTED, ObligationState.ACCEPTED),
}


def taken_back(context: Context, submission: Submission) -> str:
    """What is said after a report was taken back, and with it what was reported along.

    As `withdraw`, raises Refused before any change.
    """
    along = [
        each
        for each in sent_along(context.session, submission)
        if each.state == submission.state == SubmissionState.SUBMITTED
    ]
    state = withdraw(context, submission)
    lines = [withdrawn_text(context, submission, state)]
    for each in along:
        withdraw(context, each)
        lines.append(f"随同报送的 #{each.id} 一并撤回。")
    holds_now = _holds_now(submission, _matter(context, submission), state)
    lines.append(tell_of_recall(context, [submission, *along], holds_now))
    return "\n".join(filter(None, lines))


def withdraw(context: Context, submission: Submission) -> State:
    """Take back the newest version; returns the state the obligation falls back to.

    Raises Refused, before any change, for a report that is reviewed or was taken back already.
    """
    session = context.session
    if submission.state == SubmissionState.WITHDRAWN:
        raise Refused(f"#{submission.id} 此前已撤回。重新报送请发“报送”加任务编号。")
    if submission.state == SubmissionState.ACCEPTED:
        raise Refused(
            f"#{submission.id} 已通过，不能撤回。数据要改，请发“更正 {submission.id}”加要改的内容。"
        )
    if submission.state == SubmissionState.RETURNED:
        raise Refused(
            f"#{submission.id} 已退回，不用撤回。请改好发“更正 {submission.id}”加要改的行。"
        )
    obligation = locked_obligation(session, submission.obligation_id)
    session.refresh(obligation)  # it may have been read before the lock was held
    session.refresh(submission)
    after = recalled(duty_of(obligation, submission), context.now)
    before = {"state": submission.state, "version": submission.version}
    submission.state, obligation.state = _STATES[after.state]
    submission.endorsed_at = submission.endorsed_by = None
    if after.state is not State.OWED:
        submission.version = _version_before(session, submission, after.state)
    record(
        session,
        at=context.now,
        member_id=context.speaker.id,
        action="withdraw",
        table="submission",
        row=submission.id or 0,
        before=before,
        after={"state": submission.state, "version": submission.version},
    )
    session.flush()
    context.settle(about_report(submission.id), "已撤回")
    context.own_duties.changed(submission.obligation_id)
    return after.state


def _version_before(session: Session, submission: Submission, state: State) -> int:
    if state is State.ACCEPTED and submission.accepted_version is not None:
        return submission.accepted_version
    earlier = session.exec(
        select(SubmissionVersion.version)
        .where(
            col(SubmissionVersion.submission_id) == submission.id,
            col(SubmissionVersion.version) < submission.version,
        )
        .order_by(col(SubmissionVersion.version).desc())
    ).first()
    return earlier or submission.version


def withdrawn_text(context: Context, submission: Submission, state: State) -> str:
    """What is said after a report was taken back: what holds now and what to send."""
    matter = _matter(context, submission)
    return f"已撤回 #{submission.id} {matter.name}。{_holds_now(submission, matter, state)}"


def _holds_now(submission: Submission, matter: Matter, state: State) -> str:
    if state is State.ACCEPTED:
        return "此前通过的数据继续有效。"
    if state is State.RETURNED:
        return f"这一期仍为退回状态，请改好后发“更正 {submission.id}”加内容。"
    return f"这一期恢复为待报，重新报送请发“报送 {matter.number}”。"


def _matter(context: Context, submission: Submission) -> Matter:
    obligation = context.session.get_one(Obligation, submission.obligation_id)
    return matter_of(context.session, obligation)


def submissions_from(context: Context, message_id: str) -> list[Submission]:
    """The speaker's reports whose newest version was made from this message, locked, in order."""
    ids = sorted(each.id or 0 for each, is_newest in _made_from(context, message_id) if is_newest)
    locked = (submission_for_update(context.session, each) for each in ids)
    return [each for each in locked if each is not None]


def superseded_text(context: Context, message_id: str) -> str:
    """What stands where this message made an earlier version of a report; else empty."""
    return "\n".join(
        f"#{each.id} 此后已更正为第{each.version}版，仍然有效。要收回请发“撤回 {each.id}”。"
        for each, is_newest in _made_from(context, message_id)
        if not is_newest
    )


def _made_from(context: Context, message_id: str) -> list[tuple[Submission, bool]]:
    """The speaker's reports with a version made from this message, and whether it is the newest."""
    row = find_message(context.session, context.message.platform, message_id)
    if row is None or row.sender_id.casefold() != context.message.sender_id.casefold():
        return []
    return _made_of(context, {row.id or 0})


def sent_with(context: Context, inbox_ids: Collection[int]) -> list[Submission]:
    """The speaker's unreviewed reports that these messages made, the oldest first."""
    made = (each for each, is_newest in _made_of(context, inbox_ids) if is_newest)
    sent = [each for each in made if each.state == SubmissionState.SUBMITTED]
    return sorted(sent, key=lambda each: each.id or 0)


def _made_of(context: Context, inbox_ids: Collection[int]) -> list[tuple[Submission, bool]]:
    """As `_made_from`, by the messages' rows."""
    newest = context.session.exec(
        select(Submission)
        .where(
            Submission.member_id == context.speaker.id,
            Submission.state != SubmissionState.WITHDRAWN,
        )
        .order_by(col(Submission.id).desc())
        .limit(_LOOKED_THROUGH)
    ).all()
    behind = messages_of(context.session, newest)
    return [
        (each, any(row in inbox_ids for row in behind[each.id or 0].get(each.version, ())))
        for each in newest
        if any(row in inbox_ids for ids in behind[each.id or 0].values() for row in ids)
    ]
