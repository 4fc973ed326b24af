"""DingTalk's signatures of calls: over their time and a secret, none of them over the body."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from models.errors import BadRequest

#: What DingTalk allows; nothing of the body is signed, so that nothing more is gained by less.
WINDOW = timedelta(hours=1)
_LONGEST_TIME = 16
#: The headers of a card's callback; it is signed with a secret that was registered for it.
_CARD_TIME, _CARD_SIGN = "x-ddpaas-signature-timestamp", "x-ddpaas-signature"


def sign_of(secret: str, timestamp: str) -> str:
    """The header `sign` that belongs to the header `timestamp`."""
    return _signed(secret, f"{timestamp}\n{secret}")


def check_signature(secret: str, headers: Mapping[str, str], now: datetime) -> None:
    """Raise BadRequest unless the call was signed with *secret* within the window around *now*."""
    timestamp = headers.get("timestamp", "")
    _check(headers.get("sign", ""), sign_of(secret, timestamp), timestamp, now)


def is_of_card(headers: Mapping[str, str]) -> bool:
    """Whether a call says that it comes from a card, by how it is signed."""
    return _CARD_SIGN in headers


def check_card_signature(secret: str, headers: Mapping[str, str], now: datetime) -> None:
    """As `check_signature`, for the callback of a card: its time alone is signed."""
    timestamp = headers.get(_CARD_TIME, "")
    _check(headers.get(_CARD_SIGN, ""), _signed(secret, timestamp), timestamp, now)


def check_age(written_at: datetime | None, now: datetime) -> None:
    """Raise BadRequest for a message that is no call of now, as an old body under a new header."""
    if written_at is not None and abs(now - written_at) > WINDOW:
        raise BadRequest("a stale message", status=403)


def _signed(secret: str, said: str) -> str:
    digest = hmac.new(secret.encode(), said.encode(errors="replace"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _check(given: str, wanted: str, timestamp: str, now: datetime) -> None:
    if not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
        raise BadRequest("a wrong signature", status=403)
    is_time = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIME
    if not is_time or abs(now.timestamp() - int(timestamp) / 1000) > WINDOW.total_seconds():
        raise BadRequest("a stale call", status=403)
