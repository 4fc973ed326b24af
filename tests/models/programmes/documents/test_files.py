"""Files that cannot be read say what they are and what to do; odd ones that can are read."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.programmes.documents import read as reading
from models.programmes.documents import word
from tests.models.programmes.documents.paper import (
    GIVEN,
    a_text,
    a_word_file,
    add_numbering,
    by_line,
    keys,
    numbered,
    read,
    refusals,
    task,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS = (("序号", "项目名称", "责任单位"), ("1", "修缮村道", "县交通局"))


def a_file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def a_zip(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "advice"),
    [
        ("清单.docx", OLE + b"\0" * 600, "旧版 .doc 文件，请用 Word 或 WPS 另存为 .docx"),
        ("清单.doc", OLE + b"\0" * 600, "旧版 .doc 文件，请用 Word 或 WPS 另存为 .docx"),
        (
            "清单.docx",
            OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "有打开密码，请去掉密码",
        ),
        ("清单.docx", "序号\t项目".encode(), "不是 Word 文件"),
        ("清单.docx", a_zip(**{"xl__workbook.xml": b"<a/>"}), "里面没有正文"),
        ("清单.docx", a_zip(**{"word__document.xml": b"<w:broken"}), "已损坏或不是 .docx"),
        ("清单.docx", a_zip(**{"word__document.xml": b"<a/>"})[:60], "不是 Word 文件"),
        ("清单.txt", b"", "文件是空的"),
        ("清单.txt", b" \n\n", "文件是空的"),
        ("清单.txt", b"\x00\x01\x02\x00" * 50, "不是文本文件"),
        ("清单.txt", "民生實事與責任單位".encode("big5") * 9, "文字编码无法识别"),
        ("清单.txt", b"\xff\xfe\x00\xd8\x00\xd8", "文字编码无法识别"),
        ("清单.pdf", b"%PDF-1.7 ...", "PDF 文件无法准确读出表格"),
        ("清单.rtf", b"{\\rtf1\\ansi}", "RTF 文件"),
    ],
    ids=lambda value: None if isinstance(value, str) else "bytes",  # an archive holds its time
)
def test_a_file_of_another_kind_says_what_to_do(
    name: str, data: bytes, advice: str, tmp_path: Path
) -> None:
    (problem,) = refusals(a_file(tmp_path, name, data))

    assert problem.startswith(f"{name}：")
    assert advice in problem


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (problem,) = refusals(tmp_path / "没有.docx")

    assert problem == f"{tmp_path / '没有.docx'}：没有这个文件，或无法读取"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "清单.docx"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)

    assert refusals(path) == ["清单.docx：文件超过 20 MB，请删去图片和附件后再导入"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = a_zip(**{"word__document.xml": b" " * (word.MAX_UNPACKED + 1)})

    assert len(bomb) < 1_000_000
    assert refusals(a_file(tmp_path, "清单.docx", bomb)) == [
        "清单.docx：文件展开后超过 200 MB，请删去图片和附件后再导入"
    ]


def test_an_empty_word_file_has_no_text(tmp_path: Path) -> None:
    assert refusals(a_word_file(tmp_path)) == [
        "清单.docx：文件里没有文字；如是扫描图片，请发可编辑的文件"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_is_read_in_the_usual_encodings(encoding: str, newline: str, tmp_path: Path) -> None:
    path = a_text(tmp_path, by_line(ROWS).replace("\n", newline), encoding=encoding)

    assert task(read(path), "1").lead == ("县交通局",)


PIECES = st.sampled_from(
    (
        "\t|\n|\n\n|序号|项目名称|责任单位|任务数|报送时间要求|一、|（一）|1．|2．|①|县交通局|县水利局|、|，|。|"
        "（县林业局牵头）|（|）|牵头|等按职责分工负责|每月20日前报送|12个|合计|附件1|2023年|清溪县|"
        "关于|的通知|《|》|　"
    ).split("|")
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=60))
def test_any_text_is_read_or_refused_in_words(pieces: list[str], tmp_path: Path) -> None:
    path = a_text(tmp_path, "".join(pieces))

    problems = refusals(path)
    assert problems or keys(read(path))


def test_a_word_file_under_a_wrong_ending_is_read(tmp_path: Path) -> None:
    path = a_word_file(tmp_path, ROWS).rename(tmp_path / "清单.txt")

    assert keys(read(path)) == ["1"]


def test_inserted_text_is_read_and_deleted_text_is_not(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1．修缮")
    for tag, kind, text in (("w:ins", "w:t", "村道"), ("w:del", "w:delText", "校舍")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(kind)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("。（县交通局牵头）")
    document.save(str(tmp_path / "清单.docx"))

    assert task(read(tmp_path / "清单.docx"), "1").title == "修缮村道"


def test_content_controls_and_nested_tables_are_looked_into(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for at, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    cell = table.cell(1, 1)
    cell.text = "修缮"
    cell.add_table(rows=1, cols=1).cell(0, 0).text = "村道"
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    table._tbl.addprevious(control)
    content.append(table._tbl)
    document.save(str(tmp_path / "清单.docx"))

    assert task(read(tmp_path / "清单.docx"), "1").title == "修缮村道"


def test_numbers_that_word_prints_in_a_table_are_counted(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    key = add_numbering(document, [("decimal", "%1")])
    for at, row in enumerate([*ROWS, ("", "清理河道", "县水利局")]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text if column or not at else ""
        if at:
            numbered(table.cell(at, 0).paragraphs[0], key)
    document.save(str(tmp_path / "清单.docx"))

    assert keys(read(tmp_path / "清单.docx")) == ["1", "2"]


def test_a_cell_with_blank_paragraphs_stays_one_cell(tmp_path: Path) -> None:
    text = (
        "\t序号\n\t项目名称\n\t责任单位\n\n\t1\n\t修缮村道\n\n（一期）\n\t县交通局\n\n"
        "\t2\n\t清理河道\n\n\n\t县水利局\n\n\t3\n\t种树\n\t县林业局\n\n\n说明：按月上报。\n"
    )
    draft = read(a_text(tmp_path, text))

    assert [(t.number, t.title, t.lead) for t in draft.definition.tasks] == [
        ("1", "修缮村道（一期）", ("县交通局",)),
        ("2", "清理河道", ("县水利局",)),
        ("3", "种树", ("县林业局",)),
    ]
    assert draft.definition.code == GIVEN.code
