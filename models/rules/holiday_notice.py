"""The State Council's yearly notice of days off, read from its text and checked against itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.rules.holiday_season import season_problems
from models.rules.plain import normalise
from models.rules.workday import OFF, WORK

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_SATURDAY = 6
#: The longest holiday there ever was has nine days; more is a slip in a date.
_LONGEST = 12
#: The holidays of every year by what their names have in common.
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_NAMES = re.compile("|".join(HOLIDAYS))
_ITEM = re.compile(rf"(?:[一二三四五六七八]|\d)[、.．]\s*(?=[^:。\d]{{0,12}}?(?:{_NAMES.pattern}))")
_HEAD = re.compile(r"(?P<name>[^:。]{1,24}?)[:](?P<body>.*)", re.DOTALL)
_YEAR = re.compile(r"(20\d{2})年(?=[^。;:\d]{0,12}(?:节假日|放假|休假))")
_SENTENCE = re.compile(r"[^。;]+")
_ADVICE = re.compile(r"鼓励|建议|提倡|倡导|节假日期间|各地|请各|结合带薪")
_DATE = (
    r"(?:(?P<{0}y>20\d{{2}})年|(?P<{0}before>上年|去年))?(?:(?P<{0}m>\d{{1,2}})月)?"
    r"(?P<{0}d>\d{{1,2}})日(?:\((?P<{0}note>[^)]*)\))?"
)
_TOKEN = re.compile(
    rf"(?P<dates>{_DATE.format('a')}(?:\s*(?:至|到|-|—|~)+\s*{_DATE.format('b')})?)"
    r"|(?P<off>放假调休|放假|补休|休息|调休)|(?P<work>(?:照常|正常)?上班|补班)"
)
#: Who signed the notice and when; what follows is no part of it.
_SIGNATURE = re.compile(
    r"(?:^|(?<=。))\s*(?:国务院办公厅\s*(?:20\d{2}年\d{1,2}月\d{1,2}日|$)"
    r"|20\d{2}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})\s*$)",
    re.MULTILINE,
)
_COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")


@dataclass(frozen=True, slots=True)
class NoticeProblem:
    """What does not agree: the line of the text, and what came and was expected."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """One item of the notice: its name, its days off and the days worked instead."""

    name: str
    off: tuple[date, ...]
    work: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """A notice as read; with any problem nothing of it is to be used. *year* is 0 if unnamed."""

    year: int
    holidays: tuple[Holiday, ...]
    problems: tuple[NoticeProblem, ...]

    @property
    def days(self) -> dict[date, str]:
        """The days that differ from Monday to Friday, some perhaps in the December before."""
        off = {d: OFF for h in self.holidays for d in h.off if d.isoweekday() < _SATURDAY}
        work = {d: WORK for h in self.holidays for d in h.work if d.isoweekday() >= _SATURDAY}
        return dict(sorted((off | work).items()))


def looks_like_notice(text: str) -> bool:
    """Whether *text* is the notice rather than a date or two."""
    return len(set(_NAMES.findall(text))) > 1


def is_whole_notice(text: str) -> bool:
    """Whether *text* is a year's notice itself: its title and most of the seven holidays."""
    plain = "".join(text.split())
    return bool(_YEAR.search(plain)) and len(set(_NAMES.findall(plain))) >= len(HOLIDAYS) - 1


def read_holiday_notice(text: str) -> HolidayNotice:
    """The notice's days by holiday, and every disagreement within it.

    Checked are each weekday in brackets, 共N天, the dates themselves, the seven holidays, and
    that only weekends are worked. The year is that of the title.
    """
    plain = normalise(text).replace(" ", "")
    plain = plain.replace("\t", "").replace("星期", "周").replace("周天", "周日")
    years = [int(each) for each in _YEAR.findall(plain)]
    if not years:
        missing = "标题中没有年份，应写明“××××年部分节假日安排”，例如2027年部分节假日安排"
        return HolidayNotice(0, (), (NoticeProblem(1, missing),))
    reader = _Reader(plain, years[0])
    holidays = tuple(reader.holidays())
    problems = [*reader.problems, *_missing(holidays), *_conflicts(holidays)]
    return HolidayNotice(years[0], holidays, tuple(sorted(problems, key=lambda p: p.line)))


