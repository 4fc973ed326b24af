"""The new day in an order that moves a deadline: 州1-7 9月25日 原因, 州1-7 延到下周五17点 …"""

import re
from dataclasses import dataclass
from datetime import date, time

from handlers.reading.days import NoDays, read_days_ahead
from handlers.reading.normalise import clean, mapped
from models.errors import Refused

_LEAD = r"(?:再?(?:延期|延长|顺延|推迟|宽限|延|推)?\s*(?:到|至)?\s*)"
#: With signs between its numbers a day stands apart: 州1-7 is none.
_DAY = (
    r"(?P<day>(?:20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*[日号]?"
    r"|\d{1,2}\s*月\s*\d{1,2}(?!\d|\s*(?:月|个|天|工作日))\s*[日号]?"
    r"|(?:(?<=\s)|(?<=到)|(?<=至)|(?<=[,:;]))\d{1,2}[-/.]\d{1,2}(?![\d%万亿个月])"
    r"|今天|今日|明天|明日|后天|(?:下下|下|本|这)个?(?:周|星期|礼拜)[一二三四五六日天])"
    r"(?:\s*\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?)"
)
_HOUR = r"(?:\s*(?P<hour>[01]?\d|2[0-3])\s*(?:[:点时]\s*(?P<minute>[0-5]\d)?)\s*分?)?"
_ON = re.compile(rf"{_LEAD}{_DAY}{_HOUR}(?:\s*(?:之?前|以前|止|为止))?")
_FOR = re.compile(
    rf"{_LEAD}(?<!\d)(?P<count>\d{{1,2}}|[一二两三四五六七八九十])\s*个?(?P<unit>工作日|天|日)(?!内)"
)
_COUNTS = {each: n for n, each in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_EDGES = " \u3000\t\n:：,，。;；、"
_REASON = re.compile(r"^(?:原因|理由|事由|因由)(?:是|为)?[\s:：]*")


@dataclass(frozen=True)
class Span:
    """So many days, or working days, more."""

    days: int
    are_workdays: bool


@dataclass(frozen=True)
class Moved:
    """What an order says before its day, the day or span if one is named, and what follows."""

    before: str
    day: date | None
    at: time | None
    span: Span | None
    after: str
    written: str = ""

    @property
    def has_day(self) -> bool:
        """Whether anything is said of the new time."""
        return self.day is not None or self.span is not None


def read_moved(text: str, today: date) -> Moved:
    """The order in its parts; refused where the day named is none or was lately."""
    whole = clean(text).strip()
    plain = mapped(whole)
    found = _ON.search(plain.text)
    counted = _FOR.search(plain.text)
    if counted and (found is None or counted.start() < found.start()):
        return _parts(whole, plain.span(*counted.span()), span=_span(counted))
    if found is None:
        return Moved(whole, None, None, None, "")
    try:
        named = read_days_ahead(found["day"], today)
    except NoDays as problem:
        raise Refused(f"{problem}，未作处理。请写明日期，如“9月25日”，再发一次。") from None
    at = time(int(found["hour"]), int(found["minute"] or 0)) if found["hour"] else None
    return _parts(whole, plain.span(*found.span()), day=named.days[0], at=at)


def without_label(text: str) -> str:
    """A reason without the word that announces it: 原因：停电 → 停电."""
    return _REASON.sub("", text.strip(_EDGES)).strip(_EDGES)


def _parts(
    whole: str,
    place: tuple[int, int],
    *,
    day: date | None = None,
    at: time | None = None,
    span: Span | None = None,
) -> Moved:
    start, end = place
    before, after = whole[:start].strip(_EDGES), without_label(whole[end:])
    return Moved(before, day, at, span, after, whole[start:end].strip(_EDGES))


def _span(found: re.Match[str]) -> Span:
    count = found["count"]
    days = int(count) if count.isdecimal() else _COUNTS[count]
    return Span(days, found["unit"] == "工作日")
