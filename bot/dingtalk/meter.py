"""The monthly quotas of the organisation at DingTalk: counted, and weighed against each other."""

import threading
from collections import Counter
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.dingtalk.body import PLATFORM
from bot.warning import Warn
from handlers.supervising.quota_text import advice, standing_text
from models import quota
from models.db import Database
from models.platform import pools_of
from models.rules.quota import Standing
from models.workday import calendar

log = structlog.get_logger()

#: The rows are looked at again after so long: other processes use of the same quota.
_FRESH = timedelta(seconds=60)
_TITLES = {pool.name: pool.title for pool in pools_of(PLATFORM)}


class Pool(StrEnum):
    """What DingTalk counts for the whole organisation, each month by itself."""

    API = "api"
    WEBHOOK = "webhook"


class Meter:
    """Counts what this office sends and weighs it against the quotas; one an app.

    What is heard is counted from the messages themselves. Nothing of it ever raises: a message
    matters more than its count.
    """

    def __init__(self, database: Database, clock: Clock, warn: Warn) -> None:
        self._database = database
        self._clock = clock
        self._warn = warn
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._pending: Counter[tuple[Pool, date]] = Counter()
        self._since: Counter[Pool] = Counter()
        self._seen: dict[Pool, Standing] = {}
        self._seen_at: datetime | None = None
        self._told: set[tuple[Pool, date, int]] = set()

    def spend(self, pool: Pool, units: int = 1) -> None:
        """Count what was sent; not to be called within a transaction, since it is one by itself.

        Those who spend at the same moment share a commit.
        """
        try:
            with self._lock:
                self._pending[pool, quota.month_of(self._clock())] += units
                self._since[pool] += units
            while self._pending and self._writing.acquire(blocking=False):
                try:
                    self._write()
                finally:
                    self._writing.release()
            self._tell_where_little_is_left()
        except Exception:  # what could not be written waits for the next that is spent
            log.exception("quota not counted", pool=pool)

    def ran_out(self, pool: Pool) -> None:
        """DingTalk itself says so: other programs of the organisation use of the same quota."""
        if not self._is_out(pool):
            self._note(pool, is_out=True)

    def went_on(self, pool: Pool) -> None:
        """A call did what it was for: if none was left before, more was bought.

        Not so of webhooks: what is kept back is what people write, and what is said still leaves.
        """
        if pool is Pool.API and self._is_out(pool):
            self._note(pool, is_out=False)

    def strain(self, pool: Pool) -> float:
        """The share of the pool that is used or, for what people will write, reserved."""
        standing = self._standings().get(pool)
        return standing.with_more(self._since[pool]).strain if standing else 0.0

    def _is_out(self, pool: Pool) -> bool:
        known = self._standings().get(pool)
        return known is not None and known.is_out

    def _note(self, pool: Pool, *, is_out: bool) -> None:
        now = self._clock()
        try:
            with self._database.write() as session:
                if is_out:
                    quota.note_out(session, PLATFORM, pool, now)
                else:
                    quota.note_back(session, PLATFORM, pool)
        except Exception:  # the next answer says it again
            log.exception("quota not noted", pool=pool)
        with self._lock:
            self._look(now)

    def _write(self) -> None:
        with self._lock:
            taken, self._pending = self._pending, Counter()
        try:
            self._store(taken)
        except BaseException:
            with self._lock:
                self._pending += taken
            raise

    def _store(self, taken: Counter[tuple[Pool, date]]) -> None:
        try:
            self._add(taken)
        except IntegrityError:  # another process counted the month's first at the same moment
            self._add(taken)

    def _add(self, taken: Counter[tuple[Pool, date]]) -> None:
        with self._database.write() as session:
            for (pool, month), units in sorted(taken.items()):
                quota.spend(session, PLATFORM, pool, month, units)

    def _standings(self) -> dict[Pool, Standing]:
        now = self._clock()
        with self._lock:
            if self._seen_at is None or not self._is_fresh(self._seen_at, now):
                self._look(now)
            return self._seen

    @staticmethod
    def _is_fresh(seen: datetime, now: datetime) -> bool:
        is_same_month = quota.month_of(seen) == quota.month_of(now)
        return is_same_month and seen <= now < seen + _FRESH

    def _look(self, now: datetime) -> None:
        """Read how the pools stand; where that fails, what was known holds a while longer."""
        self._seen_at = now
        try:
            with self._database.read() as session:
                found = quota.quotas(session, PLATFORM, now, calendar(session))
        except Exception:
            log.exception("quota not read")
            return
        self._seen = {Pool(each.pool.name): each.standing for each in found}
        self._since = Counter({pool: n for (pool, _), n in self._pending.items()})

    def _tell_where_little_is_left(self) -> None:
        month = quota.month_of(self._clock())
        for pool, standing in self._standings().items():
            now = standing.with_more(self._since[pool])
            matter = (pool, month, now.warning)
            # That the platform keeps words back was told when the first came without them.
            if now.warning and not now.is_out and matter not in self._told:
                self._warn(_warning(pool, now), f"{PLATFORM} {pool} {now.warning} {month:%Y-%m}")
                self._told.add(matter)


def _warning(pool: Pool, now: Standing) -> str:
    return f"钉钉本月{_TITLES[pool]}额度：本系统{standing_text(now)}。{advice(PLATFORM)}。"
