"""`dajuan find`: tasks and units by a name, with and without anything loaded."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.console import Dajuan


def numbers(data: dict[str, Any]) -> list[str]:
    return [each["number"] for each in data["tasks"]]


def test_a_fresh_machine_knows_the_built_in_programmes(dajuan: Dajuan) -> None:
    ran = dajuan("find", "雪亮", "--programme", "dajuan-2021", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "tasks": [
            {
                "programme": "dajuan-2021",
                "number": "州1-7",
                "title": "实施乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
                "score": 0.91,
            }
        ],
        "units": [],
        "sure": True,
    }
    assert not Path("var").exists()


def test_a_name_in_several_programmes_is_not_sure(dajuan: Dajuan) -> None:
    data = dajuan("find", "农村公路", "--json").json

    assert not data["sure"]
    assert {"州1-5", "新5", "续4"} <= set(numbers(data))
    assert all(0 < each["score"] <= 1 for each in data["tasks"])


@pytest.mark.parametrize(
    ("text", "name"),
    [("州发改局", "州发改委"), ("吉首", "吉首市"), ("zwjw", "州卫健委"), ("花园县", "花垣县")],
)
def test_a_unit_has_its_area_and_no_number(dajuan: Dajuan, text: str, name: str) -> None:
    data = dajuan("find", text, "--json").json

    assert data["sure"]
    assert data["units"][0]["name"] == name
    assert data["units"][0]["area"] == "湘西州"


def test_a_dash_reads_one_name_a_line(dajuan: Dajuan) -> None:
    ran = dajuan("find", "-", "--programme", "minsheng-2021", stdin="xlgc\n\n吉首市公安局\n")
    first, empty, office = map(json.loads, ran.out.splitlines())

    assert (numbers(first), first["sure"]) == (["新7"], True)
    assert empty == {"tasks": [], "units": [], "sure": False}
    assert not office["sure"]


def test_people_read_lines(dajuan: Dajuan) -> None:
    sure = dajuan("find", "改厕", "--programme", "minsheng-2021").out.splitlines()
    near = dajuan("find", "雪亮工程").out.splitlines()

    assert sure == ["可直接认定第一项：", "1.00  续8 改新建农村户用厕所7.75万个（minsheng-2021）"]
    assert near[0] == "不能认定，相近的有："
    assert dajuan("find", "今天天气").out.strip() == "没有找到相近的任务或单位"


def test_what_is_loaded_is_looked_in_alone(dajuan: Dajuan) -> None:
    assert dajuan("load", "minsheng-2021").code == 0

    data = dajuan("find", "雪亮工程", "--json").json

    assert (numbers(data), data["sure"]) == (["新7"], True)


def test_a_programme_that_is_nowhere_is_refused(dajuan: Dajuan) -> None:
    ran = dajuan("find", "雪亮工程", "--programme", "nowhere-2021")

    assert ran.code == 1
    assert "there is no programme 'nowhere-2021'" in ran.err
    assert "minsheng-2021" in ran.err
