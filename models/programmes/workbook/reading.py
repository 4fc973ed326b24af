"""Reading a filled workbook: a definition and a roster, or every place that is wrong."""

from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.errors import Problem, ProgrammeError
from models.programmes.definition import Definition
from models.programmes.roster import Roster
from models.programmes.workbook import sheets
from models.programmes.workbook.doubts import tell_doubts
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.key_values import read_key_values
from models.programmes.workbook.opening import open_workbook
from models.programmes.workbook.people_part import read_roster
from models.programmes.workbook.programme_part import (
    read_bands,
    read_programme,
    read_verification,
)
from models.programmes.workbook.references import (
    Rows,
    check_references,
    with_whole_names,
)
from models.programmes.workbook.requirement_part import read_requirements
from models.programmes.workbook.table import Row, plain_header, read_rows
from models.programmes.workbook.task_part import TaskPart
from models.programmes.workbook.tree import Tree, checked


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
    rows = with_whole_names(_rows(open_workbook(data, name), findings))
    check_references(rows, findings)
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
    tell_doubts(definition, tree, findings)
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
