"""The words that begin a field of a report, and where they stand in a line."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from handlers.reading.normalise import command_key, normalise


class Field(StrEnum):
    """What a heading announces."""

    AS_OF = "as_of"
    DONE = "done"
    STATED = "stated"
    INDICATOR = "indicator"
    COUNTY = "county"
    SECTION = "section"
    CAPTION = "caption"
    EXTRA = "extra"


@dataclass(frozen=True)
class Heading:
    """One thing a report may name: its key for the caller and all its names."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """What the report at hand may contain beside the general fields.

    *county_section* is the key of the section whose lines are read for county figures as well.
    *extras* are further lines of their own kind, such as 验收进度.
    """

    indicators: tuple[Heading, ...] = ()
    sections: tuple[Heading, ...] = ()
    counties: tuple[Heading, ...] = ()
    county_section: str | None = None
    extras: tuple[Heading, ...] = ()


@dataclass(frozen=True)
class Head:
    """A heading found at ``line[start:end]``; *strong* where a colon follows it."""

    field: Field
    key: str
    start: int
    end: int
    strong: bool


_AS_OF = (
    "统计截至时间 统计截止时间 数据截至 数据截止 统计截至 统计截止 截至日期 截止日期 "
    "截至时间 截止时间 统计时间 数据时间 数据时点 时间节点 截止到 截至到 截至 截止"
).split()
_DONE = (
    "累计完成数 累计完成数量 完成数量 完成数 完成量 完成数据 累计完成 目前完成 现已完成 "
    "已经完成 已完成 实际完成 完成值 累计数 完成"
).split()
_STATED = (
    "完成年度任务的百分比 完成年任务的百分比 完成年度任务百分比 完成任务百分比 占年度任务 "
    "占年任务 占任务 完成年度任务 完成年任务 完成年度目标 完成年度计划 完成百分比 完成比例 "
    "完成率 完成进度 形象进度 工作进度 任务进度 目前进度 当前进度 总体进度 "
    "累计进度 目前完成率 百分比 进度"
).split()
#: 各县市, 分县完成情况, 其中各县: the counties one by one.
_COUNTIES = re.compile(
    r"(?:其中\s*)?(?:(?:[各分]个?|按)(?:县市区|县市|市县|县区|区县|县)|县市区?)"
    r"(?:完成|建成|进展|推进|工作|任务|数量|情况|进度|数据|明细|分解|数|的)*"
    r"(?=\s*(?:[:(\]】]|$)|\s+[^\W\d_]{2,4}\s*\d)"
)
_OF_WHICH = re.compile("其中")
_GENERAL = (
    (Field.AS_OF, _AS_OF),
    (Field.DONE, _DONE),
    (Field.STATED, _STATED),
)

_OPENING = re.compile(
    r"[\s·*#>+]*(?:-+\s*(?!\d))?"
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十0-9]{1,3}\)|[0-9]{1,2}(?:[、)]|\.(?!\d)))?"
    r"\s*[\[【\"*]*\s*(?:其中\s*(?!:))?"
)
_CLOSING = re.compile(r"[\s\]】\"*]*(?:\([^()]{1,12}\))?[\s\]】\"*]*")
_CHINESE_DIGITS = "〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟"
_FIGURE = re.compile(
    r"(?:数量|人数|总数|数)?\s*(?:完成|建成|累计|已|共|为|是|达到?|了|大?约|将?近|超过?|逾)*\s*"
    rf"(?:[-—]?[0-9]|百分之|[{_CHINESE_DIGITS}]+[余多几]?(?<!一)[个人名户件张家所项座公千米亩元亿处台套条]"
    rf"|[{_CHINESE_DIGITS}]+$|[数几][十百千万])"
)
_DATE = re.compile(r"\s*(?:到|至)?\s*(?:[0-9]|[一二三四五六七八九十〇]|今|本|上|目前|现在|昨)")
_EXTRA_VALUE = re.compile(r"\s*(?:收到|办|共|累计|已|为|是|达到?|约)*\s*[0-9]")
_ANY_FIGURE = re.compile(rf"[0-9]|[{_CHINESE_DIGITS}]+[个人名户件张家所项座]")
_CAPTION = re.compile(
    r"(?:图片?|照片|配图)\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?![0-9年月日个张])"
    r"|(?:图片?|照片|配图)(?:说明|标题)?\s*:|图说\s*:|(?:标题|拍摄时间|时间|拍摄地点|地点|地址)\s*:"
)
_DRESS = re.compile(
    "(?:存在|主要|工作|具体|采取|落实|情况|方面|当前|目前|取得|有关|相关|的|全州|全市|全县|累计|"
    "本月|今年|今年以来|已|完成|建成|新增|实际|总|数量|人次数|人数|总数|数)*"
)
_DRESS_AFTER = re.compile("(?:的)?(?:数量|人次数|人数|总数|数|情况)$")
_NAME = re.compile(r"[^\W\d_]{2,12}?(?=(?:已|达到?|为|是|约|完成)*\s*:?\s*[0-9])")
_LONGEST_LOOSE_HEAD = 30


def head_at(line: str, start: int, vocabulary: Vocabulary) -> Head | None:
    """The heading that begins at *start* of a normalised line, bullets and numbering passed over.

    The caller's own words win over the general ones, the longer over the shorter.
    """
    opening = _OPENING.match(line, start)
    place = opening.end() if opening else start
    for word in _words(vocabulary).get(line[place : place + 1], ()):
        match = word.pattern.match(line, place)
        if match and (end := _end_of(word.field, line, match.end())):
            return Head(word.field, word.key, start, *end)
    if _CAPTION.match(line, place):
        return Head(Field.CAPTION, "", start, place, True)
    return _loose_head(line, start, place, vocabulary)


def continued_head(line: str, start: int, before: str, vocabulary: Vocabulary) -> Head | None:
    """A name whose beginning was said with indicator *before*, as in a list of one thing's parts.

    城市低保标准550元，人均救助水平380元: the second is that of 城市低保.
    """
    written = _NAME.match(line, start)
    if written is None or not (end := _end_of(Field.INDICATOR, line, written.end())):
        return None
    said = next((h.names for h in vocabulary.indicators if h.key == before), ())
    first = {name[:size] for name in map(command_key, said) for size in range(2, len(name))}
    short = command_key(written[0])
    keys = {
        each.key
        for each in vocabulary.indicators
        for name in map(command_key, each.names)
        if name.endswith(short) and name.removesuffix(short) in first
    }
    return Head(Field.INDICATOR, keys.pop(), start, *end) if len(keys) == 1 else None


def indicator_key(name: str, vocabulary: Vocabulary) -> str | None:
    """The one indicator a shortened or lengthened *name* means."""
    return _only_match(command_key(name), vocabulary.indicators)


@dataclass(frozen=True)
class _Word:
    pattern: re.Pattern[str]
    field: Field
    key: str


@lru_cache(maxsize=256)
def _words(vocabulary: Vocabulary) -> dict[str, tuple[_Word, ...]]:
    """Every heading by its first character: the longest first, the caller's before the general."""
    own = (
        (Field.SECTION, vocabulary.sections),
        (Field.INDICATOR, vocabulary.indicators),
        (Field.COUNTY, vocabulary.counties),
        (Field.EXTRA, vocabulary.extras),
    )
    entries = [
        (f, h.key, _squeezed(name)) for f, headings in own for h in headings for name in h.names
    ]
    entries += [(f, "", name) for f, names in _GENERAL for name in names]
    by_first: dict[str, list[_Word]] = {}
    for f, key, name in sorted(entries, key=lambda entry: -len(entry[2])):
        if name:
            pattern = re.compile(r"[\s\"']*".join(map(re.escape, name)))
            by_first.setdefault(name[0], []).append(_Word(pattern, f, key))
    for first in "各分按县其":
        by_first.setdefault(first, []).append(_of_counties(vocabulary))
    by_first["其"].append(_Word(_OF_WHICH, Field.COUNTY, ""))
    return {first: tuple(words) for first, words in by_first.items()}


