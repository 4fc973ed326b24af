"""`dajuan load` of an office's own files: workbook, Word, text."""

from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.console import Dajuan

DIVISION = """\
某某市人民政府关于印发《2026年重点工作分工方案》的通知

各县区人民政府，市直各单位：
现将《2026年重点工作分工方案》印发给你们，请认真组织实施。

2026年重点工作分工方案

一、稳投资

1．抓好五个产业园区建设，完成投资三十亿元。（市发展改革委牵头，市工信局、市财政局按职责分工负责）盘活闲置厂房。（市自然资源局、市住建局等按职责分工负责）

2．办好项目集中开工。（市发展改革委牵头）

二、惠民生

3．新建两所公办幼儿园。（市教育局牵头）守住安全底线。（市应急局、市公安局分别负责）
4．改进工作作风。（各部门单位分别负责）
"""


@pytest.fixture
def division(tmp_path: Path) -> str:
    path = tmp_path / "分工.txt"
    path.write_text(DIVISION, encoding="utf-8")
    return str(path)


def test_a_text_becomes_tasks_with_clauses(dajuan: Dajuan, division: str) -> None:
    ran = dajuan("load", division, "--area", "某某市", "--code", "fengong-2026", "--json")

    assert ran.code == 0, ran.err
    assert set(ran.json) == {"programme", "tasks", "assumed", "not_understood"}
    first, second, third, fourth = ran.json["tasks"]
    assert ran.json["programme"] == "fengong-2026"
    assert [(c["role"], c["lead"], c["supporting"]) for c in first["clauses"]] == [
        ("lead", ["市发展改革委"], ["市工信局", "市财政局"]),
        ("shared", ["市自然资源局", "市住建局"], []),
    ]
    assert second["lead"] == ["市发展改革委"]
    assert third["clauses"][1]["role"] == "each"
    assert fourth["lead"] == []
    told = {each["where"]: each["text"] for each in ran.json["not_understood"]}
    assert told["1至3"] == "没有写明报送时间，未设期限；请管理员发“期限”设定"


def test_a_dry_run_of_a_text_leaves_nothing(dajuan: Dajuan, division: str) -> None:
    tried = dajuan("load", division, "--area", "某某市", "--code", "fengong-2026", "--dry-run")

    assert "4项任务" in tried.out
    assert "（试运行，未作任何改动）" in tried.out
    assert dajuan("tasks", "--programme", "fengong-2026").code == 1


def test_a_changed_text_shows_the_difference(dajuan: Dajuan, division: str) -> None:
    words = ("--area", "某某市", "--code", "fengong-2026")
    dajuan("load", division, *words)
    changed = DIVISION.replace("（市教育局牵头）", "（市教育局牵头，市财政局等按职责分工负责）")
    Path(division).write_text(changed, encoding="utf-8")

    again = dajuan("load", division, *words)

    assert "更新0" in again.out
    assert "新增2" in again.out  # 市财政局 supports the clause, and with it the task
    same = dajuan("load", division, *words)
    assert "新增0，更新0" in same.out


def test_near_names_are_asked_and_can_be_said_to_be_one(dajuan: Dajuan, division: str) -> None:
    near = DIVISION.replace("市工信局、市财政局", "市工业和信息化局、市发改委")
    Path(division).write_text(near, encoding="utf-8")
    words = ("--area", "某某市", "--code", "fengong-2026", "--dry-run")

    asked = dajuan("load", division, *words)
    answered = dajuan("load", division, *words, "--same", "市发改委=市发展改革委")

    assert "“市发改委”与“市发展改革委”是否同一单位？" in asked.out
    assert "是否同一单位" not in answered.out


def test_a_pair_without_two_names_is_refused(dajuan: Dajuan, division: str) -> None:
    ran = dajuan("load", division, "--same", "市发改委")

    assert ran.code == 2
    assert "'市发改委' is no pair such as --same" in ran.err


def test_a_word_table_becomes_tasks_with_deadlines(dajuan: Dajuan, tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("某某市2026年民生实事任务分解表")
    table = document.add_table(rows=1, cols=5)
    header = ("责任单位", "序号", "项目名称", "任务数", "报送时间要求")
    rows = [
        ("市教育局", "1", "新建公办幼儿园（所）", "2", "每月10日前，报送1月1日至上月累计情况"),
        ("市民政局", "2", "建设老年助餐点（个）", "15", "每月10日前，报送1月1日至上月累计情况"),
    ]
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    path = tmp_path / "分解表.docx"
    document.save(str(path))

    ran = dajuan("load", str(path), "--area", "某某市", "--code", "shishi-2026", "--json")

    assert ran.code == 0, ran.err
    kindergartens, meals = ran.json["tasks"]
    assert kindergartens["lead"] == ["市教育局"]
    assert kindergartens["indicators"][0]["target"] == "2"
    assert meals["indicators"][0]["unit"] == "个"
    owed = dajuan("obligations", "--programme", "shishi-2026", "--json").json
    assert len(owed) == 2 * 12


def test_a_workbook_template_is_written_and_an_empty_one_is_not_loaded(
    dajuan: Dajuan, tmp_path: Path
) -> None:
    path = tmp_path / "模板.xlsx"

    ran = dajuan("template", str(path))

    assert ran.code == 0, ran.err
    assert "报送要求" in load_workbook(path).sheetnames
    empty = dajuan("load", str(path))
    assert empty.code == 1
    assert "模板.xlsx" in empty.err


def test_a_built_in_programme_as_a_workbook_reads_back_the_same(
    dajuan: Dajuan, tmp_path: Path
) -> None:
    path = tmp_path / "实事.xlsx"
    dajuan("load", "minsheng-2021")

    written = dajuan("template", str(path), "--programme", "minsheng-2021")
    again = dajuan("load", str(path))

    assert written.code == 0, written.err
    assert "20项任务" in again.out
    assert "新增0，更新0" in again.out


def test_a_file_is_not_overwritten(dajuan: Dajuan, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(b"mine")

    ran = dajuan("template", str(path))

    assert ran.code == 1
    assert path.read_bytes() == b"mine"
