"""Official deadline wordings: a corpus in the style of notices, and any other text."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.rules.period import occurrences
from models.rules.recurrence import (
    LAST,
    DayKind,
    DueDay,
    Every,
    FixedSpan,
    PeriodSpan,
    Recurrence,
    WindowSpan,
    from_data,
    to_data,
)
from models.rules.wording import Defaults, NotUnderstood, read_wording
from models.rules.wording_normal import normal_form
from models.rules.workday import Roll

START = date(2021, 8, 16)
CORPUS = Path(__file__).parents[2] / "data" / "wording" / "notices.yaml"


class Notice(NamedTuple):
    """A wording and what a clerk reads out of it."""

    text: str
    due: list[str]
    covers: list[str]
    assumed: bool
    open: list[str]


def notices() -> list[Notice]:
    rows = yaml.load(CORPUS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [
        Notice(
            row["text"],
            row.get("due", []),
            row.get("covers", ["null"] * len(row.get("due", []))),
            row.get("assumed", False),
            row.get("open", []),
        )
        for row in rows
    ]


@pytest.mark.parametrize("notice", notices(), ids=lambda notice: notice.text)
def test_a_notice_reads_as_a_clerk_reads_it(notice):
    reading = read_wording(notice.text, START)
    dues = occurrences(reading.recurrences, START, START.replace(year=2022))[: len(notice.due) or 1]

    assert [
        f"{d.due:%Y-%m-%dT%H:%M}" if d.has_hour else f"{d.due:%Y-%m-%d}" for d in dues
    ] == notice.due
    assert [f"{d.covers[0]}..{d.covers[1]}" if d.covers else "null" for d in dues] == notice.covers
    assert any(d.assumed for d in dues) is notice.assumed
    assert [notice.text[n.start : n.end] for n in reading.not_understood] == notice.open


@pytest.mark.parametrize("notice", notices(), ids=lambda notice: notice.text)
def test_the_normal_form_of_a_notice_reads_the_same(notice):
    rules = read_wording(notice.text, START).recurrences
    again = read_wording(normal_form(rules), START)

    assert [replace(r, assumed=()) for r in again.recurrences] == [
        replace(r, assumed=()) for r in rules
    ]
    assert from_data(to_data(rules)) == rules


def test_a_frequency_without_a_day_stays_open_without_a_programme():
    reading = read_wording("9月份起，按季度报送全县累计情况", START)

    assert reading.recurrences == ()
    assert reading.not_understood == (
        NotUnderstood("“按季度”只写了频次，没有写明日期，未设期限", 5, 8),
    )


def test_a_programme_gives_the_day_that_a_frequency_lacks_and_marks_it_assumed():
    reading = read_wording("9月份起，按季度报送全县累计情况", 2021, Defaults(day=20))
    due = occurrences(reading.recurrences, date(2021, 1, 1), date(2021, 12, 31))

    assert [(d.due.date(), d.covers) for d in due] == [
        (date(2021, 10, 20), (date(2021, 1, 1), date(2021, 9, 30)))
    ]
    assert due[0].assumed == reading.assumed
    assert reading.assumed == ("每季度报送未写明日期，按专项惯例取每季度之后第1个月20日，请确认",)


def test_a_week_takes_no_day_from_a_programme():
    reading = read_wording("每周报送一次", 2021, Defaults(day=10))

    assert reading.recurrences == ()
    assert "没有写明日期" in reading.not_understood[0].text


def test_a_day_that_does_not_exist_is_said_to_be_assumed():
    assert read_wording("9月31日前报送", START).assumed == ("9月没有31日，按9月30日计",)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2021, 8, 25), date(2021, 8, 25)),
        (date(2021, 8, 26), date(2022, 8, 25)),
        (2021, date(2021, 8, 25)),
    ],
    ids=["today counts", "yesterday is next year's", "a programme's year"],
)
def test_a_date_without_a_year_is_the_next_one(start, due):
    assert [rule.on for rule in read_wording("8月25日前报送", start).recurrences] == [due]


@pytest.mark.parametrize(
    ("start", "since"),
    [
        (date(2021, 8, 16), date(2021, 9, 1)),
        (date(2021, 11, 5), date(2021, 9, 1)),
        (date(2022, 1, 5), date(2022, 9, 1)),
        (2021, date(2021, 9, 1)),
    ],
    ids=["ahead", "running since", "next", "a programme's year"],
)
def test_a_month_of_beginning_without_a_year_is_near_the_start(start, since):
    assert read_wording("9月起，每月19日前报送", start).recurrences[0].since == since


def test_haste_without_a_date_is_reported_only_where_nothing_else_says_when():
    assert read_wording("每月10日前及时报送", START).not_understood == ()
    assert read_wording("及时报送", START).not_understood[0].start == 0


def test_a_fortnight_beside_a_date_is_reported_all_the_same():
    reading = read_wording("9月1日前报送方案，之后每半月报送一次", START)

    assert [rule.on for rule in reading.recurrences] == [date(2021, 9, 1)]
    assert ["每半月" in n.text for n in reading.not_understood] == [True]


@pytest.mark.parametrize("text", ["", "  \n ", "做好日常工作", "由州发改委牵头"])
def test_no_duty_at_all_has_no_date_and_says_so(text):
    reading = read_wording(text, START)

    assert reading.recurrences == ()
    assert [n.text for n in reading.not_understood] == ["没有写明报送时间"]


def test_the_place_of_what_is_open_is_that_of_the_original_text():
    text = "8月 25日前 报送；\n收到通知后 5个\n工作日内再报"
    found = read_wording(text, START).not_understood

    assert [text[n.start : n.end] for n in found] == ["收到通知后 5个\n工作日内"]
    assert found[0].text == "“收到通知后5个工作日内”是相对时限，没有起算日期，未设期限"


@given(st.sampled_from(notices()), st.dates(date(2019, 1, 1), date(2025, 12, 31)))
def test_no_notice_is_due_outside_its_year_nor_before_the_period_it_follows(notice, start):
    rules = read_wording(notice.text, start).recurrences
    end = start + timedelta(days=365)

    for rule in rules:
        for due in occurrences([rule], start, end):
            assert start <= due.due.date() <= end
            assert rule.since is None or rule.since <= due.due.date()
            if due.covers:
                assert due.covers[0] <= due.covers[1]
            if due.covers and rule.is_following and rule.covers == PeriodSpan(rule.every, 0):
                assert due.covers[1] < due.due.date()


def test_an_exception_is_reported_with_its_place_and_changes_no_date():
    text = "每月10日前报送上月情况，1月、2月合并报送"
    reading = read_wording(text, START)

    assert reading.recurrences == read_wording("每月10日前报送上月情况", START).recurrences
    assert reading.not_understood == (
        NotUnderstood("“1月、2月合并报送”合并报送的例外未自动处理，请核对", 13, 22),
    )


def test_the_thirds_of_a_month_need_their_own_last_days():
    reading = read_wording("每月15日前报送本旬情况", START)

    assert reading.recurrences == ()
    assert "所写旬与期限不一致" in reading.not_understood[0].text


@given(
    st.sampled_from(["每月", "每季度末月", "8月", "9月起，每月"]),
    st.sampled_from([*"ZSB□?*_约第", "考核", "例会", "工资发放后", "提前", "12.", "会议召开前"]),
    st.integers(1, 9),
    st.sampled_from(["前", "前报送上月情况", "前报送，遇节假日顺延"]),
)
def test_a_damaged_character_before_the_day_never_gives_another_day(head, damage, day, tail):
    reading = read_wording(f"{head}{damage}{day}日{tail}", START, Defaults(day=20))

    assert reading.recurrences == ()
    assert reading.not_understood


@pytest.mark.parametrize(
    "text",
    [
        "每季度末月报送",
        "每月最后一周报送",
        "每季度召开一次会议",
        "每年开展一次评估",
        "每月通报一次",
    ],
)
def test_a_frequency_takes_no_day_where_its_clause_says_more_about_it(text):
    reading = read_wording(text, 2021, Defaults(day=20))

    assert reading.recurrences == ()
    assert "日期或报送事项没有读懂" in reading.not_understood[0].text


def test_a_cell_too_long_for_a_deadline_is_refused_at_once_with_its_length():
    reading = read_wording("1月1日、" * 5000, START, Defaults(day=20))

    assert reading.recurrences == ()
    assert reading.not_understood == (
        NotUnderstood("这一格有25000个字，超过500个字，没有读，请只写报送时间", 0, 25000),
    )


def test_a_weekday_that_contradicts_its_date_is_marked():
    assert read_wording("4月15日（星期四）前报送", date(2022, 1, 10)).assumed == (
        "2022年4月15日是周五，与原文所写周四不一致，按日期计，请核对",
    )
    assert read_wording("4月15日（星期五）前报送", date(2022, 1, 10)).assumed == ()


def test_afterwards_begins_the_day_after_the_single_date():
    first, then = read_wording("9月10日前报送，此后每月10日前报送", START).recurrences

    assert (first.on, then.since) == (date(2021, 9, 10), date(2021, 9, 11))


HOURS = st.one_of(st.none(), st.builds(time, st.integers(1, 23), st.integers(0, 59)))
COVERS = st.one_of(
    st.none(),
    st.builds(
        PeriodSpan, st.sampled_from([Every.MONTH, Every.QUARTER]), st.just(-1), st.booleans()
    ),
    st.builds(WindowSpan, st.just(-1), st.integers(1, 31), st.just(0), st.integers(1, 31)),
)
DATES = st.dates(date(2020, 1, 1), date(2025, 12, 31))
ONCE = st.builds(
    lambda on, hour, days: Recurrence(
        Every.ONCE, on=on, hour=hour, covers=FixedSpan(on.replace(day=1), on) if days else None
    ),
    DATES,
    HOURS,
    st.booleans(),
)
MONTHLY = st.builds(
    lambda day, hour, covers, since, roll: Recurrence(
        Every.MONTH, day=day, hour=hour, covers=covers, since=since, roll=roll
    ),
    st.one_of(
        st.builds(DueDay, st.just(DayKind.DATE), st.integers(LAST, 31)),
        st.builds(DueDay, st.just(DayKind.WORKDAY), st.sampled_from([-2, -1, 1, 2, 5])),
    ),
    HOURS,
    COVERS,
    st.one_of(st.none(), DATES),
    st.sampled_from(Roll),
)
QUARTERLY = st.builds(
    lambda shift, day: Recurrence(Every.QUARTER, day=DueDay(DayKind.DATE, day, shift)),
    st.integers(0, 2),
    st.integers(LAST, 31),
)


@given(st.one_of(ONCE, MONTHLY, QUARTERLY))
def test_every_normal_form_reads_back_as_the_same_rule(rule):
    found = read_wording(normal_form([rule]), START)

    assert [replace(r, assumed=()) for r in found.recurrences] == [rule]
    assert found.not_understood == ()


PIECES = [
    *"0123456789一二三十年月日周季前后底末初起至—、，；。：（）每按上本次的 \n",
    *["季度", "半年", "工作日", "最后", "报送", "累计", "情况", "截至", "收到", "结束"],
    *[
        "分别",
        "2021年",
        "下周",
        "即日",
        "旬",
        "双月",
        "除外",
        "合并",
        "为",
        "以后",
        "周五",
        "上上月",
    ],
    *["下季度首月", "每半月", "期间", "8:30"],
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_text_breaks_the_reading_and_every_place_lies_in_it(text):
    reading = read_wording(text, START, Defaults(day=20))

    dues = occurrences(reading.recurrences, START, START.replace(year=2022))
    assert len({due.label for due in dues}) == len(dues)
    assert all(0 <= n.start <= n.end <= len(text) for n in reading.not_understood)
    assert reading.recurrences or reading.not_understood
