"""Tables copied as text: which heading stands above a cell."""

import re
from itertools import pairwise

_CELLS = re.compile(r"[\t|]")
_NUMBER = re.compile(r"\d")
#: A heading further up than this belongs to another table.
_MOST_ROWS = 60


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
