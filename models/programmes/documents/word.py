"""A Word file → lines and tables; what is no Word file is refused with what to do instead."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from models.errors import Problem, ProgrammeError
from models.programmes.documents.blocks import Block, Cell, Line, Row, Table
from models.programmes.documents.numbering import Numbering

MAX_UNPACKED = 200_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    SyntaxError,  # what the XML parser raises
    EOFError,
    NotImplementedError,
    RuntimeError,  # a member with a password of its own
)
#: Wrappers of content that is printed: content controls, insertions, moved text, links.
_THROUGH = {
    "sdt",
    "sdtContent",
    "ins",
    "moveTo",
    "smartTag",
    "customXml",
    "hyperlink",
    "fldSimple",
    "r",
}


def word_blocks(data: bytes, name: str) -> tuple[Block, ...]:
    """The body of the Word file *name*, in printed order; ProgrammeError where it is none."""
    _refuse_other_files(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
    except _BROKEN as error:
        raise _refused(name, "Word 文件已损坏或不是 .docx，请用 Word 打开后另存为 .docx") from error
    reader = _Reader(_numbering(document))
    return tuple(reader.blocks(document.element.body))


def _refuse_other_files(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise _refused(name, "文件有打开密码，请去掉密码后再导入")
        raise _refused(name, "这是旧版 .doc 文件，请用 Word 或 WPS 另存为 .docx 后再导入")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except _BROKEN as error:
        raise _refused(name, "不是 Word 文件，请用 Word 或 WPS 另存为 .docx 后再导入") from error
    if unpacked > MAX_UNPACKED:
        raise _refused(name, "文件展开后超过 200 MB，请删去图片和附件后再导入")
    if "word/document.xml" not in names:
        raise _refused(name, "不是 Word 文件（里面没有正文），请另存为 .docx 后再导入")


def _refused(name: str, text: str) -> ProgrammeError:
    return ProgrammeError([Problem(name, text)])


def _numbering(document: Document) -> Numbering:
    parts = {part.partname: part for part in document.part.package.iter_parts()}
    numbering = getattr(parts.get("/word/numbering.xml"), "element", None)
    return Numbering.of(numbering, document.styles.element)


@dataclass
class _Reader:
    """Walks a document once, counting its paragraphs, tables and automatic numbers."""

    numbering: Numbering
    lines: int = 0
    tables: int = 0

    def blocks(self, parent: Any) -> Iterator[Block]:
        for child in parent.iterchildren():
            kind = _kind(child)
            if kind == "p":
                self.lines += 1
                yield from self._paragraph(child, f"第{self.lines}段")
            elif kind == "tbl":
                self.tables += 1
                yield self._table(child)
            elif kind in _THROUGH:
                yield from self.blocks(child)

    def _paragraph(self, element: Any, place: str) -> Iterator[Line]:
        text = self.numbering.before(element) + _text(element)
        lines = (" ".join(each.split()) for each in text.split("\n"))
        yield from (Line(each, place) for each in lines if each)

    def _table(self, element: Any) -> Table:
        number = self.tables
        rows: list[Row] = []
        for at, row in enumerate(_inside(element, "tr"), start=1):
            above = rows[-1].cells if rows else ()
            rows.append(Row(tuple(self._cells(row, above)), f"表{number}第{at}行"))
        return Table(number, tuple(rows), merges=True)

    def _cells(self, row: Any, above: tuple[Cell, ...]) -> Iterator[Cell]:
        """One cell for each column of the grid: merged ones repeat the text they belong to."""
        properties = row.find(qn("w:trPr"))
        at = _number(properties, "w:gridBefore", 0)
        yield from (Cell("") for _ in range(at))
        for element in _inside(row, "tc"):
            continues = _continues(element)
            text = above[at].text if continues and at < len(above) else self._cell_text(element)
            span = _number(element.find(qn("w:tcPr")), "w:gridSpan", 1)
            yield Cell(text, above=continues)
            yield from (Cell(text, above=continues, left=True) for _ in range(span - 1))
            at += span

    def _cell_text(self, cell: Any) -> str:
        parts: list[str] = []
        for child in cell.iterchildren():
            kind = _kind(child)
            if kind == "p":
                parts.append((self.numbering.before(child) + _text(child)).strip())
            elif kind == "tbl":
                inner = (each for row in _inside(child, "tr") for each in _inside(row, "tc"))
                parts += [self._cell_text(each) for each in inner]
            elif kind in _THROUGH:
                parts.append(self._cell_text(child))
        return "\n".join(part for part in parts if part)


def _kind(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _inside(element: Any, kind: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, those in content controls too."""
    for child in element.iterchildren():
        if _kind(child) == kind:
            yield child
        elif _kind(child) in _THROUGH:
            yield from _inside(child, kind)


def _text(element: Any) -> str:
    """The printed text of a paragraph: with insertions, without deletions."""
    parts: list[str] = []
    for child in element.iterchildren():
        kind = _kind(child)
        if kind == "t":
            parts.append(child.text or "")
        elif kind in ("br", "cr"):
            parts.append("\n")
        elif kind == "tab":
            parts.append(" ")
        elif kind == "noBreakHyphen":
            parts.append("-")
        elif kind in _THROUGH:
            parts.append(_text(child))
    return "".join(parts)


def _continues(cell: Any) -> bool:
    """Whether *cell* goes on with the merged one above it."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _number(properties: Any | None, tag: str, otherwise: int) -> int:
    found = None if properties is None else properties.find(qn(tag))
    value = "" if found is None else found.get(qn("w:val")) or ""
    return min(int(value), 200) if value.isdecimal() else otherwise
