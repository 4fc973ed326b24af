"""DingTalk's signature of a call: over its time and the secret, not over the body."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from models.errors import BadRequest

#: What DingTalk allows; nothing of the body is signed, so that nothing more is gained by less.
WINDOW = timedelta(hours=1)
_LONGEST_TIME = 16


def sign_of(secret: str, timestamp: str) -> str:
    """The header `sign` that belongs to the header `timestamp`."""
    said = f"{timestamp}\n{secret}".encode(errors="replace")
    return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()


def check_signature(secret: str, headers: Mapping[str, str], now: datetime) -> None:
    """Raise BadRequest unless the call was signed with *secret* within the window around *now*."""
    timestamp, given = headers.get("timestamp", ""), headers.get("sign", "")
    wanted = sign_of(secret, timestamp)
    if not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
        raise BadRequest("a wrong signature", status=403)
    is_time = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIME
    if not is_time or abs(now.timestamp() - int(timestamp) / 1000) > WINDOW.total_seconds():
        raise BadRequest("a stale call", status=403)


def check_age(written_at: datetime | None, now: datetime) -> None:
    """Raise BadRequest for a message that is no call of now, as an old body under a new header."""
    if written_at is not None and abs(now - written_at) > WINDOW:
        raise BadRequest("a stale message", status=403)
