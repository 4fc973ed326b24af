"""Everything known of one task besides its figures: clauses, outlook, awards, notes, contacts, …"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, func, select

from handlers.standing.clauses import ClauseStanding, clauses
from handlers.standing.outlooks import Outlook, outlooks
from models.activity import Activity, activities_of
from models.award import Award, awards_of
from models.comment import CommentCount, accepted_comments
from models.contact import Contact, contacts_of
from models.corrected import Numbered
from models.note import Note, NoteKind, notes_of
from models.programme import Programme
from models.project import Project, projects_of
from models.requirement import Requirement, requirements_of
from models.submission import (
    SubmissionVersion,
    last_accepted_by_clause,
    last_accepted_version,
)
from models.task import Task, UnitRole, tasks_of
from models.unit import units_of

#: What the sections of reports that speak of progress and of problems are called.
_SECTIONS = {NoteKind.PROGRESS: ("进展", "措施", "情况"), NoteKind.PROBLEM: ("问题", "困难")}


@dataclass(frozen=True)
class Told:
    """What was last said of progress or problems, and the day it speaks of.

    *of* is the unit that said it where each reports for itself.
    """

    texts: tuple[str, ...]
    as_of: date
    of: str = ""


@dataclass(frozen=True)
class Facts:
    """All of it, for one task; *units* are the names of its area by id, in printed order.

    *award_years* are the years in which any item of the programme was given, oldest first.
    *clause_notes* are those of each clause, by its id, where several clauses or units report
    apart: what one says is no word on the others. *activities* are those of the whole *project*
    where the task stands under one.
    """

    units: dict[int, str]
    clauses: Sequence[ClauseStanding]
    outlook: Outlook
    awards: dict[int, list[str]]
    award_years: tuple[int, ...]
    notes: dict[NoteKind, Told]
    clause_notes: dict[int, dict[NoteKind, Told]]
    contacts: Sequence[Numbered[Contact]]
    project: Project | None
    activities: Sequence[Numbered[Activity]]
    comments: CommentCount | None
    requirements: Sequence[Requirement]


def facts_of(session: Session, programme: Programme, task: Task, until: date) -> Facts:
    """What is known of *task* up to a day."""
    task_id = task.id or 0
    units = {unit.id or 0: unit.name for unit in units_of(session, programme.area_id)}
    project = _project(session, programme, task)
    counts = accepted_comments(session, [task_id], until)
    parts = clauses(session, [task_id], units)[task_id]
    apart = [e for e in parts if len(parts) > 1 or e.clause.role == UnitRole.EACH]
    version = None if apart else last_accepted_version(session, task_id)
    return Facts(
        units=units,
        clauses=parts,
        outlook=outlooks(session, [task_id])[task_id],
        awards=awards_of(session, [task_id]).get(task_id, {}),
        award_years=_award_years(session, programme),
        notes=dict(_notes(notes_of(session, [task_id], until), version, until, units)),
        clause_notes=_clause_notes(session, apart, units, until),
        contacts=[each for each in contacts_of(session, [task_id]) if each.row.on <= until],
        project=project,
        activities=_activities(session, programme, task, project),
        comments=counts[-1] if counts else None,
        requirements=requirements_of(session, [task_id])[task_id],
    )


def _project(session: Session, programme: Programme, task: Task) -> Project | None:
    rows = projects_of(session, programme.id or 0) if task.project else ()
    return next((row for row in rows if row.name == task.project), None)


def _activities(
    session: Session, programme: Programme, task: Task, project: Project | None
) -> Sequence[Numbered[Activity]]:
    if project is None:
        return activities_of(session, [task.id or 0], [])
    together = [
        t.id or 0 for t in tasks_of(session, programme.id or 0) if t.project == task.project
    ]
    return activities_of(session, together, [project.id or 0])


def _award_years(session: Session, programme: Programme) -> tuple[int, ...]:
    first, last = session.exec(
        select(func.min(Award.year), func.max(Award.year))
        .join(Task, col(Task.id) == col(Award.task_id))
        .where(Task.programme_id == programme.id)
    ).one()
    return () if first is None else tuple(range(first, last + 1))


def _clause_notes(
    session: Session, apart: Sequence[ClauseStanding], units: Mapping[int, str], until: date
) -> dict[int, dict[NoteKind, Told]]:
    """What the last accepted report on each of these clauses says, by the clause's id."""
    if not apart:
        return {}
    last = last_accepted_by_clause(session, apart[0].clause.task_id)
    found = {}
    for each in apart:
        version, unit_id = last.get(each.clause.id or 0, (None, 0))
        of = units.get(unit_id, "") if each.clause.role == UnitRole.EACH else ""
        notes = _notes((), version, until, units)
        found[each.clause.id or 0] = {kind: replace(told, of=of) for kind, told in notes}
    return found


def _notes(
    rows: Sequence[Note],
    version: SubmissionVersion | None,
    until: date,
    units: Mapping[int, str],
) -> Iterator[tuple[NoteKind, Told]]:
    """The newest word on each kind: of an issued document, or of the last accepted report."""
    for kind in NoteKind:
        own = [row for row in rows if row.kind == kind]
        newest = own[0].as_of if own else None
        said = section_of(version, kind) if version else ""
        day = version.as_of or version.received_at.date() if version else None
        if said and day is not None and day <= until and (newest is None or day >= newest):
            yield kind, Told((said,), day)
        elif newest is not None:
            told = (_told(row, units) for row in own if row.as_of == newest)
            yield kind, Told(tuple(told), newest)


def _told(row: Note, units: Mapping[int, str]) -> str:
    """The note, with the county that alone it speaks of."""
    return row.text if row.unit_id is None else f"{units.get(row.unit_id, '')}：{row.text}"


def section_of(version: SubmissionVersion, kind: NoteKind) -> str:
    """What a report says of progress or problems; empty where it says nothing."""
    words = _SECTIONS[kind]
    return next(
        (
            text
            for word in words
            for name, text in version.sections.items()
            if word in name and text
        ),
        "",
    )
