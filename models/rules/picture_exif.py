"""What a picture's EXIF and XMP say (turn, time, dpi, place), and taking the place out again."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from models.rules.picture_container import (
    Part,
    exif_parts,
    kind_of,
    packed_profiles,
    parts_of,
    seal,
    xmp_parts,
)

_TURN, _TAKEN_AT, _EXIF_IFD, _GPS_IFD = 0x0112, 0x9003, 0x8769, 0x8825
_X_DPI, _Y_DPI, _DPI_UNIT = 0x011A, 0x011B, 0x0128
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRY = 12
_PER_CM = 2.54
#: exif:GPSLatitude, but also drone-dji:GpsLatitude and geo:lat.
_XMP_NAME = rb"(?<![\w-])[\w-]{1,40}+:(?i:gps\w*+|latitude|longitude|lat|long?)"
_XMP_PLACES = (
    re.compile(_XMP_NAME + rb"\s*+=\s*+([\"'])(?P<value>[^\"'<>]++)"),
    re.compile(rb"<" + _XMP_NAME + rb"(?![\w-])[^<>]*+>(?P<value>[^<>]++)"),
)


@dataclass(frozen=True)
class Metadata:
    """What the file says about its picture beside the pixels."""

    turn: int = 1
    dpi: int | None = None
    taken_at: datetime | None = None
    has_gps: bool = False


class _Entry(NamedTuple):
    at: int
    value_at: int
    size: int


class _Tiff:
    """One EXIF block, read without trusting any of its numbers."""

    def __init__(self, data: bytes | bytearray, part: Part) -> None:
        self.data, self.start, self.end = data, part.start, part.end
        self.is_big = data[part.start : part.start + 2] == b"MM"

    def number(self, at: int, size: int) -> int:
        content = self.data[at : min(at + size, self.end)]
        return int.from_bytes(content, "big" if self.is_big else "little")

    def directory_at(self, offset: int) -> int | None:
        """Where the directory at *offset* of the block stands, if it lies inside."""
        at = self.start + offset
        return at if 8 <= offset and at + 2 <= self.end else None

    def entries(self, directory: int | None) -> dict[int, _Entry]:
        if directory is None:
            return {}
        count = min(self.number(directory, 2), (self.end - directory - 2) // _ENTRY)
        places = (directory + 2 + _ENTRY * position for position in range(count))
        return {self.number(at, 2): self._entry(at) for at in places}

    def _entry(self, at: int) -> _Entry:
        size = _SIZES.get(self.number(at + 2, 2), 0) * self.number(at + 4, 4)
        if size <= 4:
            return _Entry(at, at + 8, size)
        return _Entry(at, self.start + self.number(at + 8, 4), size)

    def root(self) -> int | None:
        return self.directory_at(self.number(self.start + 4, 4))

    def value(self, entry: _Entry | None) -> int | None:
        return None if entry is None else self.number(entry.value_at, entry.size)

    def text(self, entry: _Entry | None) -> str:
        if entry is None:
            return ""
        end = min(entry.value_at + min(entry.size, 64), self.end)
        return bytes(self.data[entry.value_at : end]).split(b"\0")[0].decode("ascii", "replace")

    def ratio(self, entry: _Entry | None) -> float | None:
        if entry is None or entry.size != 8:
            return None
        above, below = self.number(entry.value_at, 4), self.number(entry.value_at + 4, 4)
        return above / below if below else None


def metadata_of(kind: str, data: bytes) -> Metadata:
    """Turn, dpi, time and place as the file states them; whatever cannot be read is left out."""
    blocks = [_Tiff(data, part) for part in exif_parts(kind, data)]
    has_gps = any(_GPS_IFD in block.entries(block.root()) for block in blocks)
    has_gps = has_gps or any(True for _ in _xmp_places(kind, data))
    has_gps = has_gps or any(True for _ in packed_profiles(kind, data))
    if not blocks:
        return Metadata(dpi=_container_dpi(kind, data), has_gps=has_gps)
    root = blocks[0].entries(blocks[0].root())
    # A HEIC file is turned by its decoder; what EXIF says beside is of no account.
    turn = None if kind == "HEIC" else blocks[0].value(root.get(_TURN))
    return Metadata(
        turn=turn if turn is not None and 1 <= turn <= 8 else 1,
        dpi=_container_dpi(kind, data) or _exif_dpi(blocks[0], root),
        taken_at=_taken_at(blocks[0], root),
        has_gps=has_gps,
    )


def _taken_at(block: _Tiff, root: dict[int, _Entry]) -> datetime | None:
    """The camera's own wall clock; EXIF writes no zone, so the value carries none."""
    inner = block.directory_at(block.value(root.get(_EXIF_IFD)) or 0)
    stamp = block.text(block.entries(inner).get(_TAKEN_AT))
    match = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", stamp.strip())
    try:
        return datetime.fromisoformat("{}-{}-{}T{}".format(*match.groups())) if match else None
    except ValueError:
        return None


