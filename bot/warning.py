"""What a platform wants noticed is told to the operators: each matter once a day, or as it says."""

from typing import Protocol

from bot.clock import Clock
from handlers.alarms import raise_alarm
from handlers.context import Services
from models.db import Database


class Warn(Protocol):
    """Tells the operators; to be called outside any transaction."""

    def __call__(self, text: str, key: str = "") -> None:
        """Say *text* once under *key*, without one once a day."""


def warner(database: Database, services: Services, clock: Clock) -> Warn:
    """The way to the operators of this house."""

    def warn(text: str, key: str = "") -> None:
        now = clock()
        once = key or f"{text}:{now.astimezone(services.zone).date()}"
        with database.write() as session:
            raise_alarm(session, services, text, key=f"platform:{once}", now=now)

    return warn
