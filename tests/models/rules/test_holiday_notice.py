"""The State Council's notice: four years of it agree with the published calendar day by day."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.holiday_notice import (
    is_whole_notice,
    looks_like_notice,
    read_holiday_notice,
)
from models.rules.workday import OFF, WORK, seed

NOTICES = Path(__file__).parents[2] / "data" / "notices"
#: A further notice of May 2015 gave these three days; that of the year before does not hold them.
VICTORY = {date(2015, 9, 3): OFF, date(2015, 9, 4): OFF, date(2015, 9, 6): WORK}


def text_of(year: int) -> str:
    return (NOTICES / f"{year}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("year", [2015, 2019, 2023, 2026])
def test_a_notice_gives_the_days_of_the_published_calendar(year):
    notice = read_holiday_notice(text_of(year))

    assert (notice.year, notice.problems) == (year, ())
    own = {day: kind for day, kind in notice.days.items() if day.year == year}
    assert own == {day: kind for day, kind in seed(year).items() if day not in VICTORY}


def test_days_of_the_december_before_belong_to_new_year():
    days = read_holiday_notice(text_of(2019)).days

    assert days[date(2018, 12, 29)] == WORK
    assert days[date(2018, 12, 31)] == OFF
    assert days[date(2019, 1, 1)] == OFF


def test_a_december_without_its_year_is_the_one_before_new_year():
    text = (
        text_of(2019).replace("12月30日（上年）", "12月30日").replace("2018年12月29日", "12月29日")
    )

    assert read_holiday_notice(text) == read_holiday_notice(text_of(2019))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("6日（周一）放假", "6日（周二）放假", 3, "清明节：4月6日写的是周二，2026年这一天是周一"),
        ("共9天", "共8天", 2, "春节：写的是共8天，所列日期为9天"),
        ("5月9日（周六）", "5月8日（周五）", 4, "劳动节：5月8日是周五，本来就上班"),
        ("5月9日（周六）", "4月31日（周六）", 4, "劳动节：没有2026年4月31日这一天"),
        ("五、端午节", "五、农民节", 1, "缺少端午，应有七个节日"),
        ("至21日（周日）放假，共3天", "至21日（周日），共3天", 5, "没有写明6月19日、6月20日"),
        ("10月1日（周四）至7日（周三）", "10月1日（周四）至1月7日", 7, "起止日期有误"),
        ("9月20日（周日）", "9月26日（周六）", 1, "国庆节：9月26日既写放假又写上班"),
        ("四、劳动节：", "四、劳动节", 4, "没有冒号"),
        ("2026年部分节假日安排", "节假日安排", 1, "标题中没有年份"),
    ],
)
def test_what_does_not_agree_is_named_with_its_line(right, wrong, line, said):
    text = text_of(2026)
    assert right in text

    found = read_holiday_notice(text.replace(right, wrong)).problems

    assert any(said in problem.text for problem in found), found
    assert line in [problem.line for problem in found if said in problem.text]


def test_full_width_spaces_and_a_single_paragraph_make_no_difference():
    joined = "　" + text_of(2026).replace("\n", " ").replace("（", "(").replace("：", ":")

    assert read_holiday_notice(joined).days == read_holiday_notice(text_of(2026)).days


def test_a_weekend_that_joins_the_holiday_may_be_counted_with_it():
    text = text_of(2015).replace("5月1日放假，与周末连休", "5月1日放假，与周末连休，共3天")

    assert read_holiday_notice(text).problems == ()


def test_a_date_or_two_are_no_notice():
    assert looks_like_notice(text_of(2026))
    assert not looks_like_notice("2月15日至21日 春节")


@pytest.mark.parametrize(
    "signature",
    [
        "\n国务院办公厅\n2025年11月4日",
        "\n　　　　国务院办公厅　　\n　　　2025年11月4日　　\n（此件公开发布）",
        "\n国务院办公厅2025年11月4日",
        "国务院办公厅 2025年11月4日",
        "\n2025年11月4日\n",
        "\n国务院办公厅\n2025年11月4日\n责任编辑：某某\n2025-11-04 10:30",
        "\n2025-11-04",
    ],
)
def test_signature_and_date_are_no_part_of_the_last_holiday(signature):
    text = text_of(2026).rstrip()
    short = text[: text.index("节假日期间")].rstrip()

    for whole in (text, short):
        notice = read_holiday_notice(whole + signature)
        assert notice.problems == ()
        assert notice.days == read_holiday_notice(text_of(2026)).days


def test_an_office_named_in_the_title_cuts_nothing():
    text = text_of(2026).replace("国务院办公厅关于", "国务院办公厅\n2025年11月4日\n关于")

    assert read_holiday_notice(text).days == read_holiday_notice(text_of(2026)).days


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("10月1日（周五）至7日（周四）", "11月1日至7日", "国庆节：11月1日放假，不在这个节日的月份"),
        (
            "9月15日（周三）至17日（周五）放假调休，共3天。9月12日（周日）、9月18日（周六）上班",
            "9月25日（周六）放假",
            "中秋节：所列日期不含节日当天9月15日",
        ),
        (
            "1月31日（周日）、2月20日",
            "7月31日（周六）、2月20日",
            "春节：调休上班日7月31日离放假日期太远",
        ),
        (
            "、5月8日（周六）上班",
            "、5月8日（周六）、5月15日（周六）上班",
            "劳动节：调休上班3天，按放假日期至多2天",
        ),
    ],
)
def test_days_that_cannot_be_those_of_the_holiday_are_named(right, wrong, said):
    text = text_of(2027)
    assert right in text

    found = read_holiday_notice(text.replace(right, wrong)).problems

    assert any(said in problem.text for problem in found), found


def test_a_whole_notice_is_known_without_a_word_before_it():
    assert is_whole_notice(text_of(2026))
    assert not is_whole_notice("2026年国庆节放假安排请报我局：10月1日至7日值班表")


@given(
    st.text(
        alphabet="一二三、：元旦春节清明放假上班共天月日年0123456789（周六）至，。\n2027部分安排",
        max_size=80,
    )
)
def test_no_text_breaks_the_reading(text):
    notice = read_holiday_notice(text)

    assert notice.problems
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in notice.problems)
