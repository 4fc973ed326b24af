"""Tables copied as text: which heading stands above a cell."""

import re
from itertools import pairwise

_CELLS = re.compile(r"[\t|]")
_NUMBER = re.compile(r"\d")
#: A heading further up than this belongs to another table.
_MOST_ROWS = 60


def heading_above(text: str, start: int) -> tuple[int, int] | None:
    """Where the heading of the cell at *start* stands, or None outside of a table.

    It is in the nearest line above that has as many cells and words in that column.
    """
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    row = text[begin : end if end >= 0 else len(text)]
    column = _marks(text[begin:start])
    if not column:
        return None
    width = _marks(row)
    for _ in range(_MOST_ROWS):
        if begin == 0:
            return None
        last, begin = begin - 1, text.rfind("\n", 0, begin - 1) + 1
        cells = _spans(text, begin, last)
        if len(cells) - 1 == width and not _NUMBER.search(text, *cells[column]):
            return cells[column]
    return None


def row_start(text: str, start: int) -> int:
    """Where the line of *start* begins."""
    return text.rfind("\n", 0, start) + 1


def _marks(row: str) -> int:
    return row.count("\t") + row.count("|")


def _spans(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    edges = [begin - 1, *(m.start() for m in _CELLS.finditer(text, begin, end)), end]
    return [(one + 1, two) for one, two in pairwise(edges)]
