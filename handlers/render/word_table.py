"""A table of an official document: fixed widths, thin lines, a header on every page."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from handlers.render.document import Align, Cell, Line, Table, plain
from handlers.render.word_faces import JUSTIFIED, Face, properties, table_face
from handlers.render.word_page import LINE_TWIPS
from handlers.render.word_xml import Element, element, run


@dataclass(frozen=True)
class Placed:
    """A cell in its row: its first *column*; *is_new* unless it goes on from the row above."""

    cell: Cell
    column: int
    is_new: bool


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


def table(block: Table, *, landscape: bool) -> Element:
    """The table as wide as the line; rows are not parted by the end of a page."""
    widths = _twips(block.widths, LINE_TWIPS[landscape])
    made = element(
        "tbl", _properties(sum(widths)), element("tblGrid", *(_column(w) for w in widths))
    )
    header_count = len(block.header)
    rows = placed_rows((*block.header, *block.rows), len(widths))
    for at, row in enumerate(rows):
        made.append(_row(row, block, widths, is_header=at < header_count))
    return made


def _twips(shares: Sequence[float], whole: int) -> list[int]:
    """The widths in twips; what rounding leaves goes to the last column."""
    total = sum(shares)
    found = [int(whole * share / total) for share in shares]
    found[-1] += whole - sum(found)
    return found


def _properties(width: int) -> Element:
    line: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return element(
        "tblPr",
        element("tblW", w=width, type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *(element(side, **line) for side in sides)),
        element("tblLayout", type="fixed"),
        element(
            "tblCellMar",
            element("left", w=57, type="dxa"),
            element("right", w=57, type="dxa"),
        ),
    )


def _column(width: int) -> Element:
    return element("gridCol", w=width)


def _row(row: Sequence[Placed], block: Table, widths: Sequence[int], *, is_header: bool) -> Element:
    own = element("trPr", element("cantSplit"))
    if is_header:
        own.append(element("tblHeader"))
    face = table_face(len(widths), is_header=is_header)
    cells = [_cell(each, block, widths, face, is_header=is_header) for each in row]
    return element("tr", own, *cells)


def _cell(
    each: Placed, block: Table, widths: Sequence[int], face: Face, *, is_header: bool
) -> Element:
    cell, column = each.cell, each.column
    own = element("tcPr", element("tcW", w=sum(widths[column : column + cell.columns]), type="dxa"))
    if cell.columns > 1:
        own.append(element("gridSpan", val=cell.columns))
    if cell.rows > 1:
        own.append(element("vMerge", val="restart" if each.is_new else "continue"))
    own.append(element("vAlign", val="center"))
    align = cell.align or _align(block.aligns, column, is_header=is_header)
    return element("tc", own, _words(cell.text if each.is_new else "", align, face))


def _align(aligns: Sequence[Align], column: int, *, is_header: bool) -> Align:
    return Align.CENTRE if is_header or column >= len(aligns) else aligns[column]


def _words(text: Line, align: Align, face: Face) -> Element:
    words = [run(plain(text), properties(face))] if plain(text) else []
    return element("p", deepcopy(_paragraph(align, face.size)), *words)


@cache
def _paragraph(align: Align, size: float) -> Element:
    """The properties of a cell's paragraph, off the grid of the page."""
    return element(
        "pPr",
        element("snapToGrid", val=0),
        element("spacing", before=20, after=20, line=int(size * 20 * 1.4), lineRule="exact"),
        element("jc", val=JUSTIFIED[align]),
    )
