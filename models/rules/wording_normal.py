"""Recurrences in short Chinese: what is kept and shown beside a requirement instead of prose."""

from collections.abc import Iterable
from datetime import date, time

from models.rules.recurrence import (
    LAST,
    MONTHS_OF,
    Covers,
    DayKind,
    DueDay,
    Every,
    FixedSpan,
    MonthSpan,
    NearSpan,
    PeriodSpan,
    Recurrence,
    WindowSpan,
)
from models.rules.span import month_end
from models.rules.workday import Roll

_WEEKDAYS = "一二三四五六日"
_UNITS = {
    Every.DAY: "日",
    Every.WEEK: "周",
    Every.MONTH: "月",
    Every.QUARTER: "季度",
    Every.HALF: "半年",
    Every.YEAR: "年",
}
_ROLLS = {Roll.NEXT: "遇节假日顺延", Roll.PREVIOUS: "遇节假日提前", Roll.NONE: ""}
_MONTH_NAMES = {-1: "上月", 0: "本月", 1: "次月"}


def normal_form(recurrences: Iterable[Recurrence]) -> str:
    """The duties in dates, periods and frequency only: itself a wording that reads the same."""
    return "；".join(_one(rule) for rule in recurrences)


def _one(rule: Recurrence) -> str:
    when = f"{_bounds(rule)}{_when(rule)}{_hour(rule.hour)}前"
    covers = f"报送{_covers(rule.covers)}" if rule.covers else "报送"
    if rule.covers == PeriodSpan(Every.YEAR, 0):
        covers = "报送"  # 每年结束后 says it already
    return "，".join(part for part in (f"{when}{covers}", _ROLLS[rule.roll]) if part)


def _bounds(rule: Recurrence) -> str:
    if rule.since is None:
        return ""
    until = f"至{_date(rule.until)}" if rule.until else ""
    return f"{_date(rule.since)}起{until}，"


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _hour(hour: time | None) -> str:
    return f"{hour:%H:%M}" if hour else ""


def _when(rule: Recurrence) -> str:
    if rule.on is not None:
        return _date(rule.on)
    day = rule.day or DueDay(DayKind.DATE, LAST)
    if rule.every is Every.DAY:
        return "每个工作日" if day.kind is DayKind.EACH_WORKDAY else "每日"
    if day.kind is DayKind.WEEKDAY:
        return f"{'次周' if day.shift else '每周'}{_WEEKDAYS[day.n - 1]}"
    if day.kind in (DayKind.AFTER, DayKind.AFTER_WORKDAYS):
        unit = "日" if day.kind is DayKind.AFTER else "个工作日"
        return f"每{_UNITS[rule.every]}结束后{day.n}{unit}"
    if rule.months:
        return f"每年{'、'.join(map(str, rule.months))}月{_day(day)}"
    place = _place(rule.every, day)
    return f"每{_UNITS[rule.every]}{place}{'' if place == '末' else _day(day)}"


def _place(every: Every, day: DueDay) -> str:
    """Which month of the period: nothing for its own, 末月, 次月 after it."""
    if every is Every.WEEK:
        return ""
    length = MONTHS_OF[every]
    if day.shift >= length:
        return "次月" if day.shift == length else f"后第{day.shift - length + 1}个月"
    if every is Every.MONTH:
        return ""
    if day == DueDay(DayKind.DATE, LAST, length - 1):
        return "末"
    return "末月" if day.shift == length - 1 else f"第{day.shift + 1}个月"


def _day(day: DueDay) -> str:
    if day.kind is DayKind.WORKDAY:
        return f"倒数第{-day.n}个工作日" if day.n < 0 else f"第{day.n}个工作日"
    return "底" if day.n == LAST else f"{day.n}日"


def _covers(covers: Covers) -> str:
    match covers:
        case FixedSpan():
            return _fixed(covers)
        case PeriodSpan():
            name = f"{'上' * -covers.offset or '本'}{_UNITS[covers.unit]}"
            if covers.unit is Every.YEAR:
                return "上年度" if covers.offset < 0 else "全年"
            if covers.unit is Every.DAY:
                return "前1日" if covers.offset < 0 else "当日"
            return f"1月1日至{name}" if covers.cumulative else name
        case NearSpan():
            return "全年" if covers.near is Every.YEAR else "本半年"
        case MonthSpan():
            return f"{covers.first_month}月至{covers.last_month}月"
        case WindowSpan():
            first, last = _MONTH_NAMES[covers.from_offset], _MONTH_NAMES[covers.to_offset]
            return f"{first}{covers.from_day}日至{last}{covers.to_day}日"


def _fixed(covers: FixedSpan) -> str:
    first, last = covers.first, covers.last
    whole = first.day == 1 and last == month_end(last.year, last.month)
    if whole and first.year == last.year:
        if (first.month, last.month) == (1, 12):
            return f"{first.year}年度"
        return f"{first.year}年{first.month}月至{last.month}月"
    return f"{_date(first)}至{_date(last)}"
