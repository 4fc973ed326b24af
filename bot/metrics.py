"""What Prometheus is told: how much waits and since when, and what this process has done.

Figures from rows and of the lease are the same whichever process is asked; those of calls,
deliveries and jobs are each process's own, and the spool is its folder's.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlmodel import Session

from bot.acknowledged import BOUNDS, Acknowledged, Answered
from bot.backup import LAST_BACKUP
from bot.health import age, connections, is_served, is_well
from models.inbox import oldest_unhandled
from models.outbox import oldest_unsent
from models.setting import setting
from models.waiting import inbox_states, obligation_states, outbox_states, overdue_count

if TYPE_CHECKING:
    from bot.app import House

CONTENT_TYPE = CONTENT_TYPE_LATEST

Labelled = GaugeMetricFamily | CounterMetricFamily
Values = Mapping[tuple[str, ...], float]


class _All(Collector):
    """Every figure of one moment."""

    def __init__(self, house: "House", session: Session) -> None:
        self._house = house
        self._session = session

    def collect(self) -> Iterator[Metric]:
        house = self._house
        yield from _waiting(self._session, house.clock())
        yield from _calls(house.door.acknowledged)
        yield _counter(
            "dajuan_deliveries",
            "Sends by door and what became of them, by this process",
            ["door", "outcome"],
            house.delivery.tally.counts(),
        )
        yield _gauge(
            "dajuan_job_last_run_timestamp_seconds",
            "When this process last asked what is due",
            ["name"],  # what Prometheus scrapes has a `job` of its own
            {(name,): when.timestamp() for name, when in dict(house.jobs.last_run).items()},
        )
        spool = house.door.spooled()
        yield _gauge(
            "dajuan_spool_calls",
            "Calls on disk: they wait for the database, or were put aside",
            ["state"],
            {(state,): count for state, count in spool.items()},
        )
        yield _gauge(
            "dajuan_connection_well",
            # A process whose colleague has the connection is well: the lowest of all tells.
            "1 unless a platform's connection is down",
            ["door"],
            {(name,): is_well(state) for name, state in connections(house.connected).items()},
        )


def measure(house: "House") -> bytes:
    """The figures that matter in Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    with house.database.read() as session:
        registry.register(_All(house, session))
        return generate_latest(registry)


def _waiting(session: Session, now: datetime) -> Iterator[Metric]:
    """What the rows say: the same in every process."""
    for name, about, value in (
        (
            "dajuan_inbox_oldest_seconds",
            "Age of the oldest unhandled message",
            age(oldest_unhandled(session), now),
        ),
        (
            "dajuan_outbox_oldest_seconds",
            "Age of the oldest unsent word",
            age(oldest_unsent(session), now),
        ),
        (
            "dajuan_obligations_overdue",
            "Obligations nobody reported in time",
            overdue_count(session, now),
        ),
        (
            "dajuan_scheduler_lease_held",
            "1 while some process asks what is due",
            is_served(session),
        ),
        (
            "dajuan_last_backup_timestamp_seconds",
            "When the last backup was made; 0: never",
            _last_backup(session),
        ),
    ):
        yield GaugeMetricFamily(name, about, value=float(value))
    for name, about, counts in (
        ("dajuan_inbox_messages", "Messages not handled, by state", inbox_states(session)),
        ("dajuan_outbox_messages", "Words not sent, by state", outbox_states(session)),
        (
            "dajuan_obligations",
            "Obligations due within 31 days before or after now, by state",
            obligation_states(session, now),
        ),
    ):
        yield _gauge(name, about, ["state"], {(state,): n for state, n in counts.items()})


def _last_backup(session: Session) -> float:
    when = setting(session, LAST_BACKUP)
    return datetime.fromisoformat(when).timestamp() if when else 0.0


def _calls(acknowledged: Acknowledged) -> Iterator[Metric]:
    """How this process answered the platforms."""
    found = dict(acknowledged.by_platform)
    yield _counter(
        "dajuan_callbacks",
        "Calls of platforms by outcome, by this process",
        ["platform", "outcome"],
        {(name, outcome): n for name, each in found.items() for outcome, n in _outcomes(each)},
    )
    histogram = HistogramMetricFamily(
        "dajuan_callback_seconds",
        "From the call of a platform to its acknowledgement, by this process",
        labels=["platform"],
    )
    for name, each in found.items():
        sums = accumulate(each.within)
        bounds = [*map(str, BOUNDS), "+Inf"]
        histogram.add_metric([name], list(zip(bounds, sums, strict=True)), each.seconds)
    yield histogram


def _outcomes(answered: Answered) -> list[tuple[str, int]]:
    return list(answered.outcomes.items())


def _family(
    kind: type[Labelled], name: str, about: str, labels: list[str], values: Values
) -> Metric:
    family = kind(name, about, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


_gauge, _counter = partial(_family, GaugeMetricFamily), partial(_family, CounterMetricFamily)
