"""代理 as people write it: who, for whom, from when, until when."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.reading.days import NoDays, read_days_ahead
from handlers.reading.normalise import clean, mapped
from models.errors import Refused
from models.rules.span import month_end

_DAY = (
    r"(?:(?:20\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*[日号]?"
    r"|今天|今日|明天|明日|后天|(?:下下|下|本|这)个?(?:周|星期|礼拜)[一二三四五六日天]"
    r"|(?:本|这个)?月底|(?<![\d月])\d{1,2}[日号])"
)
_DAYS = re.compile(
    rf"(?:从|自)?\s*(?P<first>{_DAY})(?:起|开始)?"
    rf"(?:\s*(?:到|至|-|~)\s*(?P<last>{_DAY}))?"
)
_LINK = re.compile(r"[\s,、;]+|由|请|让|→|->")
_EDGES = re.compile(r"(?:代理|代报|代为报送|到|至|从|自|起)+$")


@dataclass(frozen=True)
class LeaveSaid:
    """The names in order, and the days as far as they were said."""

    names: tuple[str, ...]
    since: date | None
    until: date | None


def read_leave(text: str, today: date) -> LeaveSaid:
    """Reads 联络员乙 到 9月30日, 甲 由 乙 9月20日至30日; a day that is none is refused."""
    whole = clean(text).strip()
    plain = mapped(whole)
    found = _DAYS.search(plain.text)
    start = plain.origin[found.start()] if found else len(whole)
    names = [_EDGES.sub("", each) for each in _LINK.split(whole[:start])]
    days = _days(found, today) if found else (None, None)
    return LeaveSaid(tuple(each for each in names if each), *days)


def _days(found: re.Match[str], today: date) -> tuple[date | None, date | None]:
    """A single day is the last one; the leave then begins now."""
    if found["last"] is None:
        return None, _day(found["first"], today)
    first = _day(found["first"], today)
    return first, _day(found["last"], first)


def _day(text: str, since: date) -> date:
    if "月底" in text:
        return month_end(since.year, since.month)
    if text.strip().rstrip("日号").isdecimal():
        text = f"{since.year}年{since.month}月{text.strip().rstrip('日号')}日"
    try:
        return read_days_ahead(text, since).days[0]
    except NoDays as problem:
        raise Refused(f"{problem}，未作处理。请写明日期，如“9月30日”，再发一次。") from None
