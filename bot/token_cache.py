"""The one token of a secret: fetched once however many ask, and renewed before it ends."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.calls import away
from models.errors import DeliveryError

_SHORTEST_LIFE = timedelta(seconds=60)
#: A token's life in seconds where its platform names none that can be.
_USUAL_LIFE = 7200


class TokenCache:
    """Keeps what *fetch* returns, a token and the seconds of its life; safe among threads.

    It is fetched again *margin* before it ends.
    """

    def __init__(
        self,
        fetch: Callable[[], tuple[str, object]],
        clock: Callable[[], datetime],
        margin: timedelta,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._margin = margin
        self._lock = threading.Lock()
        self._token = ""
        self._ends: datetime | None = None

    def token(self) -> str:
        """A token that is good for a while; raises DeliveryError."""
        with self._lock:
            now = self._clock()
            if self._ends is None or now >= self._ends:
                self._token, life = self._fetched()
                self._ends = now + max(life - self._margin, min(life, _SHORTEST_LIFE))
            return self._token

    def forget(self, token: str) -> None:
        """It is no longer good: the next who asks fetches one, unless somebody did meanwhile."""
        with self._lock:
            if self._token == token:
                self._ends = None

    def _fetched(self) -> tuple[str, timedelta]:
        try:
            token, given = self._fetch()
        except DeliveryError as error:
            if not error.unknown:
                raise
            # What was to be said has not left, whatever became of this call.
            raise away(str(error)) from error
        seconds = given if isinstance(given, int) and 0 < given <= _USUAL_LIFE else _USUAL_LIFE
        return token, timedelta(seconds=seconds)
