"""`dajuan read`: JSON for scripts, lines for people, refusals with a reason."""

import json

import pytest

from tests.console import Dajuan

TEXT = "截至5月底，全州新增就业1.65万人次，完成年任务的28.5%，工作进度相对滞后。"


def test_a_text_is_answered_as_the_interface_says(dajuan: Dajuan) -> None:
    ran = dajuan("read", TEXT, "--json", "--at", "2021-06-10")

    assert (ran.code, ran.json["status"], ran.json["as_of"]) == (0, "behind", "2021-05-31")
    assert ran.json["figures"][0] == {
        "value": "16500",
        "unit": "人次",
        "kind": "done",
        "certain": True,
        "approximate": False,
        "label": "新增就业",
        "text": "1.65万人次",
        "start": 12,
        "end": 19,
    }


def test_people_read_lines_with_what_has_to_be_confirmed(dajuan: Dajuan) -> None:
    ran = dajuan("read", "检查企业约300家，28.5%", "--at", "2021-06-10")

    assert ran.out.splitlines() == [
        "完成数 300家（约数） 检查企业 ← 300家",
        "完成比例 28.5%（待确认） 检查企业 ← 28.5%",
    ]


def test_a_text_without_figures_says_so(dajuan: Dajuan) -> None:
    assert dajuan("read", "正在制定方案").out.strip() == "没有读到数据"


def test_a_dash_reads_one_text_a_line(dajuan: Dajuan) -> None:
    ran = dajuan("read", "-", stdin=f"{TEXT}\n\n{'9' * 4001}\n")
    first, empty, refused = map(json.loads, ran.out.splitlines())

    assert ran.code == 0
    assert len(first["figures"]) == 2
    assert empty == {"figures": [], "status": None, "as_of": None}
    assert "4001字" in refused["error"]


def test_a_text_that_is_too_long_is_refused_with_the_limit(dajuan: Dajuan) -> None:
    ran = dajuan("read", "长" * 4001, "--json")

    assert (ran.code, ran.out) == (1, "")
    assert "4001字" in ran.err
    assert "4000字" in ran.err


def test_a_day_that_is_none_is_a_wrong_usage(dajuan: Dajuan) -> None:
    assert dajuan("read", TEXT, "--at", "soon").code == 2


def test_counties_are_known_by_their_short_names(dajuan: Dajuan) -> None:
    text = "全州完成1710个，其中吉首完成1000个，花垣完成55个"
    ran = dajuan("read", text, "--json", "--at", "2021-08-16")

    labels = {each["value"]: each["label"] for each in ran.json["figures"]}
    assert labels["1000"].startswith("吉首")
    assert labels["55"].startswith("花垣")


@pytest.mark.parametrize("command", ["read", "find", "wording"])
def test_what_is_no_text_is_a_wrong_usage(dajuan: Dajuan, command: str) -> None:
    ran = dajuan(command, "完成\udcff", "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == ["not UTF-8: character 3 of '\\u5b8c\\u6210\\udcff'"]
