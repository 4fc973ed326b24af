"""左移, 图2 上移一点, 向右移动100像素: how the crop of a picture is to be moved."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.reading.manners import POLITE
from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number
from models.rules.picture_crop import Side

#: Longer texts are no such command.
_LONGEST = 30
_WAY = r"(?:移动|移|挪动|挪|平移)"
_SIDE = re.compile(
    rf"(?:往|向|朝|靠)?([左右上下])(?:边|侧|面|方)?(?:再|多|稍微|稍)?{_WAY}"
    rf"|{_WAY}?(?:往|向|朝|靠)([左右上下])(?:边|侧|面|方)?"
    rf"|(?P<edge>{_WAY}?[到至]最)([左右上下])(?:边|侧|面|方)?"
)
_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_PLACE = re.compile(rf"(?:图片?|照片|第)({_NUMBER})(?![0-9年月日])(?:张|幅)?(?:图片?|照片)?")
_PIXELS = re.compile(r"([0-9]{1,5})(?:个)?(?:像素|px|点)?(?!%)", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,3})%")
_LITTLE = re.compile(r"一点点?|一些|少许|一丢丢|些|点")
_ALL = re.compile(r"到底|到头|到边|靠边")
_FILLER = re.compile(
    rf"裁剪框|裁剪图|裁剪|画面|{POLITE}|再|继续|把|将|的|框|吧|稍微|稍|往|向|[\s。.!,:;、]"
)


@dataclass(frozen=True)
class Shift:
    """A side, the pictures meant (none: whichever can be), and how far.

    *pixels* or *percent* of the picture as written; *is_little* and *is_all* as said in words.
    """

    side: Side = Side.LEFT
    places: tuple[int, ...] = ()
    pixels: int | None = None
    percent: int | None = None
    is_little: bool = False
    is_all: bool = False

    @property
    def command(self) -> str:
        """The word of its command."""
        return f"{self.side}移"


def read_shift(text: str) -> Shift | None:
    """The move that *text* asks for; None where it says anything else besides."""
    if len(text) > _LONGEST:
        return None
    plain = normalise(text)
    side = _SIDE.search(plain)
    if side is None:
        return None
    rest = f"{plain[: side.start()]} {plain[side.end() :]}"
    places = tuple(int(read_number(each[1]) or 0) for each in _PLACE.finditer(rest))
    rest = _PLACE.sub(" ", rest)
    taken, rest = _amount(rest)
    if _FILLER.sub("", rest):
        return None
    way = Side(side[1] or side[2] or side[4])
    return replace(taken, side=way, places=places, is_all=taken.is_all or bool(side["edge"]))


def _amount(rest: str) -> tuple[Shift, str]:
    """How far, and what is left of the words."""
    for pattern, shift_of in _AMOUNTS:
        if found := pattern.search(rest):
            return shift_of(found[0]), f"{rest[: found.start()]} {rest[found.end() :]}"
    return Shift(), rest


def _digits(text: str) -> int:
    return int("".join(char for char in text if char.isdigit()))


_AMOUNTS: tuple[tuple[re.Pattern[str], Callable[[str], Shift]], ...] = (
    (_PERCENT, lambda words: Shift(percent=_digits(words))),
    (_PIXELS, lambda words: Shift(pixels=_digits(words))),
    (_ALL, lambda words: Shift(is_all=True)),
    (_LITTLE, lambda words: Shift(is_little=True)),
)
