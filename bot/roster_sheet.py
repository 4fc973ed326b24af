"""The sheet 人员 of a workbook as people: read whole, or refused with every place that is wrong."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import Problem, ProgrammeError, Refused
from models.member import ROLE_TITLES, RoleName, role_named

#: What the roster sheet must have; the platform's user id may stand for any platform.
ROSTER_SHEET = "人员"
ROSTER_COLUMNS = ("姓名", "平台", "账号", "角色", "单位")
LARGEST_ROSTER = 5_000_000


@dataclass(frozen=True)
class Person:
    """One row of the roster sheet."""

    where: str
    name: str
    platform: str
    user_id: str
    role: RoleName
    units: tuple[str, ...]


def read_sheet(data: bytes) -> list[Person]:
    """Everyone in the sheet; raises ProgrammeError with all problems."""
    if len(data) > LARGEST_ROSTER:
        raise ProgrammeError([Problem("文件", "超过5MB，名册不会这么大，请检查文件")])
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        problem = Problem("文件", "不是可读的 Excel 工作簿（.xlsx），加密的请先去掉密码")
        raise ProgrammeError([problem]) from error
    if ROSTER_SHEET not in book.sheetnames:
        text = f"缺少工作表“{ROSTER_SHEET}”，现有：{'、'.join(book.sheetnames)}"
        raise ProgrammeError([Problem("工作簿", text)])
    rows = [tuple(row) for row in book[ROSTER_SHEET].iter_rows(values_only=True, max_row=5001)]
    header = [str(cell or "").strip() for cell in rows[0]] if rows else []
    missing = [name for name in ROSTER_COLUMNS if name not in header]
    if missing:
        where, text = f"工作表 {ROSTER_SHEET}，第1行", f"缺少列：{'、'.join(missing)}"
        raise ProgrammeError([Problem(where, text)])
    return _people(rows[1:], header)


def _people(rows: Sequence[tuple[Any, ...]], header: Sequence[str]) -> list[Person]:
    people, problems = [], []
    for number, row in enumerate(rows, 2):
        cells = {name: str(cell or "").strip() for name, cell in zip(header, row, strict=False)}
        if not any(cells.values()):
            continue
        where = f"工作表 {ROSTER_SHEET}，第{number}行"
        person, wrong = _person(where, cells)
        problems += [Problem(where, text) for text in wrong]
        if person is not None:
            people.append(person)
    if problems:
        raise ProgrammeError(problems)
    return people


def _person(where: str, cells: dict[str, str]) -> tuple[Person | None, list[str]]:
    wrong = [f"“{name}”是空的" for name in ("姓名", "平台", "账号", "角色") if not cells[name]]
    try:
        role = role_named(cells["角色"])
    except Refused:
        wrong.append(f"“{cells['角色']}”不是角色，应为{'、'.join(ROLE_TITLES.values())}之一")
        return None, wrong
    units = tuple(filter(None, cells["单位"].replace("，", "、").split("、")))
    if (role in (RoleName.LIAISON, RoleName.UNIT_HEAD)) != bool(units):
        wrong.append("联络员和单位负责人应写明单位，其他角色不写")
    if wrong:
        return None, wrong
    return Person(where, cells["姓名"], cells["平台"], cells["账号"], role, units), []
