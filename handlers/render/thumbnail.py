"""A picture small enough for a page on a poor phone."""

import io

from PIL import Image

from handlers.render.mark import mark_picture
from models.rules.picture_exif import metadata_of
from models.rules.picture_facts import decoded, open_picture, turned

_QUALITIES = (82, 70, 58, 45, 32)
_MODE = "RGB"


def smaller(data: bytes, width: int, most: int, mark: str = "") -> bytes:
    """The picture as a JPEG at most *width* wide and of about *most* bytes, with its *mark*.

    Raises PictureUnreadable for bytes that are no picture (any more).
    """
    image = decoded(data, lambda kind, read: _shrunk(kind, read, width))
    if mark:
        image = _marked(image, mark)
    found = b""
    for quality in _QUALITIES:
        found = _encoded(image, quality)
        if len(found) <= most:
            break
    return found


def _shrunk(kind: str, data: bytes, width: int) -> Image.Image:
    turn = metadata_of(kind, data).turn
    with open_picture(kind, data) as opened:
        opened.draft(_MODE, (width, width))
        image = turned(opened.convert(_MODE), turn)
    image.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    return image


def _marked(image: Image.Image, mark: str) -> Image.Image:
    with Image.open(io.BytesIO(mark_picture(_encoded(image, 95), mark))) as marked:
        return marked.convert(_MODE)


def _encoded(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
