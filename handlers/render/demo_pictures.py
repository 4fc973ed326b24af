"""Drawn scenes for demonstrations: seeded, without a word in them, good and bad by their size."""

import io
import math
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Size = tuple[int, int]
Colour = tuple[int, int, int]

#: As the notice of dajuan-2021 asks: 2:1 and wide enough.
GOOD: Size = (1200, 600)
#: As phones take them: the ratio is wrong, a crop of 1200×600 mends it.
TOO_HIGH: Size = (1200, 900)
#: Upright and so narrow that no crop is wide enough.
UPRIGHT: Size = (480, 800)
#: The right ratio, squeezed by a chat client.
TOO_SMALL: Size = (480, 240)

_DPI = 96
_GRAIN = 8
_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((96, 158, 214), (222, 236, 243)),
    ((128, 172, 206), (246, 232, 208)),
    ((140, 156, 172), (214, 219, 222)),
    ((74, 132, 196), (196, 224, 240)),
)
_GREENS: tuple[Colour, ...] = ((62, 106, 62), (84, 124, 66), (50, 92, 74), (104, 132, 70))
_WALLS: tuple[Colour, ...] = (
    (214, 204, 188),
    (188, 150, 118),
    (226, 222, 214),
    (176, 120, 98),
    (198, 190, 164),
)


class Scene(StrEnum):
    """What a picture shows."""

    LANDSCAPE = "landscape"
    BUILDING = "building"
    STREET = "street"


def scene_picture(scene: Scene, size: Size, seed: int) -> bytes:
    """A JPEG of *scene*, stated as 96 dpi; the same seed draws the same picture."""
    random = Random(f"{scene}:{seed}")
    image = _sky(size, random)
    _PAINTERS[scene](image, random)
    file = io.BytesIO()
    _grained(image).save(file, "JPEG", quality=88, dpi=(_DPI, _DPI))
    return file.getvalue()


