"""How often DingTalk may be called: what it would refuse for its number is held back here."""

import threading
from collections import deque
from collections.abc import Callable

#: A little more than the second that DingTalk counts: calls are not equally long on their way. A
#: call that comes too soon all the same is refused and made again.
WINDOW = 1.05


class Limiter:
    """So many calls in a second of each kind, whoever of several threads makes them."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._made: dict[str, deque[float]] = {}

    def wait(self, kind: str) -> float:
        """Take the next place; returns the seconds until it comes."""
        with self._lock:
            made = self._made.setdefault(kind, deque(maxlen=self._most))
            now = self._now()
            at = max(now, made[0] + WINDOW) if len(made) == self._most else now
            made.append(at)
        return at - now
