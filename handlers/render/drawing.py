"""Pictures as lists of things to draw, so that a layout can be read before it is painted."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal

from PIL import Image, ImageDraw

from handlers.render.fonts import font, glyph, width_of

WHITE = "#ffffff"
INK = "#1a1a1a"
GREY = "#595959"
RULE = "#c8c8c8"
BAND = "#eef1f4"
MIST = "#f6f8fa"
BLUE = "#1f4e79"
MIDDLE_BLUE = "#9dc3e6"
PALE_BLUE = "#e6eff8"
RUST = "#a33b00"
AMBER = "#f4b183"
YELLOW = "#ffd23f"
FAINT = "#f0f0f0"

_SHADE = 16
#: Shapes are drawn this many times as large, for smooth edges.
_FINE = 4
_COUNTED = "年月日号名项个期家分位点时周"
_NOT_FIRST = "，。、；：！？）》」』”’…·%)]}.,;:!?"
#: Single characters, and nicknames in quotation marks.
_QUOTED = re.compile(r"(“[^“”]{1,6}”|.)", re.DOTALL)
_NOT_LAST = "（《「『“‘([{"


@dataclass(frozen=True)
class Text:
    """One line of text; *anchor* says which of its points is meant: left, middle or right."""

    x: int
    y: int
    text: str
    size: int
    colour: str = INK
    bold: bool = False
    anchor: Literal["lm", "mm", "rm"] = "lm"


@dataclass(frozen=True)
class Block:
    """A rectangle: left, top, right, bottom; the outline lies inside."""

    box: tuple[int, int, int, int]
    fill: str | None = None
    outline: str | None = None


@dataclass(frozen=True)
class Hatching:
    """Diagonal strokes inside a box: a shade that survives a photocopy."""

    box: tuple[int, int, int, int]
    colour: str
    step: int = 9
    stroke: int = 3


@dataclass(frozen=True)
class Polygon:
    """A filled shape by its corners."""

    corners: tuple[tuple[int, int], ...]
    fill: str


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    x: int
    y: int
    radius: int
    fill: str


@dataclass(frozen=True)
class Watermark:
    """A word repeated slantwise over the whole page, painted before everything else."""

    text: str
    size: int = 44
    colour: str = FAINT


Item = Text | Block | Hatching | Polygon | Disc | Watermark


@dataclass(frozen=True)
class Page:
    """One picture: its size and what stands on it, in the order of painting."""

    width: int
    height: int
    items: tuple[Item, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every line of text, in order."""
        return tuple(item.text for item in self.items if isinstance(item, Text))


