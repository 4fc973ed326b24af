"""The clock at the doors: the real one, or the sandbox's, which a person can set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.db import Database
from models.setting import CLOCK_OFFSET, keep_setting, setting

Clock = Callable[[], datetime]


class RealClock:
    """The time of the machine."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(self) -> datetime:
        return datetime.now(self._zone)


class SandboxClock:
    """Runs like the real one at a distance that is kept in the database.

    `set` makes it stand at a moment; from there it runs on.
    """

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone
        with database.read() as session:
            self._offset = timedelta(seconds=setting(session, CLOCK_OFFSET, 0))

    def __call__(self) -> datetime:
        return datetime.now(self._zone) + self._offset

    def set(self, moment: datetime) -> None:
        """Stand at *moment*, also for processes that open this database later."""
        self._offset = moment - datetime.now(self._zone)
        with self._database.write() as session:
            keep_setting(session, CLOCK_OFFSET, self._offset.total_seconds())
