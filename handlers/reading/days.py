"""Days ahead as an admin types them: 2027-02-15, 2月15日至21日, 明天, with a remark beside."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.reading.normalise import mapped

_DAY = timedelta(days=1)
_ONE = (
    r"(?:(?P<{0}y>20\d\d)\s*[-/.年]\s*)?(?<!\d)(?P<{0}m>\d{{1,2}})\s*[-/.月]\s*"
    r"(?P<{0}d>\d{{1,2}})(?!\d)\s*[日号]?"
)
_PLAIN = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_SPAN = re.compile(
    rf"{_ONE.format('a')}(?:\s*(?:至|到|-{{1,2}}|~)\s*(?:{_ONE.format('b')}|(?P<only>\d{{1,2}})[日号]))?"
)
_NEAR = re.compile("今天|今日|明天|明日|后天")
_AWAY = {"今": 0, "明": 1, "后": 2}
#: The longest that one message sets: longer is rather a slip in a date.
LONGEST = 20


@dataclass(frozen=True)
class NamedDays:
    """The days named, in order and each once, and what stands beside them."""

    days: tuple[date, ...]
    remark: str


class NoDays(ValueError):
    """Why a text names no days; *args[0]* is for the person."""


def read_days_ahead(text: str, today: date) -> NamedDays:
    """Every day and span of days in *text*; one without a year is the next one from *today*.

    Raises NoDays where a day does not exist, a span runs backwards or is longer than any holiday,
    or digits are left over: nothing is guessed.
    """
    plain = _PLAIN.sub(r"\1-\2-\3", mapped(text).text)
    days: list[date] = []
    rest = list(plain)
    for match in _SPAN.finditer(plain):
        days += _span(match, today)
        rest[match.start() : match.end()] = " " * len(match[0])
    for match in _NEAR.finditer(plain):
        days.append(today + _DAY * _AWAY[match[0][0]])
        rest[match.start() : match.end()] = " " * len(match[0])
    remark = " ".join("".join(rest).split()).strip("、,，。;；:：()（）至到和及 ")
    if not days:
        raise NoDays("没有写明日期")
    if re.search(r"\d", remark):
        raise NoDays(f"没有读懂“{remark[:20]}”")
    return NamedDays(tuple(dict.fromkeys(sorted(days))), remark)


def _span(match: re.Match[str], today: date) -> list[date]:
    first = _day(match["ay"], match["am"], match["ad"], today)
    if match["only"]:
        last = _day(str(first.year), str(first.month), match["only"], first)
    elif match["bd"]:
        last = _day(match["by"], match["bm"], match["bd"], first)
    else:
        last = first
    count = (last - first).days + 1
    if not 1 <= count <= LONGEST:
        raise NoDays(f"“{match[0].strip()}”的起止日期有误，一次最多{LONGEST}天")
    return [first + _DAY * n for n in range(count)]


def _day(year: str | None, month: str, day: str, since: date) -> date:
    """The day; without a year the next one from *since*."""
    try:
        if year:
            return date(int(year), int(month), int(day))
        found = date(since.year, int(month), int(day))
        return found if found >= since else found.replace(year=since.year + 1)
    except ValueError:
        # 29 February of a year that has none is no such day either.
        written = f"{year + '年' if year else ''}{int(month)}月{int(day)}日"
        raise NoDays(f"没有{written}这一天") from None
