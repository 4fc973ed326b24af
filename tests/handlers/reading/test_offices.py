"""Ranks and offices stay, persons' names go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.offices import has_rank, rank_only, without_names


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("王小明局长", "局长"),
        ("王局长", "局长"),
        ("州发改委王小明主任", "州发改委主任"),
        ("常务副州长王小明", "常务副州长"),
        ("王小明常务副州长", "常务副州长"),
        ("党组书记、局长李大海", "党组书记、局长"),
        ("欧阳小明书记", "书记"),
        ("王小明、李大海副局长", "副局长"),
        ("省粮食和物资储备局局长李大海", "省粮食和物资储备局局长"),
        ("分管领导李大海", "分管领导"),
        ("王小明", ""),
    ],
)
def test_a_name_before_or_behind_a_title_goes(written: str, kept: str) -> None:
    found = rank_only(written)

    assert found.text == kept
    assert found.is_changed


@pytest.mark.parametrize(
    "written",
    [
        *("州领导", "州局主要负责人", "副局长", "市委书记", "县委副书记、县长", "办公室主任"),
        *("州安监局局长", "高新区管委会主任", "州总工会主席", "州商会会长", "财政局长"),
        *("省人社厅主要领导和就业处室", "州人大常委会副主任", "市委常委、统战部部长"),
        *("市优化营商办负责人", "省发改委各处室", "吉首市主要领导"),
    ],
)
def test_ranks_and_offices_stay_as_they_are(written: str) -> None:
    found = rank_only(written)

    assert found.text == written
    assert not found.is_changed
    assert has_rank(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("陈华（副州长）", "副州长"),
        ("副州长（陈华）", "副州长"),
        ("小张（科长)", "科长"),
        ("毛大伟省长", "省长"),
        ("副州长（13807431234）", "副州长"),
    ],
)
def test_a_name_beside_brackets_and_every_number_goes(written: str, kept: str) -> None:
    assert rank_only(written).text == kept


def test_a_comrade_alone_is_no_rank() -> None:
    assert not has_rank(rank_only("石红同志").text)


def test_whom_was_reported_to_is_no_name() -> None:
    assert not without_names("向分管领导和各处室汇报").is_changed


def test_a_unit_that_is_known_is_no_name() -> None:
    assert rank_only("易地搬迁专班主任").text == "易地搬迁专班主任"
    assert rank_only("金叶主任").text == "主任"
    assert rank_only("金叶主任", ["金叶"]).text == "金叶主任"


def test_a_name_in_what_was_answered_goes_as_well() -> None:
    found = without_names("李大海副厅长表示支持，下一步由处室对接")
    led = without_names("得到李大海厅长肯定，州长王某某听取汇报")

    assert led.text == "得到厅长肯定，州长听取汇报"
    assert found.text == "副厅长表示支持，下一步由处室对接"


@given(st.text(max_size=40))
def test_any_text_is_taken_and_what_is_left_holds_no_further_name(text: str) -> None:
    once = rank_only(text)

    assert len(once.text) <= len(text) * 18  # one character may stand for a whole word
    assert rank_only(once.text).text in once.text


@given(
    st.sampled_from("王李张刘陈杨彭向田石龙麻吴廖"),
    st.text(alphabet="小明大海建国丽华", min_size=1, max_size=2),
    st.sampled_from(["局长", "副州长", "主任", "书记"]),
    st.sampled_from(["", "州发改委", "省财政厅", "州"]),
)
def test_no_common_name_is_kept_before_a_title(
    surname: str, given_name: str, title: str, office: str
) -> None:
    name = surname + given_name

    assert name not in rank_only(f"{office}{name}{title}").text
    assert name not in without_names(f"{office}{title}{name}汇报").text
