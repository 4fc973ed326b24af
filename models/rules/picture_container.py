"""Where things stand inside a picture file: its kind, its segments or chunks, its declared size."""

import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from models.rules.picture_heif import metadata_extents

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EXIF_MARK = b"Exif\0\0"
XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
PNG_XMP_MARK = b"XML:com.adobe.xmp\0"
_PROFILE_MARKS = tuple(b"Raw profile type " + name for name in (b"exif", b"xmp", b"APP1"))
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_OTHER_KINDS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "Office 文档或压缩包"),
    (b"\xd0\xcf\x11\xe0", "Office 文档"),
)
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))
_SCAN_BEGINS = 0xDA
_SCAN = bytes((0xFF, _SCAN_BEGINS))
#: Far above what cameras and drawing programs write.
MOST_SCANS = 64
MOST_PARTS = 20_000


class Part(NamedTuple):
    """One segment or chunk: what it is and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def kind_of(data: bytes) -> str | None:
    """`JPEG`, `PNG`, `WEBP`, `HEIC` or another kind's usual name by its first bytes; else None."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _kind_of_brand(data[8:12])
    return next((name for start, name in _OTHER_KINDS if data.startswith(start)), None)


def _kind_of_brand(brand: bytes) -> str:
    if brand in _HEIC_BRANDS:
        return "HEIC"
    return "AVIF" if brand in (b"avif", b"avis") else "视频"


def parts_of(kind: str, data: bytes | bytearray) -> Iterator[Part]:
    """The segments or chunks of a JPEG, PNG or WebP; stops quietly where the file is damaged."""
    readers = {"JPEG": _jpeg_segments, "PNG": _png_chunks, "WEBP": _webp_chunks}
    reader = readers.get(kind)
    return reader(data) if reader else iter(())


def _jpeg_segments(data: bytes | bytearray) -> Iterator[Part]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2:
            return
        yield Part(bytes((marker,)), at + 4, min(at + 2 + size, len(data)))
        if marker == _SCAN_BEGINS:
            return
        at += 2 + size


def _png_chunks(data: bytes | bytearray) -> Iterator[Part]:
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = bytes(data[at + 4 : at + 8])
        yield Part(kind, at + 8, min(at + 8 + size, len(data)))
        if kind == b"IEND":
            return
        at += size + 12


def _webp_chunks(data: bytes | bytearray) -> Iterator[Part]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield Part(bytes(data[at : at + 4]), at + 8, min(at + 8 + size, len(data)))
        at += 8 + size + size % 2


def is_endless(kind: str, data: bytes) -> bool:
    """Whether decoding would take far longer than its size allows for.

    A progressive JPEG names every pixel once a scan, and cameras write about ten; a PNG of the
    largest size has some thousand chunks. A few hundred kilobytes of either can be made to keep
    a processor busy for minutes.
    """
    if kind == "JPEG":
        return data.count(_SCAN) > MOST_SCANS
    return sum(1 for _ in islice(parts_of(kind, data), MOST_PARTS + 1)) > MOST_PARTS


def has_several_scans(data: bytes) -> bool:
    """Whether a JPEG names its pixels more than once: all of it must be kept until its end."""
    components = 0
    for part in parts_of("JPEG", data):
        if part.kind[0] in _FRAME_MARKERS:
            if part.kind[0] not in (0xC0, 0xC1):
                return True
            components = data[part.start + 5] if part.start + 5 < len(data) else 0
        if part.kind[0] == _SCAN_BEGINS:
            return part.start < len(data) and data[part.start] < components
    return False


def declared_size(kind: str, data: bytes) -> tuple[int, int] | None:
    """Width and height as the header states them, before a single pixel is decoded."""
    for part in parts_of(kind, data):
        try:
            size = _size_in(kind, part, data)
        except (struct.error, IndexError):
            return None
        if size is not None:
            return size
    return None


def _size_in(kind: str, part: Part, data: bytes) -> tuple[int, int] | None:
    if kind == "JPEG" and part.kind[0] in _FRAME_MARKERS:
        height, width = struct.unpack_from(">HH", data, part.start + 1)
        return width, height
    if kind == "PNG" and part.kind == b"IHDR":
        width, height = struct.unpack_from(">II", data, part.start)
        return width, height
    return _webp_size(part, data) if kind == "WEBP" else None


