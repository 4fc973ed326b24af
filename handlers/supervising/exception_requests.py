"""延期 and 免报 that liaisons ask for: one question to the admins, answered 同意 or 不同意."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.supervising.buttons import wish_buttons
from handlers.supervising.exceptions import (
    extend,
    extended_text,
    named,
    reason_text,
    told,
    waive,
)
from handlers.supervising.exceptions_meant import Meant, subject_text, with_companions
from handlers.supervising.exceptions_scope import Standpoint
from handlers.supervising.scope import require_admin
from models.audience import holders
from models.card import about_wish
from models.errors import Refused
from models.exception_request import (
    ExceptionKind,
    ExceptionRequest,
    RequestState,
    asked_since,
    request_for_update,
    requests_in,
    requests_open,
)
from models.member import Member, RoleName
from models.message import Reply
from models.obligation import locked_obligations
from models.programme import Programme
from models.rules.reporting import Action, extended, waived

MOST_A_DAY = 10
_TITLES = {ExceptionKind.EXTENSION: "延期", ExceptionKind.WAIVER: "免报"}
_ACTIONS = {ExceptionKind.EXTENSION: Action.EXTEND, ExceptionKind.WAIVER: Action.WAIVE}
_SETTLED = {
    RequestState.ALLOWED: "同意",
    RequestState.REFUSED: "答复不同意",
    RequestState.WITHDRAWN: "撤回",
}


_Lines = Callable[[Sequence[Meant]], list[str]]
#: A wish that waits, with what it is about.
_Open = tuple[DutyStanding, ExceptionRequest]


@dataclass(frozen=True)
class Wish:
    """What a liaison wants: more time until a moment, or none of it."""

    kind: ExceptionKind
    reason: str
    until: Callable[[DutyStanding], datetime] | None = None

    def moment(self, each: DutyStanding) -> datetime | None:
        """The new deadline of an extension."""
        return None if self.until is None else self.until(each)


def decided_or_asked(
    view: Standpoint, meant: Sequence[Meant], decide: _Lines, ask: _Lines
) -> Reply:
    """What is said to all that is *meant*: decided where the speaker is an admin, else asked."""
    theirs = [each for each in meant if view.decides(each.first.programme)]
    others = [each for each in meant if not view.decides(each.first.programme)]
    return Reply("\n".join([*(decide(theirs) if theirs else ()), *(ask(others) if others else ())]))


def ask(ctx: Context, meant: Sequence[Meant], wish: Wish) -> list[str]:
    """Put the wishes to their programmes' admins, each admin asked in one message.

    An earlier wish of the same kind is replaced; the very same one is not put again.
    """
    today = datetime.combine(ctx.today, time.min, ctx.services.zone)
    if asked_since(ctx.session, ctx.speaker.id, today) + len(meant) > MOST_A_DAY:
        raise Refused(f"您今天已申请{MOST_A_DAY}次，请明天再发；急事请直接联系管理员。")
    earlier = requests_open(ctx.session, [each.first.id for each in meant])
    rows = [(each.first, _asked(ctx, each.first, wish, earlier)) for each in meant]
    new = [(each, row) for each, row in rows if row is not None]
    reached = _put(ctx, new)
    return [_said(ctx, each, row, each.programme.id in reached) for each, row in rows]


def _asked(
    ctx: Context, each: DutyStanding, wish: Wish, earlier: Sequence[ExceptionRequest]
) -> ExceptionRequest | None:
    """The wish about one report; None where the very same one waits already."""
    moment = wish.moment(each)
    with named(each):
        if moment is None:
            waived(each.duty, ctx.now, wish.reason)
        else:
            extended(each.duty, ctx.now, moment, wish.reason)
    same = [row for row in earlier if (row.obligation_id, row.kind) == (each.id, wish.kind)]
    if any(row.until == moment and row.reason == wish.reason for row in same):
        return None
    for row in same:
        row.state, row.decided_at = RequestState.WITHDRAWN, ctx.now
        ctx.settle(about_wish(row.id), "已撤回")
    row = ExceptionRequest(
        obligation_id=each.id,
        member_id=ctx.speaker.id,
        kind=wish.kind,
        until=moment,
        reason=wish.reason,
        asked_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, row, "ask_exception")
    return row


def _put(ctx: Context, wishes: Sequence[_Open]) -> frozenset[int | None]:
    """One message to each admin about all that is theirs; returns whose admins are reached."""
    admins = holders(ctx.session, (RoleName.ADMIN,)) if wishes else ()
    reached = set()
    for member_id in dict.fromkeys(each.member_id for each in admins):
        theirs = [
            (duty, row)
            for duty, row in wishes
            if any(a.member_id == member_id and a.serves(duty.programme.id or 0) for a in admins)
        ]
        words = "\n".join([*(_question(ctx, *each) for each in theirs), *_how(theirs)])
        # Several wishes are answered by their numbers, which buttons below a long word do not tell.
        number = theirs[0][1].id or 0 if len(theirs) == 1 else 0
        choices, about = (wish_buttons(number), about_wish(number)) if number else ((), "")
        reply = Reply(words, choices=choices, about=about)
        if theirs and ctx.tell(member_id, reply, "exception"):
            reached |= {duty.programme.id for duty, _ in theirs}
    return frozenset(reached)


def _said(ctx: Context, each: DutyStanding, row: ExceptionRequest | None, is_put: bool) -> str:
    subject = subject_text(each)
    if row is None:
        return f"{subject}：同样的申请已提交，正等管理员答复，不用重发。"
    if not is_put:
        return f"{subject}：申请已记下，但管理员暂无法送达，请电话联系。"
    is_past = each.duty.deadline < ctx.now
    reminds = "期间不再提醒" if is_past else "只在截止当天提醒"
    return (
        f"{subject}：{_wanted(ctx, row)}的申请已转给管理员，"
        f"答复前仍按原期限，{reminds}；如先报送，申请自动撤回。"
    )


def _wanted(ctx: Context, row: ExceptionRequest) -> str:
    if row.until is None:
        return _TITLES[ExceptionKind(row.kind)]
    return f"延至{due_text(row.until, ctx.services.zone)}"


def _question(ctx: Context, each: DutyStanding, row: ExceptionRequest) -> str:
    due = due_text(each.duty.deadline, ctx.services.zone)
    return (
        f"【申请{row.id}】{subject_text(each)}，原{due}截止，"
        f"{harmless(ctx.speaker.member.name)}申请{_wanted(ctx, row)}。\n{reason_text(row.reason)}"
    )


def _how(wishes: Sequence[_Open]) -> list[str]:
    """How an admin answers the first of them."""
    return [f"同意请发“同意 {row.id}”，不同意请发“不同意 {row.id} 原因”。" for _, row in wishes[:1]]


def _open(ctx: Context, programme_ids: Collection[int]) -> list[_Open]:
    """What waits for the admins of these programmes; what is no longer asked waits for nobody."""
    rows = requests_in(ctx.session, programme_ids) if programme_ids else ()
    ids = tuple(row.obligation_id for row in rows)
    known = duties(ctx.session, DutyFilter(ids=ids), ctx.now, ctx.services.zone) if ids else ()
    by_id = {each.id: each for each in known if not each.is_dropped}
    return [(by_id[row.obligation_id], row) for row in rows if row.obligation_id in by_id]


def waiting_lines(ctx: Context, programme_ids: Collection[int]) -> list[str]:
    """What waits for the admins' answer, one line each."""
    return [_line(ctx, each, row) for each, row in _open(ctx, programme_ids)]


