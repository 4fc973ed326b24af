"""A Word or text file from an office → a draft programme, or all that stands in the way."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import Problem, ProgrammeError
from models.programmes.documents.blocks import Block, Line
from models.programmes.documents.build import Draft, build
from models.programmes.documents.head import Source, read_head
from models.programmes.documents.items import Item, Notes
from models.programmes.documents.plain import decoded, plain_blocks
from models.programmes.documents.running import text_items
from models.programmes.documents.tables import TaskTable, table_items, task_tables
from models.programmes.documents.units import UnitBook
from models.programmes.documents.word import word_blocks
from models.rules.unit_names import KnownUnit

MAX_BYTES = 20_000_000
_PAGES = 3
_HEAD_LENGTH = 40
_PAGE_NUMBER = re.compile(r"^[-—–·\s]*(?:第\s*)?\d{1,3}\s*(?:页.{0,10})?[-—–·\s]*$")
SUFFIXES = (".docx", ".txt", ".tsv", ".md")

_WORD = (".docx", ".doc", ".docm", ".wps")
_WORD_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHERS = {
    b"%PDF": "PDF 文件无法准确读出表格，请发 Word 原件（.docx）或另存为文本",
    b"{\\rtf": "这是 RTF 文件，请用 Word 或 WPS 另存为 .docx 后再导入",
}

#: The units that an area has already, by its name.
Known = Callable[[str], Sequence[KnownUnit]]


def _nobody(_: str) -> Sequence[KnownUnit]:
    return ()


def read_document(path: Path, given: Source, known: Known = _nobody) -> Draft:
    """The programme in the document at *path*.

    Task tables come first; without one, numbered items with responsibility brackets are read.
    *given* overrides what the document's head says, *known* tells an area's units. Raises
    ProgrammeError with every problem where no programme can be made.
    """
    blocks = _without_page_lines(_blocks(path))
    notes = Notes()
    items = _table_items(blocks, notes)
    unread_tables = tuple(notes.not_understood)
    items = items or text_items(blocks, notes)
    if not items:
        raise ProgrammeError([_nothing(path.name, blocks), *unread_tables])
    head = read_head(blocks, given, path.name, notes)
    return build(head, items, UnitBook(known(head.area)), notes, path.name)


def _blocks(path: Path) -> tuple[Block, ...]:
    name = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProgrammeError([Problem(name, "文件超过 20 MB，请删去图片和附件后再导入")])
        data = path.read_bytes()
    except OSError as error:
        raise ProgrammeError([Problem(str(path), "没有这个文件，或无法读取")]) from error
    if not data.strip():
        raise ProgrammeError([Problem(name, "文件是空的")])
    if path.suffix.lower() in _WORD or data.startswith(_WORD_MAGIC):
        return word_blocks(data, name)
    for magic, text in _OTHERS.items():
        if data.startswith(magic):
            raise ProgrammeError([Problem(name, text)])
    return plain_blocks(decoded(data, name))


def _without_page_lines(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The document without page numbers, and with the running head of its pages only once."""
    lines = [block.text for block in blocks if isinstance(block, Line)]
    heads = {text for text, count in Counter(lines).items() if count >= _PAGES and _is_head(text)}
    kept: list[Block] = []
    seen: set[str] = set()
    for block in blocks:
        text = block.text if isinstance(block, Line) else ""
        if _PAGE_NUMBER.match(text) or (text in heads and text in seen):
            continue
        seen.add(text)
        kept.append(block)
    return tuple(kept)


def _is_head(text: str) -> bool:
    return len(text) <= _HEAD_LENGTH and not re.search(
        r"[。；;:：（(【]|^\W*[\d一二三四五六七八九十]", text
    )


def _table_items(blocks: Sequence[Block], notes: Notes) -> list[Item]:
    tables = task_tables(blocks, notes)
    items = table_items(blocks, tables, notes)
    if items:
        _list_outside(blocks, tables, notes)
    return items


def _list_outside(blocks: Sequence[Block], tables: Sequence[TaskTable], notes: Notes) -> None:
    """Text after the first task table that is no heading of one, stretch by stretch."""
    taken = [each.table for each in tables]
    after = blocks.index(taken[0])
    stretch: list[Line] = []
    for at, block in enumerate(blocks):
        above_table = at + 1 < len(blocks) and blocks[at + 1] in taken
        if isinstance(block, Line) and at > after and not above_table:
            stretch.append(block)
        elif stretch:
            _list_stretch(stretch, notes)
            stretch = []
    _list_stretch(stretch, notes)


def _list_stretch(lines: Sequence[Line], notes: Notes) -> None:
    if lines:
        where = lines[0].place if len(lines) == 1 else f"{lines[0].place}至{lines[-1].place}"
        notes.miss(where, f"表外文字没有读入：{lines[0].text[:20]}")


def _nothing(name: str, blocks: Sequence[Block]) -> Problem:
    """Why there is no programme in a file that can be read."""
    if not blocks:
        return Problem(name, "文件里没有文字；如是扫描图片，请发可编辑的文件")
    return Problem(
        name,
        "没有读到任务：应有带“项目名称”“责任单位”等表头的表，"
        "或带编号、句末写明“（××牵头，××按职责分工负责）”的条目",
    )
