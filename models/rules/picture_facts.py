"""What a picture is: decoded once, measured, or refused with a word why."""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from models.errors import Refused
from models.rules.picture_container import (
    EXIF_MARK,
    declared_size,
    has_several_scans,
    is_animated,
    is_endless,
    kind_of,
)
from models.rules.picture_exif import metadata_of
from models.rules.picture_frame import NO_FRAME, Insets, frame_of
from models.rules.picture_rule import TextFound

#: The largest picture of all, a JPEG whose lines can be read one after another. What a kind needs
#: to be held in memory decides how large it may be: none makes the service, which has about 100 MB
#: of its own, take more than 300 (`tests/bench/pictures.py` measures it).
MAX_PIXELS = 50_000_000
_MOST_PIXELS = {"PNG": 25_000_000, "WEBP": 10_000_000, "HEIC": 25_000_000}
_MOST_OF_SCANS = 20_000_000
#: The largest file in bytes.
MAX_BYTES = 30_000_000
PROFILE = 32
_ENOUGH = 1024
_STRIP = 256
T = TypeVar("T")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DECODERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
}


#: What is said of a file that only its name makes a picture.
NO_PICTURE = "收到的文件不是图片（只改扩展名不能变成图片）。请发 JPG、PNG 或 WebP 图片。"


class Unreadable(StrEnum):
    """Why a file cannot be judged as a picture."""

    EMPTY = "empty"
    NOT_A_PICTURE = "not_a_picture"
    UNSUPPORTED = "unsupported"
    ANIMATED = "animated"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"


