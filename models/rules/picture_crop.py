"""The crop that mends a picture: where it is placed, and the cut itself."""

import io
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from PIL import Image

from models.rules.picture_container import kind_of
from models.rules.picture_exif import metadata_of
from models.rules.picture_facts import PictureFacts, inspect, on_white, open_picture, turned
from models.rules.picture_rule import PictureRule

Box = tuple[int, int, int, int]
QUALITY = 92
_EXIF_IFD, _TAKEN_AT = 0x8769, 0x9003
_PLACES = 64


def crop_box(facts: PictureFacts, rule: PictureRule) -> Box | None:
    """Left, top, right, bottom of the crop to offer, in the picture as people see it.

    It lies inside any frame, has the asked ratio, and is placed on the part with most detail, in
    the middle when no part has clearly more. None where nothing needs cutting, and where the cut
    would be too narrow to help.
    """
    is_framed = bool(facts.frame) and not rule.frames_allowed
    if rule.has_ratio(facts.width, facts.height) and not is_framed:
        return None
    left, top, right, bottom = _inside(facts, rule)
    width, height = _largest(right - left, bottom - top, rule.ratio)
    if width < rule.min_width or height < 1:
        return None
    left += _placed(facts.column_detail, right - left, width, rule.clear_gain)
    top += _placed(facts.row_detail, bottom - top, height, rule.clear_gain)
    return left, top, left + width, top + height


def _inside(facts: PictureFacts, rule: PictureRule) -> Box:
    """The picture within its frame, where frames are not wanted."""
    if rule.frames_allowed or not facts.frame:
        return 0, 0, facts.width, facts.height
    return facts.frame.inner(facts.width, facts.height)


class Side(StrEnum):
    """Where a crop is moved to."""

    LEFT = "左"
    RIGHT = "右"
    UP = "上"
    DOWN = "下"


def rooms(facts: PictureFacts, rule: PictureRule, box: Box) -> dict[Side, int]:
    """How many pixels a crop can still move to each side."""
    left, top, right, bottom = _inside(facts, rule)
    return {
        Side.LEFT: box[0] - left,
        Side.RIGHT: right - box[2],
        Side.UP: box[1] - top,
        Side.DOWN: bottom - box[3],
    }


def moved(box: Box, side: Side, pixels: int) -> Box:
    """The crop so many pixels further to one side."""
    across = {Side.LEFT: -pixels, Side.RIGHT: pixels}.get(side, 0)
    down = {Side.UP: -pixels, Side.DOWN: pixels}.get(side, 0)
    left, top, right, bottom = box
    return left + across, top + down, right + across, bottom + down


def _largest(width: int, height: int, ratio: float) -> tuple[int, int]:
    """The largest sides of exactly the asked ratio, as far as whole pixels allow."""
    height = min(height, int(width / ratio))
    return int(height * ratio), height


def _placed(detail: Sequence[int], side: int, window: int, clear_gain: float) -> int:
    """Where along *side* a window of that length begins."""
    spare = side - window
    centre = spare // 2
    if spare == 0 or not any(detail):
        return centre
    sums = [0, *accumulate(detail)]
    starts = sorted(
        (spare * place // _PLACES for place in range(_PLACES + 1)),
        key=lambda start: abs(start - centre),
    )
    best = max(starts, key=lambda start: _between(sums, start / side, (start + window) / side))
    most = _between(sums, best / side, (best + window) / side)
    middle = _between(sums, centre / side, (centre + window) / side)
    return best if most > middle * (1 + clear_gain) else centre


def _between(sums: Sequence[int], start: float, end: float) -> float:
    """The detail between two shares of the side, buckets at the ends taken in part."""
    return _until(sums, end) - _until(sums, start)


def _until(sums: Sequence[int], share: float) -> float:
    position = share * (len(sums) - 1)
    bucket = min(int(position), len(sums) - 2)
    return sums[bucket] + (sums[bucket + 1] - sums[bucket]) * (position - bucket)


def crop(data: bytes, box: Box) -> bytes:
    """That part of the picture as a JPEG: turned upright, with its time and colours, no place.

    Raises PictureUnreadable as inspect does, and ValueError for a box that is not inside.
    """
    facts = inspect(data)
    left, top, right, bottom = box
    if not (0 <= left < right <= facts.width and 0 <= top < bottom <= facts.height):
        raise ValueError(f"{box} is not inside {facts.width}×{facts.height}")
    kind = kind_of(data) or facts.format
    with open_picture(kind, data) as image:
        image.load()
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        part = turned(on_white(image), metadata_of(kind, data).turn).crop(box)
    return _as_jpeg(part, facts, profile)


def _as_jpeg(part: Image.Image, facts: PictureFacts, profile: bytes | None) -> bytes:
    file = io.BytesIO()
    plain = part.convert("RGB") if part.mode == "CMYK" else part
    plain.save(
        file,
        "JPEG",
        quality=QUALITY,
        dpi=(facts.dpi, facts.dpi) if facts.dpi and facts.dpi <= 0xFFFF else (0, 0),
        icc_profile=profile,
        exif=_only_time(facts.taken_at),
    )
    return file.getvalue()


def _only_time(taken_at: datetime | None) -> bytes:
    if taken_at is None:
        return b""
    exif = Image.Exif()
    exif.get_ifd(_EXIF_IFD)[_TAKEN_AT] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    return exif.tobytes()
