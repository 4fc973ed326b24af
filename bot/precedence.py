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
#: A crowd that lasts longer is no rush that is soon over: those who wrote wait for their answers,
#: and platforms wait seconds for what then takes some 40 ms more.
SOON_OVER = 15.0
#: In such a crowd so long, where calls are answered quickly, and where they are not.
OFTEN, SELDOM = 0.1, 1.0
#: Calls that take more seconds than that on average are not answered quickly.
SLOW = 0.05


def patience(lasted: float, inside: float) -> float:
    """For how many seconds at most work makes way for a crowd that has *lasted* so many.

    *inside* is how many its calls take to be stored, on average.
    """
    if lasted < SOON_OVER:
        return MAKES_WAY
    return SELDOM if inside > SLOW else OFTEN


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
        self._took: deque[float] = deque(maxlen=CROWD)
        self._since: float | None = None

    @contextmanager
    def call(self) -> Iterator[None]:
        """For as long as a call is at the door."""
        with self._changed:
            self._inside += 1
            self._came.append(came := self._clock())
            if not self._is_crowd(came):
                self._since = None
            elif self._since is None:
                self._since = came
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._took.append((gone := self._clock()) - came)
                if not self._inside and not self._is_crowd(gone):
                    self._changed.notify_all()

    def end(self) -> None:
        """Let nothing make way any more: what waits is to end."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def make_way(self) -> None:
        """Return once no call is at the door nor likely to come, or after a while."""
        with self._turn, self._changed:
            begun = self._clock()
            while (wait := self._wait(now := self._clock())) and (left := self._left(begun, now)):
                self._changed.wait(min(wait, left))

    def _left(self, begun: float, now: float) -> float:
        """Seconds that are left to whoever *begun* then to make way; 0 where that was enough."""
        lasted = now - self._since if self._since is not None and self._is_crowd(now) else 0
        inside = sum(self._took) / max(len(self._took), 1)
        return max(begun + patience(lasted, inside) - now, 0)

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
