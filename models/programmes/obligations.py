"""Obligations from requirements: a programme year of them, made at load and kept up to date."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, insert, literal
from sqlmodel import Session, SQLModel, col, select

from models.obligation import Obligation, ObligationState, ObligationUnit, owing_units
from models.programme import Programme
from models.requirement import Requirement, requirements_of
from models.rules.period import Due, closing_times, programme_dues
from models.rules.recurrence import from_data
from models.rules.workday import Roll
from models.task import ClauseUnit, TaskUnit, UnitRole, clause_units, task_units, tasks_of
from models.workday import calendar

#: Why an obligation was waived whose requirement no longer asks for it.
NO_LONGER_ASKED = "报送要求已调整，本期不再报送"

Key = tuple[int, str]

#: The columns that differ between the obligations of a programme; the others begin alike.
_OWN = frozenset(
    "id requirement_id task_id programme_id key label due closes covers_from covers_to assumed "
    "history".split()
)
_ALIKE = {
    name: field.get_default(call_default_factory=True)
    for name, field in Obligation.model_fields.items()
    if name not in _OWN
}


@dataclass(frozen=True)
class Upkeep:
    """How many obligations were made, brought to a changed requirement, or waived."""

    created: int = 0
    updated: int = 0
    waived: int = 0


@dataclass(frozen=True)
class _Wish:
    """An obligation as its requirement asks for it."""

    requirement: Requirement
    name: str
    due: Due
    closes: datetime | None
    unit_ids: tuple[int, ...]

    @property
    def key(self) -> Key:
        return self.requirement.id or 0, self.name

    @property
    def assumed(self) -> list[str]:
        """What the requirement as a whole assumes, and what only this due time does."""
        rules = self.requirement.recurrences
        of_rules = {note for rule in rules for note in rule.get("assumed", ())}
        general = [note for note in self.requirement.assumed if note not in of_rules]
        return list(dict.fromkeys([*general, *self.due.assumed]))


def ensure_obligations(session: Session, programme: Programme, now: datetime) -> Upkeep:
    """Make what is missing of the programme's year; a second call changes nothing.

    What was due before *now* when it is made is history. A changed requirement moves only what
    is not due yet, and waives what it no longer asks for: the past stays as people knew it.
    """
    stored = _stored(session, programme)
    wishes = {wish.key: wish for wish in _wishes(session, programme)}
    missing = [wish for key, wish in wishes.items() if key not in stored]
    _make(session, programme, missing, now)
    ahead = {key: row for key, row in stored.items() if _is_ahead(row, now)}
    updated = _update(session, [(row, wishes[k]) for k, row in ahead.items() if k in wishes])
    waived = _waive(session, [row for key, row in ahead.items() if key not in wishes])
    return Upkeep(len(missing), updated, waived)


def _stored(session: Session, programme: Programme) -> dict[Key, Obligation]:
    rows = session.exec(select(Obligation).where(Obligation.programme_id == programme.id)).all()
    return {(row.requirement_id, row.key): row for row in rows}


def _is_ahead(row: Obligation, now: datetime) -> bool:
    """Whether nobody has acted on the obligation and its due time is still to come."""
    untouched = row.state == ObligationState.OWED or row.waiver_reason == NO_LONGER_ASKED
    return untouched and row.due > now and row.extended_to is None


def _wishes(session: Session, programme: Programme) -> Iterator[_Wish]:
    task_ids = [task.id or 0 for task in tasks_of(session, programme.id or 0)]
    requirements = [r for found in requirements_of(session, task_ids).values() for r in found]
    owing = _owing(session, requirements)
    dues_of = _year_of(session, programme)
    for requirement in requirements:
        # Requirements of one wording are many: their dues are found once.
        dues = dues_of(json.dumps(requirement.recurrences, sort_keys=True))
        yield from _wishes_of(requirement, dues, owing[requirement.id or 0])


def _owing(session: Session, requirements: Sequence[Requirement]) -> dict[int, tuple[int, ...]]:
    """Who owes each requirement: the leads of its task or, of a clause, all who answer for it.

    A clause is owed by those who lead it; without a lead by everybody it lists (按职责分工). Those
    who only support a lead report to the lead, not here.
    """
    of_tasks = task_units(session, {each.task_id for each in requirements})
    of_clauses = clause_units(session, {r.clause_id for r in requirements if r.clause_id})
    return {
        each.id or 0: _leads(of_clauses[each.clause_id])
        if each.clause_id
        else _leads(of_tasks[each.task_id])
        for each in requirements
    }


def _year_of(session: Session, programme: Programme) -> Callable[[str], tuple[Due, ...]]:
    days = calendar(session)
    roll = Roll(programme.policy.get("roll", Roll.NONE))

    @cache
    def dues(recurrences: str) -> tuple[Due, ...]:
        rules = from_data(json.loads(recurrences))
        return programme_dues(rules, programme.year, calendar=days, roll=roll)

    return dues


def _leads(parts: Iterable[TaskUnit | ClauseUnit]) -> tuple[int, ...]:
    return tuple(part.unit_id for part in parts if part.role != UnitRole.SUPPORTING)


def _wishes_of(
    requirement: Requirement, dues: Sequence[Due], unit_ids: tuple[int, ...]
) -> Iterator[_Wish]:
    if not unit_ids:
        return
    for due, closes in zip(dues, closing_times(dues), strict=True):
        if not requirement.each:
            yield _Wish(requirement, due.label, due, closes, unit_ids)
            continue
        for unit_id in unit_ids:
            yield _Wish(requirement, f"{due.label}/{unit_id}", due, closes, (unit_id,))


def _make(session: Session, programme: Programme, wishes: Sequence[_Wish], now: datetime) -> None:
    """Add the obligations that are wished for and are not there yet.

    A year of a province is tens of thousands of rows that nobody holds: they are sent as plain
    rows, since an object for each costs ten times as much.
    """
    if not wishes:
        return
    rows = [_row(programme, wish, now) for wish in wishes]
    table = _table(Obligation)
    # What all of them begin with stands in the statement itself, not in each row.
    alike = {name: literal(value, table.c[name].type) for name, value in _ALIKE.items()}
    session.execute(insert(table).values(alike), rows)
    ids = _ids(session, programme)
    owing = [
        {"obligation_id": ids[wish.key], "unit_id": unit_id}
        for wish in wishes
        for unit_id in wish.unit_ids
    ]
    session.execute(insert(_table(ObligationUnit)), owing)


def _table(model: type[SQLModel]) -> Table:
    """The table itself: the mapper would part the rows by which of their columns are empty."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _ids(session: Session, programme: Programme) -> dict[Key, int]:
    rows = session.exec(
        select(Obligation.requirement_id, Obligation.key, Obligation.id).where(
            Obligation.programme_id == programme.id
        )
    ).all()
    return {(requirement_id, key): row_id or 0 for requirement_id, key, row_id in rows}


