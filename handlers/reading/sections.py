"""The parts of a paragraph by their leading words: progress, measures, problems, what is next."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.reading.marks import EMOJI
from handlers.reading.normalise import mapped, normalise
from handlers.reading.prose.plans import NEXT, SOON


class Part(StrEnum):
    """What a part of a report speaks of."""

    PROGRESS = "progress"
    TARGETS = "targets"
    MEASURES = "measures"
    EFFECTS = "effects"
    COUNTIES = "counties"
    PROBLEMS = "problems"
    NEXT = "next"


@dataclass(frozen=True)
class Passage:
    """A stretch of a paragraph as written, without a leading 存在问题：.

    *part* is None for what stands before the first leading words, *name* the section's own name
    where that opened it.
    """

    part: Part | None
    text: str
    name: str = ""


_DRESS = (
    "(?:目前|当前|现阶段|近期|今年|上半年|[全我各][州市县省局区]|本单位|工作|项目|任务|主要|具体|存在|取得|"
    "采取|推进|落实|开展|完成|方面|几个|以下|总体|整体|评价|各项|相关|有关|年度|阶段|初步|其他|的|及|和|与|还|仍)*"
)
_NOUNS = {
    Part.PROBLEMS: "(?:问题|困难|不足|短板|堵点|难点)"
    "(?:(?:和|与|及|以及|、)?(?:问题|困难|不足|短板|原因|建议))*",
    Part.NEXT: f"(?:{NEXT}|后段|下一?个?月|下半年)(?:的|重点|主要|工作)*"
    "(?:打算|计划|安排|措施|思路|举措|建议|工作|重点)?",
    Part.MEASURES: "(?:措施|做法|举措|经验)(?:(?:和|与|及|、)(?:做法|措施|成效|经验))*",
    Part.EFFECTS: "(?:成效|成果|效果|亮点|成绩)",
    Part.COUNTIES: "(?:各?县市区?|分县市)(?:完成|进展|推进|工作)*(?:情况|进度|数据)",
    Part.TARGETS: "(?:目标任务|任务目标|目标|年度任务|年度计划)",
    Part.PROGRESS: "(?:进展|进度|完成|推进)(?:情况|进度|综述)?|情况|综述",
}
_ENUMERATED = (
    r"[\s·*#>\-]*(?:\(?[一二三四五六七八九十]{1,3}[、.)]\s*|\(?\d{1,2}[、.)](?!\d)\s*|[一二三四五六]是\s*)?"
    r"[\[【\"]*"
)
_AFTER = (
    r"(?:[\]】]\s*:?\s*|[\]】\"]*\s*(?:(?:主要)?(?:有|是|为|如下|包括|在于)?\s*(?::\s*|(?=\n|$))"
    "|(?:主要)?(?:是|有|在于|包括)(?:以下|如下)?))"
)
#: The words that end with a colon or 是, and are left out of the text they open.
_NAMED = {
    part: re.compile(f"{_ENUMERATED}(?:{_DRESS}(?:{noun}){_AFTER})")
    for part, noun in _NOUNS.items()
}
_SPOKEN = {
    Part.NEXT: re.compile(
        rf"{_ENUMERATED}(?:{SOON}|(?:{NEXT}|后续|后期|下半年|下一?个?月)(?:工作中)?"
        "(?=,|将|我|要|拟|计划|继续|重点))"
    ),
    Part.PROBLEMS: re.compile(
        rf"{_ENUMERATED}(?:但是?|目前|当前|同时|主要|仍然?|还|也|依然|不过|由于)*,?(?:存在|面临|反映出)"
        "(?!的?(?:问题|困难|不足)?(?:已|均|全部))[^,;:。!?\n]{0,40}?(?:问题|困难|不足|短板|瓶颈|压力)"
        "(?![^,;。\n]{0,8}(?:整改|解决|化解|销号))"
    ),
    Part.MEASURES: re.compile(
        rf"{_ENUMERATED}(?:主要|重点)?(?:采取|抓|做)了?(?:以下|如下|几)[^,;:。\n]{{0,8}}"
    ),
}
#: 措施落实到位, 问题已整改: what is said of a section's name is no section.
SAID_OF = (
    r"[:：、（(]|[的已均都未不是有为和与及等较很更仍还得落到]|完善|明显|显著|突出|扎实|务实|过硬|进一步|基本|全部|具体"
    r"|[跟同按]?(?:上个?月|上期|上一?[次回]|之前|以前|前面)"
    r"|清单|台账|方案|整改|解决|反馈|线索|导向|如下|意识|[^，。；,;\s]{0,8}[:：]"
)
#: Behind (75.83%), 👍 and ~ only what has a colon; (一)措施 is one heading.
_GAP_BEFORE = (
    r"(?:(?<=^)|(?<=[\n,;。])|(?P<gap>(?<=[^\s])[ \u3000]+)"
    rf"|(?P<glued>(?<=[)~…{EMOJI}])(?<![\d一二三四五六七八九十]\))(?=[^:\n]{{2,10}}:)))"
)
#: 目标 6000个 and 完成 1710个 are figures.
_AT_GAPS = "|".join(
    _NOUNS[part] for part in (Part.COUNTIES, Part.PROBLEMS, Part.NEXT, Part.MEASURES, Part.EFFECTS)
)
_GAP_BEHIND = (
    rf"(?P<end>[ \u3000]{{1,4}}(?!\s*(?:{SAID_OF}|(?:主要|存在|工作)*(?:{_AT_GAPS})(?:\s|$)))"
    r"(?=[^\s,;。:]))"
)
_OPENS_AT_GAP = re.compile(
    f"{_GAP_BEFORE}(?P<head>(?:目前|当前|主要|具体|存在|工作|的)*(?:{_AT_GAPS}))(?:{_GAP_BEHIND}|"
    r"(?=\s*:|(?:主要)?(?:是|有|在于|包括)))",
    re.MULTILINE,
)
#: 着力解决 问题 and 采取 措施 with a gap inside open nothing.
_TAKES_OBJECT = re.compile(
    "(?:解决|采取|取得|存在|出现|发现|针对|聚焦|反映|制定|出台|查找|面临"
    "|[一二三四五六七八九十两几各][项条个点类]|重点|难点|有关|相关|[的了等和与及、以])$"
)
_BEGINNING = re.compile(r"^|[。!?;,\n]+")
_BULLET = re.compile(f"^{_ENUMERATED}")
#: Leading words are looked for in so many characters.
_WINDOW = 120


def passages_of(text: str, names: Iterable[str] = ()) -> tuple[Passage, ...]:
    """*text* cut where leading words open another part; nothing of it is lost but those words.

    *names* are further words that open a part of their own where a colon follows.
    """
    source = mapped(text)
    own = {normalise(name): name for name in names if name}
    opened = [_Opening(0, 0), *_openings(source.text, own)]
    ends = [each.place for each in opened[1:]] + [len(source.text)]
    found = []
    for each, end in zip(opened, ends, strict=True):
        start, stop = source.origin[each.begin], source.origin[max(end, each.begin)]
        if kept := text[start:stop].strip().strip(" \t\n,，;；、").strip():
            found.append(Passage(each.part, kept, each.name))
    return tuple(found)


def parted_at_gaps(text: str) -> str:
    """*text* with a line for each part that a gap opens: 措施 包片 成效 警情下降 问题是资金.

    A gap is the comma of the phone. Words stay as they are but for the colon behind a heading.
    """
    source = mapped(text)
    pieces, done = [], 0
    for found in _OPENS_AT_GAP.finditer(source.text):
        if is_object(source.text[: found.start("head")]):
            continue
        start, end = source.origin[found.start()], source.origin[found.start("head")]
        is_parted = found["gap"] or found["glued"] is not None
        pieces.append(text[done:start] + ("\n" if is_parted else text[start:end]))
        done = source.origin[found.end("head")]
        pieces.append(text[end:done] + ("：" if found["end"] else ""))
    return "".join(pieces) + text[done:]


def is_object(before: str) -> bool:
    """Whether what follows *before* and a gap is only what these words are about: 解决 问题."""
    return _TAKES_OBJECT.search(before[-_WINDOW:].rstrip(" \u3000")) is not None


def part_called(names: Iterable[str]) -> Part | None:
    """The part that a section with these names is, by the first name that says so."""
    for name in map(normalise, names):
        for part, noun in _NOUNS.items():
            if re.fullmatch(f"{_DRESS}(?:{noun})", name):
                return part
    return None


def opens_part(text: str) -> bool:
    """Whether *text* begins with words that open a part."""
    return _opening_at(normalise(text[:_WINDOW]), 0, {}) is not None


@dataclass(frozen=True)
class _Opening:
    """Where a part opens, and where its text begins."""

    place: int
    begin: int
    part: Part | None = None
    name: str = ""


def _openings(plain: str, own: Mapping[str, str]) -> Iterator[_Opening]:
    """Every opening in order; one of the part that is open goes on with it."""
    last: tuple[str, Part | None] = ("", None)
    for mark in _BEGINNING.finditer(plain):
        found = _opening_at(plain, mark.end(), own)
        if found is not None and (found.name, found.part) != last:
            last = (found.name, found.part)
            yield found


def _opening_at(plain: str, place: int, own: Mapping[str, str]) -> _Opening | None:
    window = plain[place : place + _WINDOW]
    head, colon, _ = window.partition(":")
    if colon and (written := _BULLET.sub("", head).strip()) in own:
        return _Opening(place, place + len(head) + 1, name=own[written])
    for part, pattern in _NAMED.items():
        if (named := pattern.match(window)) and named.end() > 1:
            return _Opening(place, place + named.end(), part)
    for part, pattern in _SPOKEN.items():
        if pattern.match(window):
            return _Opening(place, place, part)
    return None
