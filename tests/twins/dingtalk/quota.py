"""What an organisation may use: so much a month, so often a second, so many calls from one IP."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.twins.clock import Clock
from tests.twins.windows import Window

_CHINA = ZoneInfo("Asia/Shanghai")
_GRACE = 5 * 86400.0
_BARRED = 300.0


class Pool:
    """Units of a calendar month."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self._clock, self.limit = clock, limit
        self._used: dict[str, int] = {}
        self._exhausted: dict[str, float] = {}

    @property
    def used(self) -> int:
        """What was used this month."""
        return self._used.get(self._month(), 0)

    @used.setter
    def used(self, units: int) -> None:
        month = self._month()
        self._used[month] = units
        if units >= self.limit:
            self._exhausted.setdefault(month, self._clock.now())
        else:
            self._exhausted.pop(month, None)

    def exhausted_for(self) -> float | None:
        """Seconds since the month's last unit was used; None: some are left."""
        since = self._exhausted.get(self._month())
        return None if since is None else self._clock.now() - since

    def _month(self) -> str:
        return datetime.fromtimestamp(self._clock.now(), _CHINA).strftime("%Y-%m")


class Quota:
    """The standard edition's figures; all apps of the organisation draw on them together."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.api = Pool(clock, 5_000)
        self.webhook = Pool(clock, 3_000)
        #: How long calls are still taken after the last unit; the pages say at most 5 days.
        self.grace = _GRACE
        #: Calls a second of one app and API.
        self.per_second = 20
        self._flood = Window((10_000, 20.0))
        self._barred_until = 0.0
        #: What a barred address is told: a page, or a little JSON of its own shape.
        self.bars_with_page = True
        #: Whether it was told so since it was barred.
        self.has_told = False
        self._windows: dict[int, Window] = {}

    def refuses_api(self) -> bool:
        """Whether the month's calls and the days of grace are used up."""
        since = self.api.exhausted_for()
        return since is not None and since >= self.grace

    def hears(self) -> bool:
        """Count a message on its way to the robot; False: it comes without its content."""
        is_within = self.webhook.used < self.webhook.limit
        self.webhook.used += 1
        return is_within

    def takes(self, client_id: str, path: str) -> bool:
        """Whether one more call of this API fits into the second."""
        window = self._windows.setdefault(self.per_second, Window((self.per_second, 1.0)))
        return window.takes(f"{client_id} {path}", self._clock.now())

    def bar(self, seconds: float = _BARRED, *, page: bool = True) -> None:
        """Answer no call of this address for a while, as after 10,000 calls in 20 seconds."""
        self.bars_with_page, self.has_told = page, False
        self._barred_until = self._clock.now() + seconds

    def is_barred(self) -> bool:
        """Count a call of whatever kind; whether the address is barred."""
        now = self._clock.now()
        if now < self._barred_until:
            return True
        if not self._flood.takes("", now):
            self.bar(page=self.bars_with_page)
            return True
        return False
