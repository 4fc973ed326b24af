"""Units and task numbers that sheets use: whether their own sheet has them, and which are meant."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from models.programmes.workbook import sheets
from models.programmes.workbook.columns import Column, Refers, Shape
from models.programmes.workbook.findings import Findings
from models.programmes.workbook.near import nearest
from models.programmes.workbook.table import Row

Rows = Mapping[str, tuple[Row, ...]]

#: Beyond so many problems nobody reads what each name may mean.
_GUESSES = 200
_LONGEST_BREAK = 4


def with_whole_names(rows: Rows) -> Rows:
    """The rows with units whole that a line break in a narrow cell cut (市交通运⏎输局)."""
    known = dict.fromkeys(_unit_names(rows))
    return {
        sheet.name: tuple(_mended(row, sheet.columns, known) for row in rows[sheet.name])
        for sheet in sheets.SHEETS
    }


def _unit_names(rows: Rows) -> list[str]:
    return [n for row in rows[Refers.UNITS] for n in (row.text("name"), *row.names("aliases"))]


def _mended(row: Row, columns: tuple[Column, ...], known: Collection[str]) -> Row:
    lists = [c.key for c in columns if c.refers is Refers.UNITS and c.shape is Shape.NAMES]
    cut = [key for key in lists if any(name not in known for name in row.names(key))]
    if not cut:
        return row
    whole = {key: tuple(_joined(row.names(key), known)) for key in cut}
    return replace(row, values={**row.values, **whole})


def _joined(parts: tuple[str, ...], known: Collection[str]) -> list[str]:
    """The parts, with those put together that only together are a known name."""
    found, at = list[str](), 0
    while at < len(parts):
        ends = range(at + 1, min(at + _LONGEST_BREAK, len(parts)) + 1)
        end = next((end for end in ends if "".join(parts[at:end]) in known), at + 1)
        found.append("".join(parts[at:end]))
        at = end
    return found


def check_references(rows: Rows, findings: Findings) -> None:
    """Units and task numbers that their own sheets do not have, with what may be meant."""
    units = _unit_names(rows)
    numbers = [row.text("number") for row in rows[Refers.TASKS]]
    if any(findings.is_marked(row.spot("number")) for row in rows[Refers.TASKS]):
        numbers = []  # a number that could not be read is told at its own cell
    known = {Refers.UNITS: dict.fromkeys(units), Refers.TASKS: dict.fromkeys(numbers)}
    for sheet in sheets.SHEETS:
        for column in sheet.columns:
            if column.refers is not None and known[column.refers]:
                for row in rows[sheet.name]:
                    _check_names(row, column.key, column.refers, known[column.refers], findings)


def _check_names(
    row: Row, key: str, refers: Refers, known: Mapping[str, None], findings: Findings
) -> None:
    for name in row.names(key):
        if not name or name in known or (refers is Refers.TASKS and name == sheets.ALL_TASKS):
            continue
        kind = "单位" if refers is Refers.UNITS else "任务编号"
        text = f"{kind}“{name}”没有列入工作表“{refers}”；"
        if len(findings.problems) < _GUESSES and (guess := nearest(name, tuple(known))):
            text += f"最相近的是“{guess}”，请改正，或在“{refers}”中补上"
        else:
            text += f"请改正，或在“{refers}”中补上"
        findings.refuse(row.spot(key), text)
