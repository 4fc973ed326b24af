"""Takes a received picture or file in: inspected once, its place removed, its crop made ready."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from handlers.context import MediaStore, TextReader
from handlers.reading.harmless import harmless
from handlers.reading.normalise import clean
from handlers.reporting.sheets import XLSX, keep_sheets
from models.media import Media
from models.rules.frozen import to_data
from models.rules.picture import (
    NO_PICTURE,
    PictureRule,
    PictureUnreadable,
    crop,
    crop_box,
    inspect,
    kind_of,
    without_gps,
)

_PICTURE_MIMES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIC": "image/heic",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OFFICE_MIMES = {
    ".xlsx": XLSX,
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
}
_ARCHIVE = b"PK\x03\x04"
_PDF = b"%PDF"
_PICTURE_NAMES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff")
)


def take_in(
    data: bytes,
    name: str,
    store: MediaStore,
    now: datetime,
    texts: TextReader | None = None,
) -> Media:
    """The row of a received picture or file, its bytes stored; what it is follows from content.

    A picture is decoded and judged here, outside any transaction, and the crop to the default
    rule (2:1) is made now so that `用裁剪图` costs nothing later. A file that only claims to be a
    picture is kept with the reason why it is none. *texts* looks for words in the picture. Of a
    workbook the rows are read and kept.
    """
    sha = hashlib.sha256(data).hexdigest()
    kept = without_gps(data)
    row = Media(
        sha=sha,
        stored_sha=store.put(kept),
        name=_short_name(name),
        mime=mime_of(data, name),
        size=len(data),
        created_at=now,
    )
    if row.mime.startswith("image/") or _claims_picture(name):
        _judge(row, data, store, texts)
    keep_sheets(row, data, store)
    return row


def as_sent(row: Media, name: str) -> Media:
    """The row under the name that this sender gave it, not kept.

    The same bytes may have come before, from another unit and under a name that is nobody
    else's business; whether they only claim to be a picture also depends on the name.
    """
    named = Media(**row.model_dump())
    named.name = _short_name(name)
    if not row.mime.startswith("image/"):
        named.problem = (row.problem or NO_PICTURE) if _claims_picture(name) else ""
    return named


def mime_of(data: bytes, name: str) -> str:
    """The media type by the first bytes; a name decides only between kinds of one container."""
    if mime := _PICTURE_MIMES.get(kind_of(data) or ""):
        return mime
    if data.startswith(_PDF):
        return "application/pdf"
    if data.startswith(_ARCHIVE):
        return _OFFICE_MIMES.get(PurePath(name.lower()).suffix, "application/zip")
    return "application/octet-stream"


def _claims_picture(name: str) -> bool:
    return not PurePath(name).suffix or is_named_picture(name)


def is_named_picture(name: str) -> bool:
    """Whether a file's name says that it is a picture: originals are sent as files."""
    return PurePath(name.lower()).suffix in _PICTURE_NAMES


def _short_name(name: str) -> str:
    """The last part of a name, short enough to print: clients also send whole paths."""
    return PurePath(clean(name).replace("\\", "/")).name[-80:]


def _judge(row: Media, data: bytes, store: MediaStore, texts: TextReader | None) -> None:
    try:
        facts = inspect(data)
    except PictureUnreadable as error:
        row.problem = error.text
        return
    if texts is not None:
        found = texts.read(data)
        facts = replace(facts, texts=tuple(replace(t, text=harmless(t.text)) for t in found))
    row.facts = to_data(facts)
    box = crop_box(facts, PictureRule())
    if box is not None:
        row.crop_box, row.crop_sha = list(box), store.put(crop(data, box))
