"""Clauses and reporting requirements of a definition as rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import col, select

from models.programmes.definition import ClauseEntry, RequirementEntry, TaskEntry
from models.programmes.loading import Loading
from models.programmes.rows import requirement_row
from models.requirement import Requirement
from models.task import Clause, ClauseUnit, Task, UnitRole

#: What of a requirement stays while an admin's own wording holds.
AMENDED = frozenset({"wording", "recurrences", "assumed", "confirmed_at"})


def keep_clauses(load: Loading) -> dict[str, list[Clause]]:
    """The clauses of each task by its number, in printed order, with their units."""
    stored: dict[int, list[Clause]] = {}
    for row in load.stored(Clause):
        stored.setdefault(row.task_id, []).append(row)
    kept = {
        entry.number: _clauses_of(load, entry, task, stored.pop(task.id or 0, []))
        for entry, task in load.entries
    }
    load.session.flush()
    _keep_units(load, kept)
    return kept


def _clauses_of(load: Loading, entry: TaskEntry, task: Task, stored: list[Clause]) -> list[Clause]:
    """A task's clauses; one is known again by its text, else by its place among the rest."""
    by_text = {row.text: row for row in stored}
    known = [by_text.pop(clause.text, None) for clause in entry.clauses]
    rest = sorted(by_text.values(), key=lambda row: row.position)
    kept = []
    for at, (clause, same) in enumerate(zip(entry.clauses, known, strict=True)):
        row = Clause(
            task_id=task.id or 0,
            position=at,
            text=clause.text,
            role=clause.role,
            unnamed=list(clause.unnamed),
        )
        old = same or next((each for each in rest if each.position == at), None)
        if old in rest:
            rest.remove(old)
        kept.append(load.sync.put(old, row, f"任务 {entry.number} 分工{at + 1}"))
        for group in clause.unnamed:
            load.assume(f"“{group}”未列明单位，暂不安排报送，请补充成员后重新载入", entry.number)
    for row in rest:
        load.sync.retire(row, f"任务 {entry.number} 分工“{row.text}”")
    return kept


def _keep_units(load: Loading, clauses: dict[str, list[Clause]]) -> None:
    ids = [row.id for rows in clauses.values() for row in rows]
    query = select(ClauseUnit).where(col(ClauseUnit.clause_id).in_(ids))
    stored = {(row.clause_id, row.unit_id, row.role): row for row in load.session.exec(query).all()}
    for entry, _ in load.entries:
        for clause, row in zip(entry.clauses, clauses[entry.number], strict=True):
            for unit in _units(load, clause, row.id or 0):
                old = stored.pop((unit.clause_id, unit.unit_id, unit.role), None)
                load.sync.put(old, unit, f"任务 {entry.number} 分工{row.position + 1} 单位")
    for left in stored.values():
        load.sync.drop(left, "分工单位")


def _units(load: Loading, clause: ClauseEntry, clause_id: int) -> Iterator[ClauseUnit]:
    sides = ((clause.role, clause.lead), (UnitRole.SUPPORTING, clause.supporting))
    for role, names in sides:
        for at, unit_id in enumerate(dict.fromkeys(load.units[name] for name in names)):
            yield ClauseUnit(clause_id=clause_id, unit_id=unit_id, role=role, position=at)


@dataclass(frozen=True)
class _Wanted:
    """One requirement that a definition asks of a task or of one of its clauses."""

    entry: TaskEntry
    requirement: RequirementEntry
    clause: Clause | None
    at: int

    @property
    def where(self) -> str:
        part = f" 分工{self.clause.position + 1}" if self.clause else ""
        return f"任务 {self.entry.number}{part} 报送要求{self.at}"


def keep_requirements(load: Loading, clauses: dict[str, list[Clause]]) -> None:
    """What each task, or each clause that names a unit, has to report by when."""
    stored = {(row.task_id, row.clause_id, row.key): row for row in load.stored(Requirement)}
    for wanted in _wanted(load, clauses):
        row = _row(load, wanted)
        old = stored.pop((row.task_id, row.clause_id, row.key), None)
        if not (old and old.is_amended and old.declared == row.declared):
            for miss in load.read(row.declared).not_understood:
                load.miss(row.declared, miss.text, wanted.entry.number)
        load.sync.put(old, row, wanted.where, keep=_kept(old, row))
    for old in stored.values():
        load.sync.retire(old, f"报送要求“{old.wording}”")


def _wanted(load: Loading, clauses: dict[str, list[Clause]]) -> Iterator[_Wanted]:
    for entry, _ in load.entries:
        rows = zip(entry.clauses, clauses[entry.number], strict=True)
        owners = [row for clause, row in rows if clause.lead] if entry.clauses else [None]
        for at, requirement in enumerate(load.definition.requirements_of(entry), start=1):
            yield from (_Wanted(entry, requirement, owner, at) for owner in owners)


def _row(load: Loading, wanted: _Wanted) -> Requirement:
    definition, entry, clause = load.definition, wanted.entry, wanted.clause
    wording = definition.wording_of(wanted.requirement)
    reading = load.read(wording)
    row = requirement_row(definition, wanted.requirement, reading.recurrences, load.now)
    row.task_id, row.key = load.tasks[entry.number].id or 0, str(wanted.at)
    if clause is not None:
        row.clause_id = clause.id
        row.each = row.each or clause.role == UnitRole.EACH
    for note in row.assumed:
        load.assume(note, entry.number)
    return row


def _kept(old: Requirement | None, new: Requirement) -> frozenset[str]:
    """What a second load leaves as it is.

    An admin's own wording holds until the definition's changes. A confirmation holds for what
    was confirmed: neither for another wording nor for new assumptions.
    """
    if old is None or old.declared != new.declared:
        return frozenset()
    if old.is_amended:
        return AMENDED
    return frozenset({"confirmed_at"} if set(new.assumed) <= set(old.assumed) else ())