def _webp_size(part: Part, data: bytes) -> tuple[int, int] | None:
    at = part.start
    if part.kind == b"VP8X":
        across = int.from_bytes(data[at + 4 : at + 7], "little") + 1
        return across, int.from_bytes(data[at + 7 : at + 10], "little") + 1
    if part.kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, at + 6)
        return width & 0x3FFF, height & 0x3FFF
    if part.kind == b"VP8L":
        bits = int.from_bytes(data[at + 1 : at + 5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def is_animated(kind: str, data: bytes) -> bool:
    """Whether a PNG or WebP declares more than one frame."""
    for part in parts_of(kind, data):
        if part.kind == b"acTL" and data[part.start : part.start + 4] != b"\0\0\0\1":
            return True
        if part.kind == b"ANIM":
            return True
        if part.kind in (b"IDAT", b"VP8 ", b"VP8L", bytes((_SCAN_BEGINS,))):
            return False
    return False


def exif_parts(kind: str, data: bytes | bytearray) -> Iterator[Part]:
    """Every EXIF block, from its byte-order mark on, those of a JPEG's second pictures included."""
    if kind == "JPEG":
        yield from _marked(data, EXIF_MARK)
    if kind == "HEIC":
        yield from _heif_exif(data)
    for part in parts_of(kind, data):
        if part.kind in (b"eXIf", b"EXIF"):
            skip = len(EXIF_MARK) if data[part.start : part.start + 6] == EXIF_MARK else 0
            yield Part(part.kind, part.start + skip, part.end)


def xmp_parts(kind: str, data: bytes | bytearray) -> Iterator[Part]:
    """Every XMP packet; a compressed one in a PNG is not looked into."""
    if kind == "JPEG":
        yield from _marked(data, XMP_MARK)
    if kind == "HEIC":
        extents = metadata_extents(data)
        yield from (Part(each.kind, each.start, each.end) for each in extents)
    for part in parts_of(kind, data):
        is_png_xmp = part.kind == b"iTXt" and data.startswith(PNG_XMP_MARK, part.start)
        if part.kind == b"XMP " or is_png_xmp:
            yield part


def packed_profiles(kind: str, data: bytes | bytearray) -> Iterator[Part]:
    """The text chunks of a PNG that hold EXIF or XMP written as digits or compressed."""
    if kind != "PNG":
        return
    for part in parts_of(kind, data):
        if part.kind not in (b"tEXt", b"zTXt", b"iTXt"):
            continue
        is_profile = data.startswith(_PROFILE_MARKS, part.start)
        flag = part.start + len(PNG_XMP_MARK)
        is_packed = data.startswith(PNG_XMP_MARK, part.start) and data[flag : flag + 1] != b"\0"
        if is_profile or is_packed:
            yield part


def _heif_exif(data: bytes | bytearray) -> Iterator[Part]:
    """EXIF begins so many bytes behind its extent's start as the first four of them say."""
    for each in metadata_extents(data):
        start = each.start + 4 + int.from_bytes(data[each.start : each.start + 4], "big")
        if each.kind == b"Exif" and start < each.end:
            yield Part(each.kind, start, each.end)


def _marked(data: bytes | bytearray, mark: bytes) -> Iterator[Part]:
    """What follows each *mark*, as far as the segment length in front of it reaches."""
    at = data.find(mark)
    while at != -1:
        size = int.from_bytes(data[at - 2 : at], "big")
        yield Part(b"\xe1", at + len(mark), max(at + len(mark), min(at - 2 + size, len(data))))
        at = data.find(mark, at + len(mark))


def seal(part: Part, data: bytearray) -> None:
    """Make a changed PNG chunk valid again; other containers carry no checksum."""
    if part.kind in (b"eXIf", b"iTXt") and part.end + 4 <= len(data):
        begin = data.rfind(part.kind, 0, part.start)
        data[part.end : part.end + 4] = zlib.crc32(data[begin : part.end]).to_bytes(4, "big")
