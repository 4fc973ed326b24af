"""Signs for a status: a shape on a tone, so that copies and colour-blind eyes tell them apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.render.drawing import (
    AMBER,
    BLUE,
    GREY,
    INK,
    MIDDLE_BLUE,
    MIST,
    PALE_BLUE,
    RULE,
    RUST,
    WHITE,
    Block,
    Disc,
    Item,
    Polygon,
    Text,
    wrap,
)
from handlers.render.fonts import width_of
from handlers.render.sheets import MARGIN, RIGHT, SMALL, Piece
from models.rules.rounding import NOT_APPLICABLE
from models.rules.status import Standing, StatusPolicy

#: Sides of a sign in the legend.
_LEGEND_WIDTH, _LEGEND_HEIGHT, _LEGEND_LINE = 44, 36, 50


class Shape(StrEnum):
    """What is drawn on the tone."""

    CHECK = "check"
    DISC = "disc"
    TARGET = "target"
    RING = "ring"
    UP = "up"
    DOWN = "down"
    CROSS = "cross"
    NONE = "none"


@dataclass(frozen=True)
class Sign:
    """A shape in *ink* on a *tone* within an *edge*; *text* stands where no shape does."""

    shape: Shape
    tone: str = WHITE
    ink: str = INK
    edge: str = RULE
    text: str = ""

    @property
    def figure(self) -> str:
        """The colour of a figure that stands on the tone."""
        return WHITE if self.tone == BLUE else INK


DONE = Sign(Shape.CHECK, BLUE, WHITE, BLUE)
ON_TRACK = Sign(Shape.DISC, PALE_BLUE, BLUE, BLUE)
BEHIND = Sign(Shape.DOWN, AMBER, RUST, RUST)
UNKNOWN = Sign(Shape.NONE, WHITE, GREY, RULE, NOT_APPLICABLE)
#: Where nothing is asked: so faint that columns are followed by eye and nothing is said.
BLANK = Sign(Shape.NONE, MIST, GREY, MIST)
TICKED = Sign(Shape.CHECK, BLUE, WHITE, BLUE)
LACKING = Sign(Shape.NONE, WHITE, RUST, RULE, "缺")
RUNNING = Sign(Shape.NONE, WHITE, GREY, GREY, "待")
VERY_LIKELY = Sign(Shape.TARGET, BLUE, WHITE, BLUE)
LIKELY = Sign(Shape.RING, MIDDLE_BLUE, INK, BLUE)
DIFFICULT = Sign(Shape.UP, WHITE, INK, GREY)
UNLIKELY = Sign(Shape.CROSS, AMBER, INK, RUST)

OF_STANDING = {
    Standing.COMPLETED: DONE,
    Standing.ON_TRACK: ON_TRACK,
    Standing.BEHIND: BEHIND,
}


def sign_of(standing: Standing | None) -> Sign:
    """The sign of a status; a dash while none is known."""
    return UNKNOWN if standing is None else OF_STANDING[standing]


def tile(sign: Sign, box: tuple[int, int, int, int]) -> Iterator[Item]:
    """The tone of a sign filling a box."""
    yield Block(box, sign.tone, sign.edge)


def shape(sign: Sign, x: int, y: int, radius: int) -> Iterator[Item]:
    """The shape of a sign, or its text, around a middle."""
    if sign.text:
        yield Text(x, y, sign.text, max(radius * 2, 20), sign.ink, anchor="mm")
    match sign.shape:
        case Shape.CHECK:
            yield _polygon(_CHECK, x, y, radius, sign.ink)
        case Shape.DISC:
            yield Disc(x, y, radius - 2, sign.ink)
        case Shape.TARGET:
            yield from _ring(x, y, radius, sign)
            yield Disc(x, y, radius * 2 // 5, sign.ink)
        case Shape.RING:
            yield from _ring(x, y, radius, sign)
        case Shape.UP:
            yield _polygon(_UP, x, y, radius, sign.ink)
            yield _polygon(_UP, x, y + radius // 6, radius - max(radius * 2 // 5, 4), sign.tone)
        case Shape.DOWN:
            yield _polygon(_DOWN, x, y, radius, sign.ink)
        case Shape.CROSS:
            yield _polygon(_STROKE, x, y, radius, sign.ink)
            yield _polygon([(-a, b) for a, b in _STROKE], x, y, radius, sign.ink)
        case Shape.NONE:
            return


_Corners = list[tuple[int, int]]
#: Corners around the middle, in hundredths of the radius.
_CHECK: _Corners = [(-95, 5), (-65, -25), (-25, 20), (65, -80), (95, -50), (-25, 80)]
_UP: _Corners = [(-100, 80), (100, 80), (0, -90)]
_DOWN: _Corners = [(-100, -80), (100, -80), (0, 90)]
_STROKE: _Corners = [(-85, -60), (-60, -85), (85, 60), (60, 85)]


def _polygon(corners: _Corners, x: int, y: int, radius: int, ink: str) -> Polygon:
    return Polygon(
        tuple((x + across * radius // 100, y + down * radius // 100) for across, down in corners),
        ink,
    )


def _ring(x: int, y: int, radius: int, sign: Sign) -> Iterator[Item]:
    yield Disc(x, y, radius, sign.ink)
    yield Disc(x, y, radius - max(radius // 4, 3), sign.tone)


@dataclass(frozen=True)
class Meaning:
    """What a sign means, as a legend says it."""

    sign: Sign
    word: str


Meanings = tuple[Meaning, ...]


def meanings_of(policy: StatusPolicy, counts: Mapping[str, int] | None = None) -> Meanings:
    """The labels of a policy by their signs, each with how many have it where *counts* says so."""
    found: dict[Standing, list[str]] = {}
    for band in policy.bands:
        count = "" if counts is None else f" {counts.get(band.label, 0)}项"
        word = f"{band.label}{count}"
        if word not in found.setdefault(band.standing, []):
            found[band.standing].append(word)
    return tuple(Meaning(sign_of(each), "、".join(words)) for each, words in found.items())


def legend(meanings: Meanings) -> Piece:
    """The signs with their words, in as many lines as they take."""
    items: list[Item] = []
    x, y = MARGIN, 36
    for each in meanings:
        lines = wrap(each.word, SMALL, RIGHT - MARGIN - _LEGEND_WIDTH - 10)
        width = _LEGEND_WIDTH + 10 + max(int(width_of(line, SMALL)) for line in lines)
        if x > MARGIN and x + width > RIGHT:
            x, y = MARGIN, y + _LEGEND_LINE
        items += legend_sign(each.sign, x, y)
        for at, line in enumerate(lines):
            y += _LEGEND_LINE if at else 0
            items.append(Text(x + _LEGEND_WIDTH + 10, y, line, SMALL))
        x += width + 36
    return Piece(y + 34 if items else 16, tuple(items))


def legend_sign(sign: Sign, x: int, y: int) -> Iterator[Item]:
    """A small tile from *x* on with *y* in its middle."""
    top = y - _LEGEND_HEIGHT // 2
    yield from tile(sign, (x, top, x + _LEGEND_WIDTH, top + _LEGEND_HEIGHT))
    yield from shape(sign, x + _LEGEND_WIDTH // 2, y, 12)
