"""Ends what was kept long enough: once a day at night, in small steps that hold nobody up."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from handlers.context import MediaStore, Services
from handlers.reporting.waiting import forget_waiting
from models.db import Database
from models.retention import Sweep, sweeps
from models.retention_media import forget_media, needed
from models.rules.retention import Periods, over_before
from models.setting import keep_setting, setting

log = structlog.get_logger()

#: When a day's round may begin, by the local clock: nobody reports then.
BEGINS = time(2)
#: Rows that end in one transaction. Calls wait for it on SQLite: it takes milliseconds.
STEP = 100
#: Steps of one kind in one round; what is left over ends in the next.
_MOST_STEPS = 1000
#: Bytes that nothing names are kept so long: what needs them may not be committed yet.
GRACE = timedelta(days=1)
#: The longest pause between two rounds after which the clock is believed at once.
TRUSTED = timedelta(days=7)
_LAST_ROUND = "retention"
#: Removes the calls that stand beside the database and came before a time; returns how many.
ForgetCalls = Callable[[datetime], int]


def is_due(database: Database, now: datetime, zone: ZoneInfo) -> bool:
    """Whether today's round has not been finished yet and its hour has come.

    After a longer pause than `TRUSTED` nothing ends for a day, which is noted as done: what a clock
    that leapt forward lets go cannot be had back.
    """
    local = now.astimezone(zone)
    if local.time() < BEGINS:
        return False
    with database.read() as session:
        last = setting(session, _LAST_ROUND)
    if last is None or local.date() - date.fromisoformat(last) <= TRUSTED:
        return bool(last != str(local.date()))
    log.warning("nothing is let go today: the clock leapt, or nothing ran", last_round=last)
    _note_round(database, local.date())
    return False


def _note_round(database: Database, day: date) -> None:
    with database.write() as session:
        keep_setting(session, _LAST_ROUND, str(day))


def end_what_is_over(
    database: Database,
    services: Services,
    periods: Periods,
    now: datetime,
    *,
    put_before: datetime,
    forget_calls: ForgetCalls | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """One round; returns how many rows and files ended. Bytes put since *put_before* stay.

    *put_before* is by the clock of this machine, as the times of files are. A round that ended all
    there is to end is the last of its day; it stops between two steps where *goes_on* says no.
    """
    rows = _Round(database, goes_on)
    for sweep in sweeps(periods, now):
        rows.end(sweep)
    with database.write() as session:
        rows.ended += forget_waiting(session, now)
    if forget_calls and (before := over_before(periods.raw, now)):
        rows.ended += forget_calls(before)
    files = _end_media(database, services.media, now - GRACE, put_before) if rows.is_done else 0
    if rows.is_done:
        _note_round(database, now.astimezone(services.zone).date())
    if rows.ended or files:
        log.info("kept long enough", rows=rows.ended, media=files)
    return rows.ended + files


class _Round:
    """The rows of one round, batch by batch."""

    def __init__(self, database: Database, goes_on: Callable[[], bool]) -> None:
        self._database = database
        self._goes_on = goes_on
        self.ended = 0
        self.is_done = True

    def end(self, sweep: Sweep) -> None:
        """Everything that is over by *sweep*, up to what one round takes."""
        after = 0
        for _ in range(_MOST_STEPS):
            if not self._goes_on():
                break
            # Found without the lock, which is taken for so few rows only.
            with self._database.read() as session:
                numbers = sweep.batch(session, after, STEP)
            if not numbers:
                return
            with self._database.write() as session:
                self.ended += sweep.end(session, numbers)
            after = numbers[-1]
        self.is_done = False


def _end_media(
    database: Database, media: MediaStore, before: datetime, put_before: datetime
) -> int:
    """Rows of media that nothing names, then the bytes that nothing is left to name."""
    with database.read() as session:
        kept = needed(session, before)
    ended = 0
    for first in range(0, len(kept.unused), STEP):
        with database.write() as session:
            ended += forget_media(session, kept.unused[first : first + STEP], before)
    for sha in media.addresses(before=put_before):
        if sha not in kept.addresses and media.delete(sha, before=put_before):
            ended += 1
    return ended
