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


@dataclass(frozen=True)
class _Work:
    """What is missing, what is to be brought to its requirement, and what is no longer asked.

    Of what changed also whether other units owe it.
    """

    missing: Sequence[_Wish]
    changed: Sequence[tuple[Obligation, _Wish, bool]]
    unasked: Sequence[Obligation]


def ensure_obligations(session: Session, programme: Programme, now: datetime) -> Upkeep:
    """Make what is missing of the programme's year; a second call changes nothing.

    What was due before *now* when it is made is history. A changed requirement moves only what
    is not due yet, and waives what it no longer asks for: the past stays as people knew it.
    """
    work = _work(session, programme, now)
    _make(session, programme, work.missing, now)
    for row, wish, is_of_others in work.changed:
        _move(row, wish)
        if is_of_others:
            _owe(session, row, wish.unit_ids)
    _waive(work.unasked)
    session.flush()
    return Upkeep(len(work.missing), len(work.changed), len(work.unasked))


def needs_upkeep(session: Session, programme: Programme, now: datetime) -> bool:
    """Whether `ensure_obligations` would change anything; nothing is locked to find out."""
    work = _work(session, programme, now)
    return bool(work.missing or work.changed or work.unasked)


def _work(session: Session, programme: Programme, now: datetime) -> _Work:
    wishes = {wish.key: wish for wish in _wishes(session, programme)}
    known = _ids(session, programme)
    ahead = _ahead(session, programme, now)
    asked = [(row, wishes[key]) for key, row in ahead.items() if key in wishes]
    owing = owing_units(session, [row.id or 0 for row, _ in asked])
    return _Work(
        missing=[wish for key, wish in wishes.items() if key not in known],
        changed=[
            (row, wish, is_of_others)
            for row, wish in asked
            if (is_of_others := set(owing[row.id or 0]) != set(wish.unit_ids))
            or not _is_as_wished(row, wish)
        ],
        unasked=[
            row
            for key, row in ahead.items()
            if key not in wishes and row.state == ObligationState.OWED
        ],
    )


def _ahead(session: Session, programme: Programme, now: datetime) -> dict[Key, Obligation]:
    """The obligations on which nobody has acted and whose due time is still to come."""
    rows = session.exec(
        select(Obligation).where(
            Obligation.programme_id == programme.id,
            col(Obligation.due) > now,
            col(Obligation.extended_to).is_(None),
            (col(Obligation.state) == ObligationState.OWED)
            | (col(Obligation.waiver_reason) == NO_LONGER_ASKED),
        )
    ).all()
    return {(row.requirement_id, row.key): row for row in rows}


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


def _is_as_wished(row: Obligation, wish: _Wish) -> bool:
    same = (row.due, row.closes, row.covers_from, row.covers_to, row.assumed) == _times(wish)
    return same and row.state == ObligationState.OWED


def _times(wish: _Wish) -> tuple[Any, ...]:
    covers_from, covers_to = wish.due.covers or (None, None)
    return wish.due.due, wish.closes, covers_from, covers_to, wish.assumed


def _move(row: Obligation, wish: _Wish) -> None:
    """Bring the row's times to the wish's and take it up again."""
    row.due, row.closes, row.covers_from, row.covers_to, row.assumed = _times(wish)
    row.state, row.waiver_reason = ObligationState.OWED, ""


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


def _waive(rows: Iterable[Obligation]) -> None:
    for row in rows:
        row.state, row.waiver_reason = ObligationState.WAIVED, NO_LONGER_ASKED
