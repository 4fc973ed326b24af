"""The ids under which a platform keeps what was uploaded lately: one picture may go to many."""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from models.errors import DeliveryError
from scheduler.routing import Parcel

#: Uploaded media live three days; a little less is counted on.
LIFE = timedelta(days=2, hours=20)
_MOST = 500

Upload = Callable[[str, Parcel], str]


class MediaIds:
    """Uploads what a parcel carries unless it was lately; safe to use from several threads."""

    def __init__(self, upload: Upload, clock: Callable[[], datetime]) -> None:
        self._upload = upload
        self._clock = clock
        self._known: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def of(self, kind: str, parcel: Parcel) -> str:
        """The id of what a parcel carries as *kind*; raises DeliveryError."""
        digest, now = _digest(kind, parcel), self._clock()
        with self._lock:
            known = self._known.get(digest)
            if known is not None and now < known[1]:
                return known[0]
            media_id = self._uploaded(kind, parcel)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[digest] = (media_id, now + LIFE)
            return media_id

    def forget(self, kind: str, parcel: Parcel) -> None:
        """The id is no longer good: the next time it is uploaded again."""
        with self._lock:
            self._known.pop(_digest(kind, parcel), None)

    def _uploaded(self, kind: str, parcel: Parcel) -> str:
        try:
            return self._upload(kind, parcel)
        except DeliveryError as error:
            if not error.unknown:
                raise
            # Whatever became of the upload, nobody has seen a message.
            raise DeliveryError(str(error), retryable=True) from error


def _digest(kind: str, parcel: Parcel) -> str:
    return f"{kind}:{parcel.name}:{hashlib.sha256(parcel.data or b'').hexdigest()}"
