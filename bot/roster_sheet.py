"""Roster sheets of a workbook: read whole, or refused with every place that is wrong."""

import io
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import Problem, ProgrammeError, Refused
from models.member import ROLE_TITLES, RoleName, role_named

#: What each sheet must have; cells that may stay empty are named in `MAY_BE_EMPTY`.
COLUMNS = {
    "人员": ("姓名", "平台", "账号", "角色", "单位"),
    "单位": ("名称", "地区", "类型", "分组", "简称"),
    "会话": ("名称", "平台", "地址", "用途", "点名"),
}
MAY_BE_EMPTY = frozenset(("单位", "类型", "分组", "简称", "用途", "点名"))
LARGEST_ROSTER = 5_000_000

Cells = dict[str, str]


@dataclass(frozen=True)
class Person:
    """One row of the roster sheet."""

    where: str
    name: str
    platform: str
    user_id: str
    role: RoleName
    units: tuple[str, ...]


def read_people(data: bytes) -> list[Person]:
    """Everyone in the sheet 人员; raises ProgrammeError with all problems."""
    people, problems = [], []
    for where, cells in read_rows(data, "人员"):
        person, wrong = _person(where, cells)
        empty = empty_cells(where, cells, "人员")
        problems += [*empty, *(Problem(where, text) for text in wrong if cells["角色"])]
        if person is not None:
            people.append(person)
    if problems:
        raise ProgrammeError(problems)
    return people


def read_rows(data: bytes, sheet: str) -> list[tuple[str, Cells]]:
    """The filled rows of a sheet with their place; ProgrammeError where there is no such sheet."""
    rows = _rows(data, sheet)
    header = [str(cell or "").strip() for cell in rows[0]] if rows else []
    if missing := [name for name in COLUMNS[sheet] if name not in header]:
        text = f"缺少列：{'、'.join(missing)}"
        raise ProgrammeError([Problem(f"工作表 {sheet}，第1行", text)])
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: str(cell or "").strip() for name, cell in zip(header, row, strict=False)}
        if any(cells.values()):
            found.append((f"工作表 {sheet}，第{number}行", cells))
    return found


def _rows(data: bytes, sheet: str) -> list[tuple[Any, ...]]:
    if len(data) > LARGEST_ROSTER:
        raise ProgrammeError([Problem("文件", "超过5MB，名册不会这么大，请检查文件")])
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        problem = Problem("文件", "不是可读的 Excel 工作簿（.xlsx），加密的请先去掉密码")
        raise ProgrammeError([problem]) from error
    if sheet not in book.sheetnames:
        text = f"缺少工作表“{sheet}”，现有：{'、'.join(book.sheetnames)}"
        raise ProgrammeError([Problem("工作簿", text)])
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True, max_row=5001)]


def empty_cells(where: str, cells: Cells, sheet: str) -> list[Problem]:
    """A problem for each cell of a row that must not be empty and is."""
    needed = [name for name in COLUMNS[sheet] if name not in MAY_BE_EMPTY]
    return [Problem(where, f"“{name}”是空的") for name in needed if not cells.get(name)]


def listed(cell: str) -> tuple[str, ...]:
    """The names in one cell, however they are separated."""
    return tuple(filter(None, cell.replace("，", "、").replace(",", "、").split("、")))


def _person(where: str, cells: dict[str, str]) -> tuple[Person | None, list[str]]:
    wrong: list[str] = []
    try:
        role = role_named(cells["角色"])
    except Refused:
        wrong.append(f"“{cells['角色']}”不是角色，应为{'、'.join(ROLE_TITLES.values())}之一")
        return None, wrong
    units = listed(cells["单位"])
    if (role in (RoleName.LIAISON, RoleName.UNIT_HEAD)) != bool(units):
        wrong.append("联络员和单位负责人应写明单位，其他角色不写")
    if wrong:
        return None, wrong
    return Person(where, cells["姓名"], cells["平台"], cells["账号"], role, units), []
