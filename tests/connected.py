"""An office on some platform: the real service, whose platform's servers are a stand-in."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest
from sqlmodel import Session, col, select, update

from bot.app import House, build, create_app
from bot.clock import SandboxClock
from bot.settings import read_settings
from bot.storing import Arrival
from models.chat import Door
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account
from tests.conftest import SHANGHAI
from tests.twins.clock import Clock
from tests.twins.stand_in import StandIn

SECRET = "a secret of the office, long enough"
T = TypeVar("T", bound=StandIn)


class Late:
    """The web application, which is made after the servers it answers to."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class SteppedClock(SandboxClock):
    """A clock that a script sets, and that stands still meanwhile: the stand-in's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), SHANGHAI)

    def set(self, moment: datetime) -> None:
        """Put the stand-in's clock forward."""
        self._clock.forward(moment.timestamp() - self._clock.now())


@dataclass
class Office(Generic[T]):
    """The small programmes of the tests, with people who write by the stand-in's platform."""

    house: House
    twin: T

    def works(self) -> None:
        """Everything that came in is handled and everything due is sent."""
        self.house.work_off()

    def heard(self) -> list[InboxMessage]:
        """Every message that was stored."""
        with self.house.database.read() as session:
            return list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all())

    def forward(self, seconds: float) -> None:
        """Time passes, and what is due then is done."""
        self.twin.clock.forward(seconds)
        self.works()


@contextmanager
def opened(
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: SteppedClock,
    environment: Mapping[str, str],
    late: Late,
) -> Iterator[House]:
    """The service on *database* as *environment* sets it up, its connections begun."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(
        database_url=database.engine.url.render_as_string(hide_password=False),
        media_url=f"file://{folder}/media",
        secret_key=SECRET,
    )
    house = build(settings, clock)
    late.app = create_app(house)
    try:
        for each in house.connected:
            each.start(partial(house.door.accept, each.name))
        yield house
    finally:
        for each in house.connected:
            each.stop()
        house.close()


def hang(house: House, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """The database takes nothing any more; the seconds for which each message waited for it."""
    waited = list[float | None]()

    class Never(Future[bool]):
        def result(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            raise TimeoutError

    async def never(arrival: Arrival, patience: float) -> bool:
        return Never().result(patience)

    monkeypatch.setattr(house.writer, "store", lambda arrival: Never())
    monkeypatch.setattr(house.writer, "stored", never)
    return waited


def move_to(session: Session, platform: str) -> None:
    """Everybody is known by the ids of *platform*."""
    session.exec(update(Account).values(platform=platform))
    session.exec(update(Door).values(platform=platform))
