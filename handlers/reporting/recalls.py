"""A message taken back: what became of it in open and in sent reports, and what stays."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.reporting.back import undone
from handlers.reporting.correct import is_unchanged
from handlers.reporting.drafts import forget_parked, keep_without, parked_from
from handlers.reporting.flow import ask_again
from handlers.reporting.handing import end
from handlers.reporting.underway import under_way
from handlers.reporting.withdraw import submissions_from, superseded_text, taken_back
from handlers.reporting.work import Work, examined, keep_asked, open_work, work_on
from handlers.supervising.recalling import recalled_facts
from models.errors import Refused
from models.inbox import find_message
from models.message import Reply
from models.submission import SubmissionState


def recalled(context: Context) -> Reply | None:
    """A message taken back voids the unreviewed reports made from it, its words, or a fact.

    Of an open report only what the message brought goes. What was reviewed stays, and is said to;
    a second recall finds nothing left to change.
    """
    message_id = context.message.quoted_id
    if message_id is None:
        return None
    context.moved = True
    stands = superseded_text(context, message_id)  # before anything is taken back
    lines = [*_drafts_without(context, message_id), *_reports_voided(context, message_id)]
    lines += [stands] if stands else []
    return Reply("\n".join(lines)) if lines else recalled_facts(context, message_id)


def _drafts_without(context: Context, message_id: str) -> Iterator[str]:
    """The open report and those put aside lose what they have from this message."""
    work = open_work(context)
    row = find_message(context.session, context.message.platform, message_id)
    if work is None or row is None or row.id is None:
        return
    aside = {each.obligation_id: each.matter for each in under_way(context)}
    for each in parked_from(work.draft, row.id):
        matter = aside[each]
        if keep_without(work.draft, row.id, obligation_id=each):
            stays = f"其余保留，查看请发“继续 {matter.number}”。"
            yield f"您撤回了消息，放下的 {matter.name} 已去掉这条的内容，{stays}"
        else:
            forget_parked(work.draft, each)
            yield f"您撤回了消息，放下的 {matter.name} 已取消。"
    if row.id in work.content.messages:
        yield from _open_without(work, row.id)


def _open_without(work: Work, inbox_id: int) -> Iterator[str]:
    """The open report goes on with what other messages brought; without any it ends."""
    context = work.context
    is_left = keep_without(work.draft, inbox_id)
    left = work_on(context, work.draft) if is_left else work
    if not is_left or is_unchanged(left):
        yield f"您撤回了消息，{work.form.name} 的填报已取消。"
        yield from filter(None, [end(work)])
        return
    gone = "；".join(undone(work.content, left.content, left.form))
    said = f"您撤回了消息，已改回：{gone}。" if gone else "您撤回了消息，其余内容不变。"
    left, found = examined(left)
    keep_asked(left, found)
    if found.is_clear:
        yield f"{said}\n{left.form.name} 其余内容已齐，报送请发“提交”。"
    else:
        yield ask_again(left, said).text


def _reports_voided(context: Context, message_id: str) -> Iterator[str]:
    """A message may have brought several reports; what was taken back along is said with it."""
    for submission in submissions_from(context, message_id):
        context.session.refresh(submission)
        if submission.state == SubmissionState.WITHDRAWN:
            continue
        try:
            yield taken_back(context, submission)
        except Refused as refusal:
            yield refusal.text
