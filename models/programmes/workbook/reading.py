"""Reading a filled workbook: a definition and a roster, or every place that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.errors import Problem, ProgrammeError
from models.programmes.definition import Definition
from models.programmes.roster import Roster
from models.programmes.workbook import sheets
from models.programmes.workbook.columns import Refers
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.key_values import read_key_values
from models.programmes.workbook.near import near_pairs, nearest
from models.programmes.workbook.opening import open_workbook
from models.programmes.workbook.people_part import read_roster
from models.programmes.workbook.programme_part import (
    read_bands,
    read_programme,
    read_verification,
)
from models.programmes.workbook.requirement_part import read_requirements
from models.programmes.workbook.table import Row, plain_header, read_rows
from models.programmes.workbook.task_part import TaskPart
from models.programmes.workbook.tree import Tree, checked

Rows = Mapping[str, tuple[Row, ...]]

#: Beyond so many problems nobody reads what each name may mean.
_GUESSES = 200


@dataclass(frozen=True)
class Book:
    """What a workbook says; *assumed* and *not_understood* are for the person who sent it."""

    definition: Definition
    roster: Roster | None
    assumed: tuple[Problem, ...]
    not_understood: tuple[Problem, ...]


def read_workbook(data: bytes, name: str) -> Book:
    """The programme in a workbook called *name*; ProgrammeError lists all that is wrong."""
    findings = Findings(name)
    rows = _rows(open_workbook(data, name), findings)
    _check_references(rows, findings)
    tree = Tree()
    _read_definition(rows, tree, findings)
    definition = checked(tree, findings)
    roster = read_roster(
        rows[sheets.PEOPLE.name],
        rows[sheets.GROUPS.name],
        str(tree.data.get("area", "")),
        findings,
    )
    if findings.problems or definition is None:
        raise ProgrammeError(findings.problems)
    return Book(definition, roster, tuple(findings.assumed), tuple(findings.not_understood))


def _rows(workbook: Workbook, findings: Findings) -> Rows:
    """The rows of every sheet we know; missing sheets are refused, strange ones told."""
    found = _worksheets(workbook, findings)
    rows: dict[str, tuple[Row, ...]] = {}
    for sheet in sheets.SHEETS:
        worksheet = found.get(sheet.name)
        if worksheet is None:
            rows[sheet.name] = ()
            if not sheet.optional:
                names = "、".join(each.title for each in workbook.worksheets)
                text = f"缺少工作表“{sheet.name}”，现有：{names}；不需要填的也请保留空表"
                findings.refuse(Spot(""), text)
        elif sheet.keys:
            rows[sheet.name] = read_key_values(worksheet, sheet, findings)
        else:
            rows[sheet.name] = read_rows(worksheet, sheet, findings)
    for sheet in (sheets.UNITS, sheets.TASKS):
        if sheet.name in found and not rows[sheet.name]:
            findings.refuse(Spot(sheet.name), "没有内容；请至少填写一行")
    if sheets.REQUIREMENTS.name in found and not rows[sheets.REQUIREMENTS.name]:
        text = "没有内容，载入后不会产生报送期次"
        findings.assume(Spot(sheets.REQUIREMENTS.name), text)
    return rows


def _worksheets(workbook: Workbook, findings: Findings) -> dict[str, Worksheet]:
    names = {plain_header(n): s.name for s in sheets.SHEETS for n in (*s.also, s.name)}
    found: dict[str, Worksheet] = {}
    for worksheet in workbook.worksheets:
        name = names.get(plain_header(worksheet.title))
        if name is None:
            if plain_header(worksheet.title) != sheets.GUIDE:
                findings.leave(Spot(worksheet.title), "不认识的工作表，没有读入")
        elif name in found:
            findings.refuse(Spot(worksheet.title), f"与工作表“{found[name].title}”重复；请保留一个")
        else:
            found[name] = worksheet
    return found


def _check_references(rows: Rows, findings: Findings) -> None:
    """Units and task numbers that their own sheets do not have, with what may be meant."""
    units = [n for row in rows[Refers.UNITS] for n in (row.text("name"), *row.names("aliases"))]
    numbers = [row.text("number") for row in rows[Refers.TASKS]]
    known = {Refers.UNITS: dict.fromkeys(units), Refers.TASKS: dict.fromkeys(numbers)}
    for sheet in sheets.SHEETS:
        for column in sheet.columns:
            if column.refers is not None and known[column.refers]:
                for row in rows[sheet.name]:
                    _check_names(row, column.key, column.refers, known[column.refers], findings)
    _tell_near_units(rows[Refers.UNITS], findings)


def _check_names(
    row: Row, key: str, refers: Refers, known: Mapping[str, None], findings: Findings
) -> None:
    for name in row.names(key):
        if not name or name in known or (refers is Refers.TASKS and name == sheets.ALL_TASKS):
            continue
        kind = "单位" if refers is Refers.UNITS else "任务编号"
        text = f"{kind}“{name}”没有列入工作表“{refers}”；"
        if len(findings.problems) < _GUESSES and (guess := nearest(name, known)):
            text += f"最相近的是“{guess}”，请改正，或在“{refers}”中补上"
        else:
            text += f"请改正，或在“{refers}”中补上"
        findings.refuse(row.spot(key), text)


def _tell_near_units(rows: tuple[Row, ...], findings: Findings) -> None:
    """Two units with nearly one name stay two: whether they are one only a person knows."""
    spots = {row.text("name"): row.spot("name") for row in rows}
    for one, other in near_pairs(spots):
        text = f"“{other}”与“{one}”相近，暂按两个单位处理；如是同一单位，请把一个写入“别名”"
        findings.assume(spots[other], text)


def _read_definition(rows: Rows, tree: Tree, findings: Findings) -> None:
    read_programme(rows[sheets.PROGRAMME.name], tree, findings)
    for row in rows[sheets.UNITS.name]:
        tree.append(("units",), row, ("name", "aliases", "kind", "group", "parent"))
    for row in rows[sheets.PROJECTS.name]:
        tree.append(("projects",), row, ("name", "aliases", "assumed"))
    tasks = TaskPart(tree, findings)
    tasks.read_tasks(rows[sheets.TASKS.name], str(tree.data.get("short", "")))
    tasks.read_clauses(rows[sheets.CLAUSES.name])
    tasks.read_indicators(rows[sheets.INDICATORS.name])
    tasks.read_allotments(rows[sheets.ALLOTMENTS.name])
    tasks.settle_kinds(rows[sheets.TASKS.name])
    read_requirements(rows[sheets.REQUIREMENTS.name], tasks.places, tree, findings)
    read_bands(rows[sheets.BANDS.name], tree, findings)
    read_verification(rows[sheets.VERIFICATION.name], tree, findings)
