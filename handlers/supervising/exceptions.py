"""延期 and 免报 carried out and taken back: locked, recorded, and told to whoever reports."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.supervising.exceptions_meant import Meant, subject_text
from models.audience import holders
from models.card import about_wish
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
_Act = Callable[[DutyStanding], None]


def _under_lock(
    ctx: Context, meant: Iterable[Meant], act: _Act, allows: ExceptionKind | None = None
) -> list[DutyStanding]:
    """Do *act* to all that is meant, as it stands under the lock; returns the first of each.

    *allows* is what liaisons asked for that is thereby allowed. Raises what the rules refuse,
    before anything is said. A fixed number of queries, whatever is meant.
    """
    groups = list(meant)
    ids = [each for group in groups for each in group.ids]
    locked_obligations(ctx.session, ids)
    found = duties(ctx.session, DutyFilter(ids=tuple(ids)), ctx.now, ctx.services.zone)
    for each in found:
        with named(each):
            act(each)
    if allows is not None:
        _settle(ctx, ids, allows)
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


def extend(
    ctx: Context, meant: Iterable[Meant], until: Callable[[DutyStanding], datetime], reason: str
) -> list[DutyStanding]:
    """A later deadline for each, with its reason and who allowed it; returns the first of each.

    What its report meets along gets the same, unless it is due later anyway.
    """
    moments: dict[int, datetime] = {}
    groups = []
    for each in meant:
        moment = until(each.first)
        along = tuple(other for other in each.along if other.duty.deadline < moment)
        groups.append(Meant(each.first, along))
        moments |= dict.fromkeys(groups[-1].ids, moment)

    def act(each: DutyStanding) -> None:
        moment = moments[each.id]
        extended(each.duty, ctx.now, moment, reason)
        row, before = each.obligation, {"extended_to": _text(each.obligation.extended_to)}
        row.extended_to, row.extension_reason, row.extended_by = moment, reason, ctx.speaker.id
        ctx.record(
            "extend",
            "obligation",
            each.id,
            before=before,
            after={"extended_to": _text(moment), "reason": reason},
        )

    return _under_lock(ctx, groups, act, ExceptionKind.EXTENSION)


def undo_extension(ctx: Context, meant: Iterable[Meant]) -> list[DutyStanding]:
    """The due time of each as it was before it was extended; returns the first of each."""

    def act(each: DutyStanding) -> None:
        extension_undone(each.duty, ctx.now)
        row, before = each.obligation, {"extended_to": _text(each.obligation.extended_to)}
        row.extended_to, row.extension_reason, row.extended_by = None, "", None
        ctx.record(
            "undo_extension", "obligation", each.id, before=before, after={"extended_to": None}
        )

    def is_extended(each: DutyStanding) -> bool:
        return each.obligation.extended_to is not None

    groups = [Meant(each.first, tuple(filter(is_extended, each.along))) for each in meant]
    return _under_lock(ctx, groups, act)


def waive(ctx: Context, meant: Iterable[Meant], reason: str) -> list[DutyStanding]:
    """Nobody owes these any more, for or against anyone; returns the first of each."""

    def act(each: DutyStanding) -> None:
        waived(each.duty, ctx.now, reason)
        row, before = each.obligation, {"state": str(each.obligation.state)}
        row.state, row.waiver_reason = ObligationState.WAIVED, reason
        ctx.record(
            "waive",
            "obligation",
            each.id,
            before=before,
            after={"state": str(row.state), "reason": reason},
        )

    return _under_lock(ctx, meant, act, ExceptionKind.WAIVER)


def restore(ctx: Context, meant: Iterable[Meant]) -> list[DutyStanding]:
    """These are asked for again, as a return where one was; returns the first of each."""

    def act(each: DutyStanding) -> None:
        report = each.submission
        is_returned = report is not None and report.state == SubmissionState.RETURNED
        after = restored(each.duty, is_returned=is_returned)
        row, before = each.obligation, {"state": str(each.obligation.state)}
        row.state, row.waiver_reason = _STATES[after.state], ""
        ctx.record("restore", "obligation", each.id, before=before, after={"state": str(row.state)})

    return _under_lock(ctx, meant, act)


def _settle(ctx: Context, ids: Sequence[int], allowed: ExceptionKind) -> None:
    """What liaisons asked for is allowed; who is let off need not wait for more time."""
    for request in requests_open(ctx.session, ids):
        if request.kind == allowed:
            request.state, request.decided_at = RequestState.ALLOWED, ctx.now
            request.decided_by = ctx.speaker.id
            ctx.settle(about_wish(request.id), "已同意")
        elif allowed is ExceptionKind.WAIVER:
            request.state, request.decided_at = RequestState.WITHDRAWN, ctx.now
            ctx.settle(about_wish(request.id), "已撤回")


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
