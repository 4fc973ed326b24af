"""Keeps every active programme's year of obligations complete."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, col, func, select

from handlers.schedules import finished
from models.db import Database
from models.obligation import Obligation
from models.programme import Programme, active_programmes
from models.programmes.obligations import ensure_obligations, needs_upkeep
from models.requirement import Requirement
from models.rules.zone import local_zone
from models.setting import keep_setting, setting
from models.task import Clause, ClauseUnit, Task, TaskUnit
from models.workday import CalendarYear, Workday


def keep_obligations(database: Database, now: datetime) -> int:
    """Make what is missing and adjust what changed; returns how many rows that were.

    Each programme is its own transaction: they do not hold up one another, nor the door. One for
    which nothing changed since it was last looked through is left alone, and so is a finished one.
    """
    with database.read() as session:
        days = _days(session)
        programmes = active_programmes(session)
        over = finished(session, programmes, now.astimezone(local_zone()).date())
        running = [each for each in programmes if each.id not in over]
        changed = {
            each.id: mark
            for each in running
            if setting(session, _name(each)) != (mark := _fingerprint(session, each, days, now))
        }
    return sum(_keep(database, programme_id, mark, now) for programme_id, mark in changed.items())


def _keep(database: Database, programme_id: int | None, mark: str, now: datetime) -> int:
    """One programme. Most often somebody has merely reported: a province is not locked for that."""
    with database.read() as session:
        is_needed = needs_upkeep(session, session.get_one(Programme, programme_id), now)
    with database.write() as session:
        programme = session.get_one(Programme, programme_id)
        if not is_needed:
            keep_setting(session, _name(programme), mark)
            return 0
        done = ensure_obligations(session, programme, now)
        mark = _fingerprint(session, programme, _days(session), now)
        keep_setting(session, _name(programme), mark)
        return done.created + done.updated + done.waived


def _name(programme: Programme) -> str:
    return f"obligations:{programme.code}"


def _fingerprint(session: Session, programme: Programme, days: str, now: datetime) -> str:
    """Everything that obligations are made of, and which of those ahead are in which state.

    Requirements, who leads a task or answers for a clause, the year and its calendar ask for
    them; the release reads the rules.
    A report taken back opens a row again that a changed requirement may have to move.
    """
    frame = [version("dajuan"), programme.year, programme.policy.get("roll"), days]
    parts = [part(session, programme) for part in (_asked, _leading, _answering)]
    parts.append(_states(session, programme, now))
    return _digest(frame, *([list(row) for row in part] for part in parts))


def _asked(session: Session, programme: Programme) -> Sequence[tuple[Any, ...]]:
    """What is asked, how often, and by whom each."""
    return session.exec(
        select(
            col(Requirement.id),
            col(Requirement.each),
            col(Requirement.recurrences),
            col(Requirement.assumed),
        )
        .join(Task, col(Task.id) == col(Requirement.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Requirement.active))
        .order_by(col(Requirement.id))
    ).all()


def _leading(session: Session, programme: Programme) -> Sequence[tuple[int, int, str]]:
    """Who leads which task."""
    return session.exec(
        select(TaskUnit.task_id, TaskUnit.unit_id, TaskUnit.role)
        .join(Task, col(Task.id) == col(TaskUnit.task_id))
        .where(Task.programme_id == programme.id, col(Task.active))
        .order_by(col(TaskUnit.id))
    ).all()


def _answering(session: Session, programme: Programme) -> Sequence[tuple[int, int, str]]:
    """Who answers for which clause."""
    return session.exec(
        select(ClauseUnit.clause_id, ClauseUnit.unit_id, ClauseUnit.role)
        .join(Clause, col(Clause.id) == col(ClauseUnit.clause_id))
        .join(Task, col(Task.id) == col(Clause.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Clause.active))
        .order_by(col(ClauseUnit.id))
    ).all()


def _states(session: Session, programme: Programme, now: datetime) -> Sequence[tuple[Any, ...]]:
    """How many obligations that are not due yet are in which state, and which they are."""
    return session.exec(
        select(
            col(Obligation.state),
            func.sum(col(Obligation.id)),
            func.count(col(Obligation.extended_to)),
        )
        .where(Obligation.programme_id == programme.id, col(Obligation.due) > now)
        .group_by(col(Obligation.state))
        .order_by(col(Obligation.state))
    ).all()


def _days(session: Session) -> str:
    """The calendar in short: every declared day decides where a due time may fall."""
    years = session.exec(select(CalendarYear.year).order_by(col(CalendarYear.year))).all()
    days = session.exec(
        select(col(Workday.day), col(Workday.kind)).order_by(col(Workday.day))
    ).all()
    return _digest(list(years), [list(row) for row in days])


def _digest(*parts: list[Any]) -> str:
    plain = json.dumps(parts, default=str, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
