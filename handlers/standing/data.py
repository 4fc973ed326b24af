"""Tasks and obligations as plain data, as the command line and other systems read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.standing.clauses import ClauseStanding, clauses
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.outlooks import Outlook, outlooks
from handlers.standing.tasks import IndicatorStanding, TaskStanding, standing
from models.programme import Programme
from models.rules.rounding import half_up, number_text
from models.unit import Unit


@dataclass
class _Extras:
    """What only some programmes have: responsibility clauses and outlooks, by task."""

    clauses: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    outlooks: dict[int, dict[str, Any]] = field(default_factory=dict)


def tasks_data(session: Session, programme: Programme, data_date: date) -> list[dict[str, Any]]:
    """Every active task of a programme at *data_date*; what does not apply is left out."""
    state = standing(session, programme, data_date)
    return told(session, state.tasks, state.units)


def told(
    session: Session, tasks: Sequence[TaskStanding], units: Sequence[Unit]
) -> list[dict[str, Any]]:
    """These tasks of a programme, whose area has these *units*."""
    names = {unit.id or 0: unit.name for unit in units}
    extras = _extras(session, [each.task.id or 0 for each in tasks], names)
    return [_task(each, extras) for each in tasks]


def obligations_data(
    session: Session,
    programme: Programme,
    now: datetime,
    zone: ZoneInfo,
    due: date | None = None,
) -> list[dict[str, Any]]:
    """Every obligation of a programme, or those due on one day, as it stands at *now*."""
    wanted = DutyFilter(
        programme_ids=(programme.id or 0,),
        since=None if due is None else datetime.combine(due, time.min, zone),
        until=None if due is None else datetime.combine(due, time.max, zone),
    )
    return [obligation_data(each, zone) for each in duties(session, wanted, now, zone)]


def _task(each: TaskStanding, extras: _Extras) -> dict[str, Any]:
    task, progress = each.task, each.progress
    clauses = extras.clauses.get(task.id or 0)
    data = {
        "number": task.number,
        "theme": task.theme or None,
        "title": task.title,
        "lead": _names(each.leads),
        "supporting": _names(each.supporting),
        "clauses": clauses,
        "indicators": [_indicator(one) for one in each.indicators] or None,
        "done": _percent(progress.done),
        "scheduled": _percent(progress.scheduled) if _is_measured(each) else None,
        "status": progress.status,
        "judged": progress.judged if progress.status else None,
        "outlook": extras.outlooks.get(task.id or 0),
        "verified": _percent(each.verified),
    }
    return {key: value for key, value in data.items() if value is not None}


def _is_measured(each: TaskStanding) -> bool:
    return each.has_target or each.progress.done is not None


def _indicator(one: IndicatorStanding) -> dict[str, str]:
    percent = one.progress.percent if one.progress else None
    data = {
        "name": one.indicator.name,
        "target": None if one.indicator.target is None else number_text(one.indicator.target),
        "unit": one.indicator.unit,
        "value": None if one.value is None else number_text(one.value),
        "percent": _percent(percent),
    }
    return {key: value for key, value in data.items() if value is not None}


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else str(half_up(value, 2))


def _names(units: Sequence[Unit]) -> list[str]:
    return [unit.name for unit in units]


def _outlook(found: Outlook, names: Mapping[int, str]) -> dict[str, Any] | None:
    level = found.level
    if level is None:
        return None
    return {
        "level": level.level.value,
        "judged": level.judged,
        "entries": {name: each.value for name, each in found.named(names).items()},
    }


def _extras(session: Session, ids: Sequence[int], names: Mapping[int, str]) -> _Extras:
    extras = _Extras()
    for task_id, parts in clauses(session, ids, names).items():
        if parts:
            extras.clauses[task_id] = [_clause(each) for each in parts]
    for task_id, found in outlooks(session, ids).items():
        if (outlook := _outlook(found, names)) is not None:
            extras.outlooks[task_id] = outlook
    return extras


def _clause(each: ClauseStanding) -> dict[str, Any]:
    data: dict[str, Any] = {
        "text": each.clause.text,
        "role": each.clause.role,
        "lead": list(each.lead),
        "supporting": list(each.supporting),
    }
    return data | ({"unnamed": list(each.clause.unnamed)} if each.clause.unnamed else {})


def obligation_data(each: DutyStanding, zone: ZoneInfo) -> dict[str, Any]:
    """One obligation with its effective due time, in local time, and its state."""
    row = each.obligation
    covers = each.duty.covers
    # Nobody was asked for what was due before the loading, so it is not called overdue.
    state = each.duty.state if row.history else each.state
    clause = {"clause": each.matter.place} if each.matter.place else {}
    return {
        "task": each.task.number,
        **clause,
        "units": _names(each.units),
        "due": row.effective_due.astimezone(zone).isoformat(),
        "covers": None if covers is None else [day.isoformat() for day in covers],
        "state": state.value,
        "assumed": list(row.assumed),
    }
