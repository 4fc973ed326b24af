"""Too much at once: what is not taken, who is told of it, and how seldom it is logged."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from models.message import IncomingMessage, MessageKind
from models.rules.allowance import Allowance, Left, taken

log = structlog.get_logger()

#: A person who writes without pause: no liaison sends a picture every second for long.
PER_MINUTE = 60
#: A whole month's reports of a city with nine pictures each are some four hundred messages.
PER_DAY = 2000
#: So many minutes' messages may come at once: pictures are chosen together and sent together.
_MINUTES_AT_ONCE = 2
#: Who floods is told once in this time.
TOLD_FOR = timedelta(hours=1)
#: So many people are remembered; who wrote longest ago is forgotten, and may write as before.
MOST_SENDERS = 10_000

#: So many calls are at the web's door at once, and so many bytes of them in memory.
CALLS_AT_ONCE = 1000
MOST_BYTES = 64_000_000

#: So many lines of one kind are logged within so many seconds; the others are counted.
LINES = 10
SECONDS = 60.0
_MOST_KINDS = 1000


@dataclass
class _Sender:
    left: tuple[Left, ...]
    told_at: datetime | None = None


class Flooding:
    """Which messages are taken of those who write more than anybody does.

    Counted by each process for itself, of verified messages only.
    """

    def __init__(self, per_minute: int = PER_MINUTE, per_day: int = PER_DAY) -> None:
        at_once = timedelta(minutes=_MINUTES_AT_ONCE)
        self._allowances = (
            Allowance(per_minute * _MINUTES_AT_ONCE, at_once),
            Allowance(per_day, timedelta(days=1)),
        )
        self._senders: OrderedDict[tuple[str, str], _Sender] = OrderedDict()
        self._lock = threading.Lock()

    def admitted(self, message: IncomingMessage, now: datetime) -> IncomingMessage | None:
        """*message* itself, or nothing where its sender has written too much.

        Once an hour such a message goes on as one of the kind TOO_MANY, without what it said: its
        sender is told.
        """
        key = (message.platform, message.sender_id)
        with self._lock:
            sender = self._senders.pop(key, None)
            before, told_at = (sender.left, sender.told_at) if sender else (None, None)
            left, is_allowed = taken(before, self._allowances, now)
            is_told = told_at is not None and timedelta() <= now - told_at < TOLD_FOR
            tells = not is_allowed and not is_told
            self._senders[key] = _Sender(left, now if tells else told_at)
            while len(self._senders) > MOST_SENDERS:
                self._senders.popitem(last=False)
        if is_allowed:
            return message
        if not tells:
            return None
        log.warning("messages of a flood not taken", platform=message.platform)
        return replace(message, kind=MessageKind.TOO_MANY, text="", quoted_text="", attachments=())


class Room:
    """How many calls, and bytes of them, the web's door holds at once; for one loop alone."""

    def __init__(self, calls: int = CALLS_AT_ONCE, size: int = MOST_BYTES) -> None:
        self._calls = calls
        self._size = size

    @contextmanager
    def call(self) -> Iterator["Place"]:
        """A place for one call, given back at the end of the block."""
        place = Place(self)
        try:
            yield place
        finally:
            place.leave()

    def take(self, calls: int, size: int) -> bool:
        """Whether there was room; nothing is taken where there was none."""
        if self._calls < calls or self._size < size:
            return False
        self._calls, self._size = self._calls - calls, self._size - size
        return True

    def give_back(self, calls: int, size: int) -> None:
        """Room for others."""
        self._calls, self._size = self._calls + calls, self._size + size


class Place:
    """What one call holds of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0
        self.is_free = room.take(1, 0)

    def holds(self, size: int) -> bool:
        """Whether so many bytes more find room."""
        if not self._room.take(0, size):
            return False
        self._size += size
        return True

    def leave(self) -> None:
        """Give everything back."""
        self._room.give_back(int(self.is_free), self._size)


class Seldom:
    """Lets a few lines of each kind be logged in a while, and counts the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def times(self, *kind: Hashable) -> int:
        """For how many lines this one speaks, itself included; 0 where it is not to be logged."""
        now = self._clock()
        with self._lock:
            since, count = self._kinds.pop(kind, (now, 0))
            if now - since >= SECONDS:
                since, count, spoken = now, 0, max(count - LINES, 0) + 1
            else:
                spoken = 1 if count < LINES else 0
            self._kinds[kind] = (since, count + 1)
            while len(self._kinds) > _MOST_KINDS:
                self._kinds.popitem(last=False)
        return spoken
