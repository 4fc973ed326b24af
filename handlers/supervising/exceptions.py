"""延期 and 免报 carried out and taken back: locked, recorded, and told to whoever reports."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.supervising.exceptions_meant import Meant, subject_text
from models.audience import holders
from models.audit import record
from models.errors import Refused
from models.exception_request import ExceptionKind, RequestState, requests_open
from models.member import RoleName
from models.message import Reply
from models.obligation import ObligationState, locked_obligations
from models.rules.reporting import State, extended, extension_undone, restored, waived
from models.submission import SubmissionState

LONGEST_REASON = 200
_STATES = {State.OWED: ObligationState.OWED, State.RETURNED: ObligationState.RETURNED}
#: What is done to one obligation that is locked.
Act = Callable[[DutyStanding], None]


def under_lock(ctx: Context, meant: Iterable[Meant], act: Act) -> list[DutyStanding]:
    """Do *act* to all that is meant, as it stands under the lock; returns the first of each.

    Raises what the rules refuse, before anything is said.
    """
    groups = list(meant)
    ids = [each for group in groups for each in group.ids]
    locked_obligations(ctx.session, ids)
    found = duties(ctx.session, DutyFilter(ids=tuple(ids)), ctx.now, ctx.services.zone)
    for each in found:
        with named(each):
            act(each)
    ctx.session.flush()
    now = duties(ctx.session, DutyFilter(ids=tuple(ids)), ctx.now, ctx.services.zone)
    by_id = {each.id: each for each in now}
    return [by_id[group.first.id] for group in groups]


@contextmanager
def named(each: DutyStanding) -> Iterator[None]:
    """What the rules refuse within, with the name of what it is about."""
    try:
        yield
    except Refused as refusal:
        raise Refused(f"{subject_text(each)}：{refusal.text}") from None


def extend(ctx: Context, until: Callable[[DutyStanding], datetime], reason: str) -> Act:
    """A later deadline with its reason and who allowed it."""

    def act(each: DutyStanding) -> None:
        moment = until(each)
        extended(each.duty, ctx.now, moment, reason)
        row, before = each.obligation, {"extended_to": _text(each.obligation.extended_to)}
        row.extended_to, row.extension_reason, row.extended_by = moment, reason, ctx.speaker.id
        _settle(ctx, each, ExceptionKind.EXTENSION)
        _record(ctx, each, "extend", before, {"extended_to": _text(moment), "reason": reason})

    return act


def undo_extension(ctx: Context) -> Act:
    """The due time as it was before it was extended."""

    def act(each: DutyStanding) -> None:
        extension_undone(each.duty, ctx.now)
        row, before = each.obligation, {"extended_to": _text(each.obligation.extended_to)}
        row.extended_to, row.extension_reason, row.extended_by = None, "", None
        _record(ctx, each, "undo_extension", before, {"extended_to": None})

    return act


def waive(ctx: Context, reason: str) -> Act:
    """Nobody owes it any more; it counts neither for nor against anyone."""

    def act(each: DutyStanding) -> None:
        waived(each.duty, ctx.now, reason)
        row, before = each.obligation, {"state": str(each.obligation.state)}
        row.state, row.waiver_reason = ObligationState.WAIVED, reason
        _settle(ctx, each, ExceptionKind.WAIVER)
        _record(ctx, each, "waive", before, {"state": str(row.state), "reason": reason})

    return act


def restore(ctx: Context) -> Act:
    """It is asked for again, as a return where it was one."""

    def act(each: DutyStanding) -> None:
        report = each.submission
        is_returned = report is not None and report.state == SubmissionState.RETURNED
        after = restored(each.duty, is_returned=is_returned)
        row, before = each.obligation, {"state": str(each.obligation.state)}
        row.state, row.waiver_reason = _STATES[after.state], ""
        _record(ctx, each, "restore", before, {"state": str(row.state)})

    return act


def _settle(ctx: Context, each: DutyStanding, kind: ExceptionKind) -> None:
    """What liaisons asked for is thereby allowed."""
    for request in requests_open(ctx.session, [each.id]):
        if request.kind == kind:
            request.state, request.decided_at = RequestState.ALLOWED, ctx.now
            request.decided_by = ctx.speaker.id


def _record(
    ctx: Context, each: DutyStanding, action: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    record(
        ctx.session,
        at=ctx.now,
        member_id=ctx.speaker.id,
        action=action,
        table="obligation",
        row=each.id,
        before=before,
        after=after,
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def extended_text(ctx: Context, each: DutyStanding) -> str:
    """州公安局 州1-7 雪亮工程（1—8月）延至9月25日."""
    return f"{subject_text(each)}延至{due_text(each.duty.deadline, ctx.services.zone)}"


def told(ctx: Context, done: Sequence[DutyStanding], word: Callable[[DutyStanding], str]) -> str:
    """Tell the liaisons of what was *done*, each once; the line for the admin."""
    of_person: dict[int, list[str]] = {}
    silent: dict[int, str] = {}
    people = holders(ctx.session, (RoleName.LIAISON,), ctx.today)
    for each in done:
        units = {unit.id: unit.name for unit in each.units}
        theirs = [h for h in people if h.unit_id in units and h.serves(each.programme.id or 0)]
        for holder in theirs:
            lines = of_person.setdefault(holder.member_id, [])
            lines += [word(each)] if word(each) not in lines else []
        covered = {holder.unit_id for holder in theirs}
        silent |= {unit_id or 0: n for unit_id, n in units.items() if unit_id not in covered}
    of_person.pop(ctx.speaker.id, None)
    reached = [
        ctx.tell(member_id, Reply("\n".join(lines)), "exception")
        for member_id, lines in of_person.items()
    ]
    lost = [*([] if all(reached) else ["有联络员暂无法送达，请电话告知。"])]
    if silent:
        lost.append(f"{'、'.join(silent.values())}尚无联络员，请发“邀请 单位 姓名”。")
    return "".join([*(["已转告联络员。"] if any(reached) else []), *lost])


def reason_text(reason: str) -> str:
    """The reason as it is told."""
    return f"原因：{harmless(reason)}"