class PictureUnreadable(Refused):
    """The file is no picture we can use; the text says what came and what to send instead."""

    def __init__(self, reason: Unreadable, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class PictureFacts:
    """A readable picture as people see it: sizes after its EXIF turn is applied.

    *taken_at* is the camera's wall clock, without a zone because EXIF states none. *dhash* is
    taken inside the frame. *row_detail* and *column_detail* say where that inside is busy.
    *texts* are the words seen in it, empty where nobody looked for any.
    """

    format: str
    width: int
    height: int
    dpi: int | None = None
    frame: Insets = NO_FRAME
    taken_at: datetime | None = None
    has_gps: bool = False
    dhash: str = "0" * 16
    rotated: bool = False
    row_detail: tuple[int, ...] = field(default=(), repr=False)
    column_detail: tuple[int, ...] = field(default=(), repr=False)
    texts: tuple[TextFound, ...] = ()


def inspect(data: bytes) -> PictureFacts:
    """The facts of a JPEG, PNG, WebP (or HEIC, with its extra); raises only PictureUnreadable.

    The declared size is checked against the pixel budget before anything is decoded; then all of
    it is decoded, because only that finds a picture cut short on its way.
    """
    return decoded(data, _facts)


def decoded(data: bytes, use: Callable[[str, bytes], T]) -> T:
    """What *use* makes of the kind and bytes of a picture; raises only PictureUnreadable."""
    kind = _accepted_kind(data)
    try:
        return use(kind, data)
    except PictureUnreadable:
        raise
    except Exception as error:  # Pillow answers damaged bytes with a dozen kinds of exception
        raise _damaged() from error


def _accepted_kind(data: bytes) -> str:
    if not data:
        raise PictureUnreadable(Unreadable.EMPTY, "收到的图片是空的，请重新发送原图。")
    if len(data) > MAX_BYTES:
        text = (
            f"图片有 {len(data) // 1_000_000} MB，最多接收 {MAX_BYTES // 1_000_000} MB。"
            "请缩小后再发，宽 2000 像素左右即可。"
        )
        raise PictureUnreadable(Unreadable.TOO_LARGE, text)
    kind = kind_of(data)
    if kind is None:
        raise PictureUnreadable(Unreadable.NOT_A_PICTURE, NO_PICTURE)
    if kind == "HEIC" and not _reads_heic():
        text = "收到的是 HEIC 图片，暂时打不开。请发 JPG 或原图截图。"
        raise PictureUnreadable(Unreadable.UNSUPPORTED, text)
    if kind != "HEIC" and kind not in _DECODERS:
        text = f"收到的是 {kind} 文件，只接收 JPG、PNG 或 WebP 图片。请另存为 JPG 后再发。"
        raise PictureUnreadable(Unreadable.UNSUPPORTED, text)
    if is_endless(kind, data):
        raise _damaged()
    if is_animated(kind, data):
        text = "收到的是动图，要求是一张静止的照片。请发 JPG 或 PNG 原图。"
        raise PictureUnreadable(Unreadable.ANIMATED, text)
    return kind


def _reads_heic() -> bool:
    return importlib.util.find_spec("pillow_heif") is not None


def _damaged() -> PictureUnreadable:
    text = "图片没有传完整或已经损坏，打不开。请重新发送原图。"
    return PictureUnreadable(Unreadable.DAMAGED, text)


def _facts(kind: str, data: bytes) -> PictureFacts:
    metadata = metadata_of(kind, data)
    with open_picture(kind, data) as image:
        width, height = image.size
        grey = _small_grey(image)
    grey = turned(grey, metadata.turn)
    if metadata.turn >= 5:
        width, height = height, width
    insets = frame_of(grey)
    inside = grey.crop(insets.inner(*grey.size)).resize((PROFILE, PROFILE), Image.Resampling.BOX)
    rows, columns = _detail(inside)
    return PictureFacts(
        format=kind,
        width=width,
        height=height,
        dpi=metadata.dpi,
        frame=insets.scaled(width / grey.width, height / grey.height),
        taken_at=metadata.taken_at,
        has_gps=metadata.has_gps,
        dhash=_dhash(inside),
        rotated=metadata.turn != 1,
        row_detail=rows,
        column_detail=columns,
    )


def open_picture(kind: str, data: bytes) -> ImageFile.ImageFile:
    """The picture, not yet decoded; refused when its pixels are beyond the budget.

    The decoder of the kind is called by name, not by `Image.open`: that would allocate a WebP's
    canvas and look for further pictures in a JPEG before the size is known.
    """
    most = _most_pixels(kind, data)
    _check_size(declared_size(kind, data), most)
    if kind == "HEIC":
        image: ImageFile.ImageFile = importlib.import_module("pillow_heif").HeifImageFile(
            io.BytesIO(data)
        )
    else:
        # Pillow warns aloud about damaged EXIF, which has been read already without its help.
        image = _DECODERS[kind](io.BytesIO(data.replace(EXIF_MARK, EXIF_MARK.lower())))
    _check_size(image.size, most)
    return image


def _most_pixels(kind: str, data: bytes) -> int:
    if kind == "JPEG":
        return _MOST_OF_SCANS if has_several_scans(data) else MAX_PIXELS
    return _MOST_PIXELS[kind]


def _check_size(size: tuple[int, int] | None, most: int) -> None:
    if size is None:
        return
    width, height = size
    if width < 1 or height < 1:
        raise _damaged()
    if width * height > most:
        text = (
            f"图片有 {width}×{height}（约 {width * height // 10_000} 万像素），"
            f"这种格式最多接收 {most // 10_000} 万像素。请缩小后再发，宽 2000 像素左右即可。"
        )
        raise PictureUnreadable(Unreadable.TOO_LARGE, text)


def turned(image: Image.Image, turn: int) -> Image.Image:
    """The picture as it is meant to be seen, by the number of its EXIF orientation."""
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _small_grey(image: ImageFile.ImageFile) -> Image.Image:
    """All of the file decoded, but only its brightness kept and both sides below 2048 pixels."""
    image.draft("L", (_ENOUGH, _ENOUGH))
    image.load()
    factors = (max(image.width // _ENOUGH, 1), max(image.height // _ENOUGH, 1))
    return plain_part(image, (0, 0, *image.size), factors).convert("L")


def plain_part(
    image: Image.Image, box: tuple[int, int, int, int], factors: tuple[int, int]
) -> Image.Image:
    """A part of a decoded picture as L, RGB or CMYK, made smaller by whole numbers.

    It is made strip by strip: converting a large picture at once would need its memory again.
    """
    left, top, right, bottom = box
    across, down = factors
    rows = max(_STRIP // down, 1) * down
    made: Image.Image | None = None
    for start in range(top, bottom, rows):
        strip = on_white(image.crop((left, start, right, min(start + rows, bottom))))
        small = strip if factors == (1, 1) else strip.reduce(factors)
        if made is None:
            size = -(-(right - left) // across), -(-(bottom - top) // down)
            made = Image.new(small.mode, size)
        made.paste(small, (0, (start - top) // down))
    if made is None:
        raise ValueError(f"{box} has no rows")
    return made


def on_white(image: Image.Image) -> Image.Image:
    """The picture as L, RGB or CMYK: transparency laid on white, 16 bits brought down to 8."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _detail(inside: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How much brightness changes along each row and each column."""
    values = inside.tobytes()
    rows = [values[start : start + PROFILE] for start in range(0, PROFILE * PROFILE, PROFILE)]
    return _changes(rows), _changes([bytes(column) for column in zip(*rows, strict=True)])


def _changes(lines: Sequence[bytes]) -> tuple[int, ...]:
    """For each line, the differences between neighbours within it and to the lines beside it."""
    along = [sum(abs(a - b) for a, b in pairwise(line)) for line in lines]
    steps = [
        sum(abs(a - b) for a, b in zip(first, second, strict=True))
        for first, second in pairwise(lines)
    ]
    sides = zip([steps[0], *steps], [*steps, steps[-1]], strict=True)
    return tuple(2 * own + sum(both) for own, both in zip(along, sides, strict=True))


def _dhash(grey: Image.Image) -> str:
    """Sixty-four comparisons of neighbours in a 9 by 8 miniature, as 16 hexadecimal digits."""
    pixels = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for left in range(row * 9, row * 9 + 8):
            bits = bits << 1 | (pixels[left + 1] > pixels[left])
    return f"{bits:016x}"