def _of_counties(vocabulary: Vocabulary) -> _Word:
    """What opens the section about counties, where the report has one."""
    section = vocabulary.county_section
    return _Word(_COUNTIES, Field.SECTION if section else Field.COUNTY, section or "")


def _squeezed(name: str) -> str:
    return re.sub(r"[\s\"']", "", normalise(name))


def _end_of(field: Field, line: str, place: int) -> tuple[int, bool] | None:
    """Where the heading ends and whether a colon does it; None if the word is no heading here."""
    closing = _CLOSING.match(line, place)
    after = closing.end() if closing else place
    if line[after : after + 1] == ":":
        said = (
            field is not Field.COUNTY or _ANY_FIGURE.search(line, after) or after + 1 == len(line)
        )
        return (after + 1, True) if said else None
    if field is Field.SECTION:
        return (after, False) if after == len(line) or after > place else None
    if field is Field.EXTRA:
        return (after, False) if after > place or _EXTRA_VALUE.match(line, place) else None
    if field is Field.AS_OF:
        return (place, False) if _DATE.match(line, place) else None
    return (place, False) if _FIGURE.match(line, place) else None


def _loose_head(line: str, start: int, place: int, vocabulary: Vocabulary) -> Head | None:
    """A name before a colon that is not literally one of ours but can only mean one of them."""
    colon = line.find(":", place, place + _LONGEST_LOOSE_HEAD + 1)
    if colon <= place or re.search(r"[,;。、!?]", line[place:colon]):
        return None
    written = command_key(re.sub(r"\([^()]*\)", "", line[place:colon]))
    if key := _only_match(written, vocabulary.indicators):
        return Head(Field.INDICATOR, key, start, colon + 1, True)
    named = {h.key for h in vocabulary.sections if _is_dressed_up(h, written)}
    if len(named) == 1:
        return Head(Field.SECTION, named.pop(), start, colon + 1, True)
    return None


def _only_match(written: str, headings: tuple[Heading, ...]) -> str | None:
    """The one heading that *written* shortens or dresses up."""
    short = _DRESS_AFTER.sub("", written)
    keys = {
        heading.key
        for heading in headings
        if _is_dressed_up(heading, written) or _is_shortened(heading, short)
    }
    return keys.pop() if len(keys) == 1 else None


def _is_shortened(heading: Heading, short: str) -> bool:
    return len(short) > 1 and any(short in command_key(name) for name in heading.names)


def _is_dressed_up(heading: Heading, written: str) -> bool:
    """主要工作措施 is 措施: nothing is added but words that say nothing."""
    for name in map(command_key, heading.names):
        before, found, after = written.partition(name) if name else ("", "", "")
        if found and _DRESS.fullmatch(before) and _DRESS.fullmatch(after):
            return True
    return False
