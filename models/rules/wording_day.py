"""The grammar of a day and its hour: 25日, 月底, 最后一个工作日, 下旬, 下午5点, 下班前."""

import re
from dataclasses import dataclass
from datetime import time

from models.rules.recurrence import LAST, DayKind, DueDay

_LINK = r"(?:前?(?:[、和及与或]|以及)|,)"
_XUN = {"上旬": 10, "中旬": 20, "下旬": LAST}

_DAY = re.compile(
    r"(?:\d{1,2}日?-(?=\d{1,2}日|月?底))?(?:"
    r"(?P<last>月?底)(?!前?\d+个?(?:工作日|日|天|周)|最后)"
    r"|(?:月?底)?最后(?P<lastwork>\d?)个?工作日内?"
    r"|倒数第(?P<back>\d)个工作日"
    r"|月?(?:第|初前|初|前|头)?(?P<work>\d{1,2})个工作日内?"
    r"|月?(?:初前|初|前|头)?(?P<day>\d{1,2})(?:日|天(?=内))"
    r"|(?P<listed>\d{1,2})(?=(?:[、,和及与]\d{1,2})+日)"
    r"|(?P<xun>[上中下]旬)[末底]?)"
)
HOUR = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|夜间|深夜|午夜|晚上|晚间|晚|早)?(?P<h>\d{1,2})"
    r"(?::(?P<m>\d{2})|[时点](?:(?P<m2>\d{1,2})分|(?P<m3>半))?整?)(?:整)?|(?P<noon>中午|上午(?=前))"
)
_NIGHT = ("傍晚", "夜间", "深夜", "午夜", "晚上", "晚间", "晚")
_AFTER_NOON = 4  # 中午1点 is 13:00, 中午11点 is not
_OFF_WORK = re.compile(r"(?:当[日天]|[上下]午)?下班")
_MARK = re.compile(r"期间|当[日天]?前|前|止|为止|截止|内")
_NO_DAY = 99
_NOON, _MIDNIGHT = 12, 24
CONNECT = re.compile(_LINK)
NO_HOUR = "“下班前”未写具体时间，按当日24时计"


@dataclass(frozen=True, slots=True)
class Days:
    """Days read from one place, and where they end."""

    days: tuple[DueDay, ...]
    notes: tuple[str, ...]
    end: int


def read_days(text: str, at: int, shift: int) -> Days | None:
    """One day or several: 5日、20日; 15日和月底; 第1个工作日."""
    days: list[DueDay] = []
    notes: list[str] = []
    end = at
    while match := _DAY.match(text, at):
        day, note = _one_day(match, shift)
        days.append(day)
        notes += note
        end = match.end()
        link = CONNECT.match(text, end)
        if not link or re.match(r"\d{1,2}月", text[link.end() :]):
            break
        at = link.end()
    return Days(tuple(days), tuple(notes), end) if days else None


def _one_day(match: re.Match[str], shift: int) -> tuple[DueDay, list[str]]:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    if "last" in found:
        return DueDay(DayKind.DATE, LAST, shift), []
    if "lastwork" in found:
        return DueDay(DayKind.WORKDAY, -1, shift), []
    if "back" in found:
        return DueDay(DayKind.WORKDAY, -int(found["back"]), shift), []
    if "work" in found:
        return DueDay(DayKind.WORKDAY, int(found["work"]), shift), []
    if "xun" in found:
        return DueDay(DayKind.DATE, _XUN[found["xun"]], shift), [
            f"“{found['xun']}”按该旬最后一天计"
        ]
    # 0 is no day; as a number it would mean the last one.
    number = int(found.get("day") or found["listed"]) or _NO_DAY
    return DueDay(DayKind.DATE, number, shift), []


def read_tail(text: str, end: int) -> tuple[time | None, tuple[str, ...], int, bool]:
    """Hour, notes, end and whether a mark such as 前 closes the due day that ends at *end*."""
    hour: time | None = None
    notes: tuple[str, ...] = ()
    if (match := HOUR.match(text, end)) and _is_hour(match):
        hour, end = _hour(match), match.end()
    elif match := _OFF_WORK.match(text, end):
        notes, end = (NO_HOUR,), match.end()
    mark = _MARK.match(text, end)
    return hour, notes, mark.end() if mark else end, mark is not None


def read_more_hours(text: str, at: int) -> tuple[list[time], int]:
    """Further hours of the same day, and where they end: 8:30前、17:30前."""
    hours: list[time] = []
    while (link := CONNECT.match(text, at)) and (match := HOUR.match(text, link.end())):
        hour = _hour(match)
        if hour is None:
            break
        hours.append(hour)
        mark = _MARK.match(text, match.end())
        at = mark.end() if mark else match.end()
    return hours, at


def _hour(match: re.Match[str]) -> time | None:
    """The time of day; 24时 and 晚12点 are the end of the day, which needs no hour."""
    hour, minute = _written(match)
    return time(hour, minute) if hour < _MIDNIGHT else None


def _is_hour(match: re.Match[str]) -> bool:
    """Whether such a time exists: not 25时, 17:75 or the ambiguous 凌晨12点."""
    hour, minute = _written(match)
    if match["half"] == "凌晨" and hour >= _NOON:
        return False
    return minute < 60 and (hour < _MIDNIGHT or (hour == _MIDNIGHT and not minute))


def _written(match: re.Match[str]) -> tuple[int, int]:
    if match["noon"]:
        return _NOON, 0
    hour, half = int(match["h"]), match["half"]
    minute = 30 if match["m3"] else int(match["m"] or match["m2"] or 0)
    if half in _NIGHT and 0 < hour <= _NOON:
        return hour + 12, minute
    if (half == "下午" and hour < _NOON) or (half == "中午" and hour < _AFTER_NOON):
        return hour + 12, minute
    return hour, minute
