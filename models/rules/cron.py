"""Cron lines: when a digest fires, in local time, its periods, and how to say it."""

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
_WEEKDAYS = {
    "mon": "一",
    "tue": "二",
    "wed": "三",
    "thu": "四",
    "fri": "五",
    "sat": "六",
    "sun": "日",
}
_LAST = "last"
_EVERY = "*"
#: The first months of the quarters.
QUARTERLY = "1,4,7,10"


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

    def next_fire(self, now: datetime) -> datetime | None:
        """The first firing after *now*, None where there is none any more."""
        return next(self._after(now), None)

    def period(self, moment: datetime) -> str:
        """What the period of *moment* is called: 2021-W35, 2021-08, 2021-08-30 or with its hour.

        It follows from how often the line fires, so that a digest whose hour is changed within
        its period is not sent twice, nor one that was sent by hand before its time.
        """
        local = moment.astimezone(self._zone)
        times = list(islice(self._after(moment), _SAMPLE + 1))
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


def said(line: str) -> str:
    """The line in people's words: 每周一9:00, 每月25日9:00; as it stands if rarer."""
    fields = line.split()
    if len(fields) != _FIELDS or not (fields[0].isdecimal() and fields[1].isdecimal()):
        return f"按“{line}”"
    minute, hour, day, month, weekday = fields
    at = f"{int(hour)}:{int(minute):02}"
    if (day, month, weekday) == (_EVERY, _EVERY, _EVERY):
        return f"每天{at}"
    if (day, month) == (_EVERY, _EVERY) and (days := _weekdays(weekday)):
        return f"每周{days}{at}"
    if weekday == _EVERY and month in (_EVERY, QUARTERLY) and (days := _month_days(day)):
        return f"{'每月' if month == _EVERY else '每季度首月'}{days}{at}"
    return f"按“{line}”"


def _weekdays(field: str) -> str:
    """一、四 or 一至五; empty for what is written otherwise."""
    first, _, last = field.partition("-")
    if last:
        known = first in _WEEKDAYS and last in _WEEKDAYS
        return f"{_WEEKDAYS[first]}至{_WEEKDAYS[last]}" if known else ""
    days = field.split(",")
    return "、".join(_WEEKDAYS[day] for day in days) if set(days) <= set(_WEEKDAYS) else ""


def _month_days(field: str) -> str:
    """5日、20日 or 最后一天; empty for what is written otherwise."""
    days = field.split(",")
    if not all(day.isdecimal() or day == _LAST for day in days):
        return ""
    return "、".join("最后一天" if day == _LAST else f"{int(day)}日" for day in days)