def wrap(text: str, size: int, width: int, *, even: bool = True) -> tuple[str, ...]:
    """*text* in lines no wider than *width*; *even* makes them alike, as headings want it.

    Breaks between any two characters as Chinese does, but not inside a number or a Latin word
    that fits a line, and never leaves closing punctuation at the start of a line.
    """
    lines = _greedy(text, size, width)
    if len(lines) < 2 or not even:
        return lines
    narrow = int(width_of(text, size) / len(lines))
    for trial in range(narrow, width, max(size // 2, 1)):
        evener = _greedy(text, size, trial)
        if len(evener) == len(lines) and all(width_of(line, size) <= width for line in evener):
            return evener
    return lines


def fitted(text: str, size: int, width: int) -> int:
    """The size in which one line of *text* is no wider than *width*: *size* if it may be."""
    drawn = width_of(text, size)
    return size if drawn <= width else max(int(size * width / drawn), 1)


def _greedy(text: str, size: int, width: int) -> tuple[str, ...]:
    lines, line = [], ""
    for piece in chain.from_iterable(_cut(word, size, width) for word in _words(text)):
        if line and width_of(line + piece, size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def _words(text: str) -> list[str]:
    """Pieces that stay on one line: characters, words, short quotations, marks with neighbours."""
    words: list[str] = []
    for piece in _QUOTED.split(text):
        if piece and words and _clings(words[-1][-1], piece[0]):
            words[-1] += piece
        elif piece:
            words.append(piece)
    return words


def _clings(before: str, character: str) -> bool:
    if character in _NOT_FIRST or before in _NOT_LAST:
        return True
    if before.isdigit() and character in _COUNTED:
        return True
    return all(each.isascii() and not each.isspace() for each in (before, character))


def _cut(word: str, size: int, width: int) -> list[str]:
    if len(word) < 2 or width_of(word, size) <= width:
        return [word]
    return list(word)


def painted(page: Page) -> Image.Image:
    """The page as a picture in colour."""
    image = Image.new("RGB", (page.width, page.height), WHITE)
    draw = ImageDraw.Draw(image)
    for item in sorted(page.items, key=lambda each: not isinstance(each, Watermark)):
        _paint(item, image, draw)
    return image


def _paint(item: Item, image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    match item:
        case Text():
            _write(item, draw)
        case Block(box=(left, top, right, bottom)):
            if right > left and bottom > top:
                inside = (left, top, right - 1, bottom - 1)
                draw.rectangle(inside, fill=item.fill, outline=item.outline, width=2)
        case Hatching():
            _hatch(item, image)
        case Polygon():
            _fill(item, image)
        case Disc(x=x, y=y, radius=radius):
            mask = _disc(radius)
            image.paste(item.fill, (x - radius, y - radius), mask)
        case Watermark():
            _water(item, image)


def _write(item: Text, draw: ImageDraw.ImageDraw) -> None:
    """Character by character: Chinese is set without kerning, and each is drawn but once."""
    stroke = max(item.size // 36, 1) if item.bold else 0
    glyphs = [glyph(each, item.size, stroke) for each in item.text]
    width = sum(each.advance for each in glyphs)
    ascent, descent = font(item.size).getmetrics()
    x = item.x - {"l": 0, "m": width // 2, "r": width}[item.anchor[0]]
    base = item.y + (ascent - descent) // 2
    for each in glyphs:
        draw.bitmap((x + each.left, base + each.top), each.mask, fill=item.colour)
        x += each.advance


def _fill(item: Polygon, image: Image.Image) -> None:
    """The polygon with smooth edges: drawn large, then made small."""
    left, top = (min(corner[axis] for corner in item.corners) for axis in (0, 1))
    corners = tuple((x - left, y - top) for x, y in item.corners)
    image.paste(item.fill, (left, top), _polygon(corners))


@lru_cache(maxsize=512)
def _polygon(corners: tuple[tuple[int, int], ...]) -> Image.Image:
    width, height = (max(corner[axis] for corner in corners) + 1 for axis in (0, 1))
    mask = Image.new("L", (width * _FINE, height * _FINE), 0)
    fine = [(x * _FINE, y * _FINE) for x, y in corners]
    ImageDraw.Draw(mask).polygon(fine, fill=255)
    return mask.resize((width, height), Image.Resampling.BOX)


@lru_cache(maxsize=64)
def _disc(radius: int) -> Image.Image:
    side = radius * 2 + 1
    mask = Image.new("L", (side * _FINE, side * _FINE), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side * _FINE - 1, side * _FINE - 1), fill=255)
    return mask.resize((side, side), Image.Resampling.BOX)


def _hatch(item: Hatching, image: Image.Image) -> None:
    left, top, right, bottom = item.box
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    part = image.crop(item.box)
    draw = ImageDraw.Draw(part)
    for start in range(-height, width, item.step):
        line = (start, height, start + height, 0)
        draw.line(line, fill=item.colour, width=item.stroke)
    image.paste(part, item.box)


def _water(item: Watermark, image: Image.Image) -> None:
    long = int(width_of(item.text, item.size)) + item.size
    tile = Image.new("RGB", (long, item.size * 2), WHITE)
    word = Text(long // 2, item.size, item.text, item.size, item.colour, anchor="mm")
    _write(word, ImageDraw.Draw(tile))
    slanted = tile.rotate(24, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)
    for row, top in enumerate(range(0, image.height, slanted.height + item.size)):
        shift = (row % 2) * (slanted.width // 2 + item.size)
        for left in range(-shift, image.width, slanted.width + item.size * 2):
            image.paste(slanted, (left, top))


def as_png(image: Image.Image, colours: Iterable[str]) -> bytes:
    """A small PNG: every colour in even steps to white, which is all that smooth edges need."""
    steps = [_faded(colour) for colour in sorted(set(colours) - {WHITE})]
    palette = Image.new("P", (1, 1))
    palette.putpalette(list(chain.from_iterable(chain.from_iterable(steps))) or [255, 255, 255])
    file = io.BytesIO()
    flat = image.quantize(palette=palette, dither=Image.Dither.NONE)
    flat.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _faded(colour: str) -> list[tuple[int, int, int]]:
    """White to the colour in steps no finer than the eye sees; finer ones would tint the white."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    steps = max((255 - min(red, green, blue)) // _SHADE, 1)

    def part(value: int, step: int) -> int:
        return 255 + (value - 255) * step // steps

    return [(part(red, at), part(green, at), part(blue, at)) for at in range(steps + 1)]


def page_png(page: Page) -> bytes:
    """The page as a PNG file."""
    return as_png(painted(page), _colours(page.items))


def _colours(items: Sequence[Item]) -> set[str]:
    found = {INK}
    for item in items:
        match item:
            case Block():
                found |= {colour for colour in (item.fill, item.outline) if colour}
            case Polygon() | Disc():
                found.add(item.fill)
            case _:
                found.add(item.colour)
    return found
