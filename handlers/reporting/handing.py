"""A report handed in: stored, with what it meets besides, and closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.lists import forget_offer
from handlers.reporting.colleagues import tell_of_correction
from handlers.reporting.drafts import close, forget_parked, task_name
from handlers.reporting.failures import understood as were_understood
from handlers.reporting.submit import Receipt, submit
from handlers.reporting.texts import due_text, received, received_again
from handlers.reporting.together import also_met, sent_along
from handlers.reporting.versions import content_of_version, is_same
from handlers.reporting.work import Work
from handlers.standing.duties import DutyStanding
from models.draft import Draft
from models.errors import Refused
from models.message import Reply
from models.obligation import Obligation
from models.rules.finding import Finding
from models.submission import Submission, SubmissionState


@dataclass(frozen=True)
class Handed:
    """A report that was stored: its receipt, what else it met, and who was told of it."""

    receipt: Receipt
    met: str
    told: str


def handed(work: Work, notes: Sequence[Finding]) -> Handed:
    """Store the report as a submission; raises Refused before any change.

    A colleague may have been faster, or the period has closed meanwhile.
    """
    context = work.context
    along = sent_along(context.session, work.standing) if work.number and work.standing else []
    others = [] if work.number else also_met(context, work.draft.obligation_id, work.form.task)
    receipt = submit(context, work.draft, work.form, work.content, notes)
    forget_parked(work.draft, work.draft.obligation_id)
    were_understood(context)
    met = _met_too(work, along, others, notes)
    told = ""
    if work.number and work.standing:
        changed = [each for each in along if each.state == SubmissionState.SUBMITTED]
        told = tell_of_correction(context, [work.standing, *changed], receipt.changes)
    return Handed(receipt, met, told)


def hand_in(work: Work, opening: str = "", notes: Sequence[Finding] = ()) -> Reply:
    """Store the report as a submission and answer with its receipt."""
    forget_offer(work.context.session, work.context.speaker.id)
    if _changes_nothing(work):
        again = f"要改请发“更正 {work.number}”加改后的内容。"
        same = f"内容与现有版本相同，#{work.number} 未作改动，更正已结束；{again}"
        return Reply("\n".join(filter(None, (opening, same, end(work)))))
    try:
        done = handed(work, notes)
    except Refused as refusal:
        return Reply("\n".join(filter(None, (opening, refusal.text, end(work)))))
    form, content, receipt = work.form, work.content, done.receipt
    if receipt.version == 1:
        late = due_text(form.obligation.effective_due, work.context.services.zone)
        since = late if receipt.is_late else ""
        text = received(form, content, receipt.number, late_since=since)
    else:
        note = "原通过的数据在新版通过前继续有效。" if receipt.accepted_before else ""
        text = received_again(
            form, content, receipt.number, receipt.version, receipt.changes, f"{note}等待审核。"
        )
    return Reply("\n".join(filter(None, (opening, text, done.met, done.told, end(work)))))


def _changes_nothing(work: Work) -> bool:
    """Whether a correction says what stands; one that was returned may be sent again as it is."""
    if not work.number or not work.standing or work.standing.state == SubmissionState.RETURNED:
        return False
    stands = content_of_version(work.context.session, work.standing, work.form)
    return is_same(stands, work.content)


def _met_too(
    work: Work,
    along: Sequence[Submission],
    others: Sequence[DutyStanding],
    notes: Sequence[Finding],
) -> str:
    """The same report on what it meets besides, and its corrections; said, with the numbers."""
    context, draft = work.context, work.draft
    again = [(each.obligation_id, each.id) for each in along]
    numbers = []
    for obligation_id, submission_id in [*again, *((each.id, None) for each in others)]:
        own = context.forms.of(context.session.get_one(Obligation, obligation_id))
        # The row of an open report is one for each person: this one is never stored.
        copy = Draft(
            member_id=draft.member_id,
            obligation_id=obligation_id,
            unit_id=draft.unit_id,
            submission_id=submission_id,
            updated_at=context.now,
            expires_at=context.now,
        )
        try:
            numbers.append(f"#{submit(context, copy, own, work.content, notes).number}")
        except Refused:
            continue  # a colleague has reported it by itself meanwhile
    if not numbers:
        return ""
    done = "已一并更正" if again else "已一并报送，无需再报"
    return f"同期另一项报送要求内容相同，{done}（{'、'.join(numbers)}）。"


def end(work: Work) -> str:
    """Close the open report; a parked one comes forward, and that is said."""
    context = work.context
    if not close(context.session, work.draft, context.now):
        return ""
    name = task_name(context.session, work.draft.obligation_id)
    return f"接着报先前放下的 {name}：请补发所缺内容，发“提交”可再看一遍。"
