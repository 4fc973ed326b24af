"""How levels of 研判 are read: one or many, glued or spaced, with and without a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.judging import Judged, level_begins, means_all_counties, read_judging
from models.rules.outlook import Level


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("吉首市 很有可能", [(("吉首市",), Level.VERY_LIKELY)]),
        ("吉首市很有可能", [(("吉首市",), Level.VERY_LIKELY)]),
        ("吉首市：有可能", [(("吉首市",), Level.LIKELY)]),
        ("吉首市为难度较大", [(("吉首市",), Level.DIFFICULT)]),
        ("吉首市、花垣县 有可能", [(("吉首市", "花垣县"), Level.LIKELY)]),
        ("吉首市和花垣县有可能", [(("吉首市", "花垣县"), Level.LIKELY)]),
        ("難度較大", [((), Level.DIFFICULT)]),
        ("本项 不太可能", [((), Level.UNLIKELY)]),
        ("难度很大", [((), Level.DIFFICULT)]),
        ("吉首市 取消", [(("吉首市",), None)]),
        ("吉首市，很有可能。谢谢", [(("吉首市",), Level.VERY_LIKELY)]),
        (
            "吉首市 很有可能；花垣县 有可能，各县市 难度较大",
            [
                (("吉首市",), Level.VERY_LIKELY),
                (("花垣县",), Level.LIKELY),
                (("各县市",), Level.DIFFICULT),
            ],
        ),
        ("有可能：吉首市、花垣县", [(("吉首市", "花垣县"), Level.LIKELY)]),
        ("有可能 吉首市", [(("吉首市",), Level.LIKELY)]),
        (
            "有可能：吉首市，花垣县；很有可能：龙山县",
            [(("吉首市", "花垣县"), Level.LIKELY), (("龙山县",), Level.VERY_LIKELY)],
        ),
        ("由有可能改为难度较大", [((), Level.DIFFICULT)]),
        ("吉首市由有可能调整为很有可能", [(("吉首市",), Level.VERY_LIKELY)]),
        ("吉首市从难度较大升为有可能", [(("吉首市",), Level.LIKELY)]),
        (
            "吉首市 很有可能\n龙山县 不太可能",
            [(("吉首市",), Level.VERY_LIKELY), (("龙山县",), Level.UNLIKELY)],
        ),
    ],
)
def test_levels_are_read_with_the_names_before_them(
    text: str, parts: list[tuple[tuple[str, ...], Level | None]]
) -> None:
    read = read_judging(text)

    assert read.parts == tuple(Judged(names, level) for names, level in parts)
    assert read.unread == ()


def test_very_likely_is_never_taken_for_likely_behind_a_name_ending_in_very() -> None:
    assert read_judging("吉首市很有可能").parts[0].level is Level.VERY_LIKELY


def test_a_reason_goes_to_the_end_of_its_line() -> None:
    read = read_judging("很有可能 原因：凤凰县排名第一，省厅已口头答复；基本确定。")

    assert read.parts == (Judged((), Level.VERY_LIKELY),)
    assert read.reason == "凤凰县排名第一，省厅已口头答复；基本确定"


def test_what_has_no_level_is_left_unread() -> None:
    read = read_judging("吉首市，花垣县 有可能")

    assert read.unread == ("吉首市",)
    assert read.parts == (Judged(("花垣县",), Level.LIKELY),)


@pytest.mark.parametrize(
    ("word", "place"), [("营商环境很有可能", 4), ("营商环境", None), ("有可能", None)]
)
def test_a_level_glued_to_a_name_is_found(word: str, place: int | None) -> None:
    assert level_begins(word) == place


def test_all_counties_have_several_names() -> None:
    assert means_all_counties("各县市区")
    assert means_all_counties("8县市")
    assert not means_all_counties("吉首市")


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read = read_judging(text)

    assert all(part.level is None or isinstance(part.level, Level) for part in read.parts)


@given(st.sampled_from(["吉首市", "花垣县", "州本级"]), st.sampled_from(Level))
def test_every_level_of_every_unit_is_read_back(unit: str, level: Level) -> None:
    for text in (f"{unit} {level.value}", f"{unit}{level.value}", f"{unit}：{level.value}。"):
        assert read_judging(text).parts == (Judged((unit,), level),)
