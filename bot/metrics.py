"""What Prometheus is told: how much waits and since when, counted from the rows."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlmodel import Session, col, func, select

from bot.health import age, is_well
from models.inbox import InboxMessage, oldest_unhandled
from models.obligation import Obligation
from models.outbox import OutboxMessage, oldest_unsent

CONTENT_TYPE = CONTENT_TYPE_LATEST


def measure(session: Session, now: datetime, links: Mapping[str, str]) -> bytes:
    """The figures that matter in Prometheus' text form; *links* as `connections` gives them."""
    registry = CollectorRegistry()
    oldest = Gauge(
        "dajuan_inbox_oldest_seconds", "Age of the oldest unhandled message", registry=registry
    )
    oldest.set(age(oldest_unhandled(session), now))
    unsent = Gauge(
        "dajuan_outbox_oldest_seconds", "Age of the oldest unsent word", registry=registry
    )
    unsent.set(age(oldest_unsent(session), now))
    for name, about, column in (
        ("dajuan_inbox_messages", "Messages by state", InboxMessage.state),
        ("dajuan_outbox_messages", "Words by state", OutboxMessage.state),
        ("dajuan_obligations", "Obligations by state", Obligation.state),
    ):
        gauge = Gauge(name, about, ["state"], registry=registry)
        for state, count in session.exec(select(column, func.count()).group_by(col(column))):
            gauge.labels(state).set(count)
    if links:
        _measure_links(registry, links)
    return generate_latest(registry)


def _measure_links(registry: CollectorRegistry, links: Mapping[str, str]) -> None:
    """A process whose colleague has the connection is well, so the lowest of all tells."""
    gauge = Gauge(
        "dajuan_connection_well",
        "1 unless a platform's connection is down",
        ["door"],
        registry=registry,
    )
    for name, state in links.items():
        gauge.labels(name).set(float(is_well(state)))
