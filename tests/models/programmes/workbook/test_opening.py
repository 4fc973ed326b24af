"""Files that are no workbook, or hide something in one: refused before anything is read."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from models.programmes.workbook import opening
from models.programmes.workbook.opening import open_workbook
from tests.models.programmes.workbook.books import refusals, saved, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def repacked(changes: dict[str, bytes]) -> bytes:
    """The plain workbook with parts added or replaced inside its package."""
    target = BytesIO()
    with ZipFile(BytesIO(saved(workbook()))) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return target.getvalue()


def part(name: str) -> bytes:
    with ZipFile(BytesIO(saved(workbook()))) as package:
        return package.read(name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "文件是空的"),
        (
            OLE + bytes(600),
            "是旧版 Excel（.xls）或 WPS 表格（.et）文件；请在 Excel 或 WPS 中另存为",
        ),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "文件有打开密码；请先去掉密码"),
        ("编号,名称\n实1,公路\n".encode(), "是改了扩展名的文本（如 CSV）"),
        ("编号,名称\r\n实1,公路\r\n".encode("gb18030") * 500, "是改了扩展名的文本（如 CSV）"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "是网页格式的表格"),
        (b"%PDF-1.7\n\x00\x01\x02\xff\xfe", "不是 Excel 工作簿；请在 Excel 或 WPS 中另存为"),
        (b"PK\x03\x04" + bytes(50), "文件已损坏"),
        (saved(workbook())[:3000], "文件已损坏"),
    ],
)
def test_what_is_no_workbook_is_told_what_it_is(data: bytes, told: str) -> None:
    answers = refusals(data)

    assert len(answers) == 1
    assert answers[0].startswith("《实事.xlsx》：")
    assert told in answers[0]


def test_a_file_of_50_mb_is_refused_by_its_size_alone() -> None:
    assert refusals(b"PK\x03\x04" + bytes(50_000_000)) == [
        "《实事.xlsx》：文件有 50 MB，超过 10 MB；请删去图片和无关的工作表后再发"
    ]


def test_a_small_file_that_unpacks_to_very_much_is_refused() -> None:
    data = repacked({"xl/media/blank.bin": bytes(opening.MAX_UNPACKED)})

    assert len(data) < 200_000
    assert "解压后超过 80 MB" in refusals(data)[0]


def test_a_part_that_says_it_is_smaller_than_it_is_is_damaged() -> None:
    data = bytearray(repacked({"xl/media/blank.bin": bytes(9_000_000)}))
    size = (9_000_000).to_bytes(4, "little")
    for _ in range(2):
        at = data.index(size)
        data[at : at + 4] = (90).to_bytes(4, "little")

    assert "文件已损坏" in refusals(bytes(data))[0]


def test_a_million_cells_are_refused_before_they_are_built() -> None:
    row = b"<row>" + b"<c/>" * 1000 + b"</row>"
    sheet = b"<worksheet><sheetData>" + row * 1000 + b"</sheetData></worksheet>"

    assert "超过 30 万个单元格" in refusals(repacked({"xl/worksheets/sheet1.xml": sheet}))[0]


@pytest.mark.parametrize(
    "tail",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<mergeCells><mergeCell ref="A:XFD"/></mergeCells>',
        b'<mergeCells><a-b:mergeCell x=">" ref = "A1&#58;XFD1048576"/></mergeCells>',
        b"<hyperlinks><hyperlink location='x' ref='A1:ZZ90000'/></hyperlinks>",
        b"<dataValidations>" + b"<dataValidation/>" * 500_000 + b"</dataValidations>",
    ],
)
def test_a_few_bytes_that_would_become_millions_of_objects_are_refused(tail: bytes) -> None:
    sheet = b"<worksheet><sheetData/>" + tail + b"</worksheet>"

    assert "格式过多" in refusals(repacked({"xl/worksheets/sheet1.xml": sheet}))[0]


@pytest.mark.parametrize("encoding", ["utf-16", "cp037", "GBK"])
def test_a_part_in_another_encoding_is_not_looked_into(encoding: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><worksheet/>'.encode()

    assert "不合规范" in refusals(repacked({"xl/worksheets/sheet1.xml": sheet}))[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp037"])
def test_a_sheet_under_the_name_of_a_picture_is_looked_into(encoding: str) -> None:
    sheet = '<?xml version="1.0"?><worksheet/>'.encode(encoding)

    assert "不合规范" in refusals(repacked({"xl/media/sheet1.png": sheet}))[0]


def test_a_tag_over_the_edge_of_a_block_is_seen() -> None:
    declared = b"<sst>" + b" " * (1_000_000 - 8) + b"<!DOCTYPE x>" + b"</sst>"

    assert "不合规范" in refusals(repacked({"xl/sharedStrings.xml": declared}))[0]


@pytest.mark.parametrize("extra", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_a_macro_inside_is_refused_whatever_the_file_is_called(extra: str) -> None:
    assert refusals(repacked({extra: b"<x/>"})) == [
        "《实事.xlsx》：文件带有宏；请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”后再发"
    ]


def test_a_macro_workbook_is_refused_by_its_name_and_by_its_content_type() -> None:
    types = part("[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")

    assert "文件带有宏（.xlsm）" in refusals(saved(workbook()), "实事.xlsm")[0]
    assert "文件带有宏" in refusals(repacked({"[Content_Types].xml": types}))[0]


def test_declared_entities_are_refused_unread() -> None:
    shared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'

    assert "文件内部结构不合规范" in refusals(repacked({"xl/sharedStrings.xml": shared}))[0]


def test_a_word_file_and_a_binary_workbook_are_told_apart() -> None:
    word, binary = BytesIO(), BytesIO()
    with ZipFile(word, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with ZipFile(binary, "w") as package:
        package.writestr("xl/workbook.bin", "x")

    assert "《实事.xlsx》：不是 Excel 工作簿" in refusals(word.getvalue())[0]
    assert "是二进制工作簿（.xlsb）" in refusals(binary.getvalue())[0]


def test_a_strict_workbook_is_asked_for_in_the_usual_form() -> None:
    strict = part("xl/workbook.xml").replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )

    assert "Strict Open XML" in refusals(repacked({"xl/workbook.xml": strict}))[0]


def test_a_flipped_byte_is_a_damaged_file() -> None:
    data = bytearray(saved(workbook()))
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at] ^= 0xFF

    assert "文件已损坏，无法读取" in refusals(bytes(data))[0]


def test_a_sound_workbook_is_opened() -> None:
    assert "任务" in open_workbook(saved(workbook()), "实事.xlsx").sheetnames


@pytest.mark.parametrize(
    ("name", "end", "one"),
    [
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>"),
        ("xl/styles.xml", b"</fonts>", b"<font/>"),
        ("xl/styles.xml", b"</cellXfs>", b"<v/>"),
        ("xl/workbook.xml", b"</sheets>", b'<sheet name="a" sheetId="9"/>'),
        ("[Content_Types].xml", b"</Types>", b'<Override PartName="/a" ContentType="b"/>'),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", b"<Relationship/>"),
    ],
)
def test_parts_that_are_built_whole_may_not_be_endless(name: str, end: bytes, one: bytes) -> None:
    data = repacked({name: part(name).replace(end, one * opening.MAX_WHOLE + end)})

    assert len(data) < 60_000
    assert "样式、名称等过多" in refusals(data)[0]


def test_as_many_styles_as_twenty_files_have_are_read() -> None:
    styles = part("xl/styles.xml").replace(b"</cellXfs>", b"<xf/>" * 20_000 + b"</cellXfs>")

    assert "任务" in open_workbook(repacked({"xl/styles.xml": styles}), "实事.xlsx").sheetnames


@pytest.mark.parametrize(("times", "told"), [(2, "不合规范"), (300, "超过 200 个")])
def test_one_part_is_not_read_as_many_sheets(times: int, told: str) -> None:
    kept = part("xl/workbook.xml")
    sheet = kept[kept.index(b"<sheet ") : kept.index(b"</sheets>")]
    sheet = sheet[: sheet.index(b"/>") + 2]
    again = b"".join(sheet.replace(b'name="', b'name="%d' % n) for n in range(times))

    assert told in refusals(repacked({"xl/workbook.xml": kept.replace(sheet, again)}))[0]


def test_elements_that_stand_in_cells_are_counted_too() -> None:
    sheet = b"<worksheet><sheetData><row><c>" + b"<v/>" * 2_000_001 + b"</c></row>"

    assert "格式过多" in refusals(repacked({"xl/worksheets/sheet1.xml": sheet}))[0]
