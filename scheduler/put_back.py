"""A machine's clock that was put back: whatever waits for a time by the old one is due again."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, or_, select

from models.db import Database
from models.outbox import OutboxMessage, OutboxState

log = structlog.get_logger()

#: The clocks of two machines differ by less.
SKEW = timedelta(minutes=2)
#: No word waits longer between two tries; what is held longer is held for an hour of the day.
LONGEST = timedelta(minutes=15)
#: So far ahead is no clock but one that was wrong; a process that begins knows of nothing less.
WRONG = timedelta(days=1)
#: Seconds between two looks at the clock, and by how many it must have gone back.
LOOKED_EVERY, LEAST = 1.0, 5.0


class WordsAhead:
    """Makes words due that wait by a clock which was ahead: looked for at the start of a process
    and whenever its clock went back."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def look(self, database: Database, now: datetime) -> None:
        """To be called with the time of every round."""
        count = 0
        if self._last is None:
            count = _make_due(database, now, WRONG)
        elif now < self._last - SKEW:
            count = _make_due(database, now, SKEW)
        if count:
            log.warning("clock was put back", words=count)
        self._last = now


def _make_due(database: Database, now: datetime, ahead: timedelta) -> int:
    with database.write() as session:
        rows = session.exec(
            select(OutboxMessage)
            .where(
                OutboxMessage.state == OutboxState.WAITING,
                or_(
                    col(OutboxMessage.created_at) > now + ahead,
                    col(OutboxMessage.locked_until) > now + ahead,
                    (col(OutboxMessage.attempts) > 0)
                    & (col(OutboxMessage.not_before) > now + LONGEST + ahead),
                ),
            )
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            is_tried = row.in_flight or row.attempts > 0
            if is_tried or row.not_before - row.created_at <= LONGEST:
                row.not_before = min(row.not_before, now)
            if row.locked_until is not None:
                # Whoever has it may be at it this very moment.
                row.locked_until = min(row.locked_until, now + SKEW)
        return len(rows)


class Steady:
    """Calls *then* when the clock went back: timers by the clock would stand still for as long."""

    def __init__(self, then: Callable[[], None], wall: Callable[[], float] = time.time) -> None:
        self._then, self._wall = then, wall
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="steady", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        ahead = self._wall() - time.monotonic()
        while not self._ended.wait(LOOKED_EVERY):
            before, ahead = ahead, self._wall() - time.monotonic()
            if ahead < before - LEAST:
                log.warning("clock was put back", seconds=round(before - ahead))
                self._then()
