"""The page of an official document: paper, margins, grid, page numbers, mark, first styles."""

from datetime import UTC, datetime

from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm

from handlers.render.word_faces import BODY, LINE, MARK, PAGE_NUMBER, properties
from handlers.render.word_xml import Element, element, faces, field, run

#: GB/T 9704-2012 5.2: A4, and what stays free at the top, foot, left and right.
PAPER = (210, 297)
MARGINS = (37, 35, 28, 26)
#: 7.5: the dashes of the page number stand 7 mm below the text.
FOOTER = 25
#: Width of the text in twips, upright and across.
LINE_TWIPS = {False: 8844, True: 12756}
#: Height of the text in twips, upright and across.
PAGE_TWIPS = {False: 12756, True: 8844}
#: A file says nothing of when and by whom it was made: the same content is the same bytes.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def prepare(file: WordFile, mark: str) -> None:
    """Give an empty file the styles, the page and the page numbers of an official document."""
    _styles(file)
    section = file.sections[0]
    lay(section, landscape=False)
    file.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]._p
        _number(paragraph, side)
    for header in (section.header, section.even_page_header):
        _mark(header.paragraphs[0]._p, mark)
    _say_nothing(file)


def lay(section: Section, *, landscape: bool) -> None:
    """Paper and margins; across, the page is turned so that its head becomes the left."""
    short, long = (Mm(each) for each in PAPER)
    top, foot, left, right = (Mm(each) for each in MARGINS)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    if landscape:
        top, foot, left, right = left, right, foot, top
    section.top_margin, section.bottom_margin = top, foot
    section.left_margin, section.right_margin = left, right
    section.header_distance = Mm(15)
    section.footer_distance = Mm(17 if landscape else FOOTER)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = element("docGrid")
        section._sectPr.append(grid)
    # linesAndChars spreads the letters in LibreOffice: characters are set closer instead.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE))


def _styles(file: WordFile) -> None:
    """The file's own defaults name our fonts: the template's are the theme's."""
    styles = file.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(faces(BODY.face, BODY.latin))
    defaults.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    normal = file.styles["Normal"].element
    for name in ("w:pPr", "w:rPr"):
        if (old := normal.find(qn(name))) is not None:
            normal.remove(old)
    spacing = element("spacing", before=0, after=0, line=LINE, lineRule="exact")
    normal.append(element("pPr", element("widowControl", val=0), spacing))
    normal.append(properties(BODY))


def _number(paragraph: Element, side: str) -> None:
    """— 1 —, one character from the outer edge (7.5)."""
    free = {side: int(PAGE_NUMBER.character)}
    spacing = element("spacing", before=0, after=0, line=360, lineRule="exact")
    own = element("pPr", spacing, element("ind", **free), element("jc", val=side))
    _refill(
        paragraph,
        own,
        run("— ", properties(PAGE_NUMBER)),
        *field("PAGE", properties(PAGE_NUMBER)),
        run(" —", properties(PAGE_NUMBER)),
    )


def _mark(paragraph: Element, text: str) -> None:
    spacing = element("spacing", before=0, after=0, line=360, lineRule="exact")
    own = element("pPr", spacing, element("jc", val="center"))
    _refill(paragraph, own, *([run(text, properties(MARK))] if text else []))


def _refill(paragraph: Element, *children: Element) -> None:
    for child in list(paragraph):
        paragraph.remove(child)
    for child in children:
        paragraph.append(child)


def _say_nothing(file: WordFile) -> None:
    core = file.core_properties
    core.author = core.last_modified_by = core.comments = core.title = ""
    core.created = core.modified = _EPOCH
    core.revision = 1
