"""How large a table is set and where its rows may part, from how much stands in its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.render.document import Cell, Line, Table, plain
from handlers.render.word_faces import table_sizes

#: A table that takes more pages than this is set smaller, as far as it can be.
MOST_PAGES = 4
#: A row or a group that takes more than this of a page may part: else half a page stays empty.
TALL = 0.25
#: What a cell keeps free on both sides and above and below its words, in twips.
SIDES, EDGES = 57, 20
#: How far lines stand apart, as a multiple of the size.
_APART = 1.4


@dataclass(frozen=True)
class Placed:
    """A cell in its row: its first *column*; *is_new* unless it goes on from the row above."""

    cell: Cell
    column: int
    is_new: bool


@dataclass(frozen=True)
class Plan:
    """The size in points; for each row its cells, whether it stays whole and with the next one."""

    size: float
    rows: tuple[tuple[Placed, ...], ...]
    whole: tuple[bool, ...]
    joined: tuple[bool, ...]


def line_twips(size: float) -> int:
    """The height of a line in a cell."""
    return int(size * 20 * _APART)


def planned(block: Table, widths: Sequence[int], page: int) -> Plan:
    """The largest size that keeps the table within a few pages of this height, else the least.

    The header stays with its first row, and rows that share a cell stay together.
    """
    rows = tuple(map(tuple, placed_rows((*block.header, *block.rows), len(widths))))
    measured = [_measured(row, widths) for row in rows]
    for size in (sizes := table_sizes(len(widths))):
        heights = [_height(row, size) for row in measured]
        if sum(heights) <= MOST_PAGES * page or size == sizes[-1]:
            break
    tall = int(page * TALL)
    joined = [at < len(block.header) for at in range(len(rows))]
    for first, last in _shared(rows):
        if sum(heights[first : last + 1]) <= tall:
            joined[first:last] = [True] * (last - first)
    joined[-1] = False
    return Plan(size, rows, tuple(each <= tall for each in heights), tuple(joined))


def placed_rows(rows: Sequence[Sequence[Cell | Line]], columns: int) -> Iterator[list[Placed]]:
    """Each row with its cells in their columns, those that reach down from above among them."""
    reaching: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        waiting = [each if isinstance(each, Cell) else Cell(each) for each in row]
        found: list[Placed] = []
        column = 0
        while column < columns:
            if column in reaching:
                cell, left = reaching.pop(column)
                found.append(Placed(cell, column, False))
            elif waiting:
                cell = waiting.pop(0)
                left = cell.rows
                found.append(Placed(cell, column, True))
            else:
                cell, left = Cell(""), 1
                found.append(Placed(cell, column, True))
            if left > 1:
                reaching[column] = (cell, left - 1)
            column += cell.columns
        yield found


#: Of each cell its room in twips, and how wide its lines are in halves of a Chinese character.
_Measured = list[tuple[int, list[int]]]


def _measured(row: Sequence[Placed], widths: Sequence[int]) -> _Measured:
    """Cells that reach over several rows find their room there."""
    return [
        (
            sum(widths[each.column : each.column + each.cell.columns]) - 2 * SIDES,
            [_halves(line) for line in plain(each.cell.text).split("\n")],
        )
        for each in row
        if each.cell.rows == 1
    ]


def _halves(line: str) -> int:
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _height(row: _Measured, size: float) -> int:
    """What the row takes in twips."""
    lines = (
        sum(max(-(-halves // max(int(room / (size * 10)), 2)), 1) for halves in cell)
        for room, cell in row
    )
    return max(lines, default=1) * line_twips(size) + 2 * EDGES


def _shared(rows: Sequence[Sequence[Placed]]) -> Iterator[tuple[int, int]]:
    """The first and last row of each group that a cell reaches over."""
    for at, row in enumerate(rows):
        down = max((each.cell.rows for each in row if each.is_new), default=1)
        if down > 1:
            yield at, min(at + down, len(rows)) - 1
