"""What people are held to now: due soon, overdue, or returned and not answered, in few queries."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from models.obligation import OPEN_STATES
from models.programme import Programme
from models.rules.workday import Calendar

_DAY = timedelta(days=1)


def open_duties(
    session: Session, programme: Programme, until: datetime | None, now: datetime, zone: ZoneInfo
) -> tuple[DutyStanding, ...]:
    """What is open, chased and due by *until* or ever, each piece of work once, by deadline."""
    wanted = DutyFilter(
        programme_ids=(programme.id or 0,), until=until, states=OPEN_STATES, with_history=False
    )
    found = [each for each in duties(session, wanted, now, zone) if each.chased]
    return tuple(merged(sorted(found, key=lambda each: (each.duty.deadline, each.id))))


def due_soon(
    session: Session, programme: Programme, now: datetime, zone: ZoneInfo, days: Calendar
) -> dict[date, list[DutyStanding]]:
    """What is still to come and due from now to the end of the next working day, by its day.

    Before a holiday this takes in what is due within it: nobody is told on days off.
    """
    last = days.next_workday(now.astimezone(zone).date())
    until = datetime.combine(last + _DAY, time.min, zone) - timedelta(microseconds=1)
    found: dict[date, list[DutyStanding]] = {}
    for each in open_duties(session, programme, until, now, zone):
        if each.is_missing and now <= each.duty.deadline <= until:
            found.setdefault(deadline_day(each, zone), []).append(each)
    return found


def overdue_now(
    session: Session, programme: Programme, now: datetime, zone: ZoneInfo
) -> tuple[DutyStanding, ...]:
    """What should have come and can still be reported, the oldest first."""
    found = open_duties(session, programme, now, now, zone)
    return tuple(each for each in found if each.is_overdue and not each.is_closed)


def returned_since(
    session: Session, programme: Programme, now: datetime, zone: ZoneInfo
) -> dict[date, list[DutyStanding]]:
    """What was returned and not answered, by the day on which it was returned, oldest first."""
    found: dict[date, list[DutyStanding]] = {}
    for each in open_duties(session, programme, None, now, zone):
        report = each.submission
        if report is not None and report.reviewed_at is not None and _is_back(each):
            found.setdefault(report.reviewed_at.astimezone(zone).date(), []).append(each)
    return dict(sorted(found.items()))


def _is_back(each: DutyStanding) -> bool:
    return each.is_returned or each.correction_returned


def deadline_day(each: DutyStanding, zone: ZoneInfo) -> date:
    """The local day of its deadline."""
    return each.duty.deadline.astimezone(zone).date()
