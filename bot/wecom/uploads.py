"""Pictures and files for the bot's long connection: sent ahead in pieces, known by an id."""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.wecom.body import Body
from bot.wecom.frames import PIECE, UPLOAD_BEGIN, UPLOAD_END, UPLOAD_PIECE, pieces
from models.errors import DeliveryError
from scheduler.routing import Parcel

#: Uploaded media live three days; a little less is counted on.
LIFE = timedelta(days=2, hours=20)
_MOST = 500

Ask = Callable[[str, Body], Body]


class Uploads:
    """What was uploaded lately: one picture may go to many chats, and is uploaded by the first."""

    def __init__(self, ask: Ask, clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()
        #: The platform's page counts pieces from 1, its own client from 0: the server decides.
        self._first = 0

    def media_id(self, kind: str, parcel: Parcel) -> str:
        """The id of what a parcel carries, uploaded where it is not; raises DeliveryError."""
        with self._lock:
            return self._media_id(kind, parcel)

    def _media_id(self, kind: str, parcel: Parcel) -> str:
        now, digest = self._clock(), _digest(kind, parcel)
        known = self._known.get(digest)
        if known is not None and now < known[1]:
            return known[0]
        try:
            media_id = self._uploaded(kind, parcel.name, parcel.data or b"")
        except DeliveryError as error:
            if not error.unknown:
                raise
            # Whatever became of the upload, nobody has seen the message.
            raise DeliveryError(str(error), retryable=True) from error
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = (media_id, now + LIFE)
        return media_id

    def forget(self, kind: str, parcel: Parcel) -> None:
        """The id is no longer good: the next time it is uploaded again."""
        self._known.pop(_digest(kind, parcel), None)

    def _uploaded(self, kind: str, name: str, data: bytes) -> str:
        begin = {
            "type": kind,
            "filename": name,
            "total_size": len(data),
            "total_chunks": -(-len(data) // PIECE),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        number = {"upload_id": str(self._ask(UPLOAD_BEGIN, begin)["upload_id"])}
        try:
            self._send_pieces(number, data)
        except DeliveryError as error:
            if error.unknown or error.retryable or self._first:
                raise
            self._first = 1
            try:
                self._send_pieces(number, data)
            except DeliveryError:
                self._first = 0
                raise
        return str(self._ask(UPLOAD_END, number)["media_id"])

    def _send_pieces(self, number: Body, data: bytes) -> None:
        for each in pieces(data, self._first):
            self._ask(UPLOAD_PIECE, number | each)


def _digest(kind: str, parcel: Parcel) -> str:
    return f"{kind}:{parcel.name}:{hashlib.sha256(parcel.data or b'').hexdigest()}"
