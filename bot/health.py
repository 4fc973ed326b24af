"""Whether the service lives, works, and how much waits: /healthz, /readyz, /metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

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
        is_ready = all(value == "ok" for value in parts.values())
        return JSONResponse(parts, status_code=200 if is_ready else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        with house.database.read() as session:
            return Response(measure(session, house.clock()), media_type=CONTENT_TYPE_LATEST)

    return router


def readiness(house: House) -> dict[str, str]:
    """Each part with `ok` or what is wrong with it."""
    try:
        with house.database.read() as session:
            return {
                "database": "ok",
                "scheduler": _scheduler_state(session),
                "delivery": _delivery_state(session, house.clock()),
            }
    except SQLAlchemyError as error:
        return {"database": type(error).__name__, "scheduler": "unknown", "delivery": "unknown"}


def _scheduler_state(session: Session) -> str:
    lease, now = session.get(Lease, SCHEDULER), datetime.now(UTC)
    is_held = lease is not None and now < lease.until <= now + SPAN
    return "ok" if is_held else "no process has it"


def _delivery_state(session: Session, now: datetime) -> str:
    waited = _age(oldest_unsent(session), now)
    return "ok" if waited < LONGEST_WAIT else f"a message waits for {waited:.0f} s"


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def measure(session: Session, now: datetime) -> bytes:
    """The figures that matter in Prometheus' text form, counted from the rows."""
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
    return generate_latest(registry)