def _sky(size: Size, random: Random) -> Image.Image:
    top, bottom = random.choice(_SKIES)
    slope = Image.linear_gradient("L").resize(size)
    image = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), slope)
    clouds = Image.new("L", size, 0)
    draw = ImageDraw.Draw(clouds)
    for _ in range(random.randint(3, 6)):
        _cloud(draw, size, random)
    clouds = clouds.filter(ImageFilter.BoxBlur(max(size[0] // 90, 1)))
    image.paste((250, 250, 248), mask=clouds)
    return image


def _cloud(draw: ImageDraw.ImageDraw, size: Size, random: Random) -> None:
    width, height = size
    x, y = random.uniform(0, width), random.uniform(0, height * 0.35)
    for _ in range(7):
        across, down = random.uniform(0.03, 0.1) * width, random.uniform(0.015, 0.04) * height
        left, top = x + random.uniform(-0.1, 0.1) * width, y + random.uniform(-0.02, 0.02) * height
        draw.ellipse((left - across, top - down, left + across, top + down), fill=150)


def _grained(image: Image.Image) -> Image.Image:
    """The picture with the grain of a camera: no two edges of it are quite alike."""
    return ImageChops.add(image, _grain(image.size), scale=1, offset=-128)


@lru_cache(maxsize=8)
def _grain(size: Size) -> Image.Image:
    random = Random(f"grain:{size}")
    small = Image.frombytes("L", (256, 256), random.randbytes(256 * 256))
    level = small.point([128 + (value - 128) * _GRAIN // 128 for value in range(256)])
    tiled = Image.new("L", size)
    for x in range(0, size[0], 256):
        for y in range(0, size[1], 256):
            tiled.paste(level, (x, y))
    return Image.merge("RGB", (tiled, tiled, tiled))


def _landscape(image: Image.Image, random: Random) -> None:
    """Hills behind hills, fields or a river in front, some trees."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    green = random.choice(_GREENS)
    for depth in range(4):
        base = height * (0.42 + 0.09 * depth)
        haze = 0.7 - 0.2 * depth
        _hills(draw, image.size, base, _mixed(green, (198, 214, 224), haze), random)
    if random.random() < 0.5:
        _river(draw, image.size, random)
    else:
        _terraces(draw, image.size, random)
    for _ in range(random.randint(10, 22)):
        y = random.uniform(0.72, 0.97) * height
        _tree(draw, random.uniform(0, width), y, height * random.uniform(0.05, 0.12), random)


def _hills(
    draw: ImageDraw.ImageDraw, size: Size, base: float, colour: Colour, random: Random
) -> None:
    width, height = size
    waves = [
        (
            random.uniform(0.5, 1) * height * share,
            random.uniform(1, 3) * turns,
            random.uniform(0, 7),
        )
        for share, turns in ((0.12, 1.0), (0.05, 3.0), (0.015, 9.0))
    ]
    crest = [
        (x, base - sum(high * math.sin(turns * 6.28 * x / width + at) for high, turns, at in waves))
        for x in range(0, width + 8, 8)
    ]
    draw.polygon([(0, height), *crest, (width, height)], fill=colour)


def _river(draw: ImageDraw.ImageDraw, size: Size, random: Random) -> None:
    width, height = size
    middle, swing = random.uniform(0.3, 0.7) * width, random.uniform(0.06, 0.16) * width
    left, right = [], []
    for step in range(41):
        down = step / 40
        x = middle + swing * math.sin(3.5 * down + middle)
        half = (0.01 + 0.14 * down * down) * width
        y = height * (0.7 + 0.3 * down)
        left.append((x - half, y))
        right.append((x + half, y))
    draw.polygon([*left, *reversed(right)], fill=(142, 178, 196))


def _terraces(draw: ImageDraw.ImageDraw, size: Size, random: Random) -> None:
    width, height = size
    for step in range(9):
        y = height * (0.72 + 0.032 * step)
        bend, shift = random.uniform(0.01, 0.03) * height, random.uniform(0, 6)
        line = [(x, y + bend * math.sin(x / width * 9 + shift)) for x in range(0, width + 16, 16)]
        fill = random.choice(((176, 186, 88), (132, 160, 74), (206, 192, 104)))
        draw.polygon([(0, height), *line, (width, height)], fill=fill)


def _tree(draw: ImageDraw.ImageDraw, x: float, y: float, high: float, random: Random) -> None:
    draw.line((x, y, x, y - high * 0.5), fill=(88, 70, 54), width=max(int(high / 12), 1))
    green = _mixed(random.choice(_GREENS), (30, 60, 34), random.uniform(0, 0.5))
    for _ in range(4):
        left, top = x + random.uniform(-0.3, 0.1) * high, y - high * random.uniform(0.7, 1)
        draw.ellipse((left, top, left + high * 0.45, top + high * 0.4), fill=green)


def _building(image: Image.Image, random: Random) -> None:
    """A house of several storeys on its yard, hills behind it."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    _hills(
        draw,
        image.size,
        height * 0.55,
        _mixed(random.choice(_GREENS), (200, 214, 220), 0.5),
        random,
    )
    ground = height * random.uniform(0.8, 0.86)
    draw.rectangle(
        (0, ground, width, height), fill=random.choice(((166, 160, 150), (150, 158, 136)))
    )
    left, right = random.uniform(0.08, 0.22) * width, random.uniform(0.74, 0.92) * width
    top = height * random.uniform(0.22, 0.36)
    wall = random.choice(_WALLS)
    _facade(draw, (left, top, right, ground), wall, random)
    if random.random() < 0.7:
        wing = right - (right - left) * random.uniform(0.25, 0.4)
        lower = top + (ground - top) * random.uniform(0.25, 0.4)
        _facade(
            draw,
            (wing, lower, min(right * 1.07, width), ground),
            _mixed(wall, (60, 60, 60), 0.15),
            random,
        )
    for _ in range(random.randint(4, 9)):
        y = height * random.uniform(0.86, 0.97)
        _tree(draw, random.uniform(0, width), y, height * random.uniform(0.12, 0.26), random)


Box = tuple[float, float, float, float]


def _facade(draw: ImageDraw.ImageDraw, box: Box, wall: Colour, random: Random) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=wall)
    draw.rectangle(
        (left, top, right, top + (bottom - top) * 0.04), fill=_mixed(wall, (40, 40, 44), 0.4)
    )
    storeys, windows = random.randint(3, 6), random.randint(7, 13)
    across, down = (right - left) / windows, (bottom - top) / storeys
    for storey in range(storeys):
        for window in range(windows):
            x, y = left + across * (window + 0.22), top + down * (storey + 0.28)
            glass = _mixed((72, 92, 112), (190, 208, 220), random.uniform(0, 0.7))
            draw.rectangle((x, y, x + across * 0.56, y + down * 0.5), fill=glass)
    middle = (left + right) / 2
    draw.rectangle(
        (middle - across * 0.5, bottom - down * 0.6, middle + across * 0.5, bottom),
        fill=(84, 62, 50),
    )


def _street(image: Image.Image, random: Random) -> None:
    """A road between houses that runs away from the viewer, with trees and lamps."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    far = (width * random.uniform(0.38, 0.62), height * random.uniform(0.46, 0.54))
    _hills(draw, image.size, far[1], _mixed(random.choice(_GREENS), (204, 216, 222), 0.55), random)
    draw.rectangle((0, far[1] + height * 0.02, width, height), fill=(158, 154, 144))
    draw.polygon([far, (width * 0.95, height), (width * 0.05, height)], fill=(112, 112, 114))
    _dashes(draw, image.size, far)
    for side in (0, width):
        _row_of_houses(draw, image.size, far, side, random)
    for step in range(5):
        near = 0.25 + 0.16 * step
        for side in (-1, 1):
            x = far[0] + side * near * width * 0.42
            y = far[1] + near * (height - far[1])
            _tree(draw, x, y, near * height * random.uniform(0.22, 0.34), random)


def _dashes(draw: ImageDraw.ImageDraw, size: Size, far: tuple[float, float]) -> None:
    width, height = size
    for step in range(1, 9):
        start, end = (step / 9) ** 2, ((step + 0.5) / 9) ** 2
        y1, y2 = (far[1] + share * (height - far[1]) for share in (start, end))
        x1, x2 = (far[0] + share * (width / 2 - far[0]) for share in (start, end))
        thick = width * 0.012
        draw.polygon(
            [
                (x1 - thick * start, y1),
                (x1 + thick * start, y1),
                (x2 + thick * end, y2),
                (x2 - thick * end, y2),
            ],
            fill=(232, 230, 220),
        )


def _row_of_houses(
    draw: ImageDraw.ImageDraw, size: Size, far: tuple[float, float], side: float, random: Random
) -> None:
    """From the far end to the near one, so that nearer houses stand before farther ones."""
    _, height = size
    edges = [0.12, 0.22, 0.36, 0.55, 0.8, 1.15]
    for near, next_near in pairwise(edges):
        x1, x2 = (far[0] + (side - far[0]) * share for share in (near, next_near))
        high = random.uniform(0.35, 0.62)
        wall = random.choice(_WALLS)
        tops = [far[1] - share * height * high for share in (near, next_near)]
        feet = [far[1] + share * height * 0.3 for share in (near, next_near)]
        draw.polygon([(x1, tops[0]), (x2, tops[1]), (x2, feet[1]), (x1, feet[0])], fill=wall)
        _windows(draw, ((x1, tops[0], feet[0]), (x2, tops[1], feet[1])), random)


Edge = tuple[float, float, float]


def _windows(draw: ImageDraw.ImageDraw, edges: tuple[Edge, Edge], random: Random) -> None:
    """Windows on a wall seen aslant: *edges* are its two sides as x, top and foot."""
    (x1, top1, foot1), (x2, top2, foot2) = edges

    def place(across: float, down: float) -> tuple[float, float]:
        top, foot = top1 + (top2 - top1) * across, foot1 + (foot2 - foot1) * across
        return x1 + (x2 - x1) * across, top + (foot - top) * down

    storeys = random.randint(2, 4)
    for storey in range(storeys):
        for column in range(3):
            a, b = (column + 0.25) / 3, (column + 0.75) / 3
            c, d = (storey + 0.3) / storeys, (storey + 0.75) / storeys
            glass = _mixed((66, 84, 104), (180, 196, 208), random.uniform(0, 0.6))
            draw.polygon([place(a, c), place(b, c), place(b, d), place(a, d)], fill=glass)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """*share* of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


_PAINTERS: dict[Scene, Callable[[Image.Image, Random], None]] = {
    Scene.LANDSCAPE: _landscape,
    Scene.BUILDING: _building,
    Scene.STREET: _street,
}
