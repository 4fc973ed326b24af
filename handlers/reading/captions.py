"""Captions of pictures: title, day and place from 图1 标题；2021年8月20日；吉首市乾州街道."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeGuard

from handlers.reading.caption_parts import (
    NOTHING,
    Caption,
    Part,
    Places,
    Unfit,
    completed,
    days_unread,
    parts_of,
)
from handlers.reading.caption_pieces import (
    COUNT,
    LABEL,
    OPENING,
    PICTURES,
    SAID_OF,
    Piece,
    heads_in,
    pieces_of,
)
from handlers.reading.dates import Period, dates_in
from handlers.reading.normalise import clean, mapped

__all__ = [
    "Caption",
    "Captioned",
    "Part",
    "Unclear",
    "Unfit",
    "caption_lines",
    "completed",
    "is_shot",
    "read_captions",
]


@dataclass(frozen=True)
class Unclear:
    """Words about pictures that were not taken, and why."""

    words: str
    why: Unfit = Unfit.UNPLACED


@dataclass(frozen=True)
class Captioned:
    """The captions of a text, and the words that are none or are of nobody knows which picture."""

    captions: tuple[Caption, ...]
    unclear: tuple[Unclear, ...] = ()


_CIRCLED = re.compile("[①-⑳]")
_HEADING = re.compile(r"(?:图片|照片|配图|图)?说明(?:如下)?|如下|更正|修改|图片|照片")
#: 在……拍的, 摄于: beside a day it tells a caption without a picture's number.
_SHOT = re.compile("拍摄?的|拍摄[于在]|摄于|拍[于在]")
_OFPICTURES = re.compile(rf"{PICTURES}|(?:{COUNT}|几)张|(?:{LABEL})|{_SHOT.pattern}")
_CLOCK = re.compile(r"\d{1,2}\s?[:时点]\s?\d{0,2}")
_LABELLED = re.compile(rf"(?:{LABEL})(?:都|均)?(?:是|为|用|写|改|在|[:])|(?:{LABEL}).{{0,3}}错")


#: 标题用设备安装, 拍摄地点写错了，是古丈县.
_ONLY_LABEL = re.compile(
    r"\s*(?:标题|题目|图名|拍摄时间|拍摄日期|拍摄地点|地点)(?:用|写|叫|是|为|在|改[成为]|[填弄搞]?错)"
)


def read_captions(
    text: str,
    reference: date,
    within: Period | None = None,
    *,
    count: int = 0,
    names: Collection[str] = (),
) -> Captioned:
    """Every caption of *text*, one to a line or one after another.

    A single caption without a number is for all pictures; several lines without numbers that each
    have a day are for the first, second and so on. *count* is how many pictures there are, which
    最后一张 needs; *names* are those of counties. Nothing is shared out on a guess: what may be
    said of one picture or of another is unclear.
    """
    text = _CIRCLED.sub(lambda each: f"\n图{ord(each[0]) - ord('①') + 1} ", text)
    pieces = [each for line in clean(text).split("\n") for each in pieces_of(line)]
    reading = _Reading(Places(reference, within, names), count, _taken(pieces, count))
    for each in pieces:
        reading.take(each)
    return reading.result()


def caption_lines(text: str, reference: date, names: Collection[str] = ()) -> tuple[str, str]:
    """*text* without its lines that speak of pictures, and those lines.

    第二张是…, 都是…拍的: such lines count only where there are pictures that they may mean.
    """
    ours: list[str] = []
    others: list[str] = []
    for line in clean(text).split("\n"):
        is_ours = _speaks_of_pictures(line, Places(reference, None, names))
        (ours if is_ours else others).append(line)
    return "\n".join(others), "\n".join(ours)


def is_shot(text: str) -> bool:
    """Whether *text* says that something was photographed: 在……拍的, 摄于."""
    return _SHOT.search(mapped(text).text) is not None


def _speaks_of_pictures(line: str, places: Places) -> bool:
    plain = mapped(line).text
    first = next(heads_in(plain), None)
    if first is None or not (first.is_behind or OPENING.fullmatch(plain[: first.start])):
        opening = plain[: first.start] if first else plain
        is_label = first is None and _ONLY_LABEL.match(plain) is not None
        return is_label or (is_shot(opening) and _is_all_caption(opening, places))
    said = plain[first.body :]
    is_dated = bool(dates_in(line, places.reference))
    if first.mention is not None:
        is_numbered = first.mention.references[0].kind == "numbered"
        is_told = is_dated or _LABELLED.search(plain) is not None
        after = plain[first.mention.end :]
        return is_numbered or is_told or first.is_behind or SAID_OF.match(after) is not None
    if _OFPICTURES.search(plain):
        return is_dated or _LABELLED.search(plain) is not None
    caption = parts_of(said, places)
    is_caption = isinstance(caption, Caption) and not caption.title
    return is_caption and _is_all_caption(line, places)


def _is_all_caption(line: str, places: Places) -> bool:
    """Whether a day stands in it, and no figure beside."""
    days = dates_in(line, places.reference)
    rest = line
    for each in reversed(days):
        rest = rest[: each.span[0]] + rest[each.span[1] :]
    return bool(days) and not any(map(str.isdigit, _CLOCK.sub("", mapped(rest).text)))


def _taken(pieces: Iterable[Piece], count: int) -> list[int]:
    """The pictures that are named by themselves: 其余 are the others."""
    mentions = (each.mention for each in pieces)
    return [n for m in mentions if m and not m.is_of_rest for n in m.places(count)]


@dataclass
class _Reading:
    """Goes through the pieces of a text; *taken* are the pictures named by themselves."""

    places: Places
    count: int
    taken: Sequence[int]
    own: dict[int, Caption] = field(default_factory=dict)
    loose: list[Caption] = field(default_factory=list)
    shared: Caption = NOTHING
    opening: Caption = NOTHING
    unclear: list[Unclear] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    last: tuple[int, ...] = ()

    def take(self, piece: Piece) -> None:
        """One piece: to its pictures, to all, or among what is unclear."""
        if piece.mention is None and not piece.of_all:
            self._take_loose(piece)
            return
        caption = self._parts_of(piece.body)
        if isinstance(caption, Unfit):
            self._leave(piece.words, caption)
        elif piece.mention is not None:
            self._take_own(piece, caption)
        else:
            self._take_shared(piece, caption)

    def result(self) -> Captioned:
        """The captions by place; without any place, one for all or one for each in turn."""
        unclear = tuple(dict.fromkeys(self.unclear))
        if not self.own:
            return Captioned(tuple(self._without_numbers()), (*unclear, *self._not_told()))
        numbers = {*self.own, *(range(1, self.count + 1) if _said(self.shared) else ())}
        opened = {n: completed(each, self.opening) for n, each in self.own.items()}
        every = ((n, completed(opened.get(n, NOTHING), self.shared)) for n in sorted(numbers))
        kept = (replace(each, index=n) for n, each in every if n not in self.refused)
        return Captioned(tuple(kept), unclear)

    def _take_own(self, piece: Piece, caption: Caption) -> None:
        numbers = piece.mention.places(self.count, self.taken) if piece.mention else ()
        if not numbers:
            self._refuse(piece)
            return
        if any(_differ(self.own.get(n, NOTHING), caption) for n in numbers):
            self.refused |= set(numbers)
            self._refuse(piece)
            return
        for n in numbers:
            self.own[n] = completed(self.own.get(n, NOTHING), caption)
        self.last = numbers

    def _take_shared(self, piece: Piece, caption: Caption) -> None:
        """What is said of all: of those named before it, else of every one."""
        so_far = [*self.own]
        if piece.counted not in (None, len(so_far), self.count or piece.counted):
            self._refuse(piece)
            return
        if not so_far:
            if _differ(self.shared, caption):
                self._refuse(piece)
            self.shared = completed(self.shared, caption)
        elif any(_differ(self.own[n], caption) for n in so_far):
            self._refuse(piece)
        else:
            self.own |= {n: completed(self.own[n], caption) for n in so_far}

    def _take_loose(self, piece: Piece) -> None:
        if piece.is_unclear:
            self._refuse(piece)
        elif _HEADING.fullmatch(mapped(piece.body).text):
            return
        elif self.own:
            self._complete_last(piece)
        elif self.taken and _said(caption := self._parts_of(piece.body)):
            # 8月20日在乾州街道拍的：图1开工，图2验收
            if caption.title:
                self._refuse(piece)
            else:
                self.opening = completed(self.opening, caption)
        else:
            for line in _one_a_line(piece.body, self.places):
                self._take_line(line)

    def _take_line(self, line: str) -> None:
        """One caption without a number, or a further part of the one before it."""
        caption = self._parts_of(line)
        if not _said(caption):
            self._leave(line, caption)
        elif self.loose and _complements(self.loose[-1], caption):
            self.loose[-1] = completed(self.loose[-1], caption)
        else:
            self.loose.append(caption)

    def _complete_last(self, piece: Piece) -> None:
        """A further line goes on with the pictures named last, unless it may be said of all."""
        caption = self._parts_of(piece.body)
        if not _said(caption):
            self._leave(piece.words, caption)
            return
        fits = [n for n in self.own if _complements(self.own[n], caption)]
        if set(fits) != set(self.last):
            self._refuse(piece)
            return
        self.own |= {n: completed(self.own[n], caption) for n in self.last}

    def _parts_of(self, body: str) -> Caption | Unfit:
        """The caption that *body* is; what is no day in it is unclear."""
        unread = days_unread(body, self.places)
        self.unclear += (Unclear(each, Unfit.NO_DAY) for each in unread)
        caption = parts_of(body, self.places)
        return Unfit.NO_DAY if unread and not _said(caption) else caption

    def _refuse(self, piece: Piece) -> None:
        self.unclear.append(Unclear(piece.words))

    def _leave(self, words: str, caption: Caption | Unfit) -> None:
        """What is no caption, or says nothing; a day that is none was told already."""
        why = caption if isinstance(caption, Unfit) else Unfit.UNPLACED
        if why is not Unfit.NO_DAY:
            self.unclear.append(Unclear(words, why))

    def _without_numbers(self) -> Iterator[Caption]:
        loose = [completed(each, self.shared) for each in self.loose] or [self.shared]
        if len(loose) > 1:
            if self._are_in_order(loose):
                yield from (replace(each, index=n) for n, each in enumerate(loose, 1))
        elif self.loose:
            yield replace(loose[0], index=1) if self.count == 1 else loose[0]
        elif _said(self.shared):
            numbers = range(1, self.count + 1) if self.count else (None,)
            yield from (replace(self.shared, index=n) for n in numbers)

    def _not_told(self) -> Iterator[Unclear]:
        loose = [completed(each, self.shared) for each in self.loose]
        if len(loose) > 1 and not self._are_in_order(loose):
            yield from (Unclear(each.title or each.place) for each in loose)

    def _are_in_order(self, loose: Sequence[Caption]) -> bool:
        return all(each.taken_on for each in loose)


def _said(caption: Caption | Unfit) -> TypeGuard[Caption]:
    return isinstance(caption, Caption) and len(caption.missing) < len(Part)


def _differ(one: Caption, other: Caption) -> bool:
    """Whether both say the same part, and not the same of it."""
    pairs = ((one.title, other.title), (one.taken_on, other.taken_on), (one.place, other.place))
    return any(a and b and a != b for a, b in pairs)


def _complements(one: Caption, other: Caption) -> bool:
    said = set(Part) - set(other.missing)
    return said <= set(one.missing) and len(said) < len(Part)


def _one_a_line(line: str, places: Places) -> list[str]:
    """开工，7月20日，吉首；调度，7月21日，花垣: as many captions as there are days."""
    days = len(dates_in(line, places.reference, places.within))
    parts = [part for part in re.split(r"[；;。]", line) if part.strip()]
    size, rest = divmod(len(parts), days) if days > 1 else (0, 1)
    if rest or not size:
        return [line]
    groups = ["；".join(parts[at : at + size]) for at in range(0, len(parts), size)]
    counted = (len(dates_in(each, places.reference, places.within)) for each in groups)
    return groups if all(each == 1 for each in counted) else [line]
