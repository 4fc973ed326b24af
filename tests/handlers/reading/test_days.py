"""Days ahead as admins type them; what is not clear is refused, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.days import LONGEST, NoDays, day_said_first, read_days_ahead

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "first", "last", "count", "remark"),
    [
        ("2027-02-15", "2027-02-15", "2027-02-15", 1, ""),
        ("20270215", "2027-02-15", "2027-02-15", 1, ""),
        ("2027-02-15至2027-02-21", "2027-02-15", "2027-02-21", 7, ""),
        ("2月15日至21日 春节", "2027-02-15", "2027-02-21", 7, "春节"),
        ("春节：2027年2月15日—2月21日", "2027-02-15", "2027-02-21", 7, "春节"),
        ("２０２７／２／１５", "2027-02-15", "2027-02-15", 1, ""),
        ("12月31日至1月2日", "2026-12-31", "2027-01-02", 3, ""),
        ("明天", "2026-11-23", "2026-11-23", 1, ""),
        ("2月14日、2月28日 调休", "2027-02-14", "2027-02-28", 2, "调休"),
        ("11月22日", "2026-11-22", "2026-11-22", 1, ""),
        ("11月28、29日", "2026-11-28", "2026-11-29", 2, ""),
        ("11月28日，30日 调休", "2026-11-28", "2026-11-30", 2, "调休"),
        ("12月31日（周四）至1月2日（星期六）", "2026-12-31", "2027-01-02", 3, ""),
        ("下周五", "2026-11-27", "2026-11-27", 1, ""),
        ("本周日", "2026-11-22", "2026-11-22", 1, ""),
        ("6月9日 不调休", "2027-06-09", "2027-06-09", 1, "不调休"),
    ],
)
def test_days_are_read_in_every_usual_form(text, first, last, count, remark):
    named = read_days_ahead(text, TODAY)

    assert (f"{named.days[0]}", f"{named.days[-1]}", len(named.days)) == (first, last, count)
    assert named.remark == remark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "春节",
        "2月30日",
        "2月29日",
        "15日",
        "2月15日 3天",
        "2月21日至2月15日",
        "13月1日",
        "11月27日（周四）",
        "不是12月1日",
        "除12月1日",
        "周五",
        "12月1日 周三",
        "11月1日",
        "12月29日、3日",
    ],
)
def test_what_is_not_clear_is_refused(text):
    with pytest.raises(NoDays):
        read_days_ahead(text, TODAY)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12月8日放假", "放假 12月8日"),
        ("12月8日（周二）至9日 放假", "放假 12月8日（周二）至9日"),
        ("下周六补班", "补班 下周六"),
        ("12月8日景区放假", None),
        ("放假", None),
        ("进展：12月8日放假", None),
        ("12月8日放假，值班2人", None),
    ],
)
def test_only_days_before_the_word_are_a_command(text, meant):
    assert day_said_first(text) == meant


@given(st.text(alphabet="0123456789年月日至-/、 明天春节", max_size=30))
def test_no_text_breaks_the_reading_and_no_span_is_too_long(text):
    try:
        named = read_days_ahead(text, TODAY)
    except NoDays:
        return  # said to be unclear
    assert named.days == tuple(sorted(set(named.days)))
    assert len(named.days) <= LONGEST * len(text)
