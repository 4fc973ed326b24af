"""Whether the service lives, works, and how much waits: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.platforms.base import Connected
from models.lease import Lease
from models.outbox import oldest_unsent
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
        is_ready = all(map(is_well, parts.values()))
        return JSONResponse(parts, status_code=200 if is_ready else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        from bot.metrics import CONTENT_TYPE, measure  # no start waits for Prometheus' library

        return Response(measure(house), media_type=CONTENT_TYPE)

    return router


def readiness(house: House) -> dict[str, str]:
    """Each part with `ok` or what is wrong with it."""
    return _stored_state(house) | connections(house.connected)


def connections(connected: Sequence[Connected]) -> dict[str, str]:
    """Every connection that processes share, with `ok` or what is wrong with it."""
    return {each.name: each.state() for each in connected}


def is_well(state: str) -> bool:
    """Whether a part is in order, whatever it says besides."""
    return state.partition(":")[0] == "ok"


def _stored_state(house: House) -> dict[str, str]:
    try:
        with house.database.read() as session:
            return {
                "database": "ok",
                "scheduler": _scheduler_state(session),
                "delivery": _delivery_state(session, house.clock()),
            }
    except SQLAlchemyError as error:
        return {"database": type(error).__name__, "scheduler": "unknown", "delivery": "unknown"}


def is_served(session: Session) -> bool:
    """Whether a serving process holds the scheduler's lease."""
    return _is_held(session.get(Lease, SCHEDULER), datetime.now(UTC))


def _is_held(lease: Lease | None, now: datetime) -> bool:
    return lease is not None and now < lease.until <= now + SPAN


def _scheduler_state(session: Session) -> str:
    """While it changes hands every process still takes messages: a balancer that was told
    otherwise would leave all of them alone at once."""
    lease, now = session.get(Lease, SCHEDULER), datetime.now(UTC)
    if _is_held(lease, now):
        return "ok"
    if lease is not None and lease.until <= now < lease.until + SPAN:
        return "ok: its process has ended, another is about to take it"
    return "no process has it"


def _delivery_state(session: Session, now: datetime) -> str:
    waited = age(oldest_unsent(session), now)
    return "ok" if waited < LONGEST_WAIT else f"a message waits for {waited:.0f} s"


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 where nothing is that old."""
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
