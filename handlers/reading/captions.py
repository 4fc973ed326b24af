"""Captions of pictures: title, day and place from 图1 标题；2021年8月20日；吉首市乾州街道."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from handlers.reading.dates import DateReading, Period, dates_in
from handlers.reading.normalise import clean, mapped, normalise
from handlers.reading.numerals import read_number


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


_COUNT = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_NUMBER = rf"\(?(?:图片?|照片|配图)\s*(?:{_COUNT})(?![0-9年月日个张])"
_NEXT = re.compile(rf"(?:^|(?<=[\s;。])){_NUMBER}")
_NUMBERS = re.compile(
    rf"\(?(?:图片?|照片|配图)\s*(?P<first>{_COUNT})(?![0-9年月日个张])"
    rf"(?P<more>(?:\s*[、,和及与~至到-]\s*(?:图片?|照片)?\s*(?:{_COUNT})(?![0-9年月日个张.]))*)[\s:.、;,)]*"
)
_FOR_ALL = re.compile(
    r"(?:(?:以上|各|所有|全部|这些|[二两三四五六七八九2-9]张)?(?:图片?|照片|配图)"
    r"(?:(?:说明|标题|均为)?\s*[:;]|(?=[均都皆]))|图说\s*[:;])\s*"
)
#: 图1开工 图2验收，均摄于7月20日: what follows is said of every picture.
_OF_ALL = re.compile(
    r"(?:以上)?[均都皆](?:(?:为|是|系)?(?:拍摄|摄|拍)?[于在]|(?:为|是|系)(?=[0-9]))"
)
_ALL_ARE = re.compile(r"[均都皆](?:为|是|系|(?=[摄拍在于0-9]))")
#: 在乾州街道拍摄的, 摄于浦市镇.
_TAKEN_AT = re.compile(
    r"(?:拍摄于|摄于|拍于|在(?!建)|于)([^,，。;；]{2,25}?)(?:拍摄|拍)的?[,，:：]?(?:内容|画面)?[为是]?"
)
_AT = re.compile(r"^(?:拍摄地点|地点)?(?:拍摄于|摄于|拍于|位于|[在于])")
#: 吉首市乾州街道设备安装现场 names its place itself; 城市 and 全县 are none.
_PLACE_START = re.compile(
    r"(?:[一-鿿]{2,6}?(?:自治)?州)?(?:[一-鿿]{2,5}?(?:(?<![城超门集夜全各本])市|(?<![全各本])县))"
    r"(?:[一-鿿]{0,6}?(?:经开区|开发区|高新区)|[一-鿿]{1,6}?(?:街道|镇|乡|社区|村))?"
)
_CIRCLED = re.compile("[①-⑳]")
_LABEL = re.compile(
    r"(?P<title>标题|题目|图名|内容|说明)\s*:|(?P<date>拍摄时间|拍摄日期|时间|日期)\s*:"
    r"|(?P<place>拍摄地点|地点|地址|位置)\s*:"
)
_CLOCK = re.compile(
    r"\s*(?:上午|下午|晚上?|中午|早上)?\s*\d{1,2}\s*(?:[:时点]\s*\d{0,2}\s*分?)|\s*(?:上午|下午|晚上?|中午)"
)
_PLACE_END = re.compile(
    r"(?:省|州|市|县|区|镇|乡|村|街道|社区|小区|园区|学校|医院|卫生院|广场|中心|路|号|组|站|校|园|寨|楼|内|旁|处)$"
)
_STOPS = " \t\n\u3000,，。;；"
_EDGES = " \t\u3000，,；;、。:：|（）()"


def read_captions(text: str, reference: date, within: Period | None = None) -> tuple[Caption, ...]:
    """Every caption of *text*, one to a line or one after another.

    A single caption without a number is for all pictures; several lines without numbers that each
    have a day are for the first, second and so on.
    """
    found: list[Caption] = []
    text = _CIRCLED.sub(lambda each: f"\n图{ord(each[0]) - ord('①') + 1} ", text)
    text, shared = _of_all(text, reference, within)
    lines = (
        each for line in clean(text).split("\n") for each in _one_a_line(line, reference, within)
    )
    for piece in _pieces(lines):
        found.extend(_captions_of(piece, reference, within))
    found = _merged(found)
    return _numbered([_joined(each, shared) for each in found] if shared else found)


def _of_all(text: str, reference: date, within: Period | None) -> tuple[str, Caption | None]:
    """The text before what it says of all its pictures, and that as a caption."""
    source = mapped(text)
    tail = _OF_ALL.search(source.text)
    if tail is None or len(_NEXT.findall(source.text[: tail.start()])) < 2:
        return text, None
    before, after = text[: source.origin[tail.start()]], text[source.origin[tail.end()] :]
    return before.rstrip(_STOPS), _caption(after, reference, within)


def _one_a_line(line: str, reference: date, within: Period | None) -> list[str]:
    """开工，7月20日，吉首；调度，7月21日，花垣: as many captions as there are days."""
    days = len(dates_in(line, reference, within))
    parts = [part for part in re.split(r"[；;。]", line) if part.strip()]
    size, rest = divmod(len(parts), days) if days > 1 else (0, 1)
    if rest or not size or _NEXT.search(mapped(line).text):
        return [line]
    groups = ["；".join(parts[at : at + size]) for at in range(0, len(parts), size)]
    is_each = all(len(dates_in(each, reference, within)) == 1 for each in groups)
    return groups if is_each else [line]


def _pieces(lines: Iterable[str]) -> list[str]:
    pieces = []
    for line in lines:
        source = mapped(line)
        starts = [source.origin[match.start()] for match in _NEXT.finditer(source.text)]
        edges = [0, *(start for start in starts if start), len(line)]
        pieces += [line[start:end] for start, end in pairwise(edges)]
    return [piece.strip() for piece in pieces if piece.strip()]


def _captions_of(piece: str, reference: date, within: Period | None) -> list[Caption]:
    source = mapped(piece)
    numbers = _NUMBERS.match(source.text)
    general = None if numbers else _FOR_ALL.match(source.text)
    head = numbers or general
    body = piece[source.origin[head.end()] :] if head else piece
    body = _ALL_ARE.sub("", body, count=1) if head and _ALL_ARE.match(body) else body
    caption = _caption(body, reference, within)
    if numbers is None:
        return [caption]
    return [replace(caption, index=index) for index in _indices(numbers)]


def _indices(numbers: re.Match[str]) -> list[int]:
    """图1 names one picture, 图1、2 two, 图1至3 three."""
    first = int(read_number(numbers["first"]) or 0)
    indices = [first]
    for mark, written in re.findall(
        rf"([、,和及与~至到-])\s*(?:图片?|照片)?\s*({_COUNT})", numbers["more"]
    ):
        number = int(read_number(written) or 0)
        start = indices[-1] + 1 if mark in "~至到-" else number
        indices += range(start, number + 1)
    return indices


def _caption(body: str, reference: date, within: Period | None) -> Caption:
    if not body.strip(_EDGES):
        return Caption(None, "", None, "")
    labelled = _labelled(body)
    days = dates_in(labelled.get(Part.DATE, body), reference, within)
    day = days[0] if days else None
    if labelled:
        title, place = labelled.get(Part.TITLE, ""), labelled.get(Part.PLACE, "")
    else:
        title, place = _title_and_place(_parts(body, day))
        place = _AT.sub("", place)
    if not place and (start := _PLACE_START.match(title)):
        place = start[0]
    return Caption(None, title, day.day if day else None, place)


def _labelled(body: str) -> dict[Part, str]:
    source = mapped(body)
    labels = [*_LABEL.finditer(source.text)]
    ends = [*(label.start() for label in labels[1:]), len(source.text)]
    values: dict[Part, str] = {}
    if labels and (before := body[: source.origin[labels[0].start()]].strip(_EDGES)):
        values[Part.TITLE] = before
    for label, end in zip(labels, ends, strict=False):
        value = body[source.origin[label.end()] : source.origin[end]].strip(_EDGES)
        values[Part(label.lastgroup or "")] = value
    return values


def _parts(body: str, day: DateReading | None) -> list[str]:
    """What is left of a caption beside its day, cut at the strongest mark it has."""
    if day:
        start, end = day.span
        rest = body[end:]
        clock = _CLOCK.match(mapped(rest).text)
        rest = rest[clock.end() :] if clock else rest
        body = f"{body[:start]}；{rest.lstrip(_EDGES)}" if body[:start].strip(_EDGES) else rest
    body = _TAKEN_AT.sub(r"；\1；", body, count=1)
    for marks in (r"[；;|\t]", r"[，,。]", r"\s+"):
        parts = [part.strip(_EDGES) for part in re.split(marks, body)]
        parts = [part for part in parts if part]
        if len(parts) > 1:
            return parts
    return parts


def _title_and_place(parts: list[str]) -> tuple[str, str]:
    """Title first and place last, unless only the first looks like a place."""
    if len(parts) < 2:
        alone = parts[0] if parts else ""
        return ("", alone) if alone and _is_place(alone) else (alone, "")
    first, *middle, last = parts
    if _is_place(first) and not _is_place(last):
        return "，".join([*middle, last]), first
    return "，".join([first, *middle]), last


def _is_place(text: str) -> bool:
    return len(text) <= 25 and _PLACE_END.search(normalise(text)) is not None


def _merged(captions: list[Caption]) -> list[Caption]:
    """Labelled lines that follow one another (标题：, 时间：, 地点：) are one caption."""
    merged: list[Caption] = []
    for caption in captions:
        if merged and caption.index is None and _complements(merged[-1], caption):
            merged[-1] = _joined(merged[-1], caption)
        else:
            merged.append(caption)
    return merged


def _complements(first: Caption, second: Caption) -> bool:
    return not (set(_present(first)) & set(_present(second))) and len(_present(second)) < 3


def _present(caption: Caption) -> list[Part]:
    return [part for part in Part if part not in caption.missing]


def _joined(first: Caption, second: Caption) -> Caption:
    return Caption(
        first.index,
        first.title or second.title,
        first.taken_on or second.taken_on,
        first.place or second.place,
    )


def _numbered(captions: list[Caption]) -> tuple[Caption, ...]:
    loose = [caption for caption in captions if caption.index is None]
    if len(loose) < 2 or len(loose) < len(captions) or not all(c.taken_on for c in loose):
        return tuple(captions)
    return tuple(replace(c, index=number) for number, c in enumerate(captions, start=1))
