"""Where a new picture goes: behind the others, or into the place of the one it is meant for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.reading.normalise import mapped, normalise
from handlers.reading.numerals import read_number
from handlers.reading.picture_places import mentions_in
from handlers.reporting.content import Content, with_pictures, with_replaced

_NUMBER = re.compile(r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}")
_PLACE = re.compile(rf"(?:图片?|照片|配图)\s*({_NUMBER.pattern})(?![0-9年月日个张])")
_ORDINAL = re.compile(rf"第\s*({_NUMBER.pattern})\s*(?:张|幅|个?图)")
_LEADING = re.compile(
    rf"\s*(?:图片?)?\s*第?\s*(?:{_NUMBER.pattern})(?:\s*[、,和及与]\s*(?:图片?)?(?:{_NUMBER.pattern}))*"
)
_EDGES = " \t\u3000:：;；,，。"
_MORE = re.compile(r"[、,和及与]\s*([0-9]{1,2})(?![0-9年月日个张])")


@dataclass(frozen=True)
class Arrival:
    """A picture that just came, and whether the rule finds nothing wrong with it."""

    sha: str
    is_good: bool


def places_named(text: str) -> tuple[int, ...]:
    """The numbers of the pictures that a text names: 图2模糊, 第三张, 图1、2."""
    plain = normalise(text)
    found = []
    for match in (*_PLACE.finditer(plain), *_ORDINAL.finditer(plain)):
        found.append(match[1])
        rest = plain[match.end() :]
        while more := _MORE.match(rest):
            found.append(more[1])
            rest = rest[more.end() :]
    return tuple(sorted({int(read_number(each) or 0) for each in found}))


def placed(
    content: Content, arrivals: Sequence[Arrival], bad: Sequence[int], named: Sequence[int]
) -> Content:
    """The report with its new pictures, each in the place it is meant for.

    *bad* are the places the rule refuses, *named* those a reviewer returned. What was asked for by
    换图 goes first. Whatever is certain replaces; where it is not, the picture is kept as spare and
    asked about, since a good picture must never be lost to a guess.
    """
    known = {each.sha for each in content.pictures} | set(content.spare)
    fresh = [each for each in arrivals if each.sha not in known]
    fresh = list({each.sha: each for each in fresh}.values())
    while fresh and content.awaited:
        content = with_replaced(content, content.awaited[0], fresh.pop(0).sha)
    if not fresh:
        return content
    if any(each.carried for each in content.pictures):
        return _into_report(content, [each.sha for each in fresh], bad, named)
    return _into_draft(content, fresh, bad)


def repeated(content: Content, arrivals: Sequence[Arrival]) -> int:
    """How many of the new pictures are, byte for byte, one that is there already."""
    known = {each.sha for each in content.pictures} | set(content.spare)
    return len(arrivals) - len({each.sha for each in arrivals} - known)


def within(content: Content, most: int) -> tuple[Content, int]:
    """The report with no more pictures than one may have, and how many that leaves out."""
    carried = sum(each.carried for each in content.pictures)
    pictures, spare = content.pictures[: max(most, carried)], content.spare[:most]
    over = len(content.pictures) - len(pictures) + len(content.spare) - len(spare)
    return replace(content, pictures=pictures, spare=spare), over


def not_taken_texts(again: int, over: int, most: int) -> list[str]:
    """What is said of pictures that came twice or were too many."""
    texts = [f"有{again}张图片与已收的完全相同，未重复收入。"] if again else []
    if over:
        way_out = "要换已收的图片，请发如“换图2”和图片。"
        texts.append(f"一次报送最多{most}张图片，前{most}张已收，另有{over}张未收。{way_out}")
    return texts


def _into_draft(content: Content, fresh: Sequence[Arrival], bad: Sequence[int]) -> Content:
    """A good picture mends a bad place; another bad one may just be the next picture."""
    good = [each.sha for each in fresh if each.is_good]
    if bad and good:
        content = _shared_out(content, good, bad)
    others = (each.sha for each in fresh if not (bad and each.is_good))
    return with_pictures(content, others)


def _into_report(
    content: Content, fresh: Sequence[str], bad: Sequence[int], named: Sequence[int]
) -> Content:
    """A correction: what the reviewer named is replaced, or the only picture there is."""
    carried = [n for n, each in enumerate(content.pictures, 1) if each.carried]
    wanted = [n for n in named if n in carried] or bad or carried
    return _shared_out(content, fresh, wanted)


def _shared_out(content: Content, fresh: Sequence[str], places: Sequence[int]) -> Content:
    """As many new pictures as places: each its own, in order; fewer wait for a word."""
    spare = [*content.spare, *fresh]
    if len(spare) < len(places):
        return replace(content, spare=tuple(spare))
    for place, sha in zip(places, spare, strict=False):
        content = with_replaced(content, place, sha)
    return with_pictures(replace(content, spare=()), spare[len(places) :])


def swapped(content: Content, places: Sequence[int]) -> Content:
    """The spare pictures into these places; a place that gets none waits for the next picture."""
    spare = list(content.spare)
    for place in places:
        if spare:
            content = with_replaced(content, place, spare.pop(0))
        elif place not in content.awaited:
            content = replace(content, awaited=(*content.awaited, place))
    return content


def added(content: Content) -> Content:
    """The spare pictures behind the others: they are meant to replace none."""
    return with_pictures(replace(content, spare=()), content.spare)


def leading_places(text: str, count: int) -> tuple[tuple[int, ...], str]:
    """The pictures named at the beginning of *text* (2, 图2、3, 最后一张) and what follows them.

    *count* is how many there are.
    """
    plain = normalise(text)
    named = next(mentions_in(plain), None)
    if named is not None and not plain[: named.start].strip():
        return named.places(count), text[mapped(text).origin[named.end] :].strip(_EDGES)
    found = _LEADING.match(plain)
    if found is None:
        return (), text
    numbers = (int(read_number(each) or 0) for each in _NUMBER.findall(found[0]))
    first, mark, more = text.partition("\n")
    rest = more if mark else re.split(r"[\s:：;；]+", f"{first} ", maxsplit=1)[1]
    return tuple(dict.fromkeys(numbers)), rest.strip()
