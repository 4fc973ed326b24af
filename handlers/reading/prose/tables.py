"""Tables copied as text: where their cells part, and which heading stands above a cell."""

import re
from itertools import pairwise

_CELLS = re.compile(r"[\t|]")
_NUMBER = re.compile(r"\d")
_BLANKS = re.compile(r"(?<=\S) +(?=\S)")
_HEADING = re.compile(r"[一-龥()%/]{1,10}")
_OF_REPORTS = re.compile(r"任务|目标|计划|完成|进度|率|数")
_CELL = re.compile(r"[-\d][\d.,]*[%一-龥]{0,4}|-|/|[无零]")
_LEAST_CELLS = 3
#: A heading further up than this belongs to another table.
_MOST_ROWS = 60


def with_cells(plain: str) -> str:
    """*plain* with tabs between the cells of tables that have blanks there, of the same length.

    县市 任务数 完成数 above 凤凰县 150 132: so many words, and below each but the first a number.
    """
    lines = plain.split("\n")
    columns = 0
    for row, line in enumerate(lines):
        cells = line.split()
        if len(cells) >= _LEAST_CELLS and _is_heading(cells):
            columns = len(cells) if row + 1 < len(lines) else 0
            if columns and _is_row(lines[row + 1].split(), columns):
                lines[row] = _BLANKS.sub(_as_tab, line)
        elif columns and _is_row(cells, columns):
            lines[row] = _BLANKS.sub(_as_tab, line)
        else:
            columns = 0
    return "\n".join(lines)


def _is_heading(cells: list[str]) -> bool:
    words = all(_HEADING.fullmatch(cell) for cell in cells)
    return words and any(_OF_REPORTS.search(cell) for cell in cells[1:])


def _is_row(cells: list[str], columns: int) -> bool:
    return len(cells) == columns and all(_CELL.fullmatch(cell) for cell in cells[1:])


def _as_tab(blanks: re.Match[str]) -> str:
    return "\t".ljust(len(blanks[0]))


class Headings:
    """The headings above the cells of a text.

    A heading is in the nearest line above that has as many cells and words in that column.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._above: dict[int, tuple[int, int]] = {}
        if _CELLS.search(text):
            self._look_through()

    def above(self, start: int) -> tuple[int, int] | None:
        """Where the heading of the cell at *start* stands, or None outside of a table."""
        if not self._above:
            return None
        begin = max(self._text.rfind(mark, 0, start) for mark in "\n\t|") + 1
        return self._above.get(begin)

    def _look_through(self) -> None:
        latest: dict[tuple[int, int], tuple[int, tuple[int, int]]] = {}
        begin = 0
        for row, line in enumerate(self._text.split("\n")):
            cells = _spans(self._text, begin, begin + len(line))
            for column, cell in enumerate(cells):
                place = (len(cells), column)
                above, heading = latest.get(place, (row - _MOST_ROWS - 1, cell))
                if column and row - above <= _MOST_ROWS:
                    self._above[cell[0]] = heading
                if not _NUMBER.search(self._text, *cell):
                    latest[place] = (row, cell)
            begin += len(line) + 1


def row_start(text: str, start: int) -> int:
    """Where the line of *start* begins."""
    return text.rfind("\n", 0, start) + 1


def _spans(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    edges = [begin - 1, *(m.start() for m in _CELLS.finditer(text, begin, end)), end]
    return [(one + 1, two) for one, two in pairwise(edges)]
