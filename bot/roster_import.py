"""Units and group chats from a workbook: all rows or, when one is wrong, none."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.roster import add_chat, add_unit
from bot.roster_sheet import Cells, empty_cells, listed, read_rows
from models.chat import ChatPurpose
from models.errors import Problem, ProgrammeError, Refused
from models.unit import UnitKind

#: What a sheet calls the kinds of units and the purposes of groups; empty means the usual one.
UNIT_KINDS = {"": UnitKind.DEPARTMENT, "州直": UnitKind.DEPARTMENT, "部门": UnitKind.DEPARTMENT}
UNIT_KINDS |= {"县市": UnitKind.COUNTY, "县": UnitKind.COUNTY, "园区": UnitKind.PARK}
CHAT_PURPOSES = {
    "联络员群": ChatPurpose.LIAISONS,
    "领导群": ChatPurpose.LEADERS,
    "管理群": ChatPurpose.ADMINS,
}


def import_units(session: Session, data: bytes, now: datetime) -> int:
    """Units from the sheet 单位; returns how many rows there were."""

    def add(cells: Cells) -> None:
        kind = UNIT_KINDS.get(cells["类型"], cells["类型"])
        aliases = listed(cells["简称"])
        add_unit(session, cells["名称"], cells["地区"], kind, cells["分组"], aliases, now)

    return _import(data, "单位", add)


def import_chats(session: Session, data: bytes, now: datetime) -> int:
    """Group chats from the sheet 会话; returns how many rows there were."""

    def add(cells: Cells) -> None:
        add_chat(
            session,
            name=cells["名称"],
            platform=cells["平台"],
            address=cells["地址"],
            purpose=CHAT_PURPOSES.get(cells["用途"], cells["用途"]),
            programme="",
            names_laggards=cells["点名"] in ("是", "开"),
            now=now,
        )

    return _import(data, "会话", add)


def _import(data: bytes, sheet: str, add: Callable[[Cells], None]) -> int:
    """Every row or, where one cannot be added, none: ProgrammeError lists all places."""
    rows, problems = read_rows(data, sheet), []
    for where, cells in rows:
        if empty := empty_cells(where, cells, sheet):
            problems += empty
            continue
        try:
            add(cells)
        except Refused as refusal:
            problems.append(Problem(where, refusal.text))
    if problems:
        raise ProgrammeError(problems)
    return len(rows)
