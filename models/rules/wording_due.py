"""The grammar of due days: 8月25日17:00前, 每月最后一个工作日, 季后10日内, 每周五, 年底前."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from models.rules.recurrence import LAST, MONTHS_OF, DayKind, DueDay, Every
from models.rules.wording_tokens import DueSpec, DueToken, FrequencyToken, OpenToken, Token

UNITS = {
    "日": Every.DAY,
    "天": Every.DAY,
    "周": Every.WEEK,
    "月": Every.MONTH,
    "季度": Every.QUARTER,
    "半年": Every.HALF,
    "年": Every.YEAR,
    "年度": Every.YEAR,
}
CONNECT = r"(?:前?(?:[、和及与或]|以及)|,)"
_WEEKDAYS = "一二三四五六日"
_XUN = {"上旬": 10, "中旬": 20, "下旬": LAST}

_DAY = re.compile(
    r"(?:\d{1,2}日?-(?=\d{1,2}日|月?底))?(?:"
    r"(?P<last>月?底)(?!前?\d+个?(?:工作日|日|天|周))"
    r"|月?最后(?P<lastwork>\d?)个?工作日内?"
    r"|倒数第(?P<back>\d)个工作日"
    r"|月?(?:第|初前|初|前)?(?P<work>\d{1,2})个工作日内?"
    r"|月?(?:初前|初|前)?(?P<day>\d{1,2})(?:日|天(?=内))"
    r"|(?P<listed>\d{1,2})(?=(?:[、,和及与]\d{1,2})+日)"
    r"|(?P<xun>[上中下]旬)[末底]?)"
)
_HOUR = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|晚|早)?(?P<h>\d{1,2})"
    r"(?::(?P<m>\d{2})|[时点](?:(?P<m2>\d{1,2})分|(?P<m3>半))?整?)(?:整)?|(?P<noon>中午|上午(?=前))"
)
_AFTERNOON = ("下午", "晚上", "晚")
_OFF_WORK = re.compile(r"(?:当[日天]|[上下]午)?下班")
_MARK = re.compile(r"期间|当[日天]?前|前|止|为止|截止|内")
_CONNECT = re.compile(CONNECT)
_MONTHS = re.compile(
    r"(?:(?P<year>20\d{2})年|(?P<this>[今本当])年|(?P<next>[次明翌下]年))?"
    r"(?:\d{1,2}月\d{1,2}日-(?=\d{1,2}月\d{1,2}日))?(?P<months>(?:\d{1,2}月?[、,和及与])*\d{1,2}月)(?!\d*个工作日内)"
)
_ORDINAL_MONTH = re.compile(
    r"(?:(?:首|第?1)个?月|(?P<second>第?2个?月|中间月)|(?P<third>末月|第?3个?月|最后(?:1个?)?月)"
    r"|(?P<after>(?:结束后?|终了后?|后)?(?:次月|下月|翌月)))"
)
_AFTER = re.compile(
    r"(?:末|底)?(?:工作)?(?:结束|终了|完|完成)?(?:之)?后(?:起)?(?:初|前)?(?P<n>\d{1,3})(?P<unit>个工作日|日|天)(?:内|前)?"
)
_ONE_EACH = re.compile(r"(?<!\d)1(月|季度|周|年|天|日)1(?:报|通报|调度|小结)")
_PERIOD = re.compile(
    r"(?:(?:每|各|按|逐|分)(?P<unit>月|季度|半年|年度|年|周)度?|(?P<bare>季度|半年|年度|月|年))"
)
_ON = re.compile(r"(?:于|在|截止|时间为?:?|期限为?:?|时限为?:?)$")
_VERB = re.compile(
    r"(?:报|上报|呈报|提交|报送|送|交|填报|反馈|汇总|将|把|完成|,?(?:报送|上报|提交|$)|;|。)"
)
_NEAR_MONTH = re.compile(r"(?:(?P<next>次月|翌月)|(?P<coming>下月)|(?P<this>[本当该]月))?")
_FOLLOWS = re.compile(r"起|开始|以来|-|后|召开|会议|印发|下发|发布|文件")


@dataclass(frozen=True, slots=True)
class Days:
    """Days read from one place, and where they end."""

    days: tuple[DueDay, ...]
    notes: tuple[str, ...]
    end: int


def read_due(text: str, at: int) -> Token | None:
    """The due days, or the bare frequency, that begin at *at*; None if none do."""
    for reader in (_weekly, _daily, _periodic, _dated, _year_end, _bare):
        if found := reader(text, at):
            return found
    return None


def _days(text: str, at: int, shift: int) -> Days | None:
    """One day or several: 5日、20日; 15日和月底; 第1个工作日."""
    days: list[DueDay] = []
    notes: list[str] = []
    end = at
    while match := _DAY.match(text, at):
        day, note = _one_day(match, shift)
        days.append(day)
        notes += note
        end = match.end()
        link = _CONNECT.match(text, end)
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
    return DueDay(DayKind.DATE, int(found.get("day") or found["listed"]), shift), []


def _tail(text: str, end: int) -> tuple[time | None, tuple[str, ...], int, bool]:
    """Hour, notes, end and whether a mark such as 前 closes the due day that ends at *end*."""
    hour: time | None = None
    notes: tuple[str, ...] = ()
    if match := _HOUR.match(text, end):
        hour, end = _hour(match), match.end()
    elif match := _OFF_WORK.match(text, end):
        notes, end = ("“下班前”未写具体时间，按当日24时计",), match.end()
    mark = _MARK.match(text, end)
    return hour, notes, mark.end() if mark else end, mark is not None


def _hour(match: re.Match[str]) -> time | None:
    """The time of day; 24时 is the end of the day, which needs no hour."""
    if match["noon"]:
        return time(12)
    hour = int(match["h"])
    if match["half"] in _AFTERNOON and hour < 12:  # 下午5点 is 17:00
        hour += 12
    minute = 30 if match["m3"] else int(match["m"] or match["m2"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _token(text: str, start: int, end: int, specs: Iterator[DueSpec] | list[DueSpec]) -> DueToken:
    hour, notes, end, _ = _tail(text, end)
    closed = tuple(replace(s, hour=s.hour or hour, notes=s.notes + notes) for s in specs)
    return DueToken(start, end, closed)


def _weekly(text: str, at: int) -> Token | None:
    match = re.compile(
        rf"(?P<head>每周|次周|下周|本周|这周)(?P<days>[{_WEEKDAYS}天](?:[、,和及与]?周?[{_WEEKDAYS}天])*)(?!次|个|报(?!送|告))"
    ).match(text, at)
    if not match:
        return None
    shift = 1 if match["head"] in ("次周", "下周") else 0
    days = re.findall(f"[{_WEEKDAYS}天]", match["days"].replace("天", "日"))
    if re.match(r"-周?[一二三四五六日]", text[match.end() :]):
        return OpenToken(at, match.end(), "一周内的时段没有唯一期限")
    near = {"下周": "next_week", "本周": "this_week", "这周": "this_week"}.get(match["head"], "")
    specs = [
        DueSpec(Every.WEEK, DueDay(DayKind.WEEKDAY, _WEEKDAYS.index(d) + 1, shift), near=near)
        for d in days
    ]
    return _token(text, at, match.end(), specs)


def _daily(text: str, at: int) -> Token | None:
    match = re.compile(r"(?:每|逐)(?:个?(?P<work>工作日)|日|天)(?!\d+日)").match(text, at)
    if not match:
        return None
    kind = DayKind.EACH_WORKDAY if match["work"] else DayKind.AFTER
    _, _, _, marked = _tail(text, match.end())
    if not marked and not _HOUR.match(text, match.end()):
        return FrequencyToken(at, match.end(), Every.DAY)
    return _token(text, at, match.end(), [DueSpec(Every.DAY, DueDay(kind, 0))])


def _periodic(text: str, at: int) -> Token | None:
    """每月…, 每季度…, 每半年…, 每年…; 季后, 季末 and 半年后 need no 每."""
    if once := _ONE_EACH.match(text, at):
        return FrequencyToken(at, once.end(), UNITS[once[1]])
    match = _PERIOD.match(text, at)
    if not match:
        return None
    every = UNITS[match["unit"] or match["bare"]]
    if match["bare"] and every in (Every.MONTH, Every.YEAR) and not _AFTER.match(text, match.end()):
        return None
    if match["bare"] and at and (text[at - 1].isdigit() or text[at - 1] in "上下本当该今去前次"):
        return None
    end = match.end()
    if vague := re.compile(r"(?:初(?!前?\d)|中(?!旬|\d|间))(?:前)?").match(text, end):
        return OpenToken(at, vague.end(), "没有具体日期，未设期限")
    if times := re.compile(r"(?:报送?|上报|提交)?\d次,?").match(text, end):
        if _inside(text, times.end(), every):
            end = times.end()
    if found := _inside(text, end, every):
        return _token(
            text, at, found.end, [DueSpec(every, d, notes=found.notes) for d in found.days]
        )
    if every is Every.YEAR and (dates := _yearly_dates(text, end)):
        return replace(dates, start=at)
    if match["bare"]:
        return None
    return FrequencyToken(at, match.end(), every)


def _inside(text: str, at: int, every: Every) -> Days | None:
    """The days of one period: 末月25日, 后10日内, 首月10日, 底."""
    if match := _AFTER.match(text, at):
        kind = DayKind.AFTER if "工作" not in match["unit"] else DayKind.AFTER_WORKDAYS
        return Days((DueDay(kind, int(match["n"])),), (), match.end())
    if every is Every.MONTH:
        return _days(text, at, 0) or _next_month_days(text, at)
    if every is Every.WEEK:
        return None
    length = MONTHS_OF[every]
    if every is Every.QUARTER and (match := _ORDINAL_MONTH.match(text, at)):
        shift = 3 if match["after"] else 2 if match["third"] else 1 if match["second"] else 0
        return _days(text, match.end(), shift)
    if match := re.compile(r"(?:结束后?|终了后?|后)?(?:次月|下月|翌月)").match(text, at):
        return _days(text, match.end(), length)
    if match := re.compile(r"[末底](?!月)(?!前?\d+个?(?:工作日|日|天))").match(text, at):
        return Days((DueDay(DayKind.DATE, LAST, length - 1),), (), match.end())
    if match := re.compile(r"最后1?(?:[日天]|个?(工作日))").match(text, at):
        day = DueDay(DayKind.WORKDAY, -1, length - 1) if match[1] else None
        return Days((day or DueDay(DayKind.DATE, LAST, length - 1),), (), match.end())
    return None


def _next_month_days(text: str, at: int) -> Days | None:
    match = re.compile(r"(?:结束后?|终了后?|后)?(?:次月|下月|翌月)").match(text, at)
    return _days(text, match.end(), 1) if match else None


def _yearly_dates(text: str, at: int) -> DueToken | None:
    """每年6月20日、12月10日: the same days each year."""
    lead = re.compile(r"(?:分别|,)?于?").match(text, at)
    at = lead.end() if lead else at
    if re.match(r"年底|底", text[at:]):
        end = at + (2 if text[at] == "年" else 1)
        return _token(text, at, end, [DueSpec(Every.MONTH, DueDay(DayKind.DATE, LAST), month=12)])
    specs, end = _date_list(text, at)
    if not specs:
        return None
    return _token(text, at, end, [replace(s, every=Every.MONTH) for s in specs])


def _date_list(text: str, at: int) -> tuple[list[DueSpec], int]:
    """Dates joined by 、 or 和, a shared day (6月、12月20日) given to each month."""
    specs: list[DueSpec] = []
    end = at
    while (match := _MONTHS.match(text, at)) and (days := _days(text, match.end(), 0)):
        months = [int(m) for m in re.findall(r"\d{1,2}", match["months"])]
        shift = 0 if match["this"] else 1 if match["next"] else None
        year = int(match["year"]) if match["year"] else None
        specs += [
            DueSpec(Every.ONCE, day, month, year, shift, notes=days.notes)
            for month in months
            for day in days.days
        ]
        hour, notes, tail, _ = _tail(text, days.end)
        specs = [replace(s, hour=s.hour or hour, notes=s.notes + notes) for s in specs]
        end = tail if hour or notes else days.end
        link = _CONNECT.match(text, tail) or _CONNECT.match(text, end)
        if not link:
            break
        at = link.end()
    return specs, end


def _dated(text: str, at: int) -> Token | None:
    """Dates that something says are limits: 前, 于, or the verb that follows; others are talk."""
    specs, end = _date_list(text, at)
    if not specs:
        return None
    token = _token(text, at, end, specs)
    marked = text[token.end - 1] in "前止内间"
    if not marked and (_FOLLOWS.match(text, token.end) or not _limits(text, at, token.end)):
        return None
    return token


def _limits(text: str, start: int, end: int) -> bool:
    return bool(_ON.search(text[:start]) or _VERB.match(text, end) or end == len(text))


def _year_end(text: str, at: int) -> Token | None:
    match = re.compile(
        r"(?:(?P<year>20\d{2})年?|(?P<this>[今本当全])年|(?P<next>[次明]年))?年?(?<=年)底(?!前?\d)"
    ).match(text, at)
    if not match:
        return None
    shift = 1 if match["next"] else None if match["year"] else 0
    year = int(match["year"]) if match["year"] else None
    day = DueDay(DayKind.DATE, LAST)
    token = _token(text, at, match.end(), [DueSpec(Every.ONCE, day, 12, year, shift)])
    return token if text[token.end - 1] in "前止" or _limits(text, at, token.end) else None


def _bare(text: str, at: int) -> Token | None:
    """A day without its month: 25日前, 次月5日前, 月底前; a frequency elsewhere completes it."""
    match = re.compile(r"(?:(?P<next>次月|翌月)|(?P<coming>下月)|(?P<this>[本当]月|该月))?").match(
        text, at
    )
    head = match.lastgroup if match and match.lastgroup else "none"
    begin = match.end() if match else at
    if head == "none" and at and (text[at - 1].isdigit() or text[at - 1] in "月-上本当每、"):
        return None
    days = _days(text, begin, 1 if head in ("next", "coming") else 0)
    if not days or (
        head == "none" and any(d.kind is DayKind.WORKDAY and d.n > 0 for d in days.days)
    ):
        return None
    token = _token(
        text, at, days.end, [DueSpec(Every.ONCE, d, near=head, notes=days.notes) for d in days.days]
    )
    if text[token.end - 1] in "前止" or (head != "none" and _limits(text, at, token.end)):
        return token
    return token if head != "none" and text[token.end - 1] == "内" else None
