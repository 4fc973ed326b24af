"""The reminder ladder: at which moments somebody who still owes a report is told so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from models.rules.workday import Calendar
from models.rules.zone import local_zone

_DAY = timedelta(days=1)
#: Nobody is reminded of anything before or after these hours, whatever a programme says.
EARLIEST, LATEST = time(8), time(18)
#: More reminders a day than this serve nobody.
MOST_A_DAY = 3
MOST_DAYS = 60


class SlotKind(StrEnum):
    """Where on the ladder a reminder stands."""

    BEFORE = "before"
    ON_DAY = "on_day"
    OVERDUE = "overdue"


class EscalationKind(StrEnum):
    """Who is told when a report stays overdue."""

    UNIT_HEAD = "unit_head"
    ORDER = "order"  # the admin is offered a 督办单


@dataclass(frozen=True, slots=True)
class Policy:
    """A programme's ladder in working days; the defaults suit a monthly report.

    People are not to be nagged outside working time: a ladder that would is refused.
    """

    before_days: tuple[int, ...] = (5, 2)
    before_at: time = time(9)
    on_day_at: tuple[time, ...] = (time(9), time(15))
    overdue_at: time = time(9)
    unit_head_after: int = 2
    order_after: int = 5
    opens: time = time(9)
    closes: time = time(18)
    daily_cap: int = 2
    late: timedelta = timedelta(hours=4)

    def __post_init__(self) -> None:
        if reason := _fault(self):
            raise ValueError(reason)


def _fault(policy: Policy) -> str:
    """Why this ladder would nag, for the person who wrote it; empty where it would not."""
    if not EARLIEST <= policy.opens < policy.closes <= LATEST:
        return f"发送时段应在{EARLIEST:%H:%M}至{LATEST:%H:%M}之间，起点早于终点"
    if not all(policy.opens <= at <= policy.closes for at in times_of_day(policy)):
        return f"提醒时间应在发送时段{policy.opens:%H:%M}至{policy.closes:%H:%M}之内"
    if not 1 <= policy.daily_cap <= MOST_A_DAY:
        return f"每人每天的提醒上限应为1至{MOST_A_DAY}次"
    if len(policy.on_day_at) > policy.daily_cap:
        return f"截止当天的提醒次数超过每人每天{policy.daily_cap}次的上限"
    if not all(1 <= days <= MOST_DAYS for days in policy.before_days):
        return f"提前提醒应为截止前1至{MOST_DAYS}个工作日"
    if not 1 <= policy.unit_head_after <= policy.order_after <= MOST_DAYS:
        return "应先逾期告知单位负责人，再提请督办，天数从1起"
    return ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment of the ladder; *days* are working days before the due day or after it."""

    at: datetime
    kind: SlotKind
    days: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """Someone above who is to be told, from *at* on."""

    at: datetime
    kind: EscalationKind
    days: int


def times_of_day(policy: Policy) -> tuple[time, ...]:
    """Every time of day at which a reminder may go out."""
    return tuple(sorted({policy.before_at, *policy.on_day_at, policy.overdue_at}))


def moments(first: date, last: date, calendar: Calendar, policy: Policy) -> tuple[datetime, ...]:
    """Every moment from *first* to *last* at which there can be something new to send.

    A clock that is moved by hand stops at each of them.
    """
    days = (first + _DAY * n for n in range((last - first).days + 1))
    return tuple(
        _at(day, at) for day in days if calendar.is_workday(day) for at in times_of_day(policy)
    )


def slots(due: datetime, calendar: Calendar, policy: Policy, until: datetime) -> tuple[Slot, ...]:
    """The ladder of one due time up to *until*, oldest first."""
    day = _local(due).date()
    steps = max(policy.before_days, default=0) + 1  # one more for slots that move before a holiday
    found: list[Slot] = []
    current = calendar.add_workdays(day, -steps)
    while current <= _local(until).date():
        found += [slot for slot in _slots_on(current, due, calendar, policy) if slot.at <= until]
        current += _DAY
    return tuple(found)


def slot_due(due: datetime, now: datetime, calendar: Calendar, policy: Policy) -> Slot | None:
    """The slot to be sent at *now*: the latest that has come and is at most four hours late.

    Nothing outside working hours or on a day off; what an outage missed for longer is skipped.
    """
    local = _local(now)
    if not is_working_time(now, calendar, policy):
        return None
    come = [s for s in _slots_on(local.date(), due, calendar, policy) if s.at <= now]
    return next((slot for slot in reversed(come) if now - slot.at <= policy.late), None)


def is_working_time(now: datetime, calendar: Calendar, policy: Policy) -> bool:
    """Whether people may be reminded at all: 09:00–18:00 of a working day."""
    local = _local(now)
    is_open = policy.opens <= local.time().replace(tzinfo=None) <= policy.closes
    return is_open and calendar.is_workday(local.date())


def next_working_time(now: datetime, calendar: Calendar, policy: Policy) -> datetime:
    """*now* in working hours, else the next moment at which people may be told something."""
    if is_working_time(now, calendar, policy):
        return now
    local = _local(now)
    is_early = local.time().replace(tzinfo=None) < policy.opens
    day = local.date() if is_early else local.date() + _DAY
    return _at(calendar.next_workday_on_or_after(day), policy.opens)


def escalations(
    due: datetime, now: datetime, calendar: Calendar, policy: Policy
) -> tuple[Escalation, ...]:
    """Who is to know by *now* of a report still owed: the unit head, then the admin."""
    day = _local(due).date()
    rungs = (
        (EscalationKind.UNIT_HEAD, policy.unit_head_after),
        (EscalationKind.ORDER, policy.order_after),
    )
    found = (
        Escalation(_at(calendar.add_workdays(day, days), policy.overdue_at), kind, days)
        for kind, days in rungs
    )
    return tuple(escalation for escalation in found if escalation.at <= now)


def on_day(due: datetime, calendar: Calendar, policy: Policy) -> date:
    """The day of the on-the-day slots: the due day, or the last working day before it.

    So does a due hour before the first slot, which would come too late.
    """
    local = _local(due)
    day = local.date()
    if policy.on_day_at and _at(day, min(policy.on_day_at)) >= due:
        day -= _DAY
    return calendar.previous_workday_on_or_before(day)


def _slots_on(day: date, due: datetime, calendar: Calendar, policy: Policy) -> Iterator[Slot]:
    """The slots of one obligation on one day, by time."""
    if not calendar.is_workday(day):
        return
    due_day = _local(due).date()
    if day == on_day(due, calendar, policy):
        for at in sorted(policy.on_day_at):
            if _at(day, at) < due:
                yield Slot(_at(day, at), SlotKind.ON_DAY, 0)
    elif day > due_day:
        days = calendar.workdays_between(due_day, day)
        yield Slot(_at(day, policy.overdue_at), SlotKind.OVERDUE, days)
    elif rung := _rung(day, due_day, calendar, policy):
        yield Slot(_at(day, policy.before_at), SlotKind.BEFORE, rung)


def _rung(day: date, due_day: date, calendar: Calendar, policy: Policy) -> int | None:
    """How many working days before the due day *day* stands, if the ladder has that rung."""
    rungs = (n for n in policy.before_days if calendar.add_workdays(due_day, -n) == day)
    return next(rungs, None)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(local_zone())


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, local_zone())
