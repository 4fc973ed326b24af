"""Units of an area: one row for each, however many programmes and spellings name it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlmodel import Session, select

from models.alias import Alias, aliases_of_units, with_said
from models.area import Area
from models.errors import Problem, ProgrammeError
from models.programmes.definition import UnitEntry
from models.programmes.sync import Sync
from models.rules.plain import name_key
from models.rules.unit_names import KnownUnit
from models.unit import Unit, units_of

#: What units are ranked among when a programme says nothing else.
GROUPS = {"department": "州直单位", "county": "县市", "park": "园区", "government": "本级"}


#: The units of an area by its name, as far as they are known.
Known = Callable[[str], Sequence[KnownUnit]]


def known_units(session: Session, same: Iterable[tuple[str, str]] = ()) -> Known:
    """Who is known in an area; *same* adds what the caller says is another name of a unit."""
    stated = tuple(same)

    def of_area(name: str) -> Sequence[KnownUnit]:
        area = session.exec(select(Area).where(Area.name == name)).first()
        units = units_of(session, area.id or 0) if area else ()
        rows = {unit.name: (unit.name, *unit.aliases) for unit in units}
        for alias, unit in stated:
            official = next((own for own, names in rows.items() if unit in names), unit)
            rows[official] = (*rows.get(official, (official,)), alias)
        return [KnownUnit(own, names[1:]) for own, names in rows.items()]

    return of_area


def unit_ids(sync: Sync, entries: Iterable[UnitEntry], area_id: int) -> dict[str, int]:
    """The id of each declared unit under every name it has in the declaration.

    A unit known under any of these names is the same one and learns the others, but for those
    that an admin took from it. Two known ones are never merged silently.
    """
    entries = tuple(entries)
    known = list(units_of(sync.session, area_id))
    said = aliases_of_units(sync.session, [unit.id or 0 for unit in known])
    kept = [(entry, _keep(sync, entry, area_id, known, said)) for entry in entries]
    sync.session.flush()
    ids = {name: unit.id or 0 for entry, unit in kept for name in entry.names}
    for entry in entries:
        if entry.parent is not None:
            _put_under(sync, ids[entry.name], ids[entry.parent])
    return ids


def _keep(
    sync: Sync,
    entry: UnitEntry,
    area_id: int,
    known: list[Unit],
    said: Mapping[int, Sequence[Alias]],
) -> Unit:
    """The entry's unit, which joins *known* if it is new."""
    found = _called(entry, known, said)
    if len(found) > 1:
        names = "、".join(unit.name for unit in found)
        raise ProgrammeError(
            [Problem(f"单位 {entry.name}", f"同时对应已有的 {names}，请改名称或别名")]
        )
    if not found:
        known.append(_row(entry, area_id, len(known)))
        return sync.put(None, known[-1], f"单位 {entry.name}")
    wanted = _brought_to(found[0], entry)
    wanted.aliases = with_said(wanted.aliases, said.get(found[0].id or 0, ()))
    return sync.put(found[0], wanted, f"单位 {entry.name}")


def _called(
    entry: UnitEntry, known: Sequence[Unit], said: Mapping[int, Sequence[Alias]]
) -> list[Unit]:
    """The known units that the entry names; what chat took away still tells which one it was.

    A name that an admin gave to another unit makes that one not the entry's.
    """
    wanted, named, given_only = set(map(name_key, entry.names)), [], []
    for unit in known:
        given = {name_key(each.name) for each in said.get(unit.id or 0, ()) if not each.withdrawn}
        taken = {name_key(each.name) for each in said.get(unit.id or 0, ()) if each.withdrawn}
        held = set(map(name_key, (unit.name, *unit.aliases)))
        if wanted & ((held | taken) - given):
            named.append(unit)
        elif wanted & given:
            given_only.append(unit)
    return named or given_only


def _row(entry: UnitEntry, area_id: int, position: int) -> Unit:
    return Unit(
        area_id=area_id,
        name=entry.name,
        aliases=list(entry.aliases),
        kind=entry.kind,
        group=entry.group or GROUPS[entry.kind],
        position=position,
    )


def _brought_to(unit: Unit, entry: UnitEntry) -> Unit:
    """The unit as the entry has it, under its known name and with the names that are new."""
    held = set(map(name_key, (unit.name, *unit.aliases)))
    fresh = [name for name in entry.names if name_key(name) not in held]
    wanted = Unit(**unit.model_dump())
    wanted.aliases = [*unit.aliases, *fresh]
    wanted.kind = entry.kind
    wanted.group = entry.group or unit.group
    return wanted


def _put_under(sync: Sync, unit_id: int, parent_id: int) -> None:
    unit = sync.session.get_one(Unit, unit_id)
    if unit.parent_id != parent_id:
        unit.parent_id = parent_id
        sync.session.add(unit)
        sync.session.flush()
        sync.updated += 1
