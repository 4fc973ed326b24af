"""Uniform frames, letterbox bars and caption strips along the sides of a picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

# A line belongs to a bar when most of it has the bar's own grey; lettering may take up the rest.
_SAME_GREY = 10
_OUTERMOST = 0.97
_WITHIN = 0.5
_LAST = 0.9
# What follows a bar must differ plainly, or a bright sky would be a frame.
_OTHER_GREY = 24
_BEYOND = 0.3
_EDGE = 3
_THINNEST = 2
_DEEPEST = 0.45
# A bar whose tone fills this much of what it encloses is the ground of the scene itself: a sheet
# of paper (two thirds and more), the screen behind a list. Photos in a letterbox stay below.
_GROUND = 0.5

Histogram = list[int]


@dataclass(frozen=True)
class Insets:
    """How many pixels of each side are frame."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def __bool__(self) -> bool:
        return bool(self.left or self.top or self.right or self.bottom)

    def inner(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The box inside the frame: left, top, right, bottom."""
        return self.left, self.top, width - self.right, height - self.bottom

    def scaled(self, across: float, down: float) -> Insets:
        """The same frame in a larger picture; the blurred line at its edge counts as frame."""
        return Insets(
            _scaled(self.left, across),
            _scaled(self.top, down),
            _scaled(self.right, across),
            _scaled(self.bottom, down),
        )


def _scaled(lines: int, by: float) -> int:
    return lines if lines == 0 or by <= 1 else math.ceil((lines + 1) * by)


NO_FRAME = Insets()


def frame_of(grey: Image.Image) -> Insets:
    """The frame of a picture in grey: bars of one tone that end in a straight, plain edge.

    Rows are read first; columns only between the bars found, so that a frame on four sides and a
    letterbox with bars of its own tone both come out.
    """
    width, height = grey.size
    darkest, brightest = grey.getextrema()
    if not isinstance(darkest, int) or not isinstance(brightest, int):
        raise TypeError(f"a grey picture is needed, not {grey.mode}")
    if brightest - darkest <= _OTHER_GREY:
        return NO_FRAME
    top = _bar(lambda at: _line(grey, (0, at, width, at + 1)), height)
    bottom = _bar(lambda at: _line(grey, (0, height - at - 1, width, height - at)), height)
    low = height - bottom
    left = _bar(lambda at: _line(grey, (at, top, at + 1, low)), width)
    right = _bar(lambda at: _line(grey, (width - at - 1, top, width - at, low)), width)
    return _without_ground(grey, Insets(left, top, right, bottom))


def _without_ground(grey: Image.Image, found: Insets) -> Insets:
    """The bars that are no more than the margin of a plain ground within are none."""
    if not found:
        return NO_FRAME
    width, height = grey.size
    left, top, right, bottom = found.inner(width, height)
    within = grey.crop((left, top, right, bottom)).histogram()
    bars = {
        "left": (0, top, left, bottom),
        "top": (0, 0, width, top),
        "right": (right, top, width, bottom),
        "bottom": (0, bottom, width, height),
    }
    tones = {name: _median(_line(grey, box)) for name, box in bars.items() if getattr(found, name)}
    ground = [name for name, tone in tones.items() if _share(within, tone, _SAME_GREY) > _GROUND]
    return replace(found, **dict.fromkeys(ground, 0))


def _line(grey: Image.Image, box: tuple[int, int, int, int]) -> Histogram:
    return grey.crop(box).histogram()


def _bar(line: Callable[[int], Histogram], side: int) -> int:
    """How many lines from this side inward are a bar; 0 when they only look like one."""
    deepest = int(side * _DEEPEST)
    if deepest <= _THINNEST + _EDGE:
        return 0
    tone = _median(line(0))
    if _share(line(0), tone, _SAME_GREY) < _OUTERMOST:
        return 0
    depth = next(
        (at for at in range(1, deepest) if _share(line(at), tone, _SAME_GREY) < _WITHIN), deepest
    )
    return depth if depth >= _THINNEST and _ends_plainly(line, depth, tone, deepest) else 0


def _ends_plainly(line: Callable[[int], Histogram], depth: int, tone: int, deepest: int) -> bool:
    """Whether the bar's last lines are clean and those beyond it are another tone, for good."""
    if depth == deepest or _comes_again(line, depth, tone, deepest):
        return False
    last = _share(line(max(depth - _EDGE, 0)), tone, _SAME_GREY)
    beyond = max(1 - _share(line(depth + step), tone, _OTHER_GREY) for step in range(_EDGE))
    return last >= _LAST and beyond >= _BEYOND


def _comes_again(line: Callable[[int], Histogram], depth: int, tone: int, deepest: int) -> bool:
    """Whether plain lines of the bar's tone stand further inside, as between lines of a text."""
    further = range(depth + _EDGE, min(depth + deepest // 2, 2 * deepest), 2)
    return sum(_share(line(at), tone, _OTHER_GREY) >= _LAST for at in further) >= _THINNEST


def _share(histogram: Histogram, tone: int, tolerance: int) -> float:
    near = sum(histogram[max(tone - tolerance, 0) : tone + tolerance + 1])
    return near / sum(histogram)


def _median(histogram: Histogram) -> int:
    half, seen = sum(histogram) / 2, 0
    for tone, count in enumerate(histogram):
        seen += count
        if seen >= half:
            return tone
    return 255
