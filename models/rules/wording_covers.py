"""The grammar of covered periods, bounds and open limits: 上月, 9月起, 收到后5个工作日内."""

import re
from dataclasses import replace

from models.rules.recurrence import Every, MonthSpan, NearSpan, PeriodSpan, WindowSpan
from models.rules.wording_tokens import (
    Bound,
    BoundsToken,
    BreakToken,
    CoversToken,
    CumulativeToken,
    Dates,
    HasteToken,
    OpenToken,
    TenDays,
    Token,
)

_NOT_DUE = (
    r"(?!前(?!期)|(?:期间|内)?,?(?:集中|统一)?(?:报送|上报|提交)|止|\d|日|起|\d*个?工作日|当日前)"
)
_UNTIL = (
    r"(?:直?到|直?至|-)(?:(?P<y2>20\d{2})年|[今本当]?年(?=底))?"
    r"(?:(?P<m2>\d{1,2})月)?(?P<e2>底|(?P<d2>\d{1,2})日)?(?:为?止)?"
)
_BOUNDS = re.compile(
    r"(?:从|自|由)?(?:(?P<y>20\d{2})年)?(?:(?P<m>\d{1,2})月)?(?:(?P<d>\d{1,2})日)?"
    r"(?:以后|后(?=,|每)|起(?!草|步|点)|开始)"
    rf"(?:,?{_UNTIL})?"
)
_FROM_QUARTER = re.compile(r"(?:从|自)?(?:(?P<y>20\d{2})年)?第?(?P<q>[1-4])季度(?:起|开始)")
_FROM_NEAR = re.compile(
    r"(?:从|自)?(?:(?P<next>下月)|(?P<this>[本当]月|即日)|(?P<y>[明次]年))(?:起|开始)"
    rf"(?:,?{_UNTIL})?"
)
#: 以后每月: from the day after the single due before it.
_FROM_THEN = re.compile(r"(?<=[,;。])(?:此后|今后|其后|往后|后)(?=,?(?:每|按|逐))")
_SPANNED = re.compile(
    r"(?:从|自)?(?:(?P<y>20\d{2})年)?(?P<m>\d{1,2})月?(?:(?<=月)(?P<d>\d{1,2})日)?(?P<to>[-、和及与])"
    r"(?:(?P<y2>20\d{2})年|[次明翌]年)?(?P<m2>\d{1,2})月(?:底|(?P<d2>\d{1,2})日)?"
    r"(?:期间|间|内|,)*(?=(?:每|按|逐)(?:月|周|季度|个?工作日|日|天))"
)
_DAYS_SPANNED = re.compile(
    r"(?:从|自)?(?:(?P<y>20\d{2})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日-(?P<d2>\d{1,2})日"
    r"(?:期间|间|内|,)*(?=(?:每|逐)(?:个?工作日|日|天))"
)
_YEARS = re.compile(
    r"(?P<y>20\d{2})(?:年-(?P<y2>20\d{2})|-(?P<y3>20\d{2}))?年度?(?:期间|内|起|)?,?"
    r"(?=(?:每|按|逐)(?:月|周|季度|半年|年|个?工作日|日|天))"
)

