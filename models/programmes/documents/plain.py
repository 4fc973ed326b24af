"""A text file → lines and tables, in both ways in which offices export tables to text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from models.errors import Problem, ProgrammeError
from models.programmes.documents.blocks import Block, Cell, Line, Row, Table

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s*|[-*]\s+(?=[（(\d一二三四五六七八九十]))")
_AFTER_TABLE = re.compile(
    r"^\s*(?:附件|附表|说明|备注|注[:：]|相关说明|[一二三四五六七八九十]+、|#|填报单位|联系人)"
)
_SECTION = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])")
_RARE_SHARE = 0.1

_Numbered = tuple[int, str]


def decoded(data: bytes, name: str) -> str:
    """The text of *data* in UTF-8, UTF-16 with a mark, or GB18030; ProgrammeError for others."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding, name)
    if b"\0" in data:
        raise ProgrammeError([Problem(name, "不是文本文件，请发 .docx，或另存为 UTF-8 文本")])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030", name)


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Lines and tables of *text*; a line's place is its number in the file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(_Reader(lines).blocks())


def _strictly(data: bytes, encoding: str, name: str) -> str:
    """GB18030 reads nearly anything; what comes out rare or unprintable was something else."""
    wrong = ProgrammeError([Problem(name, "文字编码无法识别，请另存为 UTF-8 文本后再导入")])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise wrong from error
    odd = sum(1 for c in text if not c.isprintable() and c not in "\t\r\n\f\u3000\u00a0\ufeff")
    hanzi = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    rare = sum(1 for c in hanzi if not _is_common(c))
    if odd > len(text) * 0.01 or rare > len(hanzi) * _RARE_SHARE:
        raise wrong
    return text


def _is_common(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


class _Reader:
    """Goes through the lines once; a tab begins a table."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.tables = 0

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if "\t" in line.strip(" \t\r\n") or line.count("\t") > 1:
                end = self._end_of_rows(at)
                yield self._table(_rows_by_line(self._numbered(at, end)))
            elif line.startswith("\t"):
                end = self._end_of_cells(at)
                yield self._table(_rows_by_cell(self._numbered(at, end)))
            else:
                end = at + 1
                if words := " ".join(_MARKDOWN.sub("", line).split()):
                    yield Line(words, f"第{at + 1}行")
            at = end

    def _numbered(self, start: int, end: int) -> list[_Numbered]:
        return [(at + 1, self.lines[at]) for at in range(start, end)]

    def _table(self, rows: list[tuple[int, list[str]]]) -> Table:
        self.tables += 1
        width = max(len(cells) for _, cells in rows)
        return Table(
            self.tables,
            tuple(
                Row(
                    tuple(Cell(text.strip()) for text in cells + [""] * (width - len(cells))),
                    f"第{at}行",
                )
                for at, cells in rows
            ),
        )

    def _end_of_rows(self, at: int) -> int:
        while at < len(self.lines) and "\t" in self.lines[at]:
            at += 1
        return at

    def _end_of_cells(self, at: int) -> int:
        """Where a table with a cell a line ends: at text after two blank lines, or at a heading.

        One blank line before text is a paragraph inside the cell.
        """
        blanks = 0
        end = at
        while at < len(self.lines):
            line = self.lines[at]
            if not line.strip() and "\t" not in line:
                blanks += 1
            elif "\t" in line:
                if "\t" in line.strip():
                    break
                blanks, end = 0, at + 1
            elif blanks > 1 or (blanks and _AFTER_TABLE.match(line)):
                break
            else:
                blanks, end = 0, at + 1
            at += 1
        return end


def _rows_by_line(lines: list[_Numbered]) -> list[tuple[int, list[str]]]:
    return [(at, line.split("\t")) for at, line in lines]


def _rows_by_cell(lines: list[_Numbered]) -> list[tuple[int, list[str]]]:
    """Rows of cells that each begin with a tab; a blank line stands between rows.

    A cell may end in a blank paragraph, which looks like the end of its row: parts that together
    make one row of the usual width belong together.
    """
    parts: list[tuple[int, list[str]]] = []
    blank = True
    for at, line in lines:
        if not line.strip() and "\t" not in line:
            blank = True
            continue
        if line.startswith("\t"):
            if blank:
                parts.append((at, []))
            parts[-1][1].append(line.strip())
        else:
            parts[-1][1][-1] += ("\n\n" if blank else "\n") + line.strip()
        blank = False
    return _rejoined(parts)


def _rejoined(parts: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    usual = Counter(len(cells) for _, cells in parts)
    width = max(usual, key=lambda each: (usual[each], each))
    rows: list[tuple[int, list[str]]] = []
    at = 0
    while at < len(parts):
        line, cells = parts[at]
        taken = 1
        if not (len(cells) == 1 and _SECTION.match(cells[0])):
            taken = _parts_of_row(parts[at:], width)
        rows.append((line, [cell for _, more in parts[at : at + taken] for cell in more]))
        at += taken
    return rows


def _parts_of_row(parts: list[tuple[int, list[str]]], width: int) -> int:
    """How many of the first *parts* make up one row of *width* cells; one if none do."""
    together = 0
    for taken, (_, cells) in enumerate(parts, start=1):
        together += len(cells)
        if together >= width:
            return taken if together == width else 1
    return 1
