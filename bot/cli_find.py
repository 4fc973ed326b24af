"""What the command line finds by a name: tasks and units, with how sure it is.

Tasks and units are looked up together, as in chat: *sure* says that one of them, the first of the
list that holds the higher score, may be taken without asking. A name that several bear, in one
programme or in several, is never sure.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlmodel import Session

from bot.cli_house import open_house
from handlers.reading.mentions import named
from handlers.reading.names import Name
from handlers.reading.normalise import folded
from models.area import Area
from models.db import open_database
from models.errors import Refused
from models.programme import active_programmes
from models.programmes.definition import Definition
from models.programmes.files import built_in_codes, read_definition
from models.schema import revision
from models.task import tasks_of
from models.unit import UnitKind, units_of

#: Over five programmes, more may come near than a chat would offer.
MOST_SHOWN = 20
_COUNTIES = (UnitKind.COUNTY, UnitKind.PARK)


@dataclass(frozen=True)
class Known:
    """A task or, where *number* is empty, a unit: *place* is its programme or its area."""

    place: str
    number: str
    title: str
    aliases: tuple[str, ...]
    is_county: bool = False

    def data(self, score: float) -> dict[str, Any]:
        """As `interface` has it; the score goes from 0 to 1."""
        if self.number:
            named = {"programme": self.place, "number": self.number, "title": self.title}
        else:
            named = {"area": self.place, "name": self.title}
        return {**named, "score": round(score / 100, 3)}


def find_data(text: str, programme: str) -> dict[str, Any]:
    """What *text* names, over all that is loaded or one programme of it."""
    return _data(text, _names(_known(programme)))


def county_names() -> tuple[str, ...]:
    """Every name of the counties of what is loaded, or of the built-in programmes."""
    counties = (each for each in _known("") if each.is_county)
    return tuple(name for each in counties for name in (each.title, *each.aliases))


def find_lines(lines: Iterable[str], programme: str) -> Iterator[str]:
    """One JSON a line."""
    names = _names(_known(programme))
    for line in lines:
        yield json.dumps(_data(line.rstrip("\r\n"), names), ensure_ascii=False)


def find_text(data: dict[str, Any]) -> str:
    """The same for people, best first."""
    rows = [
        (each["score"], f"{each['number']} {each['title']}（{each['programme']}）")
        for each in data["tasks"]
    ]
    rows += [(each["score"], f"{each['name']}（{each['area']}）") for each in data["units"]]
    rows.sort(key=lambda row: -row[0])
    if not rows:
        return "没有找到相近的任务或单位"
    head = "可直接认定第一项：" if data["sure"] else "不能认定，相近的有："
    return "\n".join([head, *(f"{score:.2f}  {name}" for score, name in rows)])


Names = dict[Name, Known]


def _names(known: Iterable[Known]) -> Names:
    return {Name(str(at), e.number, e.title, e.aliases): e for at, e in enumerate(known)}


def _data(text: str, names: Names) -> dict[str, Any]:
    match = named(folded(text), names, MOST_SHOWN)
    by_key = {name.key: each for name, each in names.items()}
    found = [(by_key[each.key], each.score) for each in match.candidates]
    return {
        "tasks": [each.data(score) for each, score in found if each.number],
        "units": [each.data(score) for each, score in found if not each.number],
        "sure": match.sure,
    }


def _known(programme: str) -> list[Known]:
    """What is loaded; where nothing is, the programmes that come with the product."""
    return (_loaded(programme) if _has_database() else []) or _built_in(programme)


def _has_database() -> bool:
    """Whether there is a database with a schema; asking must not make one."""
    from bot.settings import read_settings

    url = make_url(read_settings().database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    database = open_database(read_settings().database)
    try:
        return revision(database) is not None
    finally:
        database.dispose()


def _loaded(programme: str) -> list[Known]:
    with open_house() as house, house.database.read() as session:
        wanted = [e for e in active_programmes(session) if programme in ("", e.code)]
        tasks = [
            Known(each.code, task.number, task.title, tuple(task.aliases))
            for each in wanted
            for task in tasks_of(session, each.id or 0)
        ]
        areas = dict.fromkeys(each.area_id for each in wanted)
        return [*tasks, *(unit for area_id in areas for unit in _units(session, area_id))]


def _units(session: Session, area_id: int) -> list[Known]:
    area = session.get_one(Area, area_id).name
    rows = units_of(session, area_id)
    return [
        Known(area, "", u.name, (*u.aliases, f"{area}{u.name}"), u.kind in _COUNTIES) for u in rows
    ]


def _built_in(programme: str) -> list[Known]:
    codes = built_in_codes()
    if programme and programme not in codes:
        text = f"there is no programme {programme!r}; built in are {', '.join(codes)}"
        raise Refused(f"{text}, others are loaded with `dajuan load`")
    definitions = [read_definition(code) for code in codes if programme in ("", code)]
    tasks = [
        Known(each.code, task.number, task.title, (task.short, *task.aliases))
        for each in definitions
        for task in each.tasks
    ]
    return [*tasks, *_built_in_units(definitions)]


def _built_in_units(definitions: Iterable[Definition]) -> list[Known]:
    """Each unit of an area once, under every name that a programme gives it."""
    units: dict[tuple[str, str, bool], dict[str, None]] = {}
    for definition in definitions:
        for unit in definition.units:
            key = (definition.area, unit.name, unit.kind in _COUNTIES)
            units.setdefault(key, {}).update(dict.fromkeys(unit.aliases))
    return [
        Known(area, "", name, (*names, f"{area}{name}"), is_county)
        for (area, name, is_county), names in units.items()
    ]