_TO_UNIT = (
    r"(?:(?P<prev>上(?P<u1>月|季度|周))|(?P<same>[本当该](?P<u2>月|季度|周))|(?P<end>每?(?P<u3>季度|月)))"
    r"(?:底|末)?(?:最后1[日天])?"
)
_FROM_JANUARY = (
    r"(?:(?:(?P<y>20\d{2})年|[今本当]年)?(?:1月1日|1月|1|年初|以来)(?:以来|起)?-|[今本当]?年初-"
    r"|[今本当]年以来-?至?到?)"
)
_CUMULATIVE = re.compile(_FROM_JANUARY + _TO_UNIT)
#: From January on, without an end: up to the due day, or to the last month?
_OPEN_END = re.compile(
    r"(?:20\d{2}年|[今本当]?年初?|(?<!\d)1月(?:1日)?)(?:以来|起?累计)(?!-|至|到)"
)
_AS_OF_UNIT = re.compile(r"(?:截至|截止)(?:到|至)?" + _TO_UNIT + r"(?!\d)")
_AS_OF_DATE = re.compile(
    r"(?:截至|截止)(?:到|至)?(?:(?P<y>20\d{2})年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日|底)?(?!\d|前|,?报|,?上报)"
)
_WINDOW = re.compile(
    r"(?P<a>上|本|当)月(?P<d1>\d{1,2})日-(?:(?P<b>本|当|次)月)?(?P<d2>\d{1,2})日" + _NOT_DUE
)
_DATES = re.compile(
    r"(?:(?P<y1>20\d{2})年)?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日-"
    r"(?:(?P<y2>20\d{2})年)?(?:(?P<m2>\d{1,2})月)?(?:(?P<d2>\d{1,2})日|底)" + _NOT_DUE
)
_MONTHS = re.compile(
    r"(?:(?P<y1>20\d{2})年|[今本当]年)?(?P<m1>\d{1,2})月?-(?:(?P<y2>20\d{2})年)?(?P<m2>\d{1,2})月(?:底)?"
    + _NOT_DUE
)
_MONTH = re.compile(
    r"(?:(?P<y1>20\d{2})年|[今本当]年)?(?P<m1>\d{1,2})月"
    r"(?=当?月?(?:情况|工作|数据|进展|任务|完成|累计|报表|动态|信息|小结|总结|落实|执行|全[州市省县]))"
)
_TWO_MONTHS = re.compile(
    r"(?:(?P<y1>20\d{2})年|[今本当]年)?(?P<m1>\d{1,2})月?[、和及与](?P<m2>\d{1,2})月"
    r"(?=(?:情况|工作|数据|进展|任务|完成|累计|报表|动态|信息))"
)
_QUARTERS = re.compile(
    r"(?:(?P<y1>20\d{2})年度?|[今本当]年)?(?:(?P<first>前)(?P<n>[23])季度|第?(?P<q1>[1-4])(?:-第?(?P<q2>[1-4]))?"
    r"(?:季度|(?=(?:[、,和及与]第?[1-4])+季度)))(?!首|末|第|起|结束|终了|后|次月|1(?:报|通报|调度|小结))"
)
_HALVES = re.compile(r"(?:(?P<y1>20\d{2})年度?|[今本当]年)?(?P<h>上|下)半年(?!结束|后|终了)")
_NEAR_HALF = re.compile(
    r"(?:本|当|该)半年|(?<![每按逐上下后])半年(?=情况|工作|总结|报告|小结|进展|累计|完成|任务|综述|评价|数据|[、,和及与])"
)
_UNIT = re.compile(
    r"(?P<prev>上{1,2})(?P<u1>月|季度|周)|(?P<same>[本当该])(?P<u2>月|季度|周)"
    r"|(?P<yday>昨日|前1?[日天])|(?P<today>当[日天])"
)
_PLANS = re.compile(r"度?(?:重点)?(?:工作)?(?:计划|安排|要点|打算|思路|目标)")
_AFTER_UNIT = re.compile(
    r"(?<=周)[一二三四五六日天]|\d|日|底前|末前|起|开始|前(?=报|上报|提交)|结束|终了|首月|末月|次月|第"
)
_YEAR_SPAN = re.compile(
    r"(?P<y>20\d{2})年度?(?:全年)?(?=情况|工作|总结|报告|累计|完成|任务|数据|自评|考核|度|全)(?!每|按)"
    r"|(?P<y4>20\d{2})年(?:度全年|度|全年)"
    r"|(?P<last>(?:上年度?|去年度?)(?:全年)?)(?!\d|底|同期)"
    r"|(?P<near>(?:[今本当]年度?)?全年(?!度?\d)度?|[本当]年度(?!\d|,)|[今本当]年(?=工作|情况|总结|全面|任务完成)"
    r"|(?<![半上每按逐\d])年度(?=分别|各(?:报|上报)|情况|工作|总结|报告|累计|完成|数据|报表|自评|考核|任务|小结))"
)
_LIMIT = r"第?\d{1,3}个?(?:工作日|小时|日|天|周|月)"
_RELATIVE = re.compile(
    r"(?:自|从|在|于)?(?:收到|接到|接|印发|下发|发布|发文|会议|会后|活动|项目|任务|事件|事发|发生|验收|整改|完成|结束|通知|文件|办结|批复|签订)"
    rf"[^,;。\d每按逐月]{{0,16}}?后?(?:起|之日起|算起)?(?:(?:{_LIMIT})内|{_LIMIT}前|当[日天]内?|次日|立即|及时)"
    rf"|(?:{_LIMIT})内"
)
_VAGUE = re.compile(
    r"另行通知|不定期|根据需要|待定|每半月|每(?:双|两|2)周(?:周?[一二三四五六日天]前?)?|隔[周月日]|每?月初|年初(?!-|以来)前?|年中前?|[^\d,;。、:每按至起前后日月年季度五-]{2,6}期间|节假日期间|汛期(?!\d|,?\d)|春节前|中秋节?前|国庆节?前|元旦前|五一节?前|节前|会前|每?月中旬?前?|每旬末?|按旬"
    r"|[自第](?:节|假期)后"
)
_HASTE = re.compile(
    r"随时|及时|即时|立即|第1时间|适时|视情|尽快"
    r"|(?:按照?)(?:上级|有关|省|州|市|县|通知|文件)?(?:部门)?(?:要求|规定)(?:时间|时限|时点)?"
)
_BREAK = re.compile(r"[;。]|(?<!\d):|:(?!\d)")
_AS_OF_NOTE = "“截至”未写起始日期，按当年1月1日起算"
_UNITS = {"月": Every.MONTH, "季度": Every.QUARTER, "周": Every.WEEK}
_OFFSETS = {"上": -1, "本": 0, "当": 0, "次": 1}


