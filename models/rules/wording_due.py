"""The grammar of due days: 8月25日17:00前, 每月最后一个工作日, 季后10日内, 每周五, 年底前."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from models.rules.recurrence import LAST, MONTHS_OF, DayKind, DueDay, Every
from models.rules.wording_day import CONNECT, HOUR, Days, read_days, read_more_hours, read_tail
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
_WEEKDAYS = "一二三四五六日"
_AROUND = "“左右”按所写日期计"
_TEN_DAYS = (10, 20, LAST)
_MONTHS = re.compile(
    r"(?:(?P<year>20\d{2})年|(?P<this>[今本当])年|(?P<next>[次明翌下]年))?"
    r"(?:\d{1,2}月\d{1,2}日-(?=\d{1,2}月\d{1,2}日))?(?P<months>(?:\d{1,2}月?[、,和及与])*(?:(?<=[、,和及与])(?:次|翌|明)年)?\d{1,2}月)(?!\d*个工作日内)"
)
_ORDINAL_MONTH = re.compile(
    r"(?:(?:首|第?1)个?月|(?P<second>第?2个?月|中间月)|(?P<third>末月|第?3个?月|最后(?:1个?)?月)"
    r"|(?P<after>(?:末|底)?(?:结束后?|终了后?|后)?(?:次月|下月|翌月)|(?:末|底)?(?:结束|终了)?后(?:第?1个月|首月)))"
)
_AFTER = re.compile(
    r"(?:末|底)?(?:工作)?(?:结束|终了|完|完成)?(?:之)?后(?:起)?(?:初|前)?(?P<n>\d{1,3})(?P<unit>个工作日|日|天)(?:内|前)?"
)
_LATE_DAY = re.compile(r"[末底](?P<n>1[5-9]|2\d|3[01])日")
_ONE_EACH = re.compile(r"(?<!\d)1(月|季度|周|年|天|日)1(?:报|通报|调度|小结)")
_PERIOD = re.compile(
    r"(?:(?:每|各|按|逐|分)(?P<unit>月|季度|半年|年度|年|周)度?|(?P<bare>季度|半年|年度|月|年))"
)
_ON = re.compile(r"(?:于|在|截止|时间为?:?|期限为?:?|时限为?:?)$")
_VERB = re.compile(
    r"(?:(?:集中|统一)?报|上报|呈报|提交|报送|送|交|填报|反馈|汇总|将|把|完成|,?(?:报送|上报|提交|$)|;|。)"
)
_FOLLOWS = re.compile(r"起|开始|以来|-|后|召开|会议|印发|下发|发布|文件")


def read_due(text: str, at: int) -> Token | None:
    """The due days, or the bare frequency, that begin at *at*; None if none do."""
    return next((found for read in _READERS if (found := read(text, at))), None)


def _token(text: str, start: int, end: int, specs: Iterable[DueSpec]) -> DueToken:
    around = text.startswith("左右", end)
    hour, notes, end, _ = read_tail(text, end + 2 * around)
    notes += (_AROUND,) * around
    closed = [replace(s, hour=s.hour or hour, notes=s.notes + notes) for s in specs]
    if hour:
        others, end = read_more_hours(text, end)
        closed += [replace(spec, hour=each) for each in others for spec in closed]
    return DueToken(start, end, tuple(closed))


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
    match = re.compile(
        r"(?:(?:每|逐)(?:个?(?P<work>工作日)|日|天)|(?P<each>工作日|周一(?:-|至|到)周?五,?)每[日天])(?!\d+日)"
    ).match(text, at)
    if not match:
        return None
    kind = DayKind.EACH_WORKDAY if match["work"] or match["each"] else DayKind.AFTER
    _, _, _, marked = read_tail(text, match.end())
    if not marked and not HOUR.match(text, match.end()):
        return FrequencyToken(at, match.end(), Every.DAY)
    return _token(text, at, match.end(), [DueSpec(Every.DAY, DueDay(kind, 0))])


def _ten_days(text: str, at: int) -> Token | None:
    """每旬末: three days of each month."""
    match = re.compile(r"(?:每|按|逐|各)旬(?:[末底]|最后1?[日天])").match(text, at)
    if not match:
        return None
    days = [DueDay(DayKind.DATE, n) for n in _TEN_DAYS]
    return _token(text, at, match.end(), [DueSpec(Every.MONTH, day) for day in days])


def _alternate_months(text: str, at: int) -> Token | None:
    """双月5日: the same day of every second month."""
    match = re.compile(r"每?逢?(?P<which>[单双])月").match(text, at)
    found = read_days(text, match.end(), 0) if match else None
    if match is None or found is None:
        return None
    first = 1 if match["which"] == "单" else 2
    specs = [
        DueSpec(Every.MONTH, day, month=month, notes=found.notes)
        for month in range(first, 13, 2)
        for day in found.days
    ]
    return _token(text, at, found.end, specs)


def _half_months(text: str, at: int) -> Token | None:
    """每半月（15日、月底）: the two days that are named; without them there is no date."""
    pattern = r"每半月(?:报送?|上报|提交)?(?:1次)?,?(?:分别|于)*"
    match = re.compile(pattern).match(text, at)
    found = read_days(text, match.end(), 0) if match else None
    if found is None or len(found.days) != 2:
        return None
    specs = [DueSpec(Every.MONTH, day, notes=found.notes) for day in found.days]
    return _token(text, at, found.end, specs)


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
    if match["bare"] and at and (text[at - 1].isdigit() or text[at - 1] in "上下本当该今去前次半"):
        return None
    end = match.end()
    if vague := re.compile(r"(?:初(?!前?\d)|中(?!旬|\d|间))(?:前)?").match(text, end):
        return OpenToken(at, vague.end(), "没有具体日期，未设期限")
    if times := re.compile(r"(?:报送?|上报|提交)?\d次,?").match(text, end):
        if _inside(text, times.end(), every) or every is Every.YEAR:
            end = times.end()
    if found := _inside(text, end, every):
        if early := re.compile(r"后(?!\d)|起(?![-至到草])").match(text, found.end):
            return OpenToken(at, early.end(), "只写了最早日期，没有最迟期限")
        specs = [DueSpec(every, day, notes=found.notes) for day in found.days]
        return _token(text, at, found.end, specs)
    if every is Every.YEAR and (dates := _yearly_dates(text, end)):
        return replace(dates, start=at)
    if match["bare"] and not (every is Every.HALF and _MONTHS.match(text, end)):
        return None
    return FrequencyToken(at, match.end(), every)


def _next_quarter(text: str, at: int) -> Token | None:
    """下季度首月10日前: the quarter before is the one reported."""
    match = re.compile(r"[下次]季度(?=首月|第?1个?月|[12]个?月)").match(text, at)
    days = _inside(text, match.end(), Every.QUARTER) if match else None
    if days is None:
        return None
    later = [replace(day, shift=day.shift + MONTHS_OF[Every.QUARTER]) for day in days.days]
    specs = [DueSpec(Every.QUARTER, day, notes=days.notes) for day in later]
    return _token(text, at, days.end, specs)


def _inside(text: str, at: int, every: Every) -> Days | None:
    """The days of one period: 末月25日, 后10日内, 首月10日, 底."""
    if match := _AFTER.match(text, at):
        kind = DayKind.AFTER if "工作" not in match["unit"] else DayKind.AFTER_WORKDAYS
        return Days((DueDay(kind, int(match["n"])),), (), match.end())
    if every is Every.MONTH:
        if match := re.compile(r"\d{1,2}日?-(?:次月|下月|翌月)(?=\d)").match(text, at):
            return read_days(text, match.end(), 1)
        return read_days(text, at, 0) or _next_month_days(text, at)
    if every is Every.WEEK:
        return _week_days(text, at)
    length = MONTHS_OF[every]
    if every is Every.QUARTER and (match := _ORDINAL_MONTH.match(text, at)):
        shift = 3 if match["after"] else 2 if match["third"] else 1 if match["second"] else 0
        return read_days(text, match.end(), shift)
    if month := re.compile(r"末月|最后1?个?月|首月|第(\d{1,2})个?月|(\d{1,2})个月").match(text, at):
        n = int(month[1] or month[2] or (1 if month[0] == "首月" else length))
        return read_days(text, month.end(), n - 1) if 1 <= n <= length else None
    if match := re.compile(r"(?:结束后?|终了后?|后)?(?:次月|下月|翌月)").match(text, at):
        return read_days(text, match.end(), length)
    if every is Every.QUARTER and (match := _LATE_DAY.match(text, at)):
        note = f"“季度末{match['n']}日”按季度最后一个月{match['n']}日计"
        return Days((DueDay(DayKind.DATE, int(match["n"]), length - 1),), (note,), match.end())
    if match := re.compile(r"[末底](?!月)(?!前?\d+个?(?:工作日|日|天))").match(text, at):
        return Days((DueDay(DayKind.DATE, LAST, length - 1),), (), match.end())
    if match := re.compile(r"最后1?(?:[日天]|个?(工作日))").match(text, at):
        day = DueDay(DayKind.WORKDAY, -1, length - 1) if match[1] else None
        return Days((day or DueDay(DayKind.DATE, LAST, length - 1),), (), match.end())
    return None


def _week_days(text: str, at: int) -> Days | None:
    """The first or last working day of a week."""
    match = re.compile(
        r"最后1?个?工作日内?|第?(?P<first>1)个工作日内?|倒数第(?P<back>\d)个工作日"
    ).match(text, at)
    if not match:
        return None
    n = -int(match["back"]) if match["back"] else 1 if match["first"] else -1
    return Days((DueDay(DayKind.WORKDAY, n),), (), match.end())


def _next_month_days(text: str, at: int) -> Days | None:
    match = re.compile(r"(?:结束后?|终了后?|后)?(?:次月|下月|翌月)").match(text, at)
    return read_days(text, match.end(), 1) if match else None


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
    while (match := _MONTHS.match(text, at)) and (days := read_days(text, match.end(), 0)):
        specs += [replace(s, day=d, notes=days.notes) for s in _months(match) for d in days.days]
        hour, notes, tail, _ = read_tail(text, days.end)
        specs = [replace(s, hour=s.hour or hour, notes=s.notes + notes) for s in specs]
        end = tail if hour or notes else days.end
        link = CONNECT.match(text, tail) or CONNECT.match(text, end)
        if not link:
            break
        at = link.end()
    return specs, end


def _months(match: re.Match[str]) -> Iterator[DueSpec]:
    """The months before a day, each with its year as far as that is said."""
    year = int(match["year"]) if match["year"] else None
    shift = 0 if match["this"] else 1 if match["next"] else None
    for each in re.finditer(r"(?P<next>[次翌明]年)?(?P<month>\d{1,2})", match["months"]):
        if each["next"]:
            year, shift = None, 1
        yield DueSpec(Every.ONCE, month=int(each["month"]), year=year, year_shift=shift)


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
    days = read_days(text, begin, 1 if head in ("next", "coming") else 0)
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


def _weekday(text: str, at: int) -> Token | None:
    """周二、周五前 without 每: a weekly frequency elsewhere completes it."""
    pattern = (
        rf"周(?P<days>[{_WEEKDAYS}天](?:[、,和及与]周?[{_WEEKDAYS}天])*)"
        r"(?=[上下晚早中]|\d{1,2}[时点:]|[前止])"
    )
    match = re.compile(pattern).match(text, at)
    if not match or (at and text[at - 1] in "每上下本次这隔2"):
        return None
    specs = [
        DueSpec(Every.WEEK, DueDay(DayKind.WEEKDAY, _WEEKDAYS.index(each) + 1), near="weekday")
        for each in match["days"].replace("天", "日")
        if each in _WEEKDAYS
    ]
    token = _token(text, at, match.end(), specs)
    return token if text[token.end - 1] in "前止" else None


_READERS: tuple[Callable[[str, int], Token | None], ...] = (
    _weekly,
    _daily,
    _ten_days,
    _alternate_months,
    _half_months,
    _next_quarter,
    _periodic,
    _dated,
    _year_end,
    _bare,
    _weekday,
)
