"""Of what time a figure of a text is: of the year so far, up to a day, or of a part of it."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.reading.numerals import read_number
from models.rules.span import month_end

_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_TIMES = re.compile(
    # Up to now: the count of the whole year.
    r"(?P<tally>累计|总计|合计|共计|总共|一共)|(?P<so_far>年内|今?年初?以来|年初至今|截[至止]到?(?:目前|今[天日]?|现在|当前|本[月周]|昨[天日])"
    r"|目前|至今|迄今|现在|当前|全年|今年(?!\d)|本年度?)"
    # 5月1日至31日 is a stretch, unless it begins the year.
    rf"|(?P<stretch>(?<!\d)(?!1月1日){_NUMBER}月{_NUMBER}[日号]?(?:-|—|–|~|至|到)(?:{_NUMBER}月)?{_NUMBER}[日号])"
    # Up to a day or the end of a month.
    rf"|(?<!\d)(?:1|一|元月份?)月?份?(?:-|—|–|~|至|到)(?P<range>{_NUMBER})月份?"
    rf"|(?<![提超赶推])前(?P<first>{_NUMBER})个月|(?P<half>上半年)|(?P<quarter>(?:第|前)?[一1]季度|前三季度|三季度末|二季度末)"
    rf"|(?:(?P<marked>截[至止]到?|到)(?:\d{{4}}年)?)?(?:\d{{4}}年)?(?P<month>{_NUMBER})月"
    r"(?:份?(?P<end>[底末])|(?P<day>\d{1,2})[日号]?(?!\d|个|[-至到]\d)|(?P<bare>份?)(?![底末起\d]))"
    # A part of the year, or another one.
    r"|(?P<part>[本当上这下]个?[月周旬季](?:度|份)?(?:以来|里|内|中)?|[昨今当][天日]|[一上下前这]周|第?[二三四2-4]季度"
    r"|下半年|[近最][近]?[一两三几\d]个?[月周日天]|[本此这]次|本期|本轮|这[批期]|节[后前]|(?:去年|上年|前年)(?:同期)?"
    r"|(?<!去年)(?<!上年)同期|上期|往年|历年)"
)
#: 较上月增加210个 compares with another time, and is of none.
_COMPARED = re.compile(r"(?:[较比]|相[较比]于?|与|同)(?:今年|本年)?$")
_YEAR = re.compile(r"(?<![\d较比与])((?:19|20)\d\d)年(?:度|全年|底|末|同期)?")
_MONTH_ENDS = {"上半年": 6, "前三季度": 9, "三季度末": 9, "二季度末": 6}
#: 又新增210个, 再装20个, 新增安防设备210个: what came on top, not all there is.
_ON_TOP = re.compile(
    r"又|再(?!次|生|就|造|融)|另(?!外一)|(?<!重)新增(?!就业)|净增|新装|新完成|新办|新建成|增加|增补|补装|补建|追加"
)
_WHOLE = re.compile("累计|共|年内|以来|合计|总计|全年")
_OVER = 32
#: From here on a day without 截至 is taken for the end of its month.
_LAST_DAYS = 28
_NOW = (99, 0)


@dataclass(frozen=True)
class Timing:
    """*is_part*: of a month, a week or another year; *until*: month and day (32 is its end).

    *is_event*: on that day, rather than up to it. *is_now*: of the year so far.
    """

    is_part: bool = False
    until: tuple[int, int] | None = None
    is_event: bool = False
    is_now: bool = False

    @property
    def rank(self) -> tuple[int, int] | None:
        """What is of now comes after any day; None where nothing is said."""
        return _NOW if self.is_now else self.until


def timing_of(before: str, year: int) -> Timing:
    """What the words of a sentence before a figure say last of its time; nothing by default."""
    found = [m for m in _TIMES.finditer(before) if not _COMPARED.search(before[: m.start()])]
    last = found.pop() if found else None
    while last is not None and last["tally"] and found and _goes_on(before, found[-1], last):
        last = found.pop()  # 截至4月底累计900个: the tally is that of the day
    others = [each for each in _YEAR.finditer(before) if int(each[1]) != year]
    if others and (last is None or last.start() <= others[-1].end()):
        return Timing(is_part=True)
    return _timing(last) if last else Timing()


def _goes_on(before: str, earlier: re.Match[str], tally: re.Match[str]) -> bool:
    """Whether 累计 counts within the time named before it: no figure stands between."""
    between = before[earlier.end() : tally.start()]
    is_part = bool(earlier["part"] or earlier["stretch"])
    return not re.search(r"\d" if not is_part else r"[\d,;]", between)


def day_of(timing: Timing, year: int) -> date | None:
    """The day up to which a figure is said to be; None where its words name none."""
    if timing.until is None:
        return None
    month, day = timing.until
    last = month_end(year, month) if 1 <= month <= 12 else None
    return last and (last.replace(day=day) if 1 <= day <= last.day else last)


def is_on_top(clause: str, asked: str) -> bool:
    """Whether a clause tells of what was added, not of all there is; *asked* may ask for that."""
    added = any(word not in asked for word in _ON_TOP.findall(clause))
    return added and _WHOLE.search(clause) is None


def _timing(found: re.Match[str]) -> Timing:
    if found["so_far"] or found["tally"]:
        return Timing(is_now=True)
    if found["part"] or found["stretch"]:
        return Timing(is_part=True)
    if month := found["range"] or found["first"]:
        return Timing(until=(_number(month), _OVER))
    if name := found["half"] or found["quarter"]:
        return Timing(until=(_MONTH_ENDS.get(name, 3), _OVER))
    month = _number(found["month"])
    if found["day"]:
        day = int(found["day"])
        return Timing(until=(month, day), is_event=not found["marked"] and day < _LAST_DAYS)
    if found["end"] or found["marked"] or month == 1:
        return Timing(until=(month, _OVER))
    return Timing(is_part=True)


def _number(written: str) -> int:
    return int(read_number(written) or 0)
