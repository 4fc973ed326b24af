"""What issued documents print against their own data is found at load, cell by cell."""

from collections.abc import Callable
from typing import Any

import pytest

from models.programmes.contradictions import contradictions
from models.programmes.definition import Definition
from models.programmes.files import read_definition


def test_annex_2_follows_exactly_but_for_the_one_cell_of_longshan() -> None:
    found = list(contradictions(read_definition("jili-2022")))

    assert found == [
        "《2022年省政府真抓实干激励事项研判和进展情况》龙山县：重点事项一栏印有而研判没有的是知识产权，"
        "研判有而未印的是质量强省，按研判计"
    ]


def test_seven_counties_of_the_circular_pass_and_longshan_is_named() -> None:
    [found] = contradictions(read_definition("minsheng-2021"))

    assert found.endswith("龙山县：写明滞后8个，点名10个，照印保留")


@pytest.mark.parametrize("code", ["dajuan-2021", "fengong-2022", "kegan-2024"])
def test_the_others_do_not_contradict_themselves(code: str) -> None:
    assert list(contradictions(read_definition(code))) == []


def changed(code: str, change: Callable[[dict[str, Any]], None]) -> Definition:
    data = read_definition(code).model_dump(mode="json")
    change(data)
    return Definition.model_validate(data, strict=False)


def test_a_miscounted_line_of_annex_1_is_found() -> None:
    def miscount(data: dict[str, Any]) -> None:
        issued = next(each for each in data["issued"] if each["outlook_counts"])
        line = next(each for each in issued["outlook_counts"] if each["unit"] == "州发改委")
        line |= {"likely": line["likely"] + 1, "difficult": line["difficult"] - 1}

    first, _ = contradictions(changed("jili-2022", miscount))

    assert "州发改委：研判统计印为(7, 1, 3, 2, 1)，按各事项为(7, 1, 2, 3, 1)，按各事项计" in first


def test_a_county_line_that_does_not_add_up_is_found() -> None:
    def one_more(data: dict[str, Any]) -> None:
        line = next(c for c in data["issued"][0]["counties"] if c["unit"] == "吉首市")
        line["completed"] += 1

    found = list(contradictions(changed("minsheng-2021", one_more)))

    assert any("吉首市：各状态9、9、7之和不等于指标数24" in text for text in found)
