"""Word's own elements: runs with faces, paragraphs and tables, made without python-docx's detours.

python-docx looks a cell up anew for every access: a table of 122 rows takes seconds that way.
"""

from copy import deepcopy
from functools import cache

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement

from handlers.render.legible import legible

Element = BaseOxmlElement
_NAMESPACES = {"w": nsmap["w"]}


def element(tag: str, *children: Element, **attributes: str | int) -> Element:
    """`w:tag` with `w:` attributes and children."""
    made: Element = oxml_parser.makeelement(_name(tag), nsmap=_NAMESPACES)
    for name, value in attributes.items():
        made.set(_name(name), str(value))
    for child in children:
        made.append(child)
    return made


@cache
def _name(tag: str) -> str:
    return qn(f"w:{tag}")


def faces(face: str, latin: str) -> Element:
    """The fonts of a run; without eastAsia Word sets Chinese in the theme's own.

    The hint keeps “ ” and — as wide as the characters around them.
    """
    return element("rFonts", ascii=latin, hAnsi=latin, eastAsia=face, cs=latin, hint="eastAsia")


def run(text: str, properties: Element | None = None) -> Element:
    """A run of text; a line break in it begins a new line of the same paragraph."""
    made = element("r")
    if properties is not None:
        made.append(properties)
    for at, line in enumerate(legible(text).split("\n")):
        if at:
            made.append(element("br"))
        if line:
            words = element("t")
            words.set(qn("xml:space"), "preserve")
            words.text = line
            made.append(words)
    return made


def field(instruction: str, properties: Element) -> list[Element]:
    """The runs of a field such as PAGE; until it is worked out it shows 1."""
    words = element("instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {instruction} "
    shown = element("t")
    shown.text = "1"
    inside = (
        element("fldChar", fldCharType="begin"),
        words,
        element("fldChar", fldCharType="separate"),
        shown,
        element("fldChar", fldCharType="end"),
    )
    return [element("r", deepcopy(properties), each) for each in inside]
