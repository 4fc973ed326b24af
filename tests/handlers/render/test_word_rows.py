"""How large tables are set, and what the end of a page may part."""

import io
from typing import Any

from docx import Document as open_file
from docx.oxml.ns import qn

from handlers.render.document import Annex, Cell, Document, Heading, Paragraph, Table
from handlers.render.word import word_file
from handlers.render.word_page import LINE_TWIPS, PAGE_TWIPS
from handlers.render.word_rows import planned

PROGRESS = "1—9月完成实物量投资9.2亿元，占年度计划63.4%；" * 6


def a_table(rows: int, words: str) -> Table:
    body = tuple((str(n), "州发改委", words) for n in range(1, rows + 1))
    return Table((("序号", "牵头单位", "最新进展"),), body, (1, 2, 7))


def size(block: Table) -> float:
    widths = [LINE_TWIPS[True] * each // 10 for each in block.widths]
    return planned(block, [int(each) for each in widths], PAGE_TWIPS[True]).size


def rows_of(*blocks: Any) -> list[Any]:
    document = Document(("通报",), (), annexes=(Annex("表", blocks, landscape=True),))
    [table] = open_file(io.BytesIO(word_file(document))).element.body.findall(qn("w:tbl"))
    return list(table.findall(qn("w:tr")))


def has(row: Any, name: str) -> bool:
    return next(row.iter(qn(f"w:{name}")), None) is not None


def test_a_table_of_a_few_pages_is_set_in_twelve_points() -> None:
    assert size(a_table(20, "按月调度")) == 12


def test_a_table_of_many_pages_is_set_smaller() -> None:
    """65 items with their progress: at twelve points they took 25 pages."""
    assert size(a_table(65, PROGRESS)) == 9


def test_many_columns_begin_smaller() -> None:
    row = tuple("18" for _ in range(14))
    assert planned(Table((), (row,), (1,) * 14), [600] * 14, 8844).size == 9


def test_a_tall_row_may_part_and_a_low_one_stays_whole() -> None:
    """A row of a page's height would leave a page with nothing but the annex's title."""
    header, low, tall = rows_of(
        Table((("内容",),), (("按月调度",), ("\n".join(["1月14日对接省发改委"] * 20),)), (1,))
    )

    assert [has(each, "cantSplit") for each in (header, low, tall)] == [True, True, False]


def test_rows_that_share_a_cell_stay_together_and_a_header_with_its_first_row() -> None:
    rows = rows_of(
        Table(
            (("项目", "指标"),),
            (
                (Cell("新3 就业和技能培训", rows=3), "城镇新增就业"),
                ("职业技能培训",),
                ("农村转移就业劳动者培训",),
                ("新4 疾控中心", "标准化建设"),
            ),
            (1, 1),
        )
    )

    assert [has(each, "keepNext") for each in rows] == [True, True, True, False, False]


def test_a_group_taller_than_a_page_is_not_pushed_from_page_to_page() -> None:
    first = (Cell("州发改委", rows=60), "事项")
    rows = rows_of(Table((), (first, *((f"事项{n}",) for n in range(59))), (1, 1)))

    assert not any(has(each, "keepNext") for each in rows)


def test_the_signature_stands_on_a_page_with_text() -> None:
    """GB/T 9704 7.3.5: a page of nothing but annexes' names and a signature is wrong."""
    document = Document(
        ("通报",),
        (Heading(1, "一、下一步要求"), Paragraph("按月调度。"), Paragraph("按季督查。")),
        annexes=(Annex("县市情况表", ()),),
        signature="州重点民生实事办",
    )
    paragraphs = open_file(io.BytesIO(word_file(document))).paragraphs
    kept = [each.text for each in paragraphs if has(each._p, "keepNext") and each.text]

    assert kept == ["一、下一步要求", "按季督查。", "附件：县市情况表"]
