"""People, units and group chats of a workbook: read whole, or refused with every wrong place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from handlers.reading.harmless import shown
from models.errors import ProgrammeError
from models.member import RoleName
from models.platform import ROBOTS, group_door, platform_of
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


_NO_PLATFORM = "没有“{said}”这个平台；请填“企业微信”或“钉钉”"
_NO_GROUPS = "“{said}”收不到群消息；请填“企业微信”或“钉钉”"
_ROBOT = "群机器人的密钥不写在表里；请删去这一行，用 dajuan chat add --platform {said} 登记"
T = TypeVar("T")


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
    via: str
    address: str
    purpose: str
    names_laggards: bool


def read_people(data: bytes, name: str) -> list[Person]:
    """Everyone in the sheet 人员 of the file *name*; ProgrammeError lists all that is wrong."""
    findings = Findings(name)
    rows = read_sheet(open_workbook(data, name), PEOPLE, findings)
    platforms = _platforms(rows, findings, platform_of, _NO_PLATFORM)
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
    platforms = _platforms(rows, findings, group_door, _NO_GROUPS)
    _refuse(findings)
    return [
        Group(
            where=findings.where(row.spot()),
            name=row.text("name"),
            platform=platforms[row.number][0],
            via=platforms[row.number][1],
            address=row.text("address"),
            purpose=row.text("purpose"),
            names_laggards=row.values.get("names_laggards") is True,
        )
        for row in rows
    ]


def _platforms(
    rows: tuple[Row, ...], findings: Findings, find: Callable[[str], T | None], refusal: str
) -> dict[int, T]:
    """What *find* makes of each row's platform: as written, else the only one of the sheet."""
    written = {row.text("platform") for row in rows} - {""}
    usual = written.pop() if len(written) == 1 else ""
    found = dict[int, T]()
    for row in rows:
        said = row.text("platform") or usual
        if (known := find(said)) is not None:
            found[row.number] = known
        elif said in ROBOTS:
            findings.refuse(row.spot("platform"), _ROBOT.format(said=said))
        elif said:
            findings.refuse(row.spot("platform"), refusal.format(said=shown(said, 20)))
        else:
            findings.refuse(row.spot("platform"), "没有写平台；请填“企业微信”或“钉钉”")
    return found


def _refuse(findings: Findings) -> None:
    if findings.problems:
        raise ProgrammeError(findings.problems)
