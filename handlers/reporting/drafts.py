"""The open report of a person: opened, parked behind another, resumed, closed, expired."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from json import dumps

from sqlmodel import Session

from handlers.context import Context, Services, tell_member
from handlers.reporting.content import Content, without_left
from handlers.reporting.kept import Kept, Parked, Step
from handlers.reporting.unsaid import unsaid
from handlers.standing.matters import matter_of
from models.draft import Draft, draft_of, expired_drafts
from models.errors import Refused
from models.inbox import InboxMessage
from models.message import Reply
from models.obligation import Obligation
from models.rules.frozen import from_data, to_data

#: How long an open report waits for its next message.
LIFE = timedelta(hours=24)
#: How many reports may wait behind the open one: a table may leave as many unfinished.
MOST_PARKED = 100
#: How much they may hold together, in characters as they are kept: each message writes all of it.
MOST_KEPT = 400_000
#: How many messages 上一步 can take back.
MOST_STEPS = 5


def kept_in(draft: Draft) -> Kept:
    """What the row holds."""
    return from_data(Kept, draft.content)


def content_of(draft: Draft) -> Content:
    """The open report as read so far."""
    return kept_in(draft).content


def received_at(context: Context) -> datetime:
    """When the message at hand came in: that, not its handling, counts for on time."""
    return context.session.get_one(InboxMessage, context.inbox_id).received_at


def open_draft(
    context: Context, obligation_id: int, unit_id: int, submission_id: int | None = None
) -> tuple[Draft, Parked | None]:
    """The draft for this report, new or gone on with; another one under way is parked.

    Returns the row and what was parked now. Nothing that was said is lost by a change of task.
    The obligation must be locked: a draft's row refers to it, and two people who each hold such a
    reference could never both lock it to submit.
    """
    session, now = context.session, context.now
    draft = draft_of(session, context.speaker.id)
    if draft is None:
        draft = Draft(
            member_id=context.speaker.id,
            obligation_id=obligation_id,
            unit_id=unit_id,
            submission_id=submission_id,
            content=to_data(Kept(Content())),
            updated_at=now,
            expires_at=now + LIFE,
        )
        session.add(draft)
        session.flush()
        return draft, None
    if (draft.obligation_id, draft.submission_id) == (obligation_id, submission_id):
        return draft, None
    kept = kept_in(draft)
    parked = None if kept.content.says_nothing else _parked(draft, kept)
    waiting = [*kept.parked, *([parked] if parked else [])]
    again = next((p for p in waiting if _is_for(p, obligation_id, submission_id)), None)
    waiting = [each for each in waiting if each is not again]
    if len(waiting) > MOST_PARKED or (again is None and _is_much(waiting)):
        raise Refused(
            f"已有{len(waiting)}项报送没有报完，内容已到上限，这一项没有受理。"
            "请先发“继续”报完，或发“取消 全部”清空，再报新的。"
        )
    wanted = again or Parked(obligation_id, unit_id, submission_id, Content(), "")
    _bring_forward(draft, wanted, tuple(waiting), now)
    return draft, parked


def _is_much(waiting: Sequence[Parked]) -> bool:
    """Whether what waits fills the room for it; one alone may be as long as a report may be."""
    return len(waiting) > 1 and len(dumps([*map(to_data, waiting)], ensure_ascii=False)) > MOST_KEPT


def keep(draft: Draft, content: Content, question: str, now: datetime) -> None:
    """Store the report as read so far and what was asked last; what stood before is a step."""
    kept = kept_in(draft)
    steps = kept.steps
    if without_left(kept.content) != without_left(content):
        steps = (*steps, Step(kept.content, draft.question))[-MOST_STEPS:]
    draft.content = to_data(replace(kept, content=content, steps=steps))
    draft.question = question
    draft.updated_at, draft.expires_at = now, now + LIFE


def step_back(draft: Draft, now: datetime) -> bool:
    """The report as it stood before the latest step; False when there is none."""
    kept = kept_in(draft)
    if not kept.steps:
        return False
    *steps, last = kept.steps
    draft.content = to_data(replace(kept, content=last.content, steps=tuple(steps)))
    draft.question = last.question
    draft.updated_at, draft.expires_at = now, now + LIFE
    return True


def close(session: Session, draft: Draft, now: datetime) -> bool:
    """End the open report; the newest parked one comes forward. True when there is one."""
    kept = kept_in(draft)
    if not kept.parked:
        session.delete(draft)
        session.flush()
        return False
    *waiting, wanted = kept.parked
    _bring_forward(draft, wanted, tuple(waiting), now)
    return True


def forget_parked(draft: Draft, obligation_id: int) -> None:
    """Drop what waits for an obligation that has been answered otherwise meanwhile."""
    kept = kept_in(draft)
    waiting = tuple(each for each in kept.parked if each.obligation_id != obligation_id)
    if waiting != kept.parked:
        draft.content = to_data(replace(kept, parked=waiting))


def bring_first(draft: Draft, obligation_ids: Sequence[int], now: datetime) -> None:
    """Open the first of these reports, the others next behind it in this order, all else after."""
    kept = kept_in(draft)
    every = [*kept.parked, *([] if kept.content.says_nothing else [_parked(draft, kept)])]
    if not every:
        return
    order = {each: at for at, each in enumerate(reversed(obligation_ids))}
    every.sort(key=lambda each: order.get(each.obligation_id, -1))
    *waiting, wanted = every
    _bring_forward(draft, wanted, tuple(waiting), now)


def keep_without(draft: Draft, inbox_id: int, obligation_id: int | None = None) -> bool:
    """Take out of the open report, or one put aside, what a message brought.

    False, and nothing is changed, where nothing else is left or the message is too old for it.
    """
    kept = kept_in(draft)
    aside = next((each for each in kept.parked if each.obligation_id == obligation_id), None)
    whole = aside or kept
    found = unsaid(whole.content, whole.steps, inbox_id)
    if found is None or without_assumed_day(found[0]).says_nothing:
        return False
    content, steps = found
    if aside is None:
        kept = replace(kept, content=content, steps=steps)
    else:
        parted = replace(aside, content=content, steps=steps)
        kept = replace(kept, parked=tuple(parted if e is aside else e for e in kept.parked))
    draft.content = to_data(kept)
    return True


def without_assumed_day(content: Content) -> Content:
    """*content* without the day that nobody wrote: it is nothing that was said."""
    return replace(content, as_of=None) if content.is_day_assumed else content


def parked_from(draft: Draft, inbox_id: int) -> list[int]:
    """The obligations for which something waits that was made with this message."""
    waiting = kept_in(draft).parked
    return [each.obligation_id for each in waiting if inbox_id in each.content.messages]


def _parked(draft: Draft, kept: Kept) -> Parked:
    return Parked(
        draft.obligation_id,
        draft.unit_id,
        draft.submission_id,
        kept.content,
        draft.question,
        kept.steps,
    )


def _is_for(parked: Parked, obligation_id: int, submission_id: int | None) -> bool:
    return (parked.obligation_id, parked.submission_id) == (obligation_id, submission_id)


def _bring_forward(
    draft: Draft, wanted: Parked, waiting: tuple[Parked, ...], now: datetime
) -> None:
    draft.obligation_id, draft.unit_id = wanted.obligation_id, wanted.unit_id
    draft.submission_id = wanted.submission_id
    draft.content = to_data(Kept(wanted.content, waiting, wanted.steps))
    draft.question = wanted.question
    draft.updated_at, draft.expires_at = now, now + LIFE


def task_name(session: Session, obligation_id: int) -> str:
    """Number and short name of the task or clause behind an obligation."""
    return matter_of(session, session.get_one(Obligation, obligation_id)).name


def expire_drafts(session: Session, now: datetime, services: Services) -> int:
    """End every report that nobody went on with for a day, and say so; returns how many.

    The messages stay in the inbox; only the half-finished reading is given up.
    """
    expired = expired_drafts(session, now)
    for draft in expired:
        kept = kept_in(draft)
        ids = [each.obligation_id for each in kept.parked]
        if not kept.content.says_nothing:
            ids.append(draft.obligation_id)
        if ids:
            _notify(session, draft, ids, now)
        session.delete(draft)
    session.flush()
    return len(expired)


def _notify(session: Session, draft: Draft, ids: Sequence[int], now: datetime) -> None:
    matters = [matter_of(session, session.get_one(Obligation, each)) for each in ids]
    names = list(dict.fromkeys(each.name for each in matters))
    text = (
        f"{'、'.join(names)} 的报送已24小时没有继续，未提交，草稿已清除。"
        f"需要报送请重新发“报送 {matters[-1].number}”。"
    )
    key = f"draft-expired:{draft.member_id}:{draft.updated_at:%Y%m%dT%H%M%S}"
    tell_member(session, draft.member_id, Reply(text), key=key, now=now)
