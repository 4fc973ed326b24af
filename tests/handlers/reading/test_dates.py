"""As-of dates: every form people write, and whose year they mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.dates import DateProblem, DateReading, NoDate, dates_in, read_date

TODAY = date(2021, 9, 18)
COVERED = (date(2021, 1, 1), date(2021, 8, 31))
END_OF_AUGUST = date(2021, 8, 31)


@pytest.mark.parametrize(
    "text",
    """8月31日 8月31 8月31号 8月底 8月末 8月份 8月 8.31 8-31 8/31 截至8月底 截至8月31日24时
    1—8月 １－８月 1至8月 1月—8月 1月1日至8月31日 1月1日-8月31日 2021年8月31日 2021年8月底
    2021年1-8月 2021-08-31 2021/8/31 2021.8.31 20210831 21年8月31日 今年8月31日
    八月三十一日 二〇二一年八月三十一日 上月底 上月""".split(),
)
def test_the_end_of_august_is_understood_in_every_form(text):
    reading = read_date(text, TODAY)

    assert isinstance(reading, DateReading)
    assert reading.day == END_OF_AUGUST


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8月上旬", date(2021, 8, 10)),
        ("8月中旬", date(2021, 8, 20)),
        ("去年12月", date(2020, 12, 31)),
        ("一季度", date(2021, 3, 31)),
        ("前三季度", date(2021, 9, 30)),
        ("上半年", date(2021, 6, 30)),
        ("昨天", date(2021, 9, 17)),
        ("截至目前", TODAY),
        ("2020年2月29日", date(2020, 2, 29)),
    ],
)
def test_other_ways_to_name_a_day(text, day):
    reading = read_date(text, TODAY)

    assert isinstance(reading, DateReading)
    assert reading.day == day


@pytest.mark.parametrize(
    ("text", "today", "within", "day"),
    [
        ("12月31日", date(2022, 1, 5), None, date(2021, 12, 31)),
        ("10月1日", TODAY, None, date(2020, 10, 1)),
        ("9月18日", TODAY, None, TODAY),
        ("8月底", date(2021, 8, 30), None, END_OF_AUGUST),
        ("8月底", date(2021, 9, 18), COVERED, END_OF_AUGUST),
        ("12月31日", TODAY, (date(2020, 1, 1), date(2020, 12, 31)), date(2020, 12, 31)),
        ("9月5日", date(2021, 8, 30), COVERED, date(2021, 9, 5)),
    ],
    ids=["new year", "past", "today", "month not over", "covered", "last year", "near covered"],
)
def test_a_missing_year_is_the_one_the_writer_means(text, today, within, day):
    reading = read_date(text, today, within)

    assert isinstance(reading, DateReading)
    assert (reading.day, reading.year_assumed) == (day, True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("8月32日", DateProblem.NO_SUCH_DAY),
        ("2月30日", DateProblem.NO_SUCH_DAY),
        ("13月", DateProblem.NO_SUCH_DAY),
        ("8月15日、8月16日", DateProblem.SEVERAL),
        ("2021年", DateProblem.NOT_A_DATE),
        ("1.65万", DateProblem.NOT_A_DATE),
        ("尽快", DateProblem.NOT_A_DATE),
        ("……", DateProblem.EMPTY),
    ],
)
def test_what_names_no_day_is_said_to_be_so(text, problem):
    reading = read_date(text, TODAY)

    assert isinstance(reading, NoDate)
    assert reading.problem is problem


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 4))
def test_a_full_date_is_read_back(day, form):
    written = [
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"截至{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    ][form]
    reading = read_date(written, TODAY)

    assert isinstance(reading, DateReading)
    assert (reading.day, reading.year_assumed) == (day, False)


@given(st.dates(date(2020, 9, 19), TODAY))
def test_a_day_of_the_past_year_needs_no_year(day):
    reading = read_date(f"{day.month}月{day.day}日", TODAY)

    assert isinstance(reading, DateReading)
    assert reading.day == day


@given(st.text(max_size=4000) | st.text("0123456789年月日号.-/至底一二三十今去", max_size=300))
def test_any_text_is_answered(text):
    assert isinstance(read_date(text, TODAY, COVERED), DateReading | NoDate)
    assert all(text[slice(*found.span)] for found in dates_in(text, TODAY))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7月3l日", date(2021, 7, 31)),
        ("7月3 1日", date(2021, 7, 31)),
        ("8月l9日", date(2021, 8, 19)),
        ("截至7月l日", date(2021, 7, 1)),
        ("l月3I日", date(2021, 1, 31)),
    ],
)
def test_the_one_that_a_scan_took_for_a_letter_belongs_to_the_day(text: str, day: date) -> None:
    reading = read_date(text, date(2021, 8, 20))

    assert isinstance(reading, DateReading)
    assert reading.day == day