def _exif_dpi(block: _Tiff, root: dict[int, _Entry]) -> int | None:
    both = [block.ratio(root.get(tag)) for tag in (_X_DPI, _Y_DPI)]
    stated = [value for value in both if value]
    unit = block.value(root.get(_DPI_UNIT)) or 2
    if not stated or unit not in (2, 3):
        return None
    return _whole_dpi(min(stated) * (_PER_CM if unit == 3 else 1))


def _container_dpi(kind: str, data: bytes) -> int | None:
    """The dpi of a JFIF or pHYs header; those that state only a pixel's shape state no dpi."""
    for part in parts_of(kind, data):
        content = data[part.start : part.end]
        if kind == "JPEG" and content.startswith(b"JFIF\0") and len(content) >= 12:
            unit, across, down = struct.unpack_from(">BHH", content, 7)
            per_inch = {1: 1.0, 2: _PER_CM}.get(unit)
            return _whole_dpi(min(across, down) * per_inch) if per_inch else None
        if part.kind == b"pHYs" and len(content) >= 9:
            across, down, unit = struct.unpack_from(">IIB", content)
            return _whole_dpi(min(across, down) * _PER_CM / 100) if unit == 1 else None
        if part.kind in (b"IDAT", b"\xda"):
            return None
    return None


def _whole_dpi(value: float) -> int | None:
    """Rounded, because PNG keeps 72 dpi as 2834 or 2835 dots a metre; 0 means not stated."""
    return min(round(value), 1_000_000) or None


def without_gps(data: bytes) -> bytes:
    """The same file without its place, every pixel byte untouched; *data* itself if it has none.

    EXIF is emptied where it stands, so that nothing else in the file moves; only packed notes that
    may hold a place are left out whole.
    """
    kind = kind_of(data)
    if kind is None or not metadata_of(kind, data).has_gps:
        return data
    copy = bytearray(data)
    for part in list(exif_parts(kind, data)):
        _blank_exif_place(copy, part)
        seal(part, copy)
    for part, start, end in list(_xmp_places(kind, data)):
        copy[start:end] = b" " * (end - start)
        seal(part, copy)
    for part in reversed([*packed_profiles(kind, data)]):
        del copy[part.start - 8 : part.end + 4]
    return bytes(copy)


def _blank_exif_place(copy: bytearray, part: Part) -> None:
    block = _Tiff(copy, part)
    root = block.root()
    while root is not None and (pointer := block.entries(root).get(_GPS_IFD)):
        place = block.directory_at(block.value(pointer) or 0)
        if place is not None and place != root:
            _blank_directory(copy, block, place)
        _drop_entry(copy, block, root, pointer.at)


def _blank_directory(copy: bytearray, block: _Tiff, directory: int) -> None:
    size = 2 + _ENTRY * block.number(directory, 2)
    for entry in block.entries(directory).values():
        _zero(copy, block, entry.value_at, entry.size)
    _zero(copy, block, directory, size)


def _zero(copy: bytearray, block: _Tiff, start: int, size: int) -> None:
    end = min(start + size, block.end)
    if end > start >= block.start:
        copy[start:end] = bytes(end - start)


def _drop_entry(copy: bytearray, block: _Tiff, directory: int, at: int) -> None:
    """Close the gap of one entry; the pointer to the next directory moves up with the rest."""
    count = max(block.number(directory, 2), 1)
    end = min(directory + 2 + _ENTRY * count + 4, block.end)
    rest = bytes(copy[at + _ENTRY : end])
    copy[at:end] = rest + bytes(max(end - at - len(rest), 0))
    fewer = struct.pack(">H" if block.is_big else "<H", count - 1)
    copy[directory : directory + 2] = fewer


def _xmp_places(kind: str, data: bytes) -> Iterator[tuple[Part, int, int]]:
    """Where XMP packets hold a place that is more than blanks."""
    for part in xmp_parts(kind, data):
        for pattern in _XMP_PLACES:
            for match in pattern.finditer(data, part.start, part.end):
                if match["value"].strip():
                    yield part, *match.span("value")
