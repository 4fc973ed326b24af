"""The pictures of an item put into an archive one by one: what goes out, and what was received."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image

from handlers.context import Services
from handlers.exports.archive import Archive
from handlers.exports.gaps import Gap, GapKind
from handlers.exports.items import Item
from handlers.exports.names import safe_name
from handlers.render.mark import mark_picture
from handlers.reporting.form import picture_rule
from handlers.reporting.intake import mime_of
from handlers.supervising.texts import DEMO
from models.errors import MediaUnavailable
from models.picture import Picture

DELIVERED, ORIGINAL = "交付图", "原图"
#: Where a picture lies, by its number, title and which of the two it is; without the suffix.
PathOf = Callable[[int, str, str], str]
_SUFFIXES = {"jpeg": ".jpg", "octet-stream": ".bin"}
_ORIENTATION, _FIRST_TURNED = 0x0112, 5
_LONGEST_TITLE = 20
_Size = tuple[int, int]


@dataclass(frozen=True)
class Shot:
    """One picture as it was written: the paths of both files, empty where one was not to be had.

    *size* is that of the one that goes out, in pixels as people see it. *same*: it is the original
    itself, which is there once.
    """

    item: Item
    number: int
    picture: Picture
    delivered: str
    original: str
    size: _Size | None
    same: bool

    @property
    def size_text(self) -> str:
        """1200×600; empty where it is not known."""
        return f"{self.size[0]}×{self.size[1]}" if self.size else ""


def write_shots(
    archive: Archive, item: Item, services: Services, path: PathOf
) -> Iterator[tuple[Shot, tuple[Gap, ...]]]:
    """Each picture of the item as it is written, with what is wrong with it.

    Those of a demonstration are marked. A file that is not there is named, and no error.
    """
    for number, (picture, media) in enumerate(item.pictures, start=1):
        title = safe_name(picture.title, _LONGEST_TITLE) if picture.title.strip() else ""
        data = _bytes(item, services, picture.delivered_sha)
        delivered = _add(archive, path(number, title, DELIVERED), data)
        size = _size(data)
        same = media.stored_sha == picture.delivered_sha
        data = b"" if same else _bytes(item, services, media.stored_sha)
        original = _add(archive, path(number, title, ORIGINAL), data)
        shot = Shot(item, number, picture, delivered, original, size, same)
        yield shot, tuple(_faults(shot))


def _add(archive: Archive, path: str, data: bytes) -> str:
    """The path under which the picture was written; empty where there is none."""
    if not data:
        return ""
    kind = mime_of(data, "").rpartition("/")[2]
    whole = f"{path}{_SUFFIXES.get(kind, f'.{kind}')}"
    archive.add(whole, data)
    return whole


def _bytes(item: Item, services: Services, sha: str) -> bytes:
    """The picture, marked in a demonstration; empty where it cannot be had."""
    try:
        data = services.media.get(sha)
        return mark_picture(data, DEMO) if item.duty.programme.demo else data
    except (MediaUnavailable, OSError):
        return b""


def _size(data: bytes) -> _Size | None:
    """Width and height as a viewer shows them, from the head of the file."""
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            is_turned = image.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
    except OSError:
        return None
    return (height, width) if is_turned else (width, height)


def _faults(shot: Shot) -> Iterator[Gap]:
    item = shot.item
    for path, which in ((shot.delivered, DELIVERED), (shot.original, ORIGINAL)):
        if not path and not (which == ORIGINAL and shot.same):
            yield Gap(item, GapKind.PICTURE, f"图{shot.number}的{which}文件取不到")
    rule = picture_rule(item.duty.requirement, item.duty.programme)
    if rule and shot.size and not rule.has_ratio(*shot.size):
        text = f"图{shot.number}的{DELIVERED}不是{rule.ratio_text}（{shot.size_text}）"
        yield Gap(item, GapKind.PICTURE, text)


def name_of(path: str) -> str:
    """The last step of a path."""
    return PurePath(path).name
