"""Pictures for tests: scenes as a camera, a phone or a chat client would hand them over."""

import io
import random
import struct
from datetime import datetime

from PIL import Image, ImageDraw, ImageOps

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
PLACE = {1: "N", 2: (28.0, 18.0, 40.0), 3: "E", 4: (109.0, 44.0, 13.0)}


def a_scene(width: int = 1200, height: int = 600, mode: str = "RGB") -> Image.Image:
    """A lively scene without a frame: the same grain and slopes wherever one looks."""
    grain = Image.radial_gradient("L").resize((61, 47))
    tile = Image.new("L", (width, height))
    for left in range(0, width, 61):
        for top in range(0, height, 47):
            tile.paste(grain, (left, top))
    slope = Image.linear_gradient("L").rotate(90).resize((width, height))
    green = Image.blend(tile, slope, 0.4)
    return Image.merge("RGB", (tile, green, ImageOps.invert(green))).convert(mode)


def a_view(seed: int, width: int = 1200, height: int = 600) -> Image.Image:
    """One of many scenes that differ in their large shapes, the same for the same seed."""
    chance = random.Random(seed)
    image = a_scene(width, height)
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        left, top = chance.randrange(width), chance.randrange(height)
        size = chance.randrange(width // 12, width // 4)
        tone = chance.randrange(30, 226)
        draw.ellipse((left - size, top - size, left, top), fill=(tone, 255 - tone, tone // 2))
    return image


def a_photo(
    width: int = 1200,
    height: int = 600,
    *,
    dpi: int | None = None,
    taken_at: datetime | None = None,
    turn: int | None = None,
    gps: bool = False,
    kind: str = "JPEG",
) -> bytes:
    """The bytes of a scene; EXIF is written only where something is to be said in it."""
    return encoded(
        a_scene(width, height), kind, dpi=dpi, exif=an_exif(taken_at=taken_at, turn=turn, gps=gps)
    )


def an_exif(
    *,
    taken_at: datetime | None = None,
    turn: int | None = None,
    gps: bool = False,
    dpi: int | None = None,
) -> bytes:
    """An EXIF block as phones write it, empty when there is nothing to say."""
    exif = Image.Exif()
    if turn is not None:
        exif[0x0112] = turn
    if dpi is not None:
        exif[0x011A], exif[0x011B], exif[0x0128] = float(dpi), float(dpi), 2
    if taken_at is not None:
        exif.get_ifd(_EXIF_IFD)[0x9003] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    if gps:
        exif.get_ifd(_GPS_IFD).update(PLACE)
    return exif.tobytes() if turn or dpi or taken_at or gps else b""


def encoded(
    image: Image.Image, kind: str = "JPEG", *, dpi: int | None = None, exif: bytes = b""
) -> bytes:
    """The file of a picture, with the dpi in the header of its kind."""
    file = io.BytesIO()
    options: dict[str, object] = {"exif": exif} if exif else {}
    if dpi is not None:
        options["dpi"] = (dpi, dpi)
    image.save(file, kind, quality=90, **options)
    return file.getvalue()


def framed(scene: Image.Image, left: int, top: int, right: int, bottom: int, colour: str) -> bytes:
    """The scene with plain bars painted over its sides."""
    image, (width, height) = scene.copy(), scene.size
    draw = ImageDraw.Draw(image)
    bars = (
        (0, 0, left, height),
        (0, 0, width, top),
        (width - right, 0, width, height),
        (0, height - bottom, width, height),
    )
    for x, y, far, low in bars:
        if far > x and low > y:
            draw.rectangle((x, y, far - 1, low - 1), fill=colour)
    return encoded(image)


def a_landscape(width: int = 1600, height: int = 1200) -> Image.Image:
    """A bright even sky over rolling hills: flat above, and no frame."""
    image = Image.new("RGB", (width, height), (236, 240, 245))
    hills = a_scene(width, height)
    mask = Image.new("L", (width, height), 0)
    outline = [(0, height)]
    for x in range(0, width + 1, 10):
        outline.append((x, height * 0.42 + height * 0.1 * ((x / width - 0.45) * 2) ** 2 + x % 70))
    ImageDraw.Draw(mask).polygon([*outline, (width, height)], fill=255)
    image.paste(hills, mask=mask)
    return image


def pixels_of(data: bytes) -> bytes:
    """What a viewer would show, for comparing two files by what is seen."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


def a_huge_png(width: int = 20_000, height: int = 10_000) -> bytes:
    """A header that promises 200 million pixels, and nothing behind it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + bytes(4)
