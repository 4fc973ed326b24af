"""What a reader finds in a Word file: its paragraphs and tables in order, headers and footers."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document as open_file
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from handlers.render.word_xml import Element
from models.errors import Refused

_TEXT, _BREAK, _TAB = qn("w:t"), qn("w:br"), qn("w:tab")


@dataclass(frozen=True)
class WordText:
    """Paragraphs are text, tables rows of cells; what a cell covers below it is left out.

    *edges* are the texts of all headers and footers.
    """

    body: tuple[str | tuple[tuple[str, ...], ...], ...]
    edges: frozenset[str]

    def everything(self) -> str:
        """All text of the body, a paragraph or cell a line."""
        lines: list[str] = []
        for each in self.body:
            lines += [each] if isinstance(each, str) else [cell for row in each for cell in row]
        return "\n".join(lines)


def read_word(data: bytes) -> WordText:
    """The text of a .docx; refused where it cannot be opened."""
    try:
        file = open_file(io.BytesIO(data))
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, zipfile.BadZipFile) as why:
        raise Refused("这个文件打不开，请用 Word 或 WPS 另存为 .docx 后重新发送。") from why
    edges = {
        _words(paragraph).strip()
        for section in file.sections
        for edge in (
            section.header,
            section.footer,
            section.even_page_header,
            section.even_page_footer,
            section.first_page_header,
            section.first_page_footer,
        )
        if not edge.is_linked_to_previous
        for paragraph in edge._element.iter(qn("w:p"))
    }
    body = tuple(_filled(_body(file.element.body)))
    return WordText(body, frozenset(filter(None, edges)))


def _filled(
    parts: Iterator[str | tuple[tuple[str, ...], ...]],
) -> Iterator[str | tuple[tuple[str, ...], ...]]:
    return (each for each in parts if each)


def _body(parent: Element) -> Iterator[str | tuple[tuple[str, ...], ...]]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield _words(child).strip()
        elif child.tag == qn("w:tbl"):
            yield tuple(_row(row) for row in child.iter(qn("w:tr")))
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _body(child)


def _row(row: Element) -> tuple[str, ...]:
    return tuple(
        "\n".join(_words(paragraph) for paragraph in cell.iter(qn("w:p"))).strip()
        for cell in row.iter(qn("w:tc"))
        if not _goes_on(cell)
    )


def _goes_on(cell: Element) -> bool:
    """Whether it belongs to the cell above."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _words(paragraph: Element) -> str:
    """Its text as it is seen; deleted words of tracked changes are not."""
    found = []
    for each in paragraph.iter(_TEXT, _BREAK, _TAB):
        if each.tag == _TEXT:
            found.append(each.text or "")
        elif each.tag == _TAB and each.getparent().tag == qn("w:r"):
            found.append("\t")
        elif each.tag == _BREAK and each.get(qn("w:type")) is None:
            found.append("\n")
    return "".join(found)
