"""How calls of the platforms were answered, and how fast: counted at the door for /metrics."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from bot.platforms.base import Request, Response
from models.errors import BadRequest

#: Seconds; platforms give up after five, DingTalk's cards after three.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass
class Answered:
    """One platform's calls: by outcome, and how many took no longer than each bound."""

    outcomes: dict[str, int] = field(default_factory=dict)
    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Acknowledged:
    """The calls since this process began, by platform; from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.by_platform: dict[str, Answered] = {}

    def note(self, platform: str, status: int, seconds: float) -> None:
        """One call was answered with this HTTP status after so long."""
        outcome = outcome_of(status)
        with self._lock:
            answered = self.by_platform.setdefault(platform, Answered())
            answered.outcomes[outcome] = answered.outcomes.get(outcome, 0) + 1
            if outcome == "acknowledged":  # to refuse is quick and says nothing of the database
                answered.within[bisect_left(BOUNDS, seconds)] += 1
                answered.seconds += seconds

    def counted(
        self, accept: Callable[[str, Request], Response], platform: str, request: Request
    ) -> Response:
        """What *accept* answers to a call that did not come by the web."""
        begun = perf_counter()
        try:
            answer = accept(platform, request)
        except BadRequest as error:
            self.note(platform, error.status, perf_counter() - begun)
            raise
        self.note(platform, answer.status, perf_counter() - begun)
        return answer


def outcome_of(status: int) -> str:
    """*acknowledged*: stored or spooled; *turned away*: the platform is to come again."""
    if status < 400:
        return "acknowledged"
    return "turned_away" if status >= 500 else "refused"
