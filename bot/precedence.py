"""Who comes in goes first: a platform waits seconds for its acknowledgement, people longer."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: So many calls within a second are a crowd.
CROWD = 30
#: In a crowd, work begins only after nobody came for so many seconds.
LULL = 0.01
#: So many seconds at most work makes way; then one piece of it goes on, crowd or not. It delays the
#: calls of some 40 ms: fewer than one in a hundred shall meet that.
MAKES_WAY = 5.0


class Precedence:
    """Counts the calls at the door, and lets work wait for a moment without any.

    Work and calls share one interpreter and SQLite's one turn: whatever is begun while calls come
    makes each of them later. Of all that waits one piece looks whether they still come.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed, self._turn = threading.Condition(), threading.Lock()
        self._inside, self._is_over = 0, False
        self._came: deque[float] = deque(maxlen=CROWD)

    @contextmanager
    def call(self) -> Iterator[None]:
        """For as long as a call is at the door."""
        with self._changed:
            self._inside += 1
            self._came.append(self._clock())
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                if not self._inside and not self._is_crowd(self._clock()):
                    self._changed.notify_all()

    def end(self) -> None:
        """Let nothing make way any more: what waits is to end."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def make_way(self) -> None:
        """Return once no call is at the door nor likely to come, or after a while."""
        with self._turn, self._changed:
            until = self._clock() + MAKES_WAY
            while (now := self._clock()) < until and (wait := self._wait(now)):
                self._changed.wait(min(wait, until - now))

    def _wait(self, now: float) -> float:
        """For how many seconds to look away; 0 where nobody comes."""
        is_crowd = self._is_crowd(now)
        if self._is_over:
            return 0
        if self._inside:  # a crowd tells nobody when it is over: that would be asked at every call
            return LULL if is_crowd else MAKES_WAY
        return max(self._came[-1] + LULL - now, 0) if is_crowd else 0

    def _is_crowd(self, now: float) -> bool:
        return len(self._came) == CROWD and now - self._came[0] < 1
