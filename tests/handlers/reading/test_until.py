"""The new day of an order, and the days of a leave, as people write them."""

from datetime import date, time

import pytest

from handlers.reading.leaves import read_leave
from handlers.reading.until import Span, read_moved
from models.errors import Refused

TODAY = date(2021, 9, 16)


@pytest.mark.parametrize(
    ("text", "before", "day", "at", "after"),
    [
        ("州公安局 州1-7 9月25日 停电", "州公安局 州1-7", (9, 25), None, "停电"),
        ("州1-7 延到下周五17点前 停电", "州1-7", (9, 24), time(17), "停电"),
        ("州1-7 1—8月 9月28日 停电", "州1-7 1—8月", (9, 28), None, "停电"),
        ("州1-7 8月 9月28日，原因：停电", "州1-7 8月", (9, 28), None, "停电"),
        ("州1-7 9-25 停电", "州1-7", (9, 25), None, "停电"),
        ("州1-7至9.25", "州1-7", (9, 25), None, ""),
        ("州1-7 ９月２５日（周六）17：30前　停电", "州1-7", (9, 25), time(17, 30), "停电"),
        ("州1-7 9月25日 因9月10日停电", "州1-7", (9, 25), None, "因9月10日停电"),
    ],
)
def test_the_day_parts_the_names_from_the_reason(
    text: str, before: str, day: tuple[int, int], at: time | None, after: str
) -> None:
    read = read_moved(text, TODAY)

    assert (read.before, read.day, read.at, read.after) == (before, date(2021, *day), at, after)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("州1-7 3天 停电", Span(3, are_workdays=False)),
        ("州1-7 9月 2个工作日 停电", Span(2, are_workdays=True)),
        ("州1-7 延长五天，停电", Span(5, are_workdays=False)),
    ],
)
def test_so_many_days_more(text: str, span: Span) -> None:
    read = read_moved(text, TODAY)

    assert (read.span, read.day, read.after) == (span, None, "停电")


@pytest.mark.parametrize("text", ["州1-7", "州1-7 取消", "1-7月的", ""])
def test_without_a_day_all_of_it_are_names(text: str) -> None:
    assert not read_moved(text, TODAY).has_day


@pytest.mark.parametrize("text", ["州1-7 9月31日 停电", "州1-7 9月1日 停电", "州1-7 9月25日周三"])
def test_a_day_that_is_none_or_past_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="未作处理"):
        read_moved(text, TODAY)


@pytest.mark.parametrize(
    ("text", "names", "since", "until"),
    [
        ("联络员乙 到 9月30日", ("联络员乙",), None, (9, 30)),
        ("联络员乙到月底", ("联络员乙",), None, (9, 30)),
        ("联络员乙 9月20日至30日", ("联络员乙",), (9, 20), (9, 30)),
        ("联络员甲 由 联络员乙 明天到9月30日", ("联络员甲", "联络员乙"), (9, 17), (9, 30)),
        ("联络员甲由联络员乙代理 从9月20日起到10月8日", ("联络员甲", "联络员乙"), (9, 20), (10, 8)),
    ],
)
def test_who_stands_in_and_when(
    text: str, names: tuple[str, ...], since: tuple[int, int] | None, until: tuple[int, int]
) -> None:
    read = read_leave(text, TODAY)

    assert read.names == names
    assert read.since == (date(2021, *since) if since else None)
    assert read.until == date(2021, *until)
