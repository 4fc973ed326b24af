"""分工 as it stands: the clauses of tasks with the names of their units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.task import Clause, ClauseUnit, UnitRole, clause_units, clauses_of


@dataclass(frozen=True)
class ClauseStanding:
    """One clause; *lead* are its own units, whatever its role, *supporting* those that help."""

    clause: Clause
    lead: tuple[str, ...]
    supporting: tuple[str, ...]


def clauses(
    session: Session, task_ids: Sequence[int], names: Mapping[int, str]
) -> dict[int, list[ClauseStanding]]:
    """The active clauses of these tasks in printed order, in two queries."""
    rows = clauses_of(session, task_ids)
    parts = clause_units(session, [each.id or 0 for found in rows.values() for each in found])
    return {
        task_id: [_clause(each, parts[each.id or 0], names) for each in found]
        for task_id, found in rows.items()
    }


def _clause(
    clause: Clause, parts: Sequence[ClauseUnit], names: Mapping[int, str]
) -> ClauseStanding:
    helping = UnitRole.SUPPORTING
    return ClauseStanding(
        clause,
        tuple(names[part.unit_id] for part in parts if part.role != helping),
        tuple(names[part.unit_id] for part in parts if part.role == helping),
    )