def read_bounds(text: str, at: int) -> Token | None:
    """From when on a duty runs, and until when if that is said."""
    if (match := _SPANNED.match(text, at)) and _is_span(match):
        return _spanned(match)
    if match := _DAYS_SPANNED.match(text, at):
        since = Bound(_int(match["y"]), int(match["m"]), int(match["d"]))
        until = Bound(None, since.month, int(match["d2"]))
        return BoundsToken(*match.span(), since, until)
    if match := _YEARS.match(text, at):
        return _spanned(match)
    if match := _FROM_NEAR.match(text, at):
        bound = Bound(month=1, shift=12) if match["y"] else Bound(shift=1 if match["next"] else 0)
        return BoundsToken(at, match.end(), bound, _until(match))
    if match := _FROM_THEN.match(text, at):
        return BoundsToken(at, match.end(), Bound())
    if match := _FROM_QUARTER.match(text, at):
        bound = Bound(_int(match["y"]), int(match["q"]) * 3 - 2)
        return BoundsToken(at, match.end(), bound)
    match = _BOUNDS.match(text, at)
    if not match or not (match["y"] or match["m"]):
        return None
    since = Bound(_int(match["y"]), _int(match["m"]), _int(match["d"]))
    return BoundsToken(at, match.end(), since, _until(match))


def _until(match: re.Match[str]) -> Bound | None:
    """The last day of a duty, where one is written; 年底 is that of December."""
    if not (match["m2"] or match["e2"]):
        return None
    return Bound(_int(match["y2"]), _int(match["m2"]) or 12, _int(match["d2"]))


def _is_span(match: re.Match[str]) -> bool:
    """Whether both months bound a stretch: 9月-12月, or 11月、12月 that follow one another."""
    return match["to"] == "-" or int(match["m2"]) == int(match["m"]) + 1


def _spanned(match: re.Match[str]) -> BoundsToken:
    found = match.groupdict()
    if "m" in found:
        since = Bound(_int(found["y"]), _int(found["m"]), _int(found["d"]))
        until = Bound(_int(found["y2"]), _int(found["m2"]), _int(found["d2"]))
        return BoundsToken(*match.span(), since, until)
    last = _int(found["y2"]) or _int(found["y3"])
    since = Bound(_int(found["y"]), 1)
    return BoundsToken(*match.span(), since, Bound(last, 12) if last else None)


def read_covers(text: str, at: int) -> Token | None:
    """The covered period that begins at *at*."""
    if match := _OPEN_END.match(text, at):
        return OpenToken(at, match.end(), "没有写明截至何时，所报时段未定")
    for reader in (_since_january, _window, _from_to, _named, _plain):
        if found := reader(text, at):
            return _plan(text, found)
    return CumulativeToken(at, at + 2) if text.startswith("累计", at) else None


def read_other(text: str, at: int) -> Token | None:
    """A clause's end, or a limit that is recognised but has no date."""
    if match := _BREAK.match(text, at):
        return BreakToken(at, match.end())
    if match := _RELATIVE.match(text, at):
        return OpenToken(at, match.end(), "是相对时限，没有起算日期，未设期限")
    if match := _VAGUE.match(text, at):
        return OpenToken(at, match.end(), "没有具体日期，未设期限")
    if match := _HASTE.match(text, at):
        return HasteToken(at, match.end(), "没有具体日期，未设期限")
    return None


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _since_january(text: str, at: int) -> Token | None:
    if match := _CUMULATIVE.match(text, at):
        return CoversToken(at, match.end(), _to_unit(match))
    if match := _AS_OF_UNIT.match(text, at):
        return CoversToken(at, match.end(), _to_unit(match), _AS_OF_NOTE)
    if match := _AS_OF_DATE.match(text, at):
        first = Bound(_int(match["y"]), 1, 1)
        last = Bound(_int(match["y"]), int(match["m"]), _int(match["d"]))
        return CoversToken(
            at, match.end(), Dates(first, last), "“截至”未写起始日期，按当年1月1日起算"
        )
    return None


