"""Word files by GB/T 9704-2012: the page, the fonts by name, tables, and what may not break one."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_file
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from handlers.render.document import (
    Align,
    Annex,
    Cell,
    Document,
    Editable,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.render.word_faces import BODY, CHARACTERS, LINE, LINES
from handlers.render.word_read import read_word
from tests.circulars import built, may

COUNTIES = "吉首市 泸溪县 凤凰县 古丈县 花垣县 保靖县 永顺县 龙山县".split()


def a_table(rows: int = 3) -> Table:
    body = tuple((str(n), COUNTIES[n % 8], "18", "24") for n in range(rows))
    return Table((("序号", "县市", "件数", "指标数"),), body, (1, 3, 2, 2), (Align.CENTRE,))


def a_document(*blocks: Any, **more: Any) -> Document:
    return Document(("关于2021年1—5月重点民生实事", "进展情况的通报"), blocks, **more)


WHOLE = a_document(
    Heading(1, "一、项目进展"),
    Heading(2, "（一）新增办理项目"),
    Paragraph("全州建成安防设备1710个，完成年任务28.50%。", lead="雪亮工程。"),
    Editable("features", "特点", "按月调度。\n按季督查。"),
    a_table(),
    addressee="各县市、各责任单位：",
    annexes=(
        Annex("县市情况表", (a_table(60),), landscape=True),
        Annex("说明", (Paragraph("无。"),)),
    ),
    signature="州重点民生实事考核办",
    number="州民实通〔2021〕5号",
    issued_on=date(2021, 6, 8),
    mark="演示数据",
)


def opened(document: Document) -> Any:
    return open_file(io.BytesIO(word_file(document)))


def runs(file: Any, text: str) -> Iterator[Any]:
    """The properties of the runs that hold *text*."""
    for each in file.element.body.iter(qn("w:r")):
        if text in "".join(part.text or "" for part in each.iter(qn("w:t"))):
            yield each.find(qn("w:rPr"))


def face(file: Any, text: str) -> tuple[str, float]:
    """The Chinese font by name and the size in points of the run that holds *text*."""
    own = next(runs(file, text))
    fonts, size = own.find(qn("w:rFonts")), own.find(qn("w:sz"))
    return fonts.get(qn("w:eastAsia")), int(size.get(qn("w:val"))) / 2


def test_the_page_is_a4_with_its_margins() -> None:
    section = opened(WHOLE).sections[0]

    assert [round(each.mm) for each in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]


def test_a_page_holds_22_lines_of_28_characters() -> None:
    section = opened(WHOLE).sections[0]
    height = section.page_height - section.top_margin - section.bottom_margin
    width = section.page_width - section.left_margin - section.right_margin

    assert height // Pt(LINE / 20) == LINES == 22
    assert width // Pt(BODY.character / 20) == CHARACTERS == 28
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", str(LINE))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("进展情况的通报", ("方正小标宋简体", 22)),
        ("一、项目进展", ("黑体", 16)),
        ("（一）新增办理项目", ("楷体_GB2312", 16)),
        ("雪亮工程。", ("楷体_GB2312", 16)),
        ("全州建成安防设备", ("仿宋_GB2312", 16)),
        ("指标数", ("黑体", 12)),
        ("吉首市", ("仿宋_GB2312", 12)),
    ],
)
def test_each_part_names_its_font(text: str, expected: tuple[str, float]) -> None:
    assert face(opened(WHOLE), text) == expected


def test_the_files_own_default_is_our_body_font_too() -> None:
    """What an office types into the file must not fall back to the theme's font."""
    styles = opened(WHOLE).styles
    defaults = styles.element.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    normal = styles["Normal"].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")

    assert defaults.get(qn("w:eastAsia")) == normal.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert defaults.get(qn("w:eastAsiaTheme")) is None


def test_page_numbers_stand_outside_on_odd_and_even_pages() -> None:
    file = opened(WHOLE)
    section = file.sections[0]

    assert file.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        own = footer.paragraphs[0]._p
        assert own.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in "".join(each.text or "" for each in own.iter(qn("w:instrText")))
        assert "".join(each.text or "" for each in own.iter(qn("w:t"))) == "— 1 —"


