"""How often what happened since this process began: counted where it happens, read by /metrics."""

from collections import Counter
from threading import Lock


class Tally:
    """Counts by labels, from any thread."""

    def __init__(self) -> None:
        self._counts = Counter[tuple[str, ...]]()
        self._lock = Lock()

    def add(self, *labels: str) -> None:
        """Once more."""
        with self._lock:
            self._counts[labels] += 1

    def counts(self) -> dict[tuple[str, ...], int]:
        """How often each so far."""
        with self._lock:
            return dict(self._counts)
