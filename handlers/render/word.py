"""A document as a Word file laid out by GB/T 9704-2012; the same document is the same bytes."""

import io
import zipfile
from typing import Any

from docx import Document as new_file
from docx.document import Document as WordFile

from handlers.render.document import Document, plain
from handlers.render.document_parts import Grid, Printed, Style, Turn, parts
from handlers.render.word_faces import BODY, FACES, JUSTIFIED, KAI, LEVELS, LINE, properties
from handlers.render.word_page import lay, prepare
from handlers.render.word_table import table
from handlers.render.word_xml import Element, element, run

#: Zip entries carry a time; all get this one, the earliest there is.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def word_file(document: Document) -> bytes:
    """The document as .docx: A4, margins 37/35/28/26 mm, 22 lines of 28 characters."""
    file = new_file()
    prepare(file, document.mark)
    lies = False
    for part in parts(document):
        match part:
            case Printed():
                _append(file, paragraph(part))
            case Grid():
                _append(file, table(part.table, landscape=lies))
                # Tables that touch become one in Word, and none may end the body.
                _append(file, element("p", _thin()))
            case Turn(landscape=None):
                _append(file, _page_break())
            case Turn(landscape=turned):
                lies = bool(turned)
                _turn(file, landscape=lies)
    written = io.BytesIO()
    file.save(written)
    return timeless(written.getvalue())


def _append(file: WordFile, made: Element) -> None:
    """Before the properties of the last section, which end the body."""
    file.element.body[-1].addprevious(made)


def paragraph(part: Printed) -> Element:
    """A paragraph of its style, its lead in 楷体 in front."""
    face = FACES[part.style]
    runs = [run(part.lead, properties(KAI))] if part.lead else []
    if words := plain(part.text):
        runs.append(run(words, properties(face)))
    return element("p", _paragraph_properties(part), *runs)


def _paragraph_properties(part: Printed) -> Element:
    """In the order that the schema wants: keepNext, snapToGrid, spacing, ind, jc, outlineLvl."""
    made = element("pPr")
    if part.stays or part.style in LEVELS or part.style is Style.CAPTION:
        made.append(element("keepNext"))
    if part.style in (Style.TITLE, Style.ANNEX_TITLE):
        # LibreOffice would give letters of this size two lines of the page's grid.
        made.append(element("snapToGrid", val=0))
    made.append(element("spacing", before=0, after=0, line=LINE, lineRule="exact"))
    indents = _indents(part)
    if indents:
        made.append(element("ind", **indents))
    made.append(element("jc", val=JUSTIFIED[part.align]))
    if part.style in LEVELS:
        made.append(element("outlineLvl", val=LEVELS[part.style]))
    return made


def _indents(part: Printed) -> dict[str, Any]:
    """Two characters in front, or some kept free behind; LibreOffice reads twips only."""
    wide = BODY.character
    if part.indent:
        return {"firstLineChars": 200, "firstLine": int(2 * wide)}
    if part.hang:
        return {"rightChars": int(part.hang * 100), "right": int(part.hang * wide)}
    return {}


def _page_break() -> Element:
    return element("p", _thin(), element("r", element("br", type="page")))


def _thin() -> Element:
    """A paragraph that takes no room: a break may not push its own empty line over the edge.

    On the grid of the page it would be as high as a line of text.
    """
    return element(
        "pPr",
        element("snapToGrid", val=0),
        element("spacing", before=0, after=0, line=20, lineRule="exact"),
    )


def _turn(file: WordFile, *, landscape: bool) -> None:
    """A new section on a new page."""
    section = file.add_section()
    lay(section, landscape=landscape)
    # The section before ends with a paragraph of its own.
    ended = file.element.body[-2]
    for at, each in enumerate(list(_thin())):
        ended.pPr.insert(at, each)


def timeless(data: bytes) -> bytes:
    """The file with its entries in their order and without times: same content, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            made = zipfile.ZipInfo(entry.filename, _NO_TIME)
            made.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(made, source.read(entry))
    return out.getvalue()
