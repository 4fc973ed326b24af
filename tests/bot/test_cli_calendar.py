"""`dajuan calendar` and `dajuan wording` as scripts rely on them."""

import json
from pathlib import Path

import pytest
from docx import Document

from tests.console import Dajuan

NOTICES = Path(__file__).parents[1] / "data" / "notices"


def test_a_year_is_imported_once_and_known_from_then_on(dajuan: Dajuan) -> None:
    notice = str(NOTICES / "2027.txt")

    _, tried, _ = dajuan("calendar", "import", notice, "--dry-run")
    _, first, _ = dajuan("calendar", "import", notice)
    _, second, _ = dajuan("calendar", "import", notice)
    _, years, _ = dajuan("calendar", "list")
    _, days, _ = dajuan("calendar", "list", "--year", "2027")

    assert "试运行，未作任何改动" in tried
    assert "春节：2027-02-05 至 2027-02-12，8天；上班 2027-01-31、2027-02-20" in first
    assert "改为放假" in first
    assert "早已录入，没有变化" in second
    assert "2027  notice" in years
    assert "2027-02-20  work  notice" in days


def test_a_word_file_is_read_as_well(dajuan: Dajuan, tmp_path: Path) -> None:
    document = Document()
    for line in (NOTICES / "2027.txt").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "notice.docx"))

    code, out, _ = dajuan("calendar", "import", str(tmp_path / "notice.docx"), "--json")

    assert code == 0
    assert '"year": 2027' in out
    assert '"changed": true' in out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", "2027年部分节假日安排\n一、元旦：1月1日（周六）放假。".encode(), "写的是周六"),
        ("a.txt", b"\xff\xfe\xff\xff\x00", "is no text"),
        ("a.docx", b"no zip", "is no Word file"),
        ("b.txt", None, "there is no such file"),
        ("a.txt", b" " * 1_000_001, "is larger than a notice can be"),
    ],
)
def test_what_cannot_be_imported_is_named_and_nothing_changes(
    dajuan: Dajuan, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    code, _, err = dajuan("calendar", "import", str(tmp_path / name))

    assert code == 1
    assert said in err
    assert "2027" not in dajuan("calendar", "list")[1]


def test_a_wording_gives_its_first_six_dues_and_what_is_open(dajuan: Dajuan) -> None:
    text = "8月25日前报送1—7月情况；9月起每月20日前报送1月1日至上月情况；收到后5日内反馈"

    code, out, _ = dajuan("wording", text, "--from", "2021-08-16", "--json")

    assert code == 0
    data = json.loads(out)
    assert data["due"][:2] == ["2021-08-25", "2021-09-20"]
    assert len(data["due"]) == 6
    assert data["covers"][1] == ["2021-01-01", "2021-08-31"]
    assert data["assumed"] == []
    assert data["not_understood"] == ["“收到后5日内”是相对时限，没有起算日期，未设期限"]


def test_lines_answer_one_json_each_and_may_bring_their_own_day(dajuan: Dajuan) -> None:
    code, out, _ = dajuan(
        "wording",
        "-",
        "--from",
        "2021-08-16",
        stdin="每周五17:00前\n2022-03-01\t9月31日前报送\n按季度报送\n",
    )

    assert code == 0
    assert [line[:40] for line in out.splitlines()] == [
        '{"due": ["2021-08-20T17:00", "2021-08-27',
        '{"due": ["2022-09-30"], "covers": [null]',
        '{"due": [], "covers": [], "assumed": [],',
    ]
    assert "9月没有31日" in out.splitlines()[1]


def test_a_wording_for_people_names_weekdays_assumptions_and_gaps(dajuan: Dajuan) -> None:
    _, out, _ = dajuan("wording", "9月31日下班前报送1—8月情况；按季度报送", "--from", "2021-08-16")

    assert "2021-09-30（周四）截止，报送2021-01-01至2021-08-31" in out
    assert "推定：“下班前”未写具体时间，按当日24时计" in out
    assert "未读懂：“按季度”" in out


def test_a_programme_gives_the_day_that_a_wording_lacks(dajuan: Dajuan) -> None:
    assert dajuan("load", "dajuan-2021")[0] == 0

    code, out, _ = dajuan(
        "wording", "按季度报送", "--from", "2021-08-16", "--programme", "dajuan-2021"
    )

    assert code == 0
    assert out.startswith("2021-10-20（周三）截止")
    assert "请确认" in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("每月5日前", "--from", "2021-13-01"), 2, "is no date"),
        (("每月5日前", "--programme", "nosuch"), 1, "there is no programme 'nosuch'"),
    ],
)
def test_a_wrong_day_or_programme_is_said_in_one_line(
    dajuan: Dajuan, words: tuple[str, ...], code: int, said: str
) -> None:
    found, _, err = dajuan("wording", *words)

    assert found == code
    assert said in err
