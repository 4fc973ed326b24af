"""Doors that let nothing through for a while: their words wait, and do not fail one by one."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import DeliveryError, Shut

#: Until the office has mended it: many calls in vain would have the platform block the office.
UNTIL_MENDED = timedelta(minutes=10)
#: Where nobody answers, and the door does not say when to ask again: how long after the first, the
#: second and every further time.
AWAY = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
#: What is over sooner is nothing that an operator need hear of: nobody answers, or it was called
#: too often, as happens in any busy minute.
LASTS = {Shut.AWAY: timedelta(minutes=1), Shut.BUSY: timedelta(minutes=5)}
#: So long one word tries a door that was closed, while the others wait for what it meets.
TRY = timedelta(seconds=30)
#: When the others ask how that went.
SOON = timedelta(seconds=3)
_OF_ALL = (Shut.ALL, Shut.AWAY, Shut.BUSY)


def is_of_door(error: DeliveryError) -> bool:
    """Whether no other message would have been taken either, and this one was surely not."""
    return error.shut in _OF_ALL and not error.unknown


@dataclass
class _Closed:
    error: DeliveryError
    since: datetime
    until: datetime
    #: How often in a row, and since when.
    times: int
    first: datetime
    #: Whether somebody tries it at this moment.
    is_tried: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it is not yet time; a clock that was put back is not waited for."""
        return self.since <= now < self.until


class ClosedDoors:
    """Which doors are closed, as this process met them; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed: dict[str, _Closed] = {}

    def why(self, door: str, now: datetime) -> DeliveryError | None:
        """What closed a door; None where it may be tried: when it is time, by one at first.

        Whoever was let through says how it went by `close` or `open`.
        """
        with self._lock:
            found = self._closed.get(door)
            if found is None:
                return None
            if found.holds(now):
                after, shut = found.error.after, found.error.shut
                return DeliveryError(str(found.error), retryable=True, after=after, shut=shut)
            found.since, found.until, found.is_tried = now, now + TRY, True
            return None

    def is_shut(self, door: str) -> bool:
        """Whether it was closed and nobody got through since, be it time to try again or not."""
        with self._lock:
            return door in self._closed

    def close(self, door: str, error: DeliveryError, now: datetime) -> bool:
        """Let nothing through for as long as *error* asks; whether an operator should hear of it.

        What the office has to mend is told at once; all else when it lasts.
        """
        if error.shut not in _OF_ALL:
            self.open(door, now)
            return False
        with self._lock:
            before = self._closed.get(door)
            if before is not None and not before.is_tried and before.holds(now):
                return False  # met by several at once
            times, first = (1 + before.times, before.first) if before else (1, now)
            self._closed[door] = _Closed(error, now, now + _wait(error, times), times, first)
        lasts = times >= len(AWAY) and now - first >= LASTS.get(error.shut, timedelta())
        return error.shut is Shut.ALL or lasts

    def open(self, door: str, now: datetime) -> bool:
        """Something was answered; whether that opened the door, which it does not for what left
        before the door was closed."""
        with self._lock:
            found = self._closed.get(door)
            if found is None or not (found.is_tried or not found.holds(now)):
                return False
            del self._closed[door]
            return True

    def opens_at(self, doors: Iterable[str], now: datetime) -> datetime:
        """When the first of these doors may be tried again."""
        with self._lock:
            found = [self._closed[each] for each in doors if each in self._closed]
        times = [now + SOON if each.is_tried else each.until for each in found]
        return max(min(times, default=now), now)


def _wait(error: DeliveryError, times: int) -> timedelta:
    if error.shut is Shut.ALL:
        return max(UNTIL_MENDED, error.after)
    if error.shut is Shut.BUSY and error.after:
        # Where less was too much again and again, less is asked for than before.
        return max(error.after, min(error.after * (1 << min(times - 1, 10)), AWAY[-1]))
    return error.after or AWAY[min(times, len(AWAY)) - 1]
