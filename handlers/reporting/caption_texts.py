"""Captions as the bot says them: each picture's in one short line, and what changes in one."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, takewhile

from handlers.reading.captions import Caption
from handlers.reading.harmless import shown
from handlers.reporting.content import Content, PictureSaid

#: Pictures that follow one another are named 图1至图3 from so many on.
_RUN = 3
_LONGEST = 30
#: So much is shown of what two long titles have in common.
_KEPT = 6
_NOTHING = "无"


def captions_said(content: Content, year: int | None = None, *, first: int = 1) -> Iterator[str]:
    """图1 标题，7月20日，地点: a line for each caption, beginning with picture *first*.

    Pictures with the very same one share a line; the year is said where it is not *year*.
    """
    numbered = [*enumerate(content.pictures, 1)][first - 1 :]
    for caption, group in groupby(numbered, key=_caption_of):
        numbers = [number for number, _ in group]
        if text := caption_text(caption, year):
            yield f"{_named(numbers)} {text}"


def caption_text(caption: Caption, year: int | None = None) -> str:
    """Title, day and place as far as they are known; empty where nothing is."""
    title, place = shown(caption.title, _LONGEST), shown(caption.place, _LONGEST)
    parts = (title, _day(caption.taken_on, year), place)
    return "，".join(filter(None, parts))


def caption_changes(number: int, was: Caption, now: Caption) -> Iterator[str]:
    """What a correction changes in the caption of picture *number*, a line each."""
    years = {each.taken_on.year for each in (was, now) if each.taken_on}
    year = years.pop() if len(years) == 1 else None
    if was.title != now.title:
        yield f"图{number}标题 {_change(was.title, now.title)}"
    if was.taken_on != now.taken_on:
        old, new = _day(was.taken_on, year), _day(now.taken_on, year)
        yield f"图{number}拍摄日期 {old or _NOTHING} → {new or _NOTHING}"
    if was.place != now.place:
        yield f"图{number}地点 {_change(was.place, now.place)}"


def _change(was: str, now: str) -> str:
    """The old and the new, cut short; what begins alike is shown from a little before it parts."""
    old, new = shown(was, _LONGEST), shown(now, _LONGEST)
    if old != new:
        return f"{old or _NOTHING} → {new or _NOTHING}"
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
    start = max(0, alike - _KEPT)
    old, new = shown(was[start:], _LONGEST), shown(now[start:], _LONGEST)
    return f"……{old} → ……{new}" if start and old != new else "已修改"


def _caption_of(numbered: tuple[int, PictureSaid]) -> Caption:
    return numbered[1].caption


def _named(numbers: Sequence[int]) -> str:
    if len(numbers) >= _RUN:
        return f"图{numbers[0]}至图{numbers[-1]}"
    return "、".join(f"图{number}" for number in numbers)


def _day(day: date | None, year: int | None) -> str:
    if day is None:
        return ""
    return f"{'' if day.year == year else f'{day.year}年'}{day.month}月{day.day}日"
