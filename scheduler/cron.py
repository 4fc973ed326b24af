"""Cron lines: when a digest fires, in Shanghai time, and what its periods are called."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from models.errors import Refused

_FIELDS = 5
_DAY = timedelta(days=1)
#: How many firings show whether a line is weekly or daily: enough to pass a weekend.
_SAMPLE = 9
#: A line that fires more often than this is no digest; it also bounds every search.
_MOST = 1000


class CronLine:
    """One checked cron line; weekdays are written as mon … sun.

    APScheduler counts weekdays from Monday = 0 where cron counts from Sunday: `1` would silently
    mean Tuesday, so digits are refused.
    """

    def __init__(self, line: str, zone: ZoneInfo) -> None:
        fields = line.split()
        if len(fields) != _FIELDS:
            raise Refused(f"时间“{line}”应有5段（分 时 日 月 周），例如“0 9 * * mon”。")
        if re.search(r"\d", fields[4]):
            raise Refused(f"时间“{line}”的周几请写 mon、tue 至 sun，不用数字，以免差一天。")
        try:
            self._trigger = CronTrigger.from_crontab(line, timezone=zone)
        except ValueError as error:
            raise Refused(f"时间“{line}”不能识别，例如每周一9点写“0 9 * * mon”。") from error
        self._zone = zone

    def fires(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Every firing in (since, until]."""
        for fire in self._after(since):
            if fire > until:
                return
            yield fire

    def last_fire(self, now: datetime, grace: timedelta) -> datetime | None:
        """The newest firing at or before *now* that is at most *grace* old."""
        return max(self.fires(now - grace - timedelta(microseconds=1), now), default=None)

    def period(self, fire: datetime) -> str:
        """What the period of a firing is called: 2021-W35, 2021-08, 2021-08-30 or with its hour.

        It follows from how often the line fires, so that a digest whose hour is changed within
        its period is not sent twice.
        """
        local = fire.astimezone(self._zone)
        times = [fire, *islice(self._after(fire), _SAMPLE)]
        gap = min((later - earlier for earlier, later in pairwise(times)), default=31 * _DAY)
        if gap >= 25 * _DAY:
            return f"{local:%Y-%m}"
        if gap >= 6 * _DAY:
            year, week, _ = local.isocalendar()
            return f"{year}-W{week:02}"
        return f"{local:%Y-%m-%d}" if gap >= _DAY / 2 else f"{local:%Y-%m-%dT%H%M}"

    def _after(self, since: datetime) -> Iterator[datetime]:
        previous = None
        start = since + timedelta(microseconds=1)
        for _ in range(_MOST):
            fire = self._trigger.get_next_fire_time(previous, start)
            if fire is None:
                return
            yield fire
            previous, start = fire, fire + timedelta(microseconds=1)
