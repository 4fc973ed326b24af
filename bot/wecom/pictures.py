"""Pictures as WeCom shows them: the kinds it takes, and one in the text of a call."""

import base64
import hashlib
from typing import Any

from handlers.render.thumbnail import smaller

#: Everything else travels as a file.
KINDS = ("image/jpeg", "image/png")
#: So large a picture may be that travels within a call.
LARGEST_WITHIN = 2_000_000
#: One that is too large is drawn again as wide as ours are.
_WIDTH = 1080


def within_call(data: bytes, mime: str) -> dict[str, Any]:
    """The picture as part of a call, drawn again where it is too large or of another kind."""
    if mime not in KINDS or len(data) > LARGEST_WITHIN:
        data = smaller(data, _WIDTH, LARGEST_WITHIN)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": base64.b64encode(data).decode(), "md5": md5}}
