"""What an issued document published besides figures, as rows: outlooks, notes, contacts, 动态."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, datetime, time

from sqlmodel import select

from models.activity import Activity
from models.contact import Contact
from models.note import Note, NoteKind
from models.outlook import OutlookEntry
from models.programmes.issued import Issued
from models.programmes.loading import Loading, Row
from models.rules.zone import local_zone
from models.task import Task

#: What a 动态 is called where the source only ticks the month.
TICKED = "当月有动态"

Key = Callable[[Row], Hashable]


def keep_facts(load: Loading, issued: Issued) -> None:
    """Store what *issued* says of each task; facts that a corrected file no longer has go."""
    _keep(load, issued, OutlookEntry, _outlooks(load, issued), _outlook_key)
    _keep(load, issued, Note, _notes(load, issued), _note_key)
    _keep(load, issued, Contact, _contacts(load, issued), _contact_key)
    _keep(load, issued, Activity, _activities(load, issued), _activity_key)


def _keep(
    load: Loading, issued: Issued, table: type[Row], wanted: Iterable[Row], key: Key[Row]
) -> None:
    """Bring the rows of one document to *wanted*; *key* tells one fact from another.

    Two facts may share a key, such as two visits of a day: they are told apart by their order.
    """
    stored: dict[Hashable, deque[Row]] = defaultdict(deque)
    for row in _of_document(load, issued, table):
        stored[key(row)].append(row)
    for row in wanted:
        same = stored[key(row)]
        load.sync.put(same.popleft() if same else None, row, issued.title)
    left = [row for rows in stored.values() for row in rows]
    amended = _amended(load, table)
    for row in left:
        if vars(row)["id"] not in amended:  # what people corrected since is theirs now
            load.sync.drop(row, f"{issued.title} {table.__name__}")


def _amended(load: Loading, table: type[Row]) -> set[int]:
    """The rows that a later correction replaces."""
    if "replaces_id" not in table.model_fields:
        return set()
    replaced = vars(table)["replaces_id"]
    return set(load.session.exec(select(replaced).where(replaced.is_not(None))).all())


def _of_document(load: Loading, issued: Issued, table: type[Row]) -> list[Row]:
    columns = vars(table)
    query = select(table).where(columns["source"] == issued.title)
    ids = [task.id for task in load.tasks.values()]
    projects = [project.id for project in load.projects.values()]
    mine = columns["task_id"].in_(ids)
    if "project_id" in table.model_fields:
        mine = mine | columns["project_id"].in_(projects)
    return list(load.session.exec(query.where(mine).order_by(columns["id"])).all())


def _published_at(issued: Issued) -> datetime:
    """Judgements of a document stand in time where its data do, whenever it is loaded."""
    return datetime.combine(issued.as_of, time(12), local_zone())


def _outlook_key(row: OutlookEntry) -> Hashable:
    return row.task_id, row.unit_id, row.counties


def _outlooks(load: Loading, issued: Issued) -> Iterator[OutlookEntry]:
    made_at = _published_at(issued)
    for fact in issued.outlooks:
        task_id = load.tasks[fact.task].id or 0
        scopes = [(load.units[name], False, level) for name, level in fact.entries.items()]
        levels: list[tuple[int | None, bool, str | None]] = [
            *scopes,
            (None, True, fact.counties),
            (None, False, fact.level),
        ]
        for unit_id, counties, level in levels:
            if level is not None:
                of_item = unit_id is None and not counties
                yield OutlookEntry(
                    task_id=task_id,
                    unit_id=unit_id,
                    counties=counties,
                    level=level,
                    reason=(fact.reason or "") if of_item else "",
                    source=issued.title,
                    made_at=made_at,
                )


def _note_key(row: Note) -> Hashable:
    return row.task_id, row.unit_id, row.kind, row.position


def _notes(load: Loading, issued: Issued) -> Iterator[Note]:
    """The stated facts, and those printed beside a figure."""
    texts: dict[tuple[str, str | None, NoteKind], list[str]] = {}
    for fact in issued.notes:
        texts.setdefault((fact.task, fact.unit, NoteKind.PROGRESS), []).extend(fact.progress)
        texts.setdefault((fact.task, fact.unit, NoteKind.PROBLEM), []).extend(fact.problems)
    for figure in issued.figures:
        for note in figure.assumed:
            load.assume(note, figure.task)
        if figure.note is not None:
            texts.setdefault((figure.task, None, NoteKind.PROGRESS), []).append(figure.note)
    for (number, unit, kind), found in texts.items():
        task: Task = load.tasks[number]
        for position, text in enumerate(dict.fromkeys(found)):
            yield Note(
                task_id=task.id or 0,
                unit_id=load.units[unit] if unit else None,
                kind=kind,
                text=text,
                as_of=issued.as_of,
                source=issued.title,
                position=position,
            )


def _contact_key(row: Contact) -> Hashable:
    return row.task_id, row.unit_id, row.on, row.who, row.whom


def _contacts(load: Loading, issued: Issued) -> Iterator[Contact]:
    for fact in issued.contacts:
        yield Contact(
            task_id=load.tasks[fact.task].id or 0,
            unit_id=load.units[fact.unit] if fact.unit else None,
            on=fact.on,
            until=fact.until,
            who=fact.who,
            whom=fact.whom,
            result=fact.result,
            source=issued.title,
            reported_at=_published_at(issued),
        )


def _activity_key(row: Activity) -> Hashable:
    return row.project_id, row.month


def _activities(load: Loading, issued: Issued) -> Iterator[Activity]:
    for fact in issued.activities:
        for note in fact.assumed:
            load.assume(note, fact.project)
        for month in fact.months:
            yield Activity(
                project_id=load.projects[fact.project].id,
                month=date.fromisoformat(f"{month}-01"),
                kind=TICKED,
                source=issued.title,
                assumed="；".join(fact.assumed),
                reported_at=_published_at(issued),
            )
