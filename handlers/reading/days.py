"""Days ahead as an admin types them: 2027-02-15, 2月15日至21日, 明天, with a remark beside."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.reading.normalise import mapped

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = r"(?:\s*\(?\s*(?:周|星期|礼拜)(?P<{0}w>[一二三四五六日天])\s*\)?)?"
_ONE = (
    r"(?:(?P<{0}y>20\d\d)\s*[-/.年]\s*)?(?<!\d)(?P<{0}m>\d{{1,2}})\s*[-/.月]\s*"
    rf"(?P<{{0}}d>\d{{{{1,2}}}})(?!\d)\s*[日号]?{_WEEKDAY}"
)
_PLAIN = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_SEPARATED = r"\s*[、,，和及]\s*"
#: Further days of the same month: 9月28、29日; 9月19日、20日.
_MORE = rf"(?P<more>(?:{_SEPARATED}\d{{1,2}}[日号]?)*{_SEPARATED}\d{{1,2}}[日号])"
_SPAN = re.compile(
    rf"{_ONE.format('a')}(?:\s*(?:至|到|-{{1,2}}|~)\s*"
    rf"(?:{_ONE.format('b')}|(?P<only>\d{{1,2}})[日号]{_WEEKDAY.format('o')})|{_MORE})?"
)
_NEAR = re.compile(
    "(?P<day>今天|今日|明天|明日|后天)"
    f"|(?P<week>下下|下|本|这)(?:个)?(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS}天])"
)
_AWAY = {"今": 0, "明": 1, "后": 2}
_WEEKS = {"本": 0, "这": 0, "下": 1, "下下": 2}
#: Words beside a day that turn its sense round or name a weekday that belongs to no day.
_UNCLEAR = re.compile(r"不(?!调休)|非|没|勿|别|除|改|周[一二三四五六日天末]|星期|礼拜|旬|月初|月底")
_SAID_AFTER = re.compile(r"(?P<days>[^。;；!！?？\n]{2,30}?)\s*(?P<word>放假|上班|补班)")
#: A day without a year that is past by no more than this is asked about, not put a year ahead.
_RECENT = timedelta(days=120)
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

    Raises NoDays where a day does not exist, is another weekday than is said or was lately, a
    span runs backwards or is longer than any holiday, or words or digits are left that may
    change the sense: nothing is guessed.
    """
    plain = _PLAIN.sub(r"\1-\2-\3", mapped(text).text)
    days: list[date] = []
    rest = list(plain)
    for match in _SPAN.finditer(plain):
        days += _span(match, today)
        rest[match.start() : match.end()] = " " * len(match[0])
    for match in _NEAR.finditer("".join(rest)):
        days.append(_near(match, today))
        rest[match.start() : match.end()] = " " * len(match[0])
    remark = " ".join("".join(rest).split()).strip("、,，。;；:：()（）至到和及 ")
    if not days:
        raise NoDays("没有写明日期")
    if re.search(r"\d", remark) or _UNCLEAR.search(remark):
        raise NoDays(f"没有读懂“{remark[:20]}”")
    return NamedDays(tuple(dict.fromkeys(sorted(days))), remark)


def day_said_first(text: str) -> str | None:
    """放假 10月8日 for 10月8日放假: the command that a day with its word behind it means."""
    found = _SAID_AFTER.fullmatch(text.strip())
    if found is None:
        return None
    plain = mapped(found["days"]).text
    rest = _NEAR.sub("", _SPAN.sub("", _PLAIN.sub("", plain)))
    is_only_days = plain != rest and not rest.strip("、,，和及 ")
    return f"{found['word']} {found['days']}" if is_only_days else None


def _near(match: re.Match[str], today: date) -> date:
    if match["day"]:
        return today + _DAY * _AWAY[match["day"][0]]
    monday = today - _DAY * today.weekday()
    weekday = _WEEKDAYS.index(match["weekday"].replace("天", "日"))
    return monday + _DAY * (7 * _WEEKS[match["week"]] + weekday)


def _span(match: re.Match[str], today: date) -> list[date]:
    first = _next(match["ay"], match["am"], match["ad"], today)
    _check_weekday(first, match["aw"])
    if match["more"]:
        return _listed(first, match["more"])
    if match["only"]:
        last = _day(str(first.year), str(first.month), match["only"], first)
        _check_weekday(last, match["ow"])
    elif match["bd"]:
        last = _day(match["by"], match["bm"], match["bd"], first)
        _check_weekday(last, match["bw"])
    else:
        last = first
    count = (last - first).days + 1
    if not 1 <= count <= LONGEST:
        raise NoDays(f"“{match[0].strip()}”的起止日期有误，一次最多{LONGEST}天")
    return [first + _DAY * n for n in range(count)]


def _listed(first: date, more: str) -> list[date]:
    """The first day and the further ones of its month, which have to follow it."""
    days = [first]
    for number in re.findall(r"\d+", more):
        days.append(_day(str(first.year), str(first.month), number, first))
    if days != sorted(days):
        raise NoDays(f"“{more.strip('、,， ')}”没有写明月份")
    return days


def _check_weekday(day: date, said: str | None) -> None:
    right = _WEEKDAYS[day.weekday()]
    if said and said.replace("天", "日") != right:
        raise NoDays(f"{day.year}年{day.month}月{day.day}日是周{right}，不是周{said}")


def _next(year: str | None, month: str, day: str, today: date) -> date:
    """The day; one without a year that has just passed is asked about."""
    found = _day(year, month, day, today)
    if year is None and found.year > today.year:
        before = _day(str(today.year), month, day, today)
        if today - before <= _RECENT:
            written = f"{found.year}年{found.month}月{found.day}日"
            raise NoDays(f"今年{before.month}月{before.day}日已经过去，如指明年请写明{written}")
    return found


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
