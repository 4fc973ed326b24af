"""Customers' templates: what they can print, what is refused in them with a word why."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document as open_file

from handlers.render.word_check import check_word
from handlers.render.word_read import read_word
from handlers.render.word_template import check_filled, filled_template, inspect_template
from models.errors import Refused
from tests.circulars import built, may, tampered


def a_template(*paragraphs: str) -> bytes:
    file = open_file()
    for each in paragraphs:
        file.add_paragraph(each)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


PLAIN = a_template(
    "{{ 标题 }}", "{%p for 段 in 正文 %}", "{{ 段.文 }}", "{%p endfor %}", "{{ 块.特点 }}"
)
LONGSHAN = "龙山县滞后指标计8个，列名10个"


def test_a_template_prints_the_whole_text() -> None:
    data = filled_template(PLAIN, built(may()))
    text = read_word(data).everything()

    assert text.startswith("关于2021年1—5月重点民生实事进展情况的通报")
    assert "1710个，完成年任务28.50%" in text
    assert [each.text for each in check_filled(data, built(may()), may(), PLAIN)] == [LONGSHAN]


def test_tables_can_be_gone_through_row_by_row() -> None:
    file = open_file()
    table = file.add_table(rows=3, cols=2)
    texts = (
        ("{%tr for 行 in 表[1].行 %}", ""),
        ("{{ 行[0] }}", "{{ 行[2] }}"),
        ("{%tr endfor %}", ""),
    )
    for row, cells in zip(table.rows, texts, strict=True):
        row.cells[0].text, row.cells[1].text = cells
    file.add_paragraph("{{ 标题 }}")
    out = io.BytesIO()
    file.save(out)
    found = open_file(io.BytesIO(filled_template(out.getvalue(), built(may())))).tables[0]

    assert [cell.text for cell in found.rows[0].cells] == ["吉首市", "24"]
    assert len(found.rows) == 8


def test_what_people_wrote_stays_text() -> None:
    """Unescaped, docxtpl cuts a text off at its first <, and runs what stands in braces."""
    snapshot = may()
    snapshot["drafts"]["features"] = "A<B & “雪亮” {{ 标题 }}"
    text = read_word(filled_template(PLAIN, built(snapshot))).everything()

    assert "A<B & “雪亮” {{ 标题 }}" in text


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("{{ ''.__class__.__mro__ }}", "程序代码"),
        ("{{ 标题['__class__'] }}", "程序代码"),
        ("{{ 标题.upper() }}", "程序代码"),
        ("{{ 标题|attr('x') }}", "程序代码"),
        ("{{ 标题 * 999999999 }}", "程序代码"),
        ("{% set x = 1 %}", "程序代码"),
        ("{% for a in 正文 %}{% for b in 正文 %}{{ b.文 }}{% endfor %}{% endfor %}", "程序代码"),
        ("{% include 'x' %}", "程序代码"),
        ("{{ range(9) }}", "range"),
        ("{{ 标提 }}", "标提"),
        ("{{ 标题", "花括号"),
        ("{% for a in 正文 %}", "花括号"),
    ],
)
def test_a_template_with_code_is_refused_with_a_word_why(code: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        inspect_template(a_template("{{ 标题 }}", code))


def test_code_in_a_header_is_found_too() -> None:
    file = open_file(io.BytesIO(PLAIN))
    file.sections[0].header.paragraphs[0].text = "{{ ''.__class__ }}"
    out = io.BytesIO()
    file.save(out)

    with pytest.raises(Refused, match="程序代码"):
        inspect_template(out.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("word/vbaProject.bin", b"x", "有宏"),
        ("word/x.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "不合规范"),
        (
            "word/_rels/x.xml.rels",
            b'<Relationships><Relationship TargetMode="External" Target="x"/></Relationships>',
            "外部文件",
        ),
        ("word/media/big.bin", b"\0" * 21_000_000, "过大"),
    ],
    ids=["macro", "entity", "outside", "bomb"],
)
def test_what_hides_in_the_package_is_refused(name: str, content: bytes, why: str) -> None:
    data = io.BytesIO(PLAIN)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)

    with pytest.raises(Refused, match=why):
        inspect_template(data.getvalue())


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(Refused, match="打不开"):
        inspect_template(b"PK\x03\x04nothing")


def test_the_mark_stands_on_every_page_of_a_template() -> None:
    data = filled_template(PLAIN, replace(built(may()), mark="演示数据"))

    assert "演示数据" in read_word(data).edges


def test_a_number_that_is_nobodys_is_caught_in_a_filled_template() -> None:
    data = tampered(filled_template(PLAIN, built(may())), "1710个", "1701个")
    found = [str(each) for each in check_filled(data, built(may()), may(), PLAIN)]

    assert any("“1701”不在本期数据中" in each for each in found)


def test_filling_it_twice_makes_the_same_bytes() -> None:
    assert filled_template(PLAIN, built(may())) == filled_template(PLAIN, built(may()))
    assert check_word(PLAIN, built(may()), may())  # a template is no document
