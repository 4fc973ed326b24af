"""Where EXIF and XMP stand inside a HEIC file: its boxes, read without trusting their numbers."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

#: Far above what phones write.
_MOST_BOXES = 2_000
_MOST_ITEMS = 2_000


class Extent(NamedTuple):
    """A piece of the file that belongs to an item of this kind."""

    kind: bytes
    start: int
    end: int


class _Box(NamedTuple):
    kind: bytes
    start: int
    end: int


def metadata_extents(data: bytes | bytearray) -> Iterator[Extent]:
    """The pieces that hold EXIF (`Exif`) and XMP (`mime`); none where the file is damaged."""
    meta = _find(data, 0, len(data), b"meta")
    if meta is None:
        return
    inner = meta.start + 4  # behind version and flags
    kinds, places = (_find(data, inner, meta.end, kind) for kind in (b"iinf", b"iloc"))
    if kinds is None or places is None:
        return
    wanted = dict(_kinds(data, kinds))
    for item, start, end in _places(data, places):
        if wanted.get(item) in (b"Exif", b"mime") and start < end:
            yield Extent(wanted[item], start, end)


def _number(data: bytes | bytearray, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[_Box]:
    at = start
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, kind, head = _number(data, at, 4), bytes(data[at + 4 : at + 8]), 8
        if size == 1:
            size, head = _number(data, at + 8, 8), 16
        close = end if size == 0 else min(at + size, end)
        if close < at + head:
            return
        yield _Box(kind, at + head, close)
        at = close


def _find(data: bytes | bytearray, start: int, end: int, kind: bytes) -> _Box | None:
    return next((box for box in _boxes(data, start, end) if box.kind == kind), None)


def _kinds(data: bytes | bytearray, box: _Box) -> Iterator[tuple[int, bytes]]:
    """The number and kind of every item."""
    first = box.start + (6 if data[box.start : box.start + 1] == b"\0" else 8)
    for entry in islice(_boxes(data, first, box.end), _MOST_ITEMS):
        version = _number(data, entry.start, 1)
        wide = 4 if version == 3 else 2
        at = entry.start + 4
        yield _number(data, at, wide), bytes(data[at + wide + 2 : at + wide + 6])


def _places(data: bytes | bytearray, box: _Box) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every item that stands in the file itself."""
    version, at = _number(data, box.start, 1), box.start + 4
    sizes = _number(data, at, 2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    count = _number(data, at + 2, wide)
    at += 2 + wide
    for _ in range(min(count, _MOST_ITEMS)):
        if at >= box.end:
            return
        item, at = _number(data, at, wide), at + wide
        method, at = (_number(data, at, 2) & 15, at + 2) if version else (0, at)
        origin, at = _number(data, at + 2, base), at + 2 + base
        extents, at = _number(data, at, 2), at + 2
        for _ in range(min(extents, _MOST_ITEMS)):
            at += index if version else 0
            start, size = origin + _number(data, at, offset), _number(data, at + offset, length)
            at += offset + length
            if method == 0 and at <= box.end:
                yield item, min(start, len(data)), min(start + size, len(data))
