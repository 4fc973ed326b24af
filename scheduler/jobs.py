"""When to ask what is due: gives reminders, digests, obligations and delivery their rhythm."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from handlers.context import Services
from handlers.reporting.drafts import expire_drafts
from models.db import Database
from models.rules.retention import Periods
from scheduler.calendar_alert import alert_calendar
from scheduler.delivery import Clock, Delivery
from scheduler.digest_run import run_digests
from scheduler.lease import SPAN, holds_lease, release_lease
from scheduler.obligations import keep_obligations
from scheduler.put_back import Steady
from scheduler.reminders import remind
from scheduler.retention import GRACE, ForgetCalls, end_what_is_over, is_due

log = structlog.get_logger()

#: How often each question is asked; what is due is computed from rows, so only haste depends on it.
RHYTHM = {
    "obligations": timedelta(minutes=10),
    "reminders": timedelta(minutes=2),
    "digests": timedelta(minutes=1),
    "drafts": timedelta(minutes=5),
    "calendar": timedelta(minutes=10),
}
#: How often it is asked whether today's round of forgetting is over; not a step of the clock, for
#: nobody is told of it.
RETENTION, RETENTION_RHYTHM = "retention", timedelta(minutes=10)
#: Inbox and delivery are woken by whoever has work for them; this is the floor for retries.
WAKE_RHYTHM = timedelta(seconds=3)
#: A lease that was handed back, or whose owner died, is taken within so long.
LEASE_RHYTHM = timedelta(seconds=5)


class Jobs:
    """The scheduled questions, for a clock that may be real or simulated."""

    def __init__(
        self,
        database: Database,
        services: Services,
        delivery: Delivery,
        clock: Clock,
        periods: Periods | None = None,
        forget_calls: ForgetCalls | None = None,
    ) -> None:
        self._database = database
        self._services = services
        self._delivery = delivery
        self._clock = clock
        self._periods = periods or Periods()
        self._forget_calls = forget_calls
        self._stops = threading.Event()
        self._owner = uuid4().hex
        self._one_at_a_time = threading.RLock()
        self._scheduler: BackgroundScheduler | None = None
        self._steady: Steady | None = None
        self._held_at: datetime | None = None
        self.last_run: dict[str, datetime] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What `dajuan run` may be asked for."""
        return (*RHYTHM, RETENTION, "delivery")

    def run(self, name: str, now: datetime) -> int:
        """One job now, as if it were *now*; returns how many messages it owed or sent."""
        with self._one_at_a_time:
            count = self._jobs()[name](now)
        self.last_run[name] = now
        return count

    def _jobs(self) -> Mapping[str, Callable[[datetime], int]]:
        database, services = self._database, self._services
        return {
            "obligations": lambda now: keep_obligations(database, now),
            "reminders": lambda now: remind(database, services, now),
            "digests": lambda now: run_digests(database, services, now),
            "drafts": lambda now: self._expire_drafts(now),
            "calendar": lambda now: alert_calendar(database, services, now),
            RETENTION: self._end_what_is_over,
            "delivery": self._delivery.deliver_due,
        }

    def _end_what_is_over(self, now: datetime) -> int:
        zone = self._services.zone
        # As if it were later nothing is let go: that cannot be had back.
        now = min(now, self._clock())
        # Files have the times of this machine, also when the sandbox's clock stands elsewhere.
        put_before = min(now, datetime.now(zone)) - GRACE
        return end_what_is_over(
            self._database,
            self._services,
            self._periods,
            now,
            put_before=put_before,
            forget_calls=self._forget_calls,
            goes_on=lambda: not self._stops.is_set(),
        )

    def _is_retention_due(self) -> bool:
        return is_due(self._database, self._clock(), self._services.zone)

    def _expire_drafts(self, now: datetime) -> int:
        with self._database.write() as session:
            return expire_drafts(session, now, self._services)

    def tick(self, now: datetime) -> int:
        """Every question once, then delivery: one step of a simulated clock."""
        return sum(self.run(name, now) for name in (*RHYTHM, "delivery"))

    def start(self, wake: Callable[[], None]) -> None:
        """Begin to ask, while this process holds the lease; *wake* is called in every process."""
        scheduler = BackgroundScheduler(timezone=self._services.zone)
        for name, every in RHYTHM.items():
            self._add(scheduler, name, every, self._guarded(name, wake))
        forget = self._guarded(RETENTION, wake, self._is_retention_due)
        self._add(scheduler, RETENTION, RETENTION_RHYTHM, forget)
        self._add(scheduler, "wake", WAKE_RHYTHM, wake)
        self._add(scheduler, "lease", LEASE_RHYTHM, self._renew)
        scheduler.start()
        self._scheduler = scheduler
        self._steady = Steady(self._ask_anew)
        self._steady.start()

    def _ask_anew(self) -> None:
        """Every question is due: by a clock that went back, the next round were hours away."""
        if self._scheduler is not None:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(self._services.zone))

    def _add(
        self,
        scheduler: BackgroundScheduler,
        name: str,
        every: timedelta,
        job: Callable[[], None],
    ) -> None:
        scheduler.add_job(
            job,
            IntervalTrigger(seconds=int(every.total_seconds())),
            id=name,
            next_run_time=datetime.now(self._services.zone),
            replace_existing=True,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )

    def _guarded(
        self, name: str, wake: Callable[[], None], is_due: Callable[[], bool] = lambda: True
    ) -> Callable[[], None]:
        def job() -> None:
            try:
                if self._renew_now() and is_due():
                    self.run(name, self._clock())
                    wake()
            except Exception:  # the next round asks again; nothing is lost by a failed question
                log.exception("job failed", job=name)

        return job

    def _renew(self) -> None:
        held, now = self._held_at, datetime.now(self._services.zone)
        if held is not None and timedelta() <= now - held < SPAN / 3:
            return
        try:
            self._renew_now()
        except Exception:  # without the database there is nothing to schedule either
            log.exception("job failed", job="lease")

    def _renew_now(self) -> bool:
        # The lease lives in real time, also when the sandbox's clock stands in another year.
        now = datetime.now(self._services.zone)
        is_held = holds_lease(self._database, self._owner, now)
        self._held_at = now if is_held else None
        return is_held

    def stop(self) -> None:
        """Finish what runs and hand back the lease."""
        self._stops.set()
        if self._scheduler is not None and self._steady is not None:
            self._steady.stop()
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
            try:
                release_lease(self._database, self._owner)
            except SQLAlchemyError:  # then it runs out by itself
                log.exception("lease not handed back")
