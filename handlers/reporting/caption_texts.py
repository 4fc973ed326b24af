"""Captions as the bot says them: each picture's in one short line, and what changes in one."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from handlers.reading.captions import Caption
from handlers.reading.harmless import harmless
from handlers.reporting.content import Content, PictureSaid

#: Pictures that follow one another are named 图1至图3 from so many on.
_RUN = 3
_LONGEST = 30
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
    parts = (_short(caption.title), _day(caption.taken_on, year), _short(caption.place))
    return "，".join(filter(None, parts))


def caption_changes(number: int, was: Caption, now: Caption) -> Iterator[str]:
    """What a correction changes in the caption of picture *number*, a line each."""
    years = {each.taken_on.year for each in (was, now) if each.taken_on}
    year = years.pop() if len(years) == 1 else None
    pairs = (
        ("标题", _short(was.title), _short(now.title)),
        ("拍摄日期", _day(was.taken_on, year), _day(now.taken_on, year)),
        ("地点", _short(was.place), _short(now.place)),
    )
    for part, old, new in pairs:
        if old != new:
            yield f"图{number}{part} {old or _NOTHING} → {new or _NOTHING}"


def _caption_of(numbered: tuple[int, PictureSaid]) -> Caption:
    return numbered[1].caption


def _named(numbers: Sequence[int]) -> str:
    if len(numbers) >= _RUN:
        return f"图{numbers[0]}至图{numbers[-1]}"
    return "、".join(f"图{number}" for number in numbers)


def _short(text: str) -> str:
    shown = harmless(text)
    return f"{shown[:_LONGEST]}……" if len(shown) > _LONGEST else shown


def _day(day: date | None, year: int | None) -> str:
    if day is None:
        return ""
    return f"{'' if day.year == year else f'{day.year}年'}{day.month}月{day.day}日"