@dataclass(slots=True)
class _Reader:
    """One pass over the items of a notice, collecting what does not agree."""

    text: str
    year: int
    problems: list[NoticeProblem] = field(default_factory=list)

    def holidays(self) -> Iterator[Holiday]:
        """Every item that names a holiday."""
        starts = [match.end() for match in _ITEM.finditer(self.text)]
        signed = _SIGNATURE.search(self.text, starts[-1]) if starts else None
        last = signed.start() if signed else len(self.text)
        for start, end in zip(starts, [*starts[1:], last], strict=True):
            match = _HEAD.match(self.text[start:end])
            if match is None:
                self._problem(start, f"“{self.text[start : start + 12]}”后没有冒号，没有读懂")
                continue
            yield self._holiday(match["name"].strip(), match["body"], start)

    def _holiday(self, name: str, body: str, start: int) -> Holiday:
        off: list[date] = []
        work: list[date] = []
        at = start + len(name) + 1
        for match in _SENTENCE.finditer(body):
            sentence = "".join(match[0].split())
            if _ADVICE.search(sentence):
                continue
            before = len(off)
            self._sentence(sentence, name, at + match.start(), off, work)
            self._check_count(sentence, name, at + match.start(), set(off[before:]))
        if not off:
            self._problem(start, f"{name}：没有读到放假日期")
        for text in season_problems(self.year, _NAMES.findall(name), sorted(off), work):
            self._problem(start, f"{name}：{text}")
        return Holiday(name, tuple(off), tuple(work))

    def _sentence(
        self, sentence: str, name: str, at: int, off: list[date], work: list[date]
    ) -> None:
        """Dates are kept until the word that says what they are: 放假, 补休, 上班."""
        waiting: list[date] = []
        for match in _TOKEN.finditer(sentence):
            if match["dates"]:
                waiting += self._dates(match, name, at)
            elif match["off"] and waiting:
                off += waiting
                waiting = []
            elif match["work"]:
                work += self._weekend(waiting, name, at)
                waiting = []
        if waiting:
            listed = "、".join(f"{day.month}月{day.day}日" for day in waiting[:3])
            self._problem(at, f"{name}：“{sentence[:30]}”没有写明{listed}放假还是上班")

    def _dates(self, match: re.Match[str], name: str, at: int) -> list[date]:
        first = self._date(match, "a", None, name, at)
        if first is None or match["bd"] is None:
            return [first] if first else []
        last = self._date(match, "b", first, name, at)
        if last is None:
            return []
        count = (last - first).days + 1
        if not 1 < count <= _LONGEST:
            self._problem(at, f"{name}：“{match['dates']}”有{count}天，起止日期有误")
            return []
        return [first + _DAY * n for n in range(count)]

    def _date(
        self, match: re.Match[str], which: str, first: date | None, name: str, at: int
    ) -> date | None:
        """The day, its weekday checked; a December of 元旦 without a year is that before."""
        month = int(match[f"{which}m"] or (first.month if first else 0))
        day, note = int(match[f"{which}d"]), match[f"{which}note"] or ""
        is_before = match[f"{which}before"] or re.search(r"上年|去年", note)
        year = int(match[f"{which}y"] or (self.year - bool(is_before)))
        if (
            not (match[f"{which}y"] or is_before)
            and "元旦" in name
            and month == 12
            and first is None
        ):
            year -= 1
        try:
            found = date(year, month, day)
        except ValueError:
            self._problem(at, f"{name}：没有{year}年{month}月{day}日这一天，请核对原文")
            return None
        self._check_weekday(found, note, name, at)
        return found

    def _check_weekday(self, day: date, note: str, name: str, at: int) -> None:
        said = re.search(rf"周([{_WEEKDAYS}])", note)
        right = _WEEKDAYS[day.weekday()]
        if said and said[1] != right:
            text = (
                f"{name}：{day.month}月{day.day}日写的是周{said[1]}，{day.year}年这一天是周{right}"
            )
            self._problem(at, text)

    def _check_count(self, sentence: str, name: str, at: int, days: set[date]) -> None:
        """共N天 counts the days of its sentence; with 与周末连休 also the weekend they touch."""
        said = _COUNT.search(sentence)
        if not said:
            return
        found = (
            {each for day in days for each in _with_weekend(day)} if "连休" in sentence else days
        )
        if int(said[1]) not in (len(days), len(found)):
            self._problem(at, f"{name}：写的是共{said[1]}天，所列日期为{len(found)}天")

    def _weekend(self, days: list[date], name: str, at: int) -> list[date]:
        for day in days:
            if day.isoweekday() < _SATURDAY:
                right = _WEEKDAYS[day.weekday()]
                text = f"{name}：{day.month}月{day.day}日是周{right}，本来就上班，请核对调休日期"
                self._problem(at, text)
        return days

    def _problem(self, at: int, text: str) -> None:
        self.problems.append(NoticeProblem(self.text.count("\n", 0, at) + 1, text))


def _with_weekend(day: date) -> Iterator[date]:
    """The day and the days of a weekend that follow or precede it without a gap."""
    yield day
    for step in (_DAY, -_DAY):
        beside = day + step
        while beside.isoweekday() >= _SATURDAY:
            yield beside
            beside += step


def _missing(holidays: tuple[Holiday, ...]) -> Iterator[NoticeProblem]:
    named = {each for holiday in holidays for each in _NAMES.findall(holiday.name)}
    if missing := [each for each in HOLIDAYS if each not in named]:
        yield NoticeProblem(1, f"缺少{'、'.join(missing)}，应有七个节日，请粘贴通知全文")


def _conflicts(holidays: tuple[Holiday, ...]) -> Iterator[NoticeProblem]:
    """Days that one item declares off and another one worked."""
    off = {day for holiday in holidays for day in holiday.off}
    for holiday in holidays:
        for day in holiday.work:
            if day in off:
                text = f"{holiday.name}：{day.month}月{day.day}日既写放假又写上班"
                yield NoticeProblem(1, text)