def asked_lines(ctx: Context, own: Sequence[DutyStanding]) -> list[str]:
    """What was asked about the reports of *own* units and nobody has answered, one line each."""
    by_id = {each.id: each for each in own}
    rows = requests_open(ctx.session, list(by_id)) if own else ()
    return [_line(ctx, by_id[row.obligation_id], row) for row in rows]


def _line(ctx: Context, each: DutyStanding, row: ExceptionRequest) -> str:
    wanted = f"{subject_text(each)}，{_wanted(ctx, row)}"
    return f"申请{row.id}：{wanted}，{reason_text(row.reason)}"


def request_called(ctx: Context, number: int | None, programmes: Sequence[Programme]) -> int:
    """The request of this number, or the only one that waits; refused naming those that do."""
    if number is not None:
        return number
    waiting = [row.id or 0 for _, row in _open(ctx, [each.id or 0 for each in programmes])]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise Refused("目前没有等您答复的申请。")
    listed = "、".join(map(str, waiting[:20]))
    how = f"请写明编号，如“同意 {waiting[0]}”。"
    raise Refused(f"等您答复的申请有{len(waiting)}件（{listed}），{how}")


def allow(ctx: Context, number: int) -> str:
    """Do what was asked; who reports hears of it."""
    row, meant = _waiting(ctx, number)
    until = row.until
    if until is None:
        [done] = waive(ctx, [meant], row.reason)
    else:
        _refuse_past(ctx, row, meant.first, until)
        [done] = extend(ctx, [meant], lambda _: until, row.reason)
    _record(ctx, row, "allow_exception")
    what = extended_text(ctx, done) if until is not None else f"{subject_text(done)}免报"
    last = f"请届时前发“报送 {done.number}”。" if until is not None else "本期不用报送。"
    line = told(ctx, [done], lambda _: f"申请{row.id}已同意：{what}。{last}")
    return f"已同意申请{row.id}：{what}。{line}"