def _to_unit(match: re.Match[str]) -> PeriodSpan:
    unit = _UNITS[match["u1"] or match["u2"] or match["u3"]]
    return PeriodSpan(unit, -1 if match["prev"] else 0, cumulative=True)


def _window(text: str, at: int) -> Token | None:
    if not (match := _WINDOW.match(text, at)):
        return None
    first = _OFFSETS[match["a"]]
    last = _OFFSETS[match["b"]] if match["b"] else first
    span = WindowSpan(first, int(match["d1"]), last, int(match["d2"]))
    return CoversToken(at, match.end(), span)


def _from_to(text: str, at: int) -> Token | None:
    if at and text[at - 1].isdigit():
        return None
    if match := _DATES.match(text, at):
        first = Bound(_int(match["y1"]), int(match["m1"]), int(match["d1"]))
        month = _int(match["m2"]) or first.month
        last = Bound(_int(match["y2"]) or first.year, month, _int(match["d2"]))
        return CoversToken(at, match.end(), Dates(first, last))
    if match := _MONTHS.match(text, at):
        return _months(match, int(match["m1"]), int(match["m2"]))
    if (match := _TWO_MONTHS.match(text, at)) and int(match["m2"]) == int(match["m1"]) + 1:
        return _months(match, int(match["m1"]), int(match["m2"]))
    if match := _MONTH.match(text, at):
        return _months(match, int(match["m1"]), int(match["m1"]))
    return None


def _plan(text: str, token: Token | None) -> Token | None:
    """What is planned for a period reports nothing of it: 四季度工作安排."""
    return Token(token.start, token.end) if token and _PLANS.match(text, token.end) else token


def _months(match: re.Match[str], first: int, last: int) -> CoversToken | None:
    """Months, with the year if it is written (one before a second year names its own)."""
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    found = match.groupdict()
    year = _int(found["y1"])
    end_year = _int(found.get("y2")) or year
    if year is None and end_year is None:
        return CoversToken(*match.span(), MonthSpan(first, last))
    return CoversToken(
        *match.span(), Dates(Bound(year or end_year, first, 1), Bound(end_year, last))
    )


def _named(text: str, at: int) -> Token | None:
    if at and text[at - 1].isdigit():
        return None
    if match := _QUARTERS.match(text, at):
        first = 1 if match["first"] else int(match["q1"])
        last = int(match["n"] or match["q2"] or match["q1"])
        found = _months(match, first * 3 - 2, last * 3)
        is_list = found and match["q2"] and isinstance(found.covers, MonthSpan)
        return replace(found, parts=_quarters(first, last)) if found and is_list else found
    if match := _HALVES.match(text, at):
        first = 1 if match["h"] == "上" else 7
        return _months(match, first, first + 5)
    if match := _NEAR_HALF.match(text, at):
        return CoversToken(at, match.end(), NearSpan(Every.HALF))
    return None


def _quarters(first: int, last: int) -> tuple[MonthSpan, ...]:
    return tuple(MonthSpan(n * 3 - 2, n * 3) for n in range(first, last + 1))


def _plain(text: str, at: int) -> Token | None:
    if match := re.compile(r"[本当该]旬").match(text, at):
        return CoversToken(at, match.end(), TenDays())
    match = _UNIT.match(text, at)
    if match and not _AFTER_UNIT.match(text, match.end()):
        if match["yday"] or match["today"]:
            return CoversToken(at, match.end(), PeriodSpan(Every.DAY, -1 if match["yday"] else 0))
        unit = _UNITS[match["u1"] or match["u2"]]
        offset = -len(match["prev"]) if match["prev"] else 0
        return CoversToken(at, match.end(), PeriodSpan(unit, offset))
    if not (match := _YEAR_SPAN.match(text, at)):
        return None
    if year := _int(match["y"]) or _int(match["y4"]):
        return CoversToken(at, match.end(), Dates(Bound(year, 1, 1), Bound(year, 12)))
    if match["last"]:
        return CoversToken(at, match.end(), PeriodSpan(Every.YEAR, -1))
    return CoversToken(at, match.end(), NearSpan(Every.YEAR))
