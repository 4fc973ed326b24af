"""The crop that mends a picture: where it is placed, and the cut itself."""

import io
import math
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from PIL import Image

from models.rules.picture_exif import Metadata, metadata_of
from models.rules.picture_facts import PictureFacts, decoded, open_picture, plain_part, turned
from models.rules.picture_rule import PictureRule

Box = tuple[int, int, int, int]
QUALITY = 92
#: So many pixels a crop has at most, 4000×2000 of them: more nobody publishes, and memory is short.
LARGEST = 8_000_000
_EXIF_IFD, _TAKEN_AT = 0x8769, 0x9003
_PLACES = 64
#: So many steps lead from one edge to the other, and so many little ones.
_STEPS, _LITTLE_STEPS = 4, 10


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


OPPOSITE = {
    Side.LEFT: Side.RIGHT,
    Side.RIGHT: Side.LEFT,
    Side.UP: Side.DOWN,
    Side.DOWN: Side.UP,
}


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


def step(room: dict[Side, int], side: Side, *, little: bool = False) -> int:
    """How many pixels a crop moves where nobody says how far: a part of its room both ways."""
    both = room[side] + room[OPPOSITE[side]]
    return max(both // (_LITTLE_STEPS if little else _STEPS), 1)


def part_of_side(room: dict[Side, int], box: Box, side: Side, percent: int) -> int:
    """So many per cent of the picture's width or height in pixels, where the crop may lie."""
    is_across = side in (Side.LEFT, Side.RIGHT)
    size = box[2] - box[0] if is_across else box[3] - box[1]
    return (size + room[side] + room[OPPOSITE[side]]) * percent // 100


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

    A part of more than *LARGEST* pixels comes smaller. Raises PictureUnreadable as inspect does,
    and ValueError for a box that is not inside.
    """
    size = decoded(data, _upright_size)
    left, top, right, bottom = box
    if not (0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]):
        raise ValueError(f"{box} is not inside {size[0]}×{size[1]}")
    return decoded(data, lambda kind, data: _cut(kind, data, box))


def _upright_size(kind: str, data: bytes) -> tuple[int, int]:
    with open_picture(kind, data) as image:
        width, height = image.size
    return (height, width) if metadata_of(kind, data).turn >= 5 else (width, height)


def _cut(kind: str, data: bytes, box: Box) -> bytes:
    metadata = metadata_of(kind, data)
    part, profile = _part(kind, data, box, metadata.turn)
    return _as_jpeg(turned(part, metadata.turn), metadata, profile)


def _part(kind: str, data: bytes, box: Box, turn: int) -> tuple[Image.Image, bytes | None]:
    """The part as it stands in the file, not yet turned, and the picture's colour profile."""
    with open_picture(kind, data) as image:
        full = image.size
        inside = _unturned(box, full, turn)
        if full[0] * full[1] > 2 * LARGEST:
            image.draft(image.mode, (full[0] // 2, full[1] // 2))  # only a JPEG heeds it
        image.load()
        scale = full[0] / image.width
        left, top, right, bottom = (round(value / scale) for value in inside)
        pixels = (right - left) * (bottom - top)
        factor = math.ceil(math.sqrt(pixels / LARGEST)) if pixels > LARGEST else 1
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        return plain_part(image, (left, top, right, bottom), (factor, factor)), profile


def _unturned(box: Box, full: tuple[int, int], turn: int) -> Box:
    """The box as it lies in a file of this size that is shown turned."""
    width, height = full
    corners = [(box[0], box[1]), (box[2], box[3])]
    if turn >= 5:
        corners = [(y, x) for x, y in corners]
    if turn in (2, 3, 7, 8):
        corners = [(width - x, y) for x, y in corners]
    if turn in (3, 4, 6, 7):
        corners = [(x, height - y) for x, y in corners]
    (x, y), (far, low) = corners
    return min(x, far), min(y, low), max(x, far), max(y, low)


def _as_jpeg(part: Image.Image, said: Metadata, profile: bytes | None) -> bytes:
    file = io.BytesIO()
    plain = part.convert("RGB") if part.mode == "CMYK" else part
    plain.save(
        file,
        "JPEG",
        quality=QUALITY,
        dpi=(said.dpi, said.dpi) if said.dpi and said.dpi <= 0xFFFF else (0, 0),
        icc_profile=profile,
        exif=_only_time(said.taken_at),
    )
    return file.getvalue()


def _only_time(taken_at: datetime | None) -> bytes:
    if taken_at is None:
        return b""
    exif = Image.Exif()
    exif.get_ifd(_EXIF_IFD)[_TAKEN_AT] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    return exif.tobytes()
