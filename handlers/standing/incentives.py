"""What S2's annexes say at a day, as JSON data: levels, key items, awards, progress, contacts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from handlers.standing.outlooks import Outlook, outlook_from
from handlers.standing.words import Words, words_of
from handlers.supervising.fact_words import days_text
from models.award import awards_of
from models.contact import Contact, contacts_of
from models.note import Note, notes_of
from models.outlook import outlooks_of
from models.programme import Programme
from models.programmes.issued import CIRCULAR, issued_snapshot
from models.rules.outlook import (
    CellDifference,
    Counts,
    Item,
    Level,
    Origin,
    cell_differences,
    counted,
    counts_by_lead,
    key_items,
)
from models.rules.zone import local_zone
from models.snapshot import Snapshot
from models.task import Task, UnitRole, task_units, tasks_of
from models.unit import Unit, UnitKind, units_of

Data = dict[str, Any]
#: An award of that year was given and nobody of the area won; it was not given.
_LOST, _NOT_GIVEN = "×", "——"
_UNKNOWN = "未研判"


#: A task and the unit that did something for it, by id; None is the area as a whole.
Place = tuple[int, int | None]


@dataclass(frozen=True)
class _State:
    """Everything that the annexes are made of; *leads* and *judged* are by task id."""

    tasks: Sequence[Task]
    units: Sequence[Unit]
    leads: Mapping[int, Sequence[str]]
    judged: Mapping[int, Outlook]
    awards: Mapping[int, Mapping[int, Sequence[str]]]
    words: Mapping[int, Words]
    contacts: Mapping[Place, Sequence[Contact]]
    county_notes: Mapping[Place, Sequence[Note]]
    day: date

    @cached_property
    def names(self) -> dict[int, str]:
        return {unit.id or 0: unit.name for unit in self.units}

    @cached_property
    def parents(self) -> dict[str, str]:
        """The county that a park stands under, by name."""
        return {
            unit.name: self.names[unit.parent_id]
            for unit in self.units
            if unit.parent_id in self.names
        }

    @property
    def years(self) -> list[int]:
        """The years in which any item was given, newest first."""
        found = {year for years in self.awards.values() for year in years}
        return list(range(max(found), min(found) - 1, -1)) if found else []


def incentive_data(session: Session, programme: Programme, data_date: date) -> Data:
    """Everything that the five annexes print as of *data_date*, frozen."""
    state = _state(session, programme, data_date)
    items = [_as_judged(task, state) for task in state.tasks]
    keys = list(_keys(session, programme, state, items))
    return {
        "short": programme.short_title,
        "year": programme.year,
        "day": data_date.isoformat(),
        "total": _counts(counted(items)),
        "units": [{"unit": u, **_counts(c)} for u, c in counts_by_lead(items).items()],
        "keys": keys,
        "years": state.years,
        "items": [_item(task, state) for task in state.tasks],
        "counties": list(_counties(state)),
        "drafts": _drafts(state),
        "notes": list(_remarks(items, keys)),
    }


def _state(session: Session, programme: Programme, day: date) -> _State:
    tasks = tasks_of(session, programme.id or 0)
    ids = [task.id or 0 for task in tasks]
    units = units_of(session, programme.area_id)
    names = {unit.id or 0: unit.name for unit in units}
    parts = task_units(session, ids)
    rows = outlooks_of(session, ids)
    zone = local_zone()
    return _State(
        tasks=tasks,
        units=units,
        leads={
            id_: [names[part.unit_id] for part in parts[id_] if part.role == UnitRole.LEAD]
            for id_ in ids
        },
        judged={
            id_: outlook_from(
                row for row in rows.get(id_, ()) if row.made_at.astimezone(zone).date() <= day
            )
            for id_ in ids
        },
        awards=awards_of(session, ids),
        words=words_of(session, ids, day),
        contacts=_contacts(session, ids, day),
        county_notes=_notes(session, ids, day),
        day=day,
    )


def _contacts(session: Session, ids: Sequence[int], day: date) -> dict[Place, list[Contact]]:
    """The contacts up to a day, oldest first."""
    found: dict[Place, list[Contact]] = defaultdict(list)
    for each in reversed(contacts_of(session, ids)):
        if each.row.on <= day:
            found[each.row.task_id, each.row.unit_id].append(each.row)
    return found


def _notes(session: Session, ids: Sequence[int], day: date) -> dict[Place, list[Note]]:
    found: dict[Place, list[Note]] = defaultdict(list)
    for note in notes_of(session, ids, day):
        found[note.task_id, note.unit_id].append(note)
    return found


def _as_judged(task: Task, state: _State) -> Item:
    outlook = state.judged[task.id or 0]
    own = outlook.level
    is_set = own is not None and own.origin is not Origin.ENTRIES
    entries = outlook.entries
    return Item(
        task.number,
        tuple(state.leads[task.id or 0]),
        {
            name: entries[scope]
            for scope in entries
            if (name := state.names.get(scope.unit_id or 0)) is not None
        },
        next((level for scope, level in entries.items() if scope.counties), None),
        own.level if own is not None and is_set else None,
    )


def _counts(found: Counts) -> Data:
    counts = (found.very_likely, found.likely, found.difficult, found.unlikely)
    levels = [
        {"label": level.value, "count": count} for level, count in zip(Level, counts, strict=True)
    ]
    return {"items": found.items, "levels": levels, "unknown": found.unknown}


def _keys(
    session: Session, programme: Programme, state: _State, items: Sequence[Item]
) -> Iterator[Data]:
    """A line for the area itself, each county, and each park that no county answers for."""
    cells = key_items(items, state.parents)
    titles = {task.number: task.title for task in state.tasks}
    differs = _differences(session, programme, state, cells)
    for unit in state.units:
        if unit.kind != UnitKind.DEPARTMENT and unit.name not in state.parents:
            found = differs.get(unit.name)
            yield {
                "unit": unit.name,
                "count": len(cells.get(unit.name, ())),
                "items": [titles[number] for number in cells.get(unit.name, ())],
                "ours": _titles(found.computed_only if found else (), titles),
                "issued": _titles(found.printed_only if found else (), titles),
            }


def _titles(numbers: Sequence[str], titles: Mapping[str, str]) -> str:
    return "、".join(titles.get(number, number) for number in numbers) or "无"


def _differences(
    session: Session, programme: Programme, state: _State, cells: Mapping[str, Sequence[str]]
) -> dict[str, CellDifference]:
    """The cells that a document issued on this very day printed otherwise, by unit."""
    row = session.exec(
        select(Snapshot)
        .where(
            Snapshot.programme_id == programme.id,
            Snapshot.kind == CIRCULAR,
            Snapshot.data_date == state.day,
        )
        .order_by(col(Snapshot.edition).desc())
        .limit(1)
    ).first()
    printed = {each.unit: each.tasks for each in issued_snapshot(row).key_items} if row else {}
    if not printed:
        return {}
    return {each.unit: each for each in cell_differences(printed, cells, state.parents)}


def _item(task: Task, state: _State) -> Data:
    id_ = task.id or 0
    outlook = state.judged[id_]
    words = state.words[id_]
    given = state.awards.get(id_, {})
    return {
        "number": task.number,
        "printed": task.printed or task.number,
        "title": f"{''.join(task.marks)}{task.title}",
        "lead": list(state.leads[id_]),
        "quota": task.quota or None,
        "level": outlook.level.level.value if outlook.level else _UNKNOWN,
        "judged": outlook.reason or None,
        "entries": [
            {"unit": name, "level": level.value}
            for name, level in outlook.named(state.names).items()
        ],
        "awards": [{"label": f"{year}年", "text": _award(given, year)} for year in state.years],
        "words": {kind.value: list(said) for kind, said in words.items()},
        "contacts": [contact_line(row, state.day) for row in state.contacts.get((id_, None), ())],
    }


def _award(given: Mapping[int, Sequence[str]], year: int) -> str:
    return "、".join(given[year]) or _LOST if year in given else _NOT_GIVEN


def contact_line(row: Contact, today: date) -> str:
    """9月19日，州领导对接省发改委：表示支持."""
    result = f"：{row.result.removeprefix('反馈：')}" if row.result else ""
    return f"{days_text(row.on, row.until, today)}，{row.who}对接{row.whom}{result}"


def _counties(state: _State) -> Iterator[Data]:
    """What each county has done towards its items: contacts, and notes that bear no day."""
    for unit in state.units:
        items = []
        for task in state.tasks:
            at = (task.id or 0, unit.id or 0)
            said = [contact_line(row, state.day) for row in state.contacts.get(at, ())]
            said += [note.text for note in state.county_notes.get(at, ())]
            if said:
                items.append({"number": task.number, "title": task.title, "said": said})
        if items:
            yield {"unit": unit.name, "items": items}


def _drafts(state: _State) -> dict[str, str]:
    """Words to begin with; they name items, no figures."""
    sure = [t.title for t in state.tasks if _level(t, state) is Level.VERY_LIKELY]
    hard = [t.title for t in state.tasks if _level(t, state) in (Level.DIFFICULT, Level.UNLIKELY)]
    return {
        "features": f"很有可能获得激励的事项：{'、'.join(sure)}。" if sure else "",
        "problems": f"难度较大、不太可能的事项：{'、'.join(hard)}。" if hard else "",
        "next": "请各牵头单位对照考核指标逐项补短板，主动对接上级部门；各县市对重点事项逐项跟进。",
    }


def _level(task: Task, state: _State) -> Level | None:
    found = state.judged[task.id or 0].level
    return found.level if found else None


def _remarks(items: Sequence[Item], keys: Sequence[Data]) -> Iterator[str]:
    """What an admin should know before issuing, and how to mend it; nothing of it is printed."""
    for each in keys:
        if each["ours"] != each["issued"]:
            how = f"研判有误的请发“研判 事项 {each['unit']} 等次”更正后重发“通报”"
            yield f"{each['unit']}重点事项与当日印发件不一致，{how}"
    unknown = [item.number for item in items if item.level is None]
    if unknown:
        more = f"等{len(unknown)}项" if len(unknown) > 6 else ""
        yield f"{'、'.join(unknown[:6])}{more}还没有研判"
