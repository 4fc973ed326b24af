"""The title, day and place of one caption, in the order people write them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from handlers.reading.dates import DateReading, NoDate, Period, dates_in, missing_days
from handlers.reading.normalise import mapped, normalise
from handlers.reading.picture_places import mentions_in


class Part(StrEnum):
    """What a caption needs (rule of the website column: title, exact time and place)."""

    TITLE = "title"
    DATE = "date"
    PLACE = "place"


@dataclass(frozen=True)
class Caption:
    """One caption; *index* is the picture it names, None where it is for all of them."""

    index: int | None
    title: str
    taken_on: date | None
    place: str

    @property
    def missing(self) -> tuple[Part, ...]:
        """What still has to be asked."""
        present = {Part.TITLE: self.title, Part.DATE: self.taken_on, Part.PLACE: self.place}
        return tuple(part for part, value in present.items() if not value)


class Unfit(StrEnum):
    """Why words about a picture are no caption of it."""

    UNPLACED = "unplaced"
    ORDER = "order"
    NO_DAY = "no_day"


@dataclass(frozen=True)
class Places:
    """What days and places are read by: the day of the message, its period, names of counties."""

    reference: date
    within: Period | None = None
    names: Collection[str] = ()


NOTHING = Caption(None, "", None, "")
EDGES = " \t\u3000，,；;、。:：|（）()"
#: 标题用村容村貌, 日期写错了，是6月1日, 地点：….
_LABEL = re.compile(
    r"(?:^|(?<=[\s,;。、:的]))(?:(?P<title>标题|题目|图名|名称|内容|说明)"
    r"|(?P<date>拍摄时间|拍摄日期|时间|日期)|(?P<place>拍摄地点|地点|地址|位置))(?:都|均|也|统一)?"
    r"(?:(?:有误|不对|[写填弄搞]?错了?)[,:\s]{0,3}(?:应?该?[是为]|改[成为])?"
    r"|(?:应该|应)?[是为]|改[成为]|换成|更正为|修改为|用|写|叫|在|:|\s|(?=[0-9])|(?<=地点))[:\s]{0,3}"
)
_TAKEN = "拍摄|拍"
#: 在乾州街道拍摄的, 摄于浦市镇.
_TAKEN_AT = re.compile(
    rf"(?:拍摄于|摄于|拍于|拍摄在|拍在|在(?!建)|于)([^,，。;；]{{2,25}}?)(?:{_TAKEN})的?[,，:：]?(?:内容|画面)?[为是]?"
)
_SHOT = re.compile(r"(?:拍摄的?|(?<![航抓街手自实])拍的?|照的)$")
_AT = re.compile(r"^(?:拍摄地点|地点)?(?:拍摄于|摄于|拍于|拍摄在|拍在|位于|[在于](?![建线家校岗]))")
#: 吉首市乾州街道设备安装现场 names its place itself; 城市 and 全县 are none.
_PLACE_START = re.compile(
    r"(?:[一-鿿]{2,6}?(?:自治)?州)?(?:[一-鿿]{2,5}?(?:(?<![城超门集夜全各本])市|(?<![全各本])县))"
    r"(?:[一-鿿]{0,6}?(?:经开区|开发区|高新区)|[一-鿿]{1,6}?(?:街道|镇|乡|社区|村))?"
)
#: What is to be done with a picture is no title of it.
_ORDER = re.compile(
    "裁剪图?$|^(?:不用)?裁|^[删换]$|删[除掉去]|换一张|[写搞弄]反|反了|说明对调|重发|不要了?$"
    # Which picture is meant stands in words, or what came is no title at all.
    r"|分别|[那这]一?张|^[\d./-]+$"
)
#: 7月32日, 2021-02-30; a mileage (20.5 公里) looks like a day that is written short.
_WRITTEN_DAY = re.compile(r"[0-9]\s*月|月.*[日号]|^[12][0-9]{3}[-/.]")
_BEFORE_DAY = re.compile(r"(?:拍摄于|摄于|拍于|拍摄在|拍在|拍摄|(?<!现)(?<!正)在|(?<!关)于)\s*$")
#: 8.21在古丈拍的: a day written short ends before a character.
_SHORT_DAY = re.compile(r"(?<![\d.])(\d{1,2}[./-]\d{1,2})(?=[在摄拍于])")
_CLOCK = re.compile(
    r"\s*(?:上午|下午|晚上?|中午|早上)?\s*\d{1,2}\s*(?:[:时点]\s*\d{0,2}\s*分?)|\s*(?:上午|下午|晚上?|中午)"
)
#: 8月20日至22日: the day it began counts.
_UNTIL = re.compile(r"\s*(?:至|到|-|~|、)\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]")
_PLACE_END = re.compile(
    r"(?:省|州|市|县|区|镇|乡|村|街道|社区|小区|园区|学校|医院|卫生院|广场|中心|路|号|组|站|校|园|寨|楼|内|旁|处|口)$"
)
_AREA_END = re.compile(
    r"(?:[省州县镇乡]|街道|社区|(?<![城夜集超])市|(?<!乡)(?<!范)(?<!农)(?<!丽)村)$"
)
_EVENT_END = re.compile(
    r"(?:现场|活动|会议?|培训班?|仪式|开工|施工|通车|验收|安装|建设|改造|调度|检查|慰问|宣传|服务|整治|场景|情况)$"
)
#: Built or shown things that end like a place.
_THING_END = re.compile(
    r"(?:美丽乡村|新农村|示范[村区园]|产业[路园]|公路|道路|水泥路|服务大厅|展示区)$"
)
#: 默戎镇龙鼻嘴村.
_TWO_LEVELS = re.compile(r"^[一-鿿]{1,6}(?:镇|乡|街道)[一-鿿]{1,8}(?:村|社区|组|寨|路|口|小区)$")
_LONGEST_PLACE = 25
#: 古丈默戎: so much behind the name of a county is still its place.
_BEHIND_COUNTY = 8


def completed(caption: Caption, more: Caption) -> Caption:
    """*caption* with what it lacks taken from *more*."""
    return Caption(
        caption.index,
        caption.title or more.title,
        caption.taken_on or more.taken_on,
        caption.place or more.place,
    )


def parts_of(body: str, places: Places) -> Caption | Unfit:
    """The caption that *body* is, its index None; else why it is none."""
    if not body.strip(EDGES):
        return NOTHING
    body = _SHORT_DAY.sub(r"\1 ", body)
    for each in reversed(_missing(body, places)):
        body = f"{body[: each.span[0]]}；{body[each.span[1] :]}"
    days = dates_in(body, places.reference, places.within)
    if any(not _goes_on(body, one, other) for one, other in pairwise(days)):
        return Unfit.UNPLACED
    caption = _read(body, places)
    if _ORDER.search(caption.title):
        return Unfit.ORDER
    named = (*mentions_in(normalise(caption.title)), *mentions_in(normalise(caption.place)))
    return Unfit.UNPLACED if named else caption


def days_unread(body: str, places: Places) -> tuple[str, ...]:
    """What *body* names as its day though there is none; a caption is read without it."""
    if missing := _missing(body, places):
        return tuple(each.came for each in missing)
    written = _labelled(body, places)[1].get(Part.DATE, "")
    is_read = dates_in(written, places.reference, places.within)
    return (written,) if written and not is_read else ()


def _missing(body: str, places: Places) -> list[NoDate]:
    missing = missing_days(body, places.reference)
    return [each for each in missing if _WRITTEN_DAY.search(each.came)]


def _goes_on(body: str, one: DateReading, other: DateReading) -> bool:
    """Whether the second day ends what the first began, or is the same."""
    between = body[one.span[1] : other.span[0]].strip()
    return one.day == other.day or between in ("至", "到", "-", "—", "~", "～", "－")


def _read(body: str, places: Places) -> Caption:
    free, labelled = _labelled(body, places)
    caption = _unlabelled(free, places)
    days = dates_in(labelled.get(Part.DATE, ""), places.reference, places.within)
    title = labelled.get(Part.TITLE, caption.title)
    place = _AT.sub("", _SHOT.sub("", labelled.get(Part.PLACE, caption.place)))
    day = days[0].day if days else None if Part.DATE in labelled else caption.taken_on
    if not place and (start := _PLACE_START.match(title)):
        place = start[0]
    return Caption(None, title, day, place)


def _labelled(body: str, places: Places) -> tuple[str, dict[Part, str]]:
    """What stands free, and what stands behind 标题, 日期 and 地点."""
    source = mapped(body)
    labels = [*_LABEL.finditer(source.text)]
    if not labels:
        return body, {}
    free = [body[: source.origin[labels[0].start()]]]
    ends = [*(label.start() for label in labels[1:]), len(source.text)]
    values: dict[Part, str] = {}
    for label, end in zip(labels, ends, strict=False):
        part = Part(label.lastgroup or "")
        value = body[source.origin[label.end()] : source.origin[end]].rstrip(EDGES)
        value = value if part is Part.DATE else value.strip(EDGES)
        first, *more = re.split("[，,；;。]", value, maxsplit=1)
        # Of 日期 only what is no day is parted from the rest, of the others a day behind them.
        searched = value if part is Part.DATE else more[0] if more else ""
        has_day = bool(dates_in(searched, places.reference, places.within))
        if more and has_day is not (part is Part.DATE):
            value = first
            free += more
        values[part] = value
    return "；".join(each for each in free if each.strip(EDGES)), values


def _unlabelled(body: str, places: Places) -> Caption:
    if not body.strip(EDGES):
        return NOTHING
    days = dates_in(body, places.reference, places.within)
    day = days[0] if days else None
    before, after = (body[: day.span[0]], _behind(body, days)) if day else (body, "")
    before, after, place = _taken_at(_BEFORE_DAY.sub("", before), after)
    pieces = f"{before}；{after}" if before.strip(EDGES) and after.strip(EDGES) else before + after
    parts = _split(pieces)
    if place:
        return Caption(None, "，".join(parts), day.day if day else None, place)
    is_before = not after.strip(EDGES)
    title, place = _title_and_place(parts, places, before_day=is_before)
    return Caption(None, title, day.day if day else None, place)


def _behind(body: str, days: Sequence[DateReading]) -> str:
    """What follows the day: without the hour, and without the day on which it ended."""
    rest = body[days[-1].span[1] if len(days) > 1 else days[0].span[1] :]
    for pattern in (_UNTIL, _CLOCK):
        found = pattern.match(mapped(rest).text)
        rest = rest[found.end() :] if found else rest
    return rest.lstrip(EDGES).removeprefix("的").lstrip(EDGES)


def _taken_at(before: str, after: str) -> tuple[str, str, str]:
    """What stands before and behind the day, without the place where it says 在……拍的."""
    if found := _TAKEN_AT.search(after):
        return before, _without(after, found), found[1].strip(EDGES)
    if found := _TAKEN_AT.search(before):
        return _without(before, found), after, found[1].strip(EDGES)
    return before, after, ""


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]}；{text[found.end() :]}".strip(EDGES)


def _split(body: str) -> list[str]:
    """Cut at the strongest mark it has."""
    parts: list[str] = []
    for marks in (r"[；;|\t]", r"[，,。]", r"\s+"):
        parts = [part.strip(EDGES) for part in re.split(marks, body)]
        parts = [part for part in parts if part]
        if len(parts) > 1:
            return parts
    return parts


def _title_and_place(parts: Sequence[str], places: Places, *, before_day: bool) -> tuple[str, str]:
    """Which of the parts is the place: what looks most like one, else the last."""
    if len(parts) < 2:
        alone = parts[0] if parts else ""
        return ("", alone) if _is_place_alone(alone, places, before_day) else (alone, "")
    scores = [_likeness(part, places) for part in parts]
    at = max(range(len(parts)), key=lambda n: (scores[n], n))
    rest = [*parts[:at], *parts[at + 1 :]]
    return "，".join(rest), parts[at]


def _is_place_alone(text: str, places: Places, before_day: bool) -> bool:
    likeness = _likeness(text, places)
    if likeness == 1 and before_day:
        return _AREA_END.search(normalise(text)) is not None
    return likeness > 0


def _likeness(text: str, places: Places) -> int:
    """How much *text* looks like a place: 3 says so itself, 2 names its county, 1 ends like one."""
    plain = normalise(text)
    if len(plain) > _LONGEST_PLACE or _EVENT_END.search(plain) or _THING_END.search(plain):
        return 0
    if _AT.match(plain) or (_SHOT.search(plain) and len(plain) > 2):
        return 3
    ends = _PLACE_END.search(plain) is not None
    county = next((n for n in places.names if plain.startswith(n)), "")
    start = _PLACE_START.match(plain)
    named = county or (start[0] if start else "")
    is_near = named and len(plain) - len(named) <= _BEHIND_COUNTY
    is_whole = (named and (ends or is_near)) or _TWO_LEVELS.search(plain)
    return 2 if is_whole else int(ends)
