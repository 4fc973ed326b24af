"""What the command line reads out of an official deadline wording: due dates, covered periods."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from bot.cli_house import fail, open_house
from models.errors import Refused
from models.programme import programme_by_code
from models.rules.period import Due, occurrences
from models.rules.span import day_of
from models.rules.wording import Defaults, read_wording
from models.rules.workday import Calendar, Roll, published
from models.rules.zone import local_zone
from models.workday import calendar

#: How many dues are shown: enough to see half a year of a monthly duty.
SHOWN = 6
_LOOKS_LIKE_A_DAY = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class _Rules:
    """What a wording leaves to the programme: the calendar, the default day, the roll."""

    days: Calendar
    defaults: Defaults | None = None
    roll: Roll = Roll.NONE


def wording_data(text: str, start: str, programme: str) -> dict[str, Any]:
    """One wording as `interface` has it, read on *start* or today."""
    return _data(text, _start(start), _rules(programme))


def wording_lines(lines: Iterable[str], start: str, programme: str) -> Iterator[str]:
    """One JSON a line; a line that begins with a day and a tab is read on that day."""
    rules, general = _rules(programme), _start(start)
    for line in lines:
        text, day = line.rstrip("\r\n"), general
        head, tab, rest = text.partition("\t")
        if tab and _LOOKS_LIKE_A_DAY.fullmatch(head.strip()):
            text, day = rest, _day(head.strip())
        yield json.dumps(_data(text, day, rules), ensure_ascii=False)


def _data(text: str, start: date, rules: _Rules) -> dict[str, Any]:
    """The first dues within a year from *start*, each with what it covers."""
    reading = read_wording(text, start, rules.defaults)
    end = day_of(date(start.year + 1, start.month, 1), start.day)
    dues = occurrences(reading.recurrences, start, end, calendar=rules.days, roll=rules.roll)
    shown = list(islice(dues, SHOWN))
    notes = dict.fromkeys([*reading.assumed, *(note for due in shown for note in due.assumed)])
    return {
        "due": [_due(each) for each in shown],
        "covers": [each.covers and [f"{day}" for day in each.covers] for each in shown],
        "assumed": list(notes),
        "not_understood": [each.text for each in reading.not_understood],
    }


def _due(due: Due) -> str:
    return f"{due.due:%Y-%m-%dT%H:%M}" if due.has_hour else f"{due.due:%Y-%m-%d}"


def wording_text(data: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        f"{_spoken(due)}截止，{f'报送{covers[0]}至{covers[1]}' if covers else '未写所报时段'}"
        for due, covers in zip(data["due"], data["covers"], strict=True)
    ]
    lines += [f"推定：{each}" for each in data["assumed"]]
    lines += [f"未读懂：{each}" for each in data["not_understood"]]
    return "\n".join(lines or ["一年内没有到期的报送"])


def _spoken(due: str) -> str:
    day = date.fromisoformat(due[:10])
    return f"{due.replace('T', ' ')}（周{_WEEKDAYS[day.weekday()]}）"


def _rules(code: str) -> _Rules:
    """Those of a programme of this installation; without one, the published calendar alone."""
    if not code:
        return _Rules(published())
    with open_house() as house, house.database.read() as session:
        found = programme_by_code(session, code)
        if found is None:
            raise Refused(f"there is no programme {code!r}: load it with `dajuan load {code}`")
        defaults = None if found.default_day is None else Defaults(found.default_day)
        return _Rules(calendar(session), defaults, Roll(found.policy.get("roll", Roll.NONE)))


def _start(text: str) -> date:
    return _day(text) if text else datetime.now(local_zone()).date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no date such as 2021-08-16", 2)
