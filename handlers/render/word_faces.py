"""Which font, size and spacing each part of an official document has (GB/T 9704-2012)."""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from handlers.render.document import Align
from handlers.render.document_parts import Style
from handlers.render.word_xml import Element, element, faces

#: 22 lines a page, in twips: 28.95 pt.
LINE = 579
LINES = 22
CHARACTERS = 28
#: 28 characters of 16 pt are wider than 156 mm: each is set a quarter of a point closer.
CLOSER = -5
_LATIN = "Times New Roman"


@dataclass(frozen=True)
class Face:
    """A font with its size in points; *spacing* in twentieths of a point between characters."""

    face: str
    size: float
    latin: str = _LATIN
    spacing: int = 0
    colour: str = ""

    @property
    def character(self) -> float:
        """How wide one character is, in twips."""
        return self.size * 20 + self.spacing


BODY = Face("仿宋_GB2312", 16, spacing=CLOSER)
TITLE = Face("方正小标宋简体", 22)
BLACK = Face("黑体", 16, spacing=CLOSER)
KAI = Face("楷体_GB2312", 16, spacing=CLOSER)
PAGE_NUMBER = Face("宋体", 14, latin="宋体")
MARK = Face("黑体", 14, latin="黑体", colour="C00000")
FACES = {
    Style.NUMBER: BODY,
    Style.TITLE: TITLE,
    Style.ADDRESSEE: BODY,
    Style.HEADING_1: BLACK,
    Style.HEADING_2: KAI,
    Style.HEADING_3: BODY,
    Style.BODY: BODY,
    Style.ANNEX_LIST: BODY,
    Style.ANNEX_MARK: BLACK,
    Style.ANNEX_TITLE: TITLE,
    Style.CAPTION: Face("黑体", 14),
    Style.SIGNATURE: BODY,
    Style.BLANK: BODY,
}
#: What Word calls where a line stands.
JUSTIFIED = {
    Align.LEFT: "left",
    Align.CENTRE: "center",
    Align.RIGHT: "right",
    Align.BOTH: "both",
}
#: Levels of the navigation that Word builds from a document.
LEVELS = {Style.HEADING_1: 0, Style.HEADING_2: 1, Style.HEADING_3: 2}


#: 小四, 五号 and 小五: what tables are set in.
TABLE_SIZES = (12.0, 10.5, 9.0)


def table_sizes(columns: int) -> tuple[float, ...]:
    """The sizes that a table of so many columns may be set in, the largest first."""
    return TABLE_SIZES[0 if columns <= 7 else 1 if columns <= 12 else 2 :]


def table_face(size: float, *, is_header: bool) -> Face:
    """What the cells of a table are set in."""
    return Face("黑体" if is_header else BODY.face, size)


def properties(face: Face) -> Element:
    """The properties of a run in this face; copied, since making each anew takes far longer."""
    return deepcopy(_properties(face))


@cache
def _properties(face: Face) -> Element:
    """In the order that the schema wants."""
    made = element("rPr", faces(face.face, face.latin))
    if face.colour:
        made.append(element("color", val=face.colour))
    if face.spacing:
        made.append(element("spacing", val=face.spacing))
    half_points = int(face.size * 2)
    made.append(element("sz", val=half_points))
    made.append(element("szCs", val=half_points))
    return made
