"""The life of an obligation: who may do what when, what counts as on time, and the rates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from models.errors import Refused
from models.rules.rounding import percent_of


class State(StrEnum):
    """How an obligation stands. Overdue and extended follow from the clock and are not stored."""

    OWED = "owed"
    EXTENDED = "extended"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"
    WAIVED = "waived"


class Action(StrEnum):
    """What people do to an obligation, by the word they type."""

    SUBMIT = "报送"
    CORRECT = "更正"
    RECALL = "撤回"
    ACCEPT = "通过"
    SEND_BACK = "退回"
    WAIVE = "免报"
    EXTEND = "延期"
    UNDO = "取消延期"


class Answer(StrEnum):
    """What a report says; these four besides a full one are different answers, none is 0."""

    REPORT = "report"
    NIL = "nil"
    NOT_STARTED = "not_started"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Door(StrEnum):
    """Whether a report may still come in."""

    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True)
class Duty:
    """An obligation as its rules see it; all instants aware.

    *closes* is None where no next period follows. *first_received* decides on time or late,
    *returns* whether it passed at once, *has_accepted* that a version of it holds. *history*:
    it was due before the programme was loaded. *assumed*: its due day is not stated, and counts
    only from *confirmed_at* on, when an admin agreed to it.
    """

    due: datetime
    closes: datetime | None = None
    extended_to: datetime | None = None
    state: State = State.OWED
    first_received: datetime | None = None
    returns: int = 0
    has_accepted: bool = False
    covers: tuple[date, date] | None = None
    history: bool = False
    assumed: bool = False
    confirmed_at: datetime | None = None

    @property
    def deadline(self) -> datetime:
        """The instant that counts for on time and overdue: an extension allowed replaces due."""
        return self.extended_to or self.due


class Unmet(StrEnum):
    """Why a report meets no duty."""

    NOT_OPEN = "not_open"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True)
class Met:
    """The place of the duty that a report meets; with *unmet*, the one that would have been it."""

    place: int | None
    unmet: Unmet | None = None


#: A report may come this long before its period ends: people count ahead of the month's end.
EARLY = timedelta(days=7)
#: Without a stated period, a report may come this long before it is due.
AHEAD = timedelta(days=31)

#: An extension is written for days or weeks; a longer one is rather a slip in the date.
LONGEST_EXTENSION = timedelta(days=184)

WAITING = frozenset({State.OWED, State.EXTENDED, State.OVERDUE})
IN_REVIEW = frozenset({State.SUBMITTED, State.RESUBMITTED})
REPORTED = IN_REVIEW | {State.ACCEPTED}
STILL_OWED = WAITING | {State.RETURNED}

#: From which states an action is possible; everything else is refused.
ALLOWED: dict[Action, frozenset[State]] = {
    Action.SUBMIT: STILL_OWED,
    Action.CORRECT: REPORTED | {State.RETURNED},
    Action.RECALL: IN_REVIEW,
    Action.ACCEPT: IN_REVIEW,
    Action.SEND_BACK: IN_REVIEW,
    Action.WAIVE: STILL_OWED,
    # Once something came in, a later deadline could only turn late into punctual.
    Action.EXTEND: WAITING,
    Action.UNDO: WAITING,
}
NEEDS_REASON = frozenset({Action.SEND_BACK, Action.WAIVE, Action.EXTEND})

NOT_YET = "这一期还没有报送。"
WHY_NOT: dict[State, str] = {
    State.OWED: NOT_YET,
    State.EXTENDED: NOT_YET,
    State.OVERDUE: NOT_YET,
    State.SUBMITTED: "这一期已报送，正在审核；要改请发“更正”加编号，要收回请发“撤回”加编号。",
    State.RESUBMITTED: "这一期已重新报送，正在审核；要改请发“更正”加编号。",
    State.RETURNED: "这一期已退回，正等单位重新报送，不受截止时间限制。",
    State.ACCEPTED: "这一期已通过；数据要改，请由报送单位发“更正”加编号。",
    State.WAIVED: "这一期已免报，不用再报。",
}


def is_confirmed(duty: Duty) -> bool:
    """Whether its due day was stated in the wording, or an admin agreed to what was assumed."""
    return not duty.assumed or duty.confirmed_at is not None


def is_chased(duty: Duty) -> bool:
    """Whether people are held to its deadline: reminded of it, overdue after it, judged by it.

    Nobody can be late for what was due before the loading, or before an admin confirmed the
    assumed day. A report on it is taken all the same, and an accepted one counts for quality.
    """
    if duty.history:
        return False
    confirmed = duty.confirmed_at
    return not duty.assumed or (confirmed is not None and confirmed <= duty.deadline)


def is_bygone(duty: Duty, now: datetime) -> bool:
    """Whether nobody was asked in time and nobody is asked now; its day can still be named.

    While an assumed day waits for its confirmation, this begins with the next period's due.
    """
    if duty.history or is_chased(duty) or duty.state is State.RETURNED:
        return duty.history
    return is_confirmed(duty) or (duty.closes is not None and now > duty.closes)


def state_at(duty: Duty, now: datetime) -> State:
    """The state as people see it at *now*: an owed one may be overdue or extended.

    A returned report stays returned, late or not, as its liaison has to read why.
    """
    if duty.state not in WAITING:
        return duty.state
    if now > duty.deadline:
        return State.OVERDUE if is_chased(duty) else State.OWED
    return State.EXTENDED if duty.extended_to and now > duty.due else State.OWED


def door(duty: Duty, now: datetime) -> Door:
    """Open until the deadline, late until the next period's due, then closed.

    An extension is the exception that opens a closed period again, until its own end. Closing
    bars first reports and corrections; a returned one continues an entry already made. A due day
    that was not confirmed in time closes nothing.
    """
    if now <= duty.deadline or not (duty.history or is_chased(duty)):
        return Door.OPEN
    return Door.LATE if duty.closes is None or now <= duty.closes else Door.CLOSED


def is_closed(duty: Duty, now: datetime) -> bool:
    """Whether it was never reported and no longer can be without an exception (已截止未报)."""
    return state_at(duty, now) in WAITING and door(duty, now) is Door.CLOSED


def submitted(duty: Duty, now: datetime) -> Duty:
    """The duty after a report came in; a first one fixes whether it was on time."""
    _require(duty, Action.SUBMIT, now)
    again = duty.state is State.RETURNED
    if not again and door(duty, now) is Door.CLOSED:
        raise Refused("这一期已截止，不再接收；延期尚未开通，有特殊情况请告知管理员。")
    return replace(
        duty,
        state=State.RESUBMITTED if again else State.SUBMITTED,
        first_received=duty.first_received or now,
    )


def corrected(duty: Duty, now: datetime) -> Duty:
    """The duty after a new version, which is reviewed again; on time stays what it was."""
    _require(duty, Action.CORRECT, now)
    return replace(duty, state=State.RESUBMITTED)


def recalled(duty: Duty, now: datetime) -> Duty:
    """The duty after a report was taken back before review.

    A version accepted before holds again. One never returned is owed again as if nothing had
    come, so that an empty report cannot hold the place of a punctual one.
    """
    _require(duty, Action.RECALL, now)
    if duty.has_accepted:
        return replace(duty, state=State.ACCEPTED)
    if duty.returns:
        return replace(duty, state=State.RETURNED)
    return replace(duty, state=State.OWED, first_received=None)


def accepted(duty: Duty, now: datetime) -> Duty:
    """The duty after an admin passed the report."""
    _require(duty, Action.ACCEPT, now)
    return replace(duty, state=State.ACCEPTED, has_accepted=True)


def sent_back(duty: Duty, now: datetime, reason: str) -> Duty:
    """The duty after an admin returned the report; a reason is compulsory."""
    _require(duty, Action.SEND_BACK, now, reason)
    return replace(duty, state=State.RETURNED, returns=duty.returns + 1)


def waived(duty: Duty, now: datetime, reason: str) -> Duty:
    """The duty after an admin let it off; it leaves every rate."""
    _require(duty, Action.WAIVE, now, reason)
    return replace(duty, state=State.WAIVED)


def restored(duty: Duty, *, is_returned: bool) -> Duty:
    """The duty asked for again after it was let off; *is_returned*: as the return it was before."""
    if duty.state is not State.WAIVED:
        raise Refused("这一期没有免报，不用恢复。")
    return replace(duty, state=State.RETURNED if is_returned else State.OWED)


def extension_undone(duty: Duty, now: datetime) -> Duty:
    """The duty with its own due time again, while nothing came in."""
    if duty.extended_to is None:
        raise Refused("这一期没有延期，不用取消。")
    _require(duty, Action.UNDO, now)
    return replace(duty, extended_to=None)


def extended(duty: Duty, now: datetime, until: datetime, reason: str) -> Duty:
    """The duty with a later deadline, which must lie ahead and after the present one."""
    _require(duty, Action.EXTEND, now, reason)
    if until <= now or until <= duty.deadline:
        raise Refused("延期的日期应晚于现在和原定期限，请改发一个更晚的日期。")
    if until - max(now, duty.deadline) > LONGEST_EXTENSION:
        days = LONGEST_EXTENSION.days
        raise Refused(f"延期的日期比现期限晚{days}天以上，请核对后改发；确需更久，请分次延期。")
    return replace(duty, extended_to=until)


def nil_refusal(*, has_accepted: bool, picture_compulsory: bool) -> str | None:
    """Why 无变化 cannot be taken, or None: it repeats accepted figures and brings no picture."""
    if picture_compulsory:
        return "这一事项每期都要报送图片，不能报“无变化”"
    if not has_accepted:
        return "这一事项还没有通过的数据可沿用"
    return None


def is_on_time(duty: Duty) -> bool:
    """Whether the first submission came by the deadline; a correction later changes nothing."""
    return duty.first_received is not None and duty.first_received <= duty.deadline


def is_late(duty: Duty) -> bool:
    """Whether the first submission came after a deadline that people are held to."""
    return duty.first_received is not None and is_chased(duty) and not is_on_time(duty)


def is_one_pass(duty: Duty) -> bool:
    """Whether the report was accepted without ever being returned.

    A correction under review takes nothing away: the accepted version holds until another does.
    """
    return duty.has_accepted and duty.returns == 0


def reporting_rate(duties: Iterable[Duty]) -> Decimal | None:
    """Accepted or submitted per hundred expected; None where nothing was (waived ones are not).

    A returned report is not reported: its unit owes a new one. An accepted version counts
    whatever becomes of a later correction.
    """
    asked = [duty for duty in duties if duty.state is not State.WAIVED]
    return rate(sum(duty.has_accepted or duty.state in REPORTED for duty in asked), len(asked))


def rate(part: int, expected: int) -> Decimal | None:
    """A rate in percent; expected 0 is not applicable, and more than expected is not capped."""
    return percent_of(part, expected)


def takes_reports(duty: Duty, now: datetime) -> bool:
    """Whether an entry is still possible: a returned one always, others until they close."""
    if duty.state is State.RETURNED:
        return True
    return state_at(duty, now) in WAITING and door(duty, now) is not Door.CLOSED


def opens_on(duty: Duty) -> date:
    """The first day on which a report for this duty makes sense."""
    return duty.covers[1] - EARLY if duty.covers else (duty.due - AHEAD).date()


def is_ready(duty: Duty, now: datetime, today: date) -> bool:
    """Whether a report is owed now: open for entry, its period near its end, and not bygone."""
    return takes_reports(duty, now) and not is_bygone(duty, now) and _has_opened(duty, today)


def meets(duties: Sequence[Duty], as_of: date | None, now: datetime, today: date) -> Met:
    """Which of the *duties* of one subject, oldest first, a report as of this day is for.

    It is the oldest whose period holds the day; of several with that very period (by the month
    and by the quarter, or one for each unit) the first that is open. One already reported or
    closed is said to be so: the next period would hold the day as well, but that is not what
    people mean. Without such a day it is the oldest that is owed now. What is bygone, due before
    the loading or before its day was confirmed, is taken when its day is named, and never asked
    for.
    """
    places = range(len(duties))
    wanted = _holding(duties, as_of, now) if as_of else None
    if wanted is not None and not takes_reports(duties[wanted], now):
        return Met(wanted, Unmet.NOT_OPEN)
    opened = [n for n in places if takes_reports(duties[n], now) and _has_opened(duties[n], today)]
    asked = [n for n in opened if duties[n].history or not is_bygone(duties[n], now)]
    if wanted is not None and (wanted in opened or not asked):
        return Met(wanted)
    current = next((n for n in asked if not duties[n].history), None)
    return Met(current) if current is not None else Met(None, Unmet.NOTHING_DUE)


def _has_opened(duty: Duty, today: date) -> bool:
    return duty.state is State.RETURNED or opens_on(duty) <= today


def _holding(duties: Sequence[Duty], as_of: date, now: datetime) -> int | None:
    """The place of the oldest duty whose period holds the day; history only while it is open."""
    holding = [
        n
        for n, duty in enumerate(duties)
        if duty.state is not State.WAIVED
        and duty.covers is not None
        and duty.covers[0] <= as_of <= duty.covers[1]
        and (not duty.history or takes_reports(duty, now) or duty.first_received is not None)
    ]
    same = [n for n in holding if duties[n].covers == duties[holding[0]].covers]
    return next((n for n in same if takes_reports(duties[n], now)), next(iter(same), None))


def _require(duty: Duty, action: Action, now: datetime, reason: str | None = None) -> None:
    state = state_at(duty, now)
    if state not in ALLOWED[action]:
        raise Refused(WHY_NOT[state])
    if action in NEEDS_REASON and not (reason or "").strip():
        raise Refused(f"“{action}”需要写明原因，请在后面加上原因再发一次。")
