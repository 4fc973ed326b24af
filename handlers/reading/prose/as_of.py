"""The day a text's data are of: 截至5月底, 1—5月, 上半年; a time of plans is none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from handlers.reading.dates import DateReading, dates_in
from handlers.reading.normalise import unmapped
from handlers.reading.numerals import read_number
from handlers.reading.prose.plans import LATER, NEXT, PLANNED
from models.rules.span import month_end

_CLAUSE = re.compile(r"[^,;。!?\n]+")
_MAY_HOLD_A_DATE = re.compile(
    r"月|季度|半年|年[底末]|昨|前天|(?:19|20)\d\d|\d[./-]\d{1,2}(?![\d.%万亿\w])"
)
_MARKED = re.compile(r"截[至止]到?\s*$")
_NO_DATA_BEFORE = re.compile(
    rf"(?:{PLANNED}|{NEXT}|{LATER}|计划|争取|拟|将|原[定本]|本应|定[于在]|要求|待|推迟|延[期后迟]|顺延|[较比]|与|同|恢复到|请[^,;。\n]{{0,8}})"
    r"[^,;。\n]{0,8}$|[于自从在]$|(?:提|用时|历时|耗时|连续|为期|延长|推后|滞后|落后)(?:约|近|了)?$"
)
_NO_DATA_AFTER = re.compile(
    rf"(?:底|末|份)?(?:,?(?:{PLANNED}|要|须|将|拟|计划)|之?以?前"
    rf"|[^,;。\n]{{0,14}}(?:控制在|必须)"
    rf"|起|后|以来|开始|同期|(?:就|便|早就|即)(?=[^,;。\d]{{0,6}}(?:[,;。]|$))|[^,;。\n]{{0,10}}(?:开工|动工|启动|进场|组织|报送|上报|要|应|须|将|拟|计划|{PLANNED}))"
)
#: What happens on a day is no data of it; of a quarter it is.
_EVENT_AFTER = re.compile(
    r"(?:底|末|份)?[^,;。\n]{0,10}(?:成立|出台|召开|下达|印发|补齐|到货|开会)|[^;。\n]{0,30}(?:带队|带领|[^,;。]赴|参加|来我|汇报|调研|督导|出席|主持|对接)"
)
_LONG = re.compile(r"[-—–~至到]|上半年|季度")
_TASK = re.compile(r"(?<![全我本各])[省州市政激感新续]$")
_MEASURED = re.compile(r"\s?[岁层个号栋楼级项次人户张台处家件期周天米公]")
_PLANS = re.compile(rf"{PLANNED}|{NEXT}|{LATER}|拟于|计划(?=于|在|\d|[一-龥]{{0,2}}月)")
_TOLD = re.compile(r"已|截[至止]|目前|实际|累计")
_REPORTED = re.compile(r"报送|上报|报来|填报")
#: 提前2个月 is no time of data.
_PAST_MONTHS = re.compile(r"(?<![\d提超赶推])前(\d{1,2}|[二三四五六七八九十]{1,2})个月")
_DAY_OR_PERIOD = re.compile(r"[-—–~至到]|上半年|季度|底|末|月$|月份$|[日号]$|\d$|全年")
#: A single day or month is of the data where a clause begins with it, or after 到.
_PERIOD = re.compile(r"[-—–~至到]|上半年|季度|底|末")
_OPENS = re.compile(r"(?:^|[。,，;；:：!！?？\n(（、]|[县市区州局委办]|到|至)\s*$")
_RELATIVE = re.compile(r"^(?:今[天日]|昨|前天|目前|现在|当前|上个?月|本|这)")
#: 请带上本单位11月数据
_ASKED_FOR = re.compile(
    r"请[^,;。\n]{0,4}(?:[带备补填拿]|准备|携|提[供交前]|抓紧|尽快|核)[^,;。\n]{0,8}$"
)
#: 请查收5月报表
_TITLED = re.compile(r"份?(?:的)?(?:报表|月报|数据|工作情况|完成情况|进展情况)")
_LAST_MONTH = re.compile(r"上个?月[底末]")
_UNTIL = re.compile(r"(?:^|[,;。:])到\s*$")
_WHOLE_YEARS = ("全年", "年底", "年末", "下半年")
#: 2021年全州计划开工85个。截至8月底…: the year of the task is that of its data.
_YEAR_OF_TASK = re.compile(
    r"(?:^|[。:;\n])(20\d\d)年(?![底末初内]|以[来前])[^。\n]{0,40}?(?:任务|计划|目标)"
)
_IN_NUMBER = tuple("0123456789./")


def as_of(text: str, today: date) -> date | None:
    """The day behind 截至, else the last past day or period that is not one of plans; or None."""
    plain = _PAST_MONTHS.sub(_as_range, text)
    marked, others = list[date](), list[date]()
    years = tuple(_YEAR_OF_TASK.finditer(plain))
    for offset, reading in _readings(plain, today):
        start, end = reading.span[0] + offset, reading.span[1] + offset
        reading = _in_year_of_task(reading, years, start)
        words = plain[start:end]
        if plain[start - 1 : start] in _IN_NUMBER or (
            reading.year_assumed and words in _WHOLE_YEARS
        ):
            continue
        if _LAST_MONTH.match(plain, start) and _UNTIL.search(plain, 0, start):
            marked.append(reading.day)
        elif _RELATIVE.match(words):
            if words.startswith(("昨", "前", "上")) and _MARKED.search(plain, 0, start):
                marked.append(reading.day)
        elif _MARKED.search(plain[max(0, start - 6) : start]):
            marked.append(reading.day)
        elif _is_task_number(plain, start, words) or _counts_ages(plain, end, words):
            continue
        elif _TITLED.match(plain, end) and not _is_asked_for(plain, start):
            others.append(reading.day)
        elif (_in_a_plan(plain, start) and not _TOLD.match(plain, end)) or _is_to_come(
            reading, words, today
        ):
            continue
        # A month that is not over is reported too: 6月完成….
        elif _is_of_data(plain, start, end) and reading.day <= month_end(today.year, today.month):
            others.append(reading.day)
    return marked[0] if marked else max(others, default=None)


def _readings(plain: str, today: date) -> Iterator[tuple[int, DateReading]]:
    """The dates of each clause that may hold one, with the place of the clause."""
    for clause in _CLAUSE.finditer(plain):
        if _MAY_HOLD_A_DATE.search(clause[0]):
            yield from ((clause.start(), each) for each in dates_in(unmapped(clause[0]), today))


def _in_year_of_task(
    reading: DateReading, years: Sequence[re.Match[str]], start: int
) -> DateReading:
    """A day without a year is of the year of the task that is named before it."""
    before = {int(found[1]) for found in years if found.end() <= start}
    if not reading.year_assumed or len(before) != 1 or min(before) >= reading.day.year:
        return reading
    last = month_end(min(before), reading.day.month)
    day = last.replace(day=min(last.day, reading.day.day))
    return replace(reading, day=day, year_assumed=False)


def _as_range(match: re.Match[str]) -> str:
    return f"1-{read_number(match[1])}月"


def _is_of_data(plain: str, start: int, end: int) -> bool:
    if not _DAY_OR_PERIOD.search(plain[start:end]):
        return False
    before, after = plain[max(0, start - 16) : start], plain[end : end + 44]
    if not _PERIOD.search(plain[start:end]) and not _OPENS.search(before):
        return False
    if _REPORTED.search(before[-6:]) or _NO_DATA_BEFORE.search(before):
        return False
    if _NO_DATA_AFTER.match(after):
        return False
    return _LONG.search(plain[start:end]) is not None or not _EVENT_AFTER.match(after)


def _is_task_number(plain: str, start: int, words: str) -> bool:
    """州1-7 and 政7-2 are names."""
    return "月" not in words and _TASK.search(plain, max(0, start - 2), start) is not None


def _is_asked_for(plain: str, start: int) -> bool:
    """Whether data of the time at *start* are still to come: 上报5月数据, 请带上5月数据."""
    if _REPORTED.search(plain, max(0, start - 6), start):
        return True
    return _ASKED_FOR.search(plain, max(0, start - 16), start) is not None


def _counts_ages(plain: str, end: int, words: str) -> bool:
    """7-14岁 and 1-5层 are no days."""
    return "月" not in words and _MEASURED.match(plain, end) is not None


def _in_a_plan(plain: str, start: int) -> bool:
    """预计6月进场,8月底完成主体,12月交付: one word of plans rules its sentence."""
    begin = max(plain.rfind(stop, 0, start) for stop in "。;!?\n") + 1
    words = plain[begin:start]
    plan = max((match.end() for match in _PLANS.finditer(words)), default=-1)
    return plan >= 0 and _TOLD.search(words, plan) is None


def _is_to_come(reading: DateReading, words: str, today: date) -> bool:
    """9月 in June, without a year, is the next one; only in January the last one is still told."""
    last_year = reading.year_assumed and reading.day.year < today.year
    return last_year and today.month > 2 and not _PERIOD.search(words)
