"""提醒 as an admin writes it: which part of the ladder, and its days, times or count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number
from models.rules.ladder import Policy

#: What people call each part.
PARTS = {
    "提前": "before",
    "提前提醒": "before",
    "当天": "on_day",
    "截止当天": "on_day",
    "逾期": "overdue",
    "逾期后": "overdue",
    "时段": "hours",
    "发送时段": "hours",
    "工作时间": "hours",
    "安静时间": "quiet",
    "免打扰": "quiet",
    "上限": "cap",
    "每天": "cap",
    "每日上限": "cap",
    "负责人": "head",
    "单位负责人": "head",
    "督办": "order",
    "默认": "default",
    "恢复默认": "default",
}
_TIME = re.compile(
    r"(?<!\d)(?P<hour>[01]?\d|2[0-3])\s*(?:[:点时]\s*(?P<minute>[0-5]\d)?|(?=-|至|到))"
)
_NUMBER = re.compile(r"\d{1,3}|[一二两三四五六七八九十]{1,3}")
_WORDS = "|".join(sorted(PARTS, key=len, reverse=True))
_PART = re.compile(rf"(?:^|(?<=[\s,;、。]))(?P<word>{_WORDS})")
#: The parts that are a number, with their fields.
_COUNTS = {"cap": "daily_cap", "head": "unit_head_after", "order": "order_after"}
_EDGES = " :,;、。为改到成设"
#: What may stand between the times of a span: 18:00到次日9:00.
_BETWEEN = re.compile(r"(?:次日|第二天|每天|到|至|从|[-~—\s,;、])*")
_NONE = ("无", "不提醒", "停", "取消", "没有")


@dataclass(frozen=True)
class Part:
    """One part of a ladder and what it is to be; the words behind it as they stand."""

    name: str
    words: str


def read_parts(text: str) -> list[Part]:
    """The parts that *text* names one after another; none where it begins with something else.

    A part without words of its own has those of the next: 负责人 逾期2天.
    """
    plain = normalise(text).strip()
    marks = list(_PART.finditer(plain))
    if not marks or marks[0].start() > 0:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    found, begin = list[Part](), 0
    for at, end in enumerate(ends):
        first = marks[begin]
        if words := plain[first.end() : end].strip(_EDGES):
            found.append(Part(PARTS[first["word"]], words))
            begin = at + 1
    if begin < len(marks):
        found.append(Part(PARTS[marks[begin]["word"]], ""))
    return found


def changed(policy: Policy, parts: Sequence[Part]) -> Policy | None:
    """The ladder with these parts changed at once; None where some words are not understood.

    Raises ValueError, with words for people, where the rule refuses such a ladder.
    """
    wanted: dict[str, Any] = {}
    for part in parts:
        if (change := _change(policy, part)) is None:
            return None
        wanted |= change
    return replace(policy, **wanted)


def _change(policy: Policy, part: Part) -> dict[str, Any] | None:
    """What one part makes of the ladder, by the names of its fields."""
    times = [time(int(f["hour"]), int(f["minute"] or 0)) for f in _TIME.finditer(part.words)]
    numbers = _numbers(_TIME.sub(" ", part.words))
    is_none = part.words in _NONE
    match part.name:
        case "before" if is_none or numbers or times:
            days = () if is_none else tuple(sorted(numbers, reverse=True)) or policy.before_days
            return {"before_days": days, "before_at": times[0] if times else policy.before_at}
        case "on_day" if is_none or times:
            return {"on_day_at": tuple(sorted(set(times)))}
        case "overdue" if len(times) == 1:
            return {"overdue_at": times[0]}
        case "hours" | "quiet" if not _BETWEEN.fullmatch(_TIME.sub("", part.words)):
            return None  # another programme's name, or 下午, which would change the hour
        case "hours" if len(times) == 2:
            return {"opens": times[0], "closes": times[1]}
        case "quiet" if len(times) == 2:
            return {"opens": times[1], "closes": times[0]}
        case "cap" | "head" | "order" if len(numbers) == 1:
            return {_COUNTS[part.name]: numbers[0]}
        case _:
            return None


def _numbers(text: str) -> list[int]:
    found = (_number(each) for each in _NUMBER.findall(text))
    return [each for each in found if each is not None]


def _number(text: str) -> int | None:
    value = int(text) if text.isdecimal() else read_number(text)
    return None if value is None else int(value)
