"""Pictures as WeCom shows them: the kinds it takes, and one in the text of a call."""

import base64
import hashlib
from typing import Any

from bot.pictures import as_taken
from models.errors import DeliveryError

#: Everything else travels as a file.
KINDS = ("image/jpeg", "image/png")
#: So large a picture may be that travels within a call.
LARGEST_WITHIN = 2_000_000


def can_show(data: bytes, mime: str) -> bool:
    """Whether the picture can be part of a call, as it is or drawn again."""
    return _as_shown(data, mime) is not None


def within_call(data: bytes, mime: str) -> dict[str, Any]:
    """The picture as part of a call, drawn again where it is too large or of another kind.

    Raises DeliveryError where it cannot be read.
    """
    shown = _as_shown(data, mime)
    if shown is None:
        raise DeliveryError("图片打不开，不能显示", retryable=False, elsewhere=True)
    md5 = hashlib.md5(shown, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": base64.b64encode(shown).decode(), "md5": md5}}


def _as_shown(data: bytes, mime: str) -> bytes | None:
    return as_taken(data, mime, KINDS, LARGEST_WITHIN)
