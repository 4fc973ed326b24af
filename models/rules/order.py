"""Supervision orders (督办单): when a rule offers one, who may do what when, and its own clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from models.errors import Refused
from models.rules.ladder import EscalationKind, Policy, escalations
from models.rules.status import Band, Standing
from models.rules.workday import Calendar
from models.rules.zone import local_zone

#: A red light, whatever a programme's colour policy calls it (红, 红灯, 红牌).
_RED = "红"
#: Within these bounds an order's own numbers make sense.
_LONGEST = 60
_MOST_STEPS = 5
_MOST_RETURNS = 9


class OrderState(StrEnum):
    """Offered by rule until an admin issues it; answered until its evidence is checked."""

    OFFERED = "offered"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    DROPPED = "dropped"


#: The unit still has to answer, or the admin to check its answer.
UNDER_WAY = (OrderState.OPEN, OrderState.ANSWERED)


class OrderBasis(StrEnum):
    """Why there is an order."""

    COMMAND = "command"
    OVERDUE = "overdue"
    RED = "red"
    RETURNED = "returned"


class OrderAction(StrEnum):
    """What people do to an order, by the word they type."""

    ANSWER = "答复"
    ASK = "申请延期"
    EXTEND = "延期"
    SEND_BACK = "退回"
    CLOSE = "销号"
    DROP = "撤销"
    REOPEN = "恢复"


#: From which states an action is possible; everything else is refused.
ALLOWED: Mapping[OrderAction, frozenset[OrderState]] = {
    OrderAction.ANSWER: frozenset(UNDER_WAY),
    OrderAction.ASK: frozenset({OrderState.OPEN}),
    OrderAction.EXTEND: frozenset(UNDER_WAY),
    OrderAction.SEND_BACK: frozenset({OrderState.ANSWERED}),
    OrderAction.CLOSE: frozenset(UNDER_WAY),
    OrderAction.DROP: frozenset(UNDER_WAY),
    OrderAction.REOPEN: frozenset({OrderState.CLOSED}),
}


@dataclass(frozen=True)
class OrderPolicy:
    """A programme's own numbers: the steps of the clock, the usual time to answer, the returns.

    *before_days* and *reply_days* are working days; *returns* is how often a report is returned
    before an order is offered.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    before_days: tuple[int, ...] = (3, 1)
    reply_days: int = 5
    returns: int = 2

    def __post_init__(self) -> None:
        if len(self.before_days) > _MOST_STEPS or not all(
            1 <= days <= _LONGEST for days in (*self.before_days, self.reply_days)
        ):
            raise Refused(f"督办的天数应在1至{_LONGEST}个工作日之间，提前提醒最多{_MOST_STEPS}次。")
        if not 1 <= self.returns <= _MOST_RETURNS:
            raise Refused(f"退回次数应在1至{_MOST_RETURNS}次之间。")


@dataclass(frozen=True)
class Case:
    """What a rule sees: a task, or one obligation of it, for which an order may be needed.

    *key* names this very occurrence: it is offered once, whatever becomes of the offer.
    """

    basis: OrderBasis
    task_id: int
    obligation_id: int | None
    key: str

    @property
    def about(self) -> tuple[OrderBasis, int, int | None]:
        """The matter as such, however often it comes up."""
        return self.basis, self.task_id, self.obligation_id


@dataclass(frozen=True)
class Weighed:
    """What is to be offered now, and which offers lapse because their case is gone."""

    fresh: tuple[Case, ...]
    gone: tuple[Case, ...]


def order_ladder(ladder: Policy, policy: OrderPolicy) -> Policy:
    """The reminders of an order: 3 and 1 working days before, on the day, then each working day.

    Hours, caps and escalation are those of the programme's reminders.
    """
    return replace(ladder, before_days=policy.before_days, on_day_at=ladder.on_day_at[:1])


def is_long_overdue(deadline: datetime, now: datetime, days: Calendar, ladder: Policy) -> bool:
    """Whether a report is overdue for so long (5 working days) that an order is offered."""
    found = escalations(deadline, now, days, ladder)
    return any(each.kind is EscalationKind.ORDER for each in found)


def is_red(band: Band | None) -> bool:
    """Whether a status shows red; a policy without colours means what it calls behind."""
    if band is None:
        return False
    return _RED in band.colour if band.colour else band.standing is Standing.BEHIND


def bases_on(day: date, days: Calendar) -> tuple[OrderBasis, ...]:
    """What is looked for on a working day: red lights on the first of its week alone.

    Figures change by the month, so that an admin need not hear of them one by one.
    """
    before = days.previous_workday_on_or_before(day - timedelta(days=1))
    is_first = before.isocalendar()[:2] != day.isocalendar()[:2]
    return tuple(each for each in OrderBasis if is_first or each is not OrderBasis.RED)


def is_returned_often(returns: int, policy: OrderPolicy) -> bool:
    """Whether a report was returned so often that an order is offered."""
    return returns >= policy.returns


def weigh(
    seen: Collection[Case],
    offered: Iterable[Case],
    known_keys: Collection[str],
    ordered_tasks: Collection[int],
    looked_for: Collection[OrderBasis] = tuple(OrderBasis),
) -> Weighed:
    """Which of the cases *seen* to offer, and which of those *offered* lapse.

    What was not *looked_for* is not gone because it was not seen.
    A case is offered once; not while an offer about the same matter stands, nor while its task is
    under an order. A red task is not offered beside its own overdue or returned report.
    """
    standing = list(offered)
    about = {each.about for each in seen}
    gone = [
        each
        for each in standing
        if each.task_id in ordered_tasks or (each.about not in about and each.basis in looked_for)
    ]
    taken = {each.about for each in standing}
    by_report = {each.task_id for each in seen if each.basis is not OrderBasis.RED}
    fresh = [
        each
        for each in seen
        if each.key not in known_keys
        and each.about not in taken
        and each.task_id not in ordered_tasks
        and not (each.basis is OrderBasis.RED and each.task_id in by_report)
    ]
    return Weighed(tuple(fresh), tuple(gone))


def is_allowed(action: OrderAction, state: OrderState) -> bool:
    """Whether an order in this state lets somebody do this."""
    return state in ALLOWED[action]


def may_ask(limit: datetime, now: datetime) -> bool:
    """Whether more time may still be asked for: only before the limit has passed."""
    return now <= limit


def is_later(until: datetime, limit: datetime, now: datetime) -> bool:
    """Whether a new limit gives more time: later than the present one, and still ahead."""
    return until > limit and until > now


def usual_limit(now: datetime, days: Calendar, policy: OrderPolicy) -> datetime:
    """The limit where nobody names one: the end of the fifth working day from today."""
    return day_end(days.add_workdays(now.astimezone(local_zone()).date(), policy.reply_days))


def day_end(day: date) -> datetime:
    """The end of that local day: what is due on a day is due until then."""
    return datetime.combine(day, time(23, 59, 59), local_zone())
