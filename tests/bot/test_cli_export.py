"""`dajuan export`: new files of every kind, what they hold, and what goes wrong in one line."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.console import Dajuan
from tests.exported import opened, row_called, rows_of

_EXPORT = ("export", "ledger", "--programme", "minsheng-2021", "--out")


@pytest.fixture
def loaded(dajuan: Dajuan) -> Dajuan:
    """The livelihood projects of 2021 in a database of their own."""
    assert dajuan("load", "minsheng-2021").code == 0
    return dajuan


def test_every_kind_comes_as_a_file_and_says_what_it_holds(loaded: Dajuan, tmp_path: Path) -> None:
    for kind, name, held in (
        ("ledger", "a.xlsx", "重点民生实事：20项任务，数据截至5月31日，还没有报送"),
        ("matrix", "b.xlsx", "重点民生实事：20行"),
        ("series", "c.xlsx", "重点民生实事：29个指标，1个数据日期，29个数"),
        ("package", "d.zip", "2021年5月：应报20件"),
        ("pictures", "e.zip", "图片0张"),
        ("bulletin", "f.docx", "重点民生实事通报2021年5月（草稿）.docx"),
    ):
        words = ("--programme", "minsheng-2021", "--period", "2021-05", "--out", name)
        ran = loaded("export", kind, *words)
        assert ran.code == 0, ran.err
        assert held in ran.out

    line = row_called(rows_of(opened((tmp_path / "a.xlsx").read_bytes()).worksheets[0]), 编号="续8")
    assert line["完成数"] == 3633
    assert zipfile.ZipFile(tmp_path / "d.zip").testzip() is None
    text = "\n".join(
        each.text for each in Document(io.BytesIO((tmp_path / "f.docx").read_bytes())).paragraphs
    )
    assert "10265" in text


def test_the_document_s_faults_are_named_and_no_draft_is_kept(
    loaded: Dajuan, tmp_path: Path
) -> None:
    words = ("export", "bulletin", "--programme", "minsheng-2021", "--period", "2021-05", "--out")
    first, again = loaded(*words, "1.docx"), loaded(*words, "2.docx")

    assert "自检：" in first.out
    assert "龙山县" in first.out
    assert first.out == again.out
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        (("export", "nosuch", "--programme", "x", "--out", "x"), 2, "ledger"),
        (("export", "ledger", "--programme", "nosuch", "--out", "x"), 1, "dajuan load nosuch"),
        ((*_EXPORT, "x", "--period", "soon"), 2, "2021-08"),
        ((*_EXPORT, "x", "--period", "2021-13"), 2, "2021-08"),
        ((*_EXPORT, "none/x"), 1, "none/x"),
        (("export", "ledger", "--programme", "minsheng-2021"), 2, "--out"),
        (("export", "ledger", "--out", "x"), 2, "--programme"),
    ],
)
def test_what_is_wrong_is_said_and_no_file_is_left(
    loaded: Dajuan, tmp_path: Path, words: tuple[str, ...], code: int, err: str
) -> None:
    ran = loaded(*words)

    assert (ran.code, err in ran.err) == (code, True)
    assert not (tmp_path / "x").exists()


def test_a_file_that_is_there_is_never_written_over(loaded: Dajuan, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("mine")

    ran = loaded(*_EXPORT, "x.xlsx")

    assert ran.code == 1
    assert "is there already" in ran.err
    assert (tmp_path / "x.xlsx").read_text() == "mine"
