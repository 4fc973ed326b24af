"""Tasks and obligations of a programme, page by page, as other systems read them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.standing.data import obligation_data, told
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.readable import Key, Page, Span, cut
from handlers.standing.tasks import TaskStanding, standing
from models.obligation import Obligation
from models.programme import Programme
from models.task import Task


def tasks_page(session: Session, programme: Programme, data_date: date, span: Span) -> Page:
    """The active tasks in printed order as they stand at *data_date*.

    A fixed number of queries. A status hangs on figures, judgements, targets and names, which
    keep no common time of change: so the page is marked by what it says.
    """
    state = standing(session, programme, data_date)
    after = (int(span.after.at), span.after.id) if span.after is not None else None
    rest = [each for each in state.tasks if after is None or _place(each) > after]
    shown, more = cut(rest, span.most)
    rows = told(session, shown, state.units)
    position, id_ = _place(shown[-1]) if shown else (0, 0)
    return Page(tuple(map(repr, rows)), lambda: rows, Key(str(position), id_) if more else None)


def _place(each: TaskStanding) -> tuple[int, int]:
    return each.task.position, each.task.id or 0


@dataclass(frozen=True)
class DueDays:
    """Obligations are wanted that are due within these days; None leaves an end open."""

    since: date | None = None
    until: date | None = None


def obligations_page(
    session: Session, programme: Programme, days: DueDays, span: Span, now: datetime, zone: ZoneInfo
) -> Page:
    """The obligations of active tasks by due time, as they stand at *now*; six queries at most.

    Overdue follows from the clock and is stored nowhere: so the page is marked by what it says.
    """
    ids, more = _due(session, programme, days, span, zone)
    found = sorted(duties(session, DutyFilter(ids=ids), now, zone), key=_order)
    rows = [_obligation(each, zone) for each in found]
    last = Key(found[-1].obligation.due.isoformat(), found[-1].id) if more else None
    return Page(tuple(map(repr, rows)), lambda: rows, last)


def _order(each: DutyStanding) -> tuple[datetime, int]:
    return each.obligation.due, each.id


def _due(
    session: Session, programme: Programme, days: DueDays, span: Span, zone: ZoneInfo
) -> tuple[tuple[int, ...], bool]:
    query = (
        select(Obligation.id)
        .join(Task, col(Task.id) == col(Obligation.task_id))
        .where(Obligation.programme_id == programme.id, col(Task.active))
        .order_by(col(Obligation.due), col(Obligation.id))
        .limit(span.most + 1)
    )
    if days.since is not None:
        query = query.where(col(Obligation.due) >= datetime.combine(days.since, time.min, zone))
    if days.until is not None:
        query = query.where(col(Obligation.due) <= datetime.combine(days.until, time.max, zone))
    if span.after is not None:
        at, due = datetime.fromisoformat(span.after.at), col(Obligation.due)
        query = query.where((due > at) | ((due == at) & (col(Obligation.id) > span.after.id)))
    ids, more = cut(session.exec(query).all(), span.most)
    return tuple(each or 0 for each in ids), more


def _obligation(each: DutyStanding, zone: ZoneInfo) -> dict[str, Any]:
    report = each.submission.id if each.submission is not None else None
    return {
        "id": each.id,
        **obligation_data(each, zone),
        "submission": report,
        "history": each.obligation.history or None,
    }
