"""Checks on a report's date and its sections."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.finding import DEFAULT_CHECKS, CheckPolicy, Code, Finding, error

AS_OF = "截至"


@dataclass(frozen=True)
class Section:
    """A part of the report's text, such as 措施; empty text means that it is missing."""

    name: str
    text: str = ""
    required: bool = True


def check_as_of(
    as_of: date | None, covers: tuple[date, date] | None, today: date
) -> Finding | None:
    """An error for an as-of date in the future or outside the covered period."""
    if as_of is None:
        return None
    came, right = _day(as_of, today), min(covers[1], today) if covers else today
    send = f"修改 {AS_OF} {_day(right, today)}"
    if as_of > today:
        return error(Code.FUTURE, AS_OF, came, f"不晚于{_day(today, today)}", send, "还没有到")
    if covers and not covers[0] <= as_of <= covers[1]:
        expected = f"{_day(covers[0], today)}至{_day(covers[1], today)}"
        return error(Code.OUTSIDE_PERIOD, AS_OF, came, expected, send, "不在本期范围内")
    return None


def check_section(section: Section, policy: CheckPolicy = DEFAULT_CHECKS) -> Finding | None:
    """An error for a required section that is missing or holds only “无”, “同上” or dots."""
    if not section.required or not is_filler(section.text, policy.fillers):
        return None
    came = section.text.strip()
    why = "没有具体内容" if came else "没有填写"
    send = f"修改 {section.name} ……"
    return error(Code.SECTION, section.name, came, "一两句具体情况", send, why)


def is_filler(text: str, fillers: Iterable[str]) -> bool:
    """Whether a text says nothing: only filler words, list marks and punctuation."""
    words = [word for word in re.split(r"[\W_]+", text) if word]
    empty = set(fillers)
    return all(word in empty or re.fullmatch(r"\d+|[一二三四五六七八九十]", word) for word in words)


def _day(day: date, today: date) -> str:
    """A date as people write it; the year only where it is not the present one."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
