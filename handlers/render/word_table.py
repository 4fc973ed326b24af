"""A table of an official document: fixed widths, thin lines, a header on every page."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache

from handlers.render.document import Align, Line, Table, plain
from handlers.render.word_faces import JUSTIFIED, Face, properties, table_face
from handlers.render.word_page import LINE_TWIPS, PAGE_TWIPS
from handlers.render.word_rows import EDGES, SIDES, Placed, Plan, line_twips, planned
from handlers.render.word_xml import Element, element, run


def table(block: Table, *, landscape: bool) -> Element:
    """The table as wide as the line; only tall rows are parted by the end of a page."""
    widths = _twips(block.widths, LINE_TWIPS[landscape])
    made = element(
        "tbl", _properties(sum(widths)), element("tblGrid", *(_column(w) for w in widths))
    )
    header_count = len(block.header)
    plan = planned(block, widths, PAGE_TWIPS[landscape])
    for at in range(len(plan.rows)):
        made.append(_row(plan, at, block, widths, is_header=at < header_count))
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
            element("left", w=SIDES, type="dxa"),
            element("right", w=SIDES, type="dxa"),
        ),
    )


def _column(width: int) -> Element:
    return element("gridCol", w=width)


def _row(plan: Plan, at: int, block: Table, widths: Sequence[int], *, is_header: bool) -> Element:
    own = element("trPr", *([element("cantSplit")] if plan.whole[at] else []))
    if is_header:
        own.append(element("tblHeader"))
    face = table_face(plan.size, is_header=is_header)
    cells = [
        _cell(
            each,
            widths,
            face,
            each.cell.align or _align(block.aligns, each.column, is_header=is_header),
            stays=plan.joined[at],
        )
        for each in plan.rows[at]
    ]
    return element("tr", own, *cells)


def _cell(each: Placed, widths: Sequence[int], face: Face, align: Align, *, stays: bool) -> Element:
    cell, column = each.cell, each.column
    own = element("tcPr", element("tcW", w=sum(widths[column : column + cell.columns]), type="dxa"))
    if cell.columns > 1:
        own.append(element("gridSpan", val=cell.columns))
    if cell.rows > 1:
        own.append(element("vMerge", val="restart" if each.is_new else "continue"))
    own.append(element("vAlign", val="center"))
    return element("tc", own, _words(cell.text if each.is_new else "", align, face, stays=stays))


def _align(aligns: Sequence[Align], column: int, *, is_header: bool) -> Align:
    return Align.CENTRE if is_header or column >= len(aligns) else aligns[column]


def _words(text: Line, align: Align, face: Face, *, stays: bool) -> Element:
    words = [run(plain(text), properties(face))] if plain(text) else []
    return element("p", deepcopy(_paragraph(align, face.size, stays)), *words)


@cache
def _paragraph(align: Align, size: float, stays: bool) -> Element:
    """The properties of a cell's paragraph, off the grid of the page."""
    return element(
        "pPr",
        *([element("keepNext")] if stays else []),
        element("snapToGrid", val=0),
        element("spacing", before=EDGES, after=EDGES, line=line_twips(size), lineRule="exact"),
        element("jc", val=JUSTIFIED[align]),
    )
