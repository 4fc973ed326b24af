"""Documents as offices make them: real Word files, tables as text in both export styles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from models.errors import ProgrammeError
from models.programmes.definition import TaskEntry
from models.programmes.documents import Draft, Source, read_document
from models.rules.unit_names import KnownUnit

GIVEN = Source(code="shishi-2023", title="2023年重点实事", year=2023, area="清溪县")
HEAD = ("序号", "主题", "保障内容", "责任单位", "报送时间要求")

Rows = Sequence[Sequence[str]]


def a_text(folder: Path, text: str, name: str = "清单.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def by_line(rows: Rows) -> str:
    """A row a line, its cells divided by tabs."""
    return "\n".join("\t".join(row) for row in rows) + "\n"


def by_cell(rows: Rows) -> str:
    """A cell a line behind a tab, rows divided by a blank line."""
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows) + "\n"


def a_word_file(folder: Path, *content: "str | Rows | Any", name: str = "清单.docx") -> Path:
    """A Word file of paragraphs and tables; a cell ↑ or ← is merged with its neighbour."""
    document = docx.Document()
    for part in content:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            _add_table(document, part)
    path = folder / name
    document.save(str(path))
    return path


def _add_table(document: Any, rows: Rows) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text not in ("↑", "←"):
                table.cell(at, column).text = text
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text == "←":
                _merge(table, (at, column - 1), (at, column))
            elif text == "↑":
                _merge(table, (at - 1, column), (at, column))


def _merge(table: Any, first: tuple[int, int], second: tuple[int, int]) -> None:
    text = table.cell(*first).text
    merged = table.cell(*first).merge(table.cell(*second))
    merged.text = text


def add_numbering(document: Any, forms: Sequence[tuple[str, str]]) -> str:
    """A list style of the document's own: form and text of each level; its id comes back."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for depth, (form, text) in enumerate(forms):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            level.append(child)
        abstract.append(level)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "90")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "90")
    number.append(reference)
    root.append(number)
    return "90"


def numbered(paragraph: Any, key: str, depth: int = 0) -> None:
    """Let Word count *paragraph* by itself."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = depth
    properties.get_or_add_numId().val = int(key)


def read(path: Path, given: Source = GIVEN, known: Sequence[KnownUnit] = ()) -> Draft:
    return read_document(path, given, lambda _: known)


def refusals(path: Path, given: Source = GIVEN) -> list[str]:
    """What a file that makes no programme is told."""
    try:
        read(path, given)
    except ProgrammeError as error:
        return [str(problem) for problem in error.problems]
    return []


def keys(draft: Draft) -> list[str]:
    return [task.number for task in draft.definition.tasks]


def task(draft: Draft, number: str) -> TaskEntry:
    return draft.definition.tasks_by_number[number]


def told(problems: Sequence[Any]) -> str:
    """All lines in one text, to look for words in."""
    return "\n".join(str(problem) for problem in problems)
