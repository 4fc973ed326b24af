"""How often something may happen: limits such as 30 a minute and 1,000 an hour."""

from collections import defaultdict, deque


class Window:
    """Counts what happened lately, by key; each limit is so many in so many seconds."""

    def __init__(self, *limits: tuple[int, float]) -> None:
        self._limits = limits
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def takes(self, key: str, now: float) -> bool:
        """Count one more, unless that is too much."""
        times = self._times[key]
        while times and times[0] <= now - max(seconds for _, seconds in self._limits):
            times.popleft()
        for most, seconds in self._limits:
            if sum(1 for each in times if each > now - seconds) >= most:
                return False
        times.append(now)
        return True