def test_the_mark_stands_on_odd_and_even_pages() -> None:
    section = opened(WHOLE).sections[0]

    assert section.header.paragraphs[0].text == "演示数据"
    assert section.even_page_header.paragraphs[0].text == "演示数据"


def test_headers_of_tables_are_repeated_and_rows_stay_whole() -> None:
    tables = opened(WHOLE).element.body.findall(qn("w:tbl"))
    rows = tables[1].findall(qn("w:tr"))

    assert [bool(row.findall(f".//{qn('w:tblHeader')}")) for row in rows[:3]] == [
        True,
        False,
        False,
    ]
    assert all(row.findall(f".//{qn('w:cantSplit')}") for row in rows)


def test_a_wide_annex_lies_across_and_the_next_one_stands_again() -> None:
    sections = opened(WHOLE).sections

    across = [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert [each.orientation for each in sections] == across
    assert round(sections[1].page_width.mm) == 297


def test_tables_never_touch_nor_end_the_body() -> None:
    """Word makes one of two tables that touch, and wants a paragraph at the end."""
    body = opened(a_document(a_table(), a_table())).element.body
    tags = [each.tag.rpartition("}")[2] for each in body]

    assert tags[-5:] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_the_day_begins_two_characters_behind_the_signature() -> None:
    """Ten characters sign, the day takes seven: it keeps three free, two more than the name."""
    paragraphs = [each for each in opened(WHOLE).paragraphs if each.text]
    sign, day = [
        each for each in paragraphs if each.text in ("州重点民生实事考核办", "2021年6月8日")
    ]
    free = [int(each._p.pPr.ind.get(qn("w:rightChars"))) / 100 for each in (sign, day)]

    begins = [10 + free[0], 6 + free[1]]
    assert begins[0] - begins[1] == 2
    assert free[1] >= 2


def test_cells_that_span_rows_and_columns_keep_the_grid() -> None:
    table = Table(
        (("县市", Cell("指标", columns=2)),),
        ((Cell("吉首市", rows=2), "新7", "1000"), ("续8", "4113")),
        (1, 1, 1),
    )
    made = opened(a_document(table)).tables[0]

    assert [[cell.text for cell in row.cells] for row in made.rows] == [
        ["县市", "指标", "指标"],
        ["吉首市", "新7", "1000"],
        ["吉首市", "续8", "4113"],
    ]


def test_the_same_document_is_the_same_bytes() -> None:
    first, second = word_file(WHOLE), word_file(WHOLE)

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"python-docx" not in file.read("docProps/core.xml")


@pytest.mark.parametrize(
    "text",
    [
        "州\x00公\x0b安\ud800局",
        "村民👨‍👩‍👧囍𠮷",
        "<w:p>&amp;</w:p>",
        "{{ ''.__class__ }}",
        "完\u202e成\u2066",
        "长" * 4000,
        "",
    ],
    ids=["controls", "emoji", "tags", "template", "turned", "long", "empty"],
)
def test_whatever_people_write_makes_a_file_that_reads_the_same(text: str) -> None:
    document = a_document(
        Paragraph(text), Table((("名称",),), ((text,), ("第二行",)), (1,)), Paragraph("结尾")
    )
    data = word_file(document)

    assert check_word(data, document, {}) == ()
    assert "结尾" in read_word(data).body


def test_a_page_break_takes_no_line_of_its_own() -> None:
    breaks = [
        each
        for each in opened(a_document(Paragraph("一"), PageBreak(), Paragraph("二"))).paragraphs
        if "w:br" in each._p.xml
    ]

    assert len(breaks) == 1
    assert breaks[0].paragraph_format.line_spacing == Pt(1)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_the_circular_without_repair(tmp_path: Path) -> None:
    path = tmp_path / "circular.docx"
    path.write_bytes(word_file(built(may())))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    assert (tmp_path / "circular.pdf").read_bytes().startswith(b"%PDF")
