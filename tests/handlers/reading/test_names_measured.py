"""Finding names measured over all built-in programmes, and against what names nothing."""

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading.names import Name, find
from tests.name_scores import NameScore, known_names, name_scores, real_slips_score
from tests.typos import KINDS, common_characters

#: Offices that stand in some programmes and not in others.
OFFICES = (
    "财政 审计 统计 税务 司法 水利 林业 城管 医保 商务 工信 科技 信访 粮食 档案 宣传 组织 编办 "
    "人防 退役军人 民宗 气象 邮政 供销 国资 金融 外事 烟草 消防 畜牧 移民 招商 海关 检察 统战"
).split()


@lru_cache(maxsize=1)
def scores() -> dict[str, NameScore]:
    return name_scores(every=8)


@lru_cache(maxsize=1)
def units() -> dict[str, tuple[Name, ...]]:
    return {label: names for label, names in known_names() if label.endswith("units")}


@pytest.mark.parametrize("kind", KINDS)
def test_no_slip_makes_another_name_sure(kind: str) -> None:
    score = scores()[kind]

    assert score.wrong == []
    assert score.first / score.asked >= 0.95
    assert score.sure / score.asked >= 0.85


def test_what_people_really_mistyped_is_found() -> None:
    score = real_slips_score()

    assert score.asked >= 700
    assert score.wrong == []
    assert score.first / score.asked >= 0.99
    assert score.sure / score.asked >= 0.94


@pytest.mark.parametrize("place", ["吉首市", "花垣县", "凤凰县", "县", "镇"])
def test_offices_of_other_places_are_not_those_of_the_prefecture(place: str) -> None:
    for code in ("dajuan-2021", "minsheng-2021", "jili-2022"):
        names = units()[f"{code} units"]
        for office in (*OFFICES, "公安", "民政", "人社", "教育", "交通运输", "农业农村", "卫健"):
            assert not find(f"{place}{office}局", names).sure


@pytest.mark.parametrize("code", ["dajuan-2021", "minsheng-2021"])
def test_an_office_that_is_not_there_is_no_other_one(code: str) -> None:
    names = units()[f"{code} units"]
    known = "".join(word for name in names for word in (name.title, *name.aliases))
    missing = [office for office in OFFICES if office not in known]

    for office in missing:
        for query in (f"州{office}局", f"{office}局", f"州{office}", f"省{office}厅"):
            assert not find(query, names).sure, query


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(common_characters()), min_size=4, max_size=12).map("".join))
def test_a_query_of_random_characters_is_never_sure(query: str) -> None:
    for _, names in known_names_once():
        assert not find(query, names).sure


@lru_cache(maxsize=1)
def known_names_once() -> list[tuple[str, tuple[Name, ...]]]:
    return list(known_names())
