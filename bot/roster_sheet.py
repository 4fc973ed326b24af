"""People, units and group chats of a workbook: read whole, or refused with every wrong place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.errors import ProgrammeError
from models.member import RoleName
from models.programmes.consistency import unit_problems
from models.programmes.definition import UnitEntry
from models.programmes.roster import UNIT_ROLES
from models.programmes.workbook.columns import Column
from models.programmes.workbook.findings import Findings
from models.programmes.workbook.one_sheet import area_of, read_sheet
from models.programmes.workbook.opening import open_workbook
from models.programmes.workbook.sheets import GROUPS, PEOPLE, UNITS
from models.programmes.workbook.table import Row

#: A list of units may stand without the sheet 专项 that names the area.
_AREA = Column("area", "地区", "没有“专项”表时填写", also=("所属地区",))
_UNITS = replace(UNITS, columns=(*UNITS.columns, _AREA))
#: A group may be known before it is said what it is for.
_GROUPS = replace(
    GROUPS,
    columns=tuple(replace(c, needed=c.needed and c.key != "purpose") for c in GROUPS.columns),
)


@dataclass(frozen=True)
class Person:
    """One row of the sheet 人员."""

    where: str
    name: str
    platform: str
    user_id: str
    role: RoleName
    units: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One row of the sheet 会话."""

    where: str
    name: str
    platform: str
    address: str
    purpose: str
    names_laggards: bool


def read_people(data: bytes, name: str) -> list[Person]:
    """Everyone in the sheet 人员 of the file *name*; ProgrammeError lists all that is wrong."""
    findings = Findings(name)
    rows = read_sheet(open_workbook(data, name), PEOPLE, findings)
    platforms = _platforms(rows, findings)
    for row in rows:
        if "role" in row.values and (row.text("role") in UNIT_ROLES) != bool(row.names("units")):
            text = "联络员和单位负责人应写明单位，其他角色不写；请改正"
            findings.refuse(row.spot("units"), text)
    _refuse(findings)
    return [
        Person(
            where=findings.where(row.spot("units")),
            name=row.text("name"),
            platform=platforms[row.number],
            user_id=row.text("account"),
            role=RoleName(row.text("role")),
            units=row.names("units"),
        )
        for row in rows
    ]


def read_units(data: bytes, name: str) -> dict[str, list[UnitEntry]]:
    """The units in the sheet 单位 by area; ProgrammeError lists all that is wrong."""
    findings = Findings(name)
    workbook = open_workbook(data, name)
    usual = area_of(workbook)
    by_area: dict[str, list[Row]] = {}
    for row in read_sheet(workbook, _UNITS, findings):
        area = row.text("area") or usual
        if not area:
            findings.refuse(row.spot("area"), "没有写地区；请加“地区”列，或填写“专项”表的地区")
        by_area.setdefault(area, []).append(row)
    _refuse(findings)
    found = {area: [_unit(row) for row in rows] for area, rows in by_area.items()}
    for area, units in found.items():
        for (_, at, *key), text in unit_problems(units):
            spot = by_area[area][int(at)].spot(str(key[0]) if key else "name")
            findings.refuse(spot, f"{text}；请改正")
    _refuse(findings)
    return found


def _unit(row: Row) -> UnitEntry:
    keys = ("name", "aliases", "kind", "group", "parent")
    values: Mapping[str, Any] = {key: row.values[key] for key in keys if key in row.values}
    return UnitEntry(**values)


def read_groups(data: bytes, name: str) -> list[Group]:
    """The group chats in the sheet 会话; ProgrammeError lists all that is wrong."""
    findings = Findings(name)
    rows = read_sheet(open_workbook(data, name), _GROUPS, findings)
    platforms = _platforms(rows, findings)
    _refuse(findings)
    return [
        Group(
            where=findings.where(row.spot()),
            name=row.text("name"),
            platform=platforms[row.number],
            address=row.text("address"),
            purpose=row.text("purpose"),
            names_laggards=row.values.get("names_laggards") is True,
        )
        for row in rows
    ]


def _platforms(rows: tuple[Row, ...], findings: Findings) -> dict[int, str]:
    """The platform of each row by its number: as written, else the only one of the sheet."""
    written = {row.text("platform") for row in rows} - {""}
    usual = written.pop() if len(written) == 1 else ""
    for row in rows:
        if not (row.text("platform") or usual):
            findings.refuse(row.spot("platform"), "没有写平台；请填“企业微信”或“钉钉”")
    return {row.number: row.text("platform") or usual for row in rows}


def _refuse(findings: Findings) -> None:
    if findings.problems:
        raise ProgrammeError(findings.problems)
