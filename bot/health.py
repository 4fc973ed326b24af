"""Whether the service lives, works, and how much waits: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from bot.platforms.base import Connected
from models.inbox import InboxMessage, oldest_unhandled
from models.lease import Lease
from models.obligation import Obligation
from models.outbox import OutboxMessage, oldest_unsent
from scheduler.lease import SCHEDULER, SPAN

if TYPE_CHECKING:
    from bot.app import House

#: A word that waits longer than this means that delivery does not work.
LONGEST_WAIT = 600.0


def routes(house: House) -> APIRouter:
    """The three addresses that a balancer, an operator and Prometheus ask."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        parts = readiness(house)
        is_ready = all(map(_is_well, parts.values()))
        return JSONResponse(parts, status_code=200 if is_ready else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        with house.database.read() as session:
            figures = measure(session, house.clock(), connections(house.connected))
        return Response(figures, media_type=CONTENT_TYPE_LATEST)

    return router


def readiness(house: House) -> dict[str, str]:
    """Each part with `ok` or what is wrong with it."""
    return _stored_state(house) | connections(house.connected)


def connections(connected: Sequence[Connected]) -> dict[str, str]:
    """Every connection that processes share, with `ok` or what is wrong with it."""
    return {each.name: each.state() for each in connected}


def _is_well(state: str) -> bool:
    return state.partition(":")[0] == "ok"


def _stored_state(house: House) -> dict[str, str]:
    try:
        with house.database.read() as session:
            return {
                "database": "ok",
                "scheduler": "ok" if is_served(session) else "no process has it",
                "delivery": _delivery_state(session, house.clock()),
            }
    except SQLAlchemyError as error:
        return {"database": type(error).__name__, "scheduler": "unknown", "delivery": "unknown"}


def is_served(session: Session) -> bool:
    """Whether a serving process holds the scheduler's lease."""
    lease, now = session.get(Lease, SCHEDULER), datetime.now(UTC)
    return lease is not None and now < lease.until <= now + SPAN


def _delivery_state(session: Session, now: datetime) -> str:
    waited = _age(oldest_unsent(session), now)
    return "ok" if waited < LONGEST_WAIT else f"a message waits for {waited:.0f} s"


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def measure(session: Session, now: datetime, links: Mapping[str, str]) -> bytes:
    """The figures that matter in Prometheus' text form; *links* as `connections` gives them."""
    registry = CollectorRegistry()
    oldest = Gauge(
        "dajuan_inbox_oldest_seconds", "Age of the oldest unhandled message", registry=registry
    )
    oldest.set(_age(oldest_unhandled(session), now))
    unsent = Gauge(
        "dajuan_outbox_oldest_seconds", "Age of the oldest unsent word", registry=registry
    )
    unsent.set(_age(oldest_unsent(session), now))
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
        gauge.labels(name).set(float(_is_well(state)))
