"""Carries messages to the robot's address as DingTalk does: signed in the headers, once."""

import base64
import hashlib
import hmac

from tests.twins.courier import Carrier, Letter

_JSON = "application/json; charset=utf-8"


class Courier(Carrier):
    """Makes callbacks on the servers' loop."""

    #: No page names a time for robots; events have so long.
    patience = 2.5

    def letter(self, body: bytes, secret: str, timestamp: str = "") -> Letter:
        """A robot's message: the signature covers the time and the secret, not the body."""
        timestamp = timestamp or str(int(self._clock.now() * 1000))
        signature = signed(secret, f"{timestamp}\n{secret}")
        headers = {"content-type": _JSON, "timestamp": timestamp, "sign": signature}
        return Letter({}, body, headers)

    def card_letter(self, body: bytes, secret: str, timestamp: str = "") -> Letter:
        """A card's callback, signed in a way of its own; unsigned where no secret is known."""
        timestamp = timestamp or str(int(self._clock.now() * 1000))
        headers = {"content-type": _JSON}
        if secret:
            headers |= {
                "x-ddpaas-signature-timestamp": timestamp,
                "x-ddpaas-signature": signed(secret, timestamp),
            }
        return Letter({}, body, headers)


def signed(secret: str, text: str) -> str:
    """Base64 of the HMAC-SHA256 of *text*."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()