def _row(programme: Programme, wish: _Wish, now: datetime) -> dict[str, Any]:
    """The columns that are its own, as an obligation begins."""
    covers_from, covers_to = wish.due.covers or (None, None)
    return {
        "requirement_id": wish.requirement.id,
        "task_id": wish.requirement.task_id,
        "programme_id": programme.id,
        "key": wish.name,
        "label": wish.due.label,
        "due": wish.due.due,
        "closes": wish.closes,
        "covers_from": covers_from,
        "covers_to": covers_to,
        "assumed": wish.assumed,
        "history": wish.due.due < now,
    }


def _update(session: Session, pairs: Sequence[tuple[Obligation, _Wish]]) -> int:
    owing = owing_units(session, [row.id or 0 for row, _ in pairs])
    updated = 0
    for row, wish in pairs:
        changed = _moved(row, wish)
        if set(owing[row.id or 0]) != set(wish.unit_ids):
            _owe(session, row, wish.unit_ids)
            changed = True
        updated += changed
    session.flush()
    return updated


def _moved(row: Obligation, wish: _Wish) -> bool:
    """Bring the row's times to the wish's and take it up again; whether that changed anything."""
    covers_from, covers_to = wish.due.covers or (None, None)
    wanted = (wish.due.due, wish.closes, covers_from, covers_to, wish.assumed)
    same = (row.due, row.closes, row.covers_from, row.covers_to, row.assumed) == wanted
    if same and row.state == ObligationState.OWED:
        return False
    row.due, row.closes, row.covers_from, row.covers_to, row.assumed = wanted
    row.state, row.waiver_reason = ObligationState.OWED, ""
    return True


def _owe(session: Session, row: Obligation, unit_ids: Sequence[int]) -> None:
    """Make exactly these units owe the obligation, as the task's leads have changed."""
    parts = session.exec(
        select(ObligationUnit).where(col(ObligationUnit.obligation_id) == row.id)
    ).all()
    for part in parts:
        if part.unit_id not in unit_ids:
            session.delete(part)
    held = {part.unit_id for part in parts}
    session.add_all(
        ObligationUnit(obligation_id=row.id or 0, unit_id=each)
        for each in unit_ids
        if each not in held
    )


def _waive(session: Session, rows: Sequence[Obligation]) -> int:
    waived = [row for row in rows if row.state == ObligationState.OWED]
    for row in waived:
        row.state, row.waiver_reason = ObligationState.WAIVED, NO_LONGER_ASKED
    session.flush()
    return len(waived)