def _refuse_past(ctx: Context, row: ExceptionRequest, each: DutyStanding, until: datetime) -> None:
    """Refuse what was answered too late to be of use, with what to send instead."""
    if until > ctx.now:
        return
    order = f"延期 {each.units[0].name} {each.number}" if each.units else f"延期 {each.number}"
    raise Refused(
        f"申请{row.id}要求{_wanted(ctx, row)}，这一天已经过去。另定日期请发“{order} 日期 原因”，"
        f"不再延期请发“不同意 {row.id} 原因”。"
    )


def refuse(ctx: Context, number: int, reason: str) -> str:
    """Leave it as it is and tell who asked why."""
    row, meant = _waiting(ctx, number)
    each = meant.first
    row.state, row.answer = RequestState.REFUSED, reason
    row.decided_at, row.decided_by = ctx.now, ctx.speaker.id
    ctx.session.flush()
    _record(ctx, row, "refuse_exception")
    ctx.settle(about_wish(row.id), "未同意")
    due = due_text(each.duty.deadline, ctx.services.zone)
    word = (
        f"申请{row.id}未获同意：{subject_text(each)}仍按{due}截止。\n{reason_text(reason)}\n"
        f"请发“报送 {each.number}”报送。"
    )
    reached = ctx.tell(row.member_id, Reply(word), "exception")
    end = "已转告申请人。" if reached else "申请人暂无法送达，请电话告知。"
    return f"申请{row.id}已答复不同意：{subject_text(each)}。{end}"


def refuse_settled(ctx: Context, number: int) -> None:
    """Refuse where the request waits for nobody, or not for the speaker."""
    _waiting(ctx, number)


def _waiting(ctx: Context, number: int) -> tuple[ExceptionRequest, Meant]:
    """The request and what it is about, both locked; refused where it waits for nobody.

    All that the report meets is locked at once, in one order: two admins may decide on it.
    """
    asked = ctx.session.get(ExceptionRequest, number)
    if asked is None:
        raise Refused(f"没有申请{number}。等您答复的请发“延期”查看。")
    wanted = DutyFilter(ids=(asked.obligation_id,))
    found = duties(ctx.session, wanted, ctx.now, ctx.services.zone)
    if not found:
        raise Refused(f"申请{number}所说的任务已取消，不用答复。")
    require_admin(ctx, found[0].programme)
    meant = with_companions(ctx, found[0], _ACTIONS[ExceptionKind(asked.kind)])
    locked_obligations(ctx.session, meant.ids)
    row = request_for_update(ctx.session, number)
    if row is None or row.state != RequestState.ASKED:
        raise Refused(_settled(ctx, row, number))
    return row, meant


def _settled(ctx: Context, row: ExceptionRequest | None, number: int) -> str:
    if row is None:
        return f"没有申请{number}。"
    member = ctx.session.get(Member, row.decided_by) if row.decided_by else None
    by = f"由{harmless(member.name)}" if member else ""
    return f"申请{number}已{by}{_SETTLED[RequestState(row.state)]}，未重复处理。"


def _record(ctx: Context, row: ExceptionRequest, action: str) -> None:
    ctx.record(
        action,
        "obligation",
        row.obligation_id,
        after={"request": row.id, "kind": str(row.kind), "state": str(row.state)},
    )


def take_back(ctx: Context, meant: Sequence[Meant], kind: ExceptionKind) -> list[str]:
    """The speaker's units' own wishes withdrawn before an answer."""
    lines = []
    for each in meant:
        rows = [r for r in requests_open(ctx.session, each.ids) if r.kind == kind]
        for row in rows:
            row.state, row.decided_at = RequestState.WITHDRAWN, ctx.now
            ctx.session.flush()
            _record(ctx, row, "withdraw_exception")
            ctx.settle(about_wish(row.id), "已撤回")
        said = "申请已撤回" if rows else f"没有等待答复的{_TITLES[kind]}申请"
        lines.append(f"{subject_text(each.first)}：{said}。")
    return lines
