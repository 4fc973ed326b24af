"""The time zone of due days and working hours: one for the whole installation."""

from zoneinfo import ZoneInfo

#: All of China keeps one official time; the composition root may set another.
_in_use = [ZoneInfo("Asia/Shanghai")]


def local_zone() -> ZoneInfo:
    """The zone in which days begin and end."""
    return _in_use[0]


def use_zone(zone: ZoneInfo) -> None:
    """Count days in *zone* from now on (TIMEZONE); called once, at start."""
    _in_use[0] = zone
