"""This machine's clock beside that of a platform's servers, as the dates of their answers tell."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from bot.findings import Found, Level

#: A clock that is further away is told; calls are refused only from the platform's window on.
_NOTICED = 30.0
_ADVICE = "用 NTP 校准本机时钟"


@contextmanager
def dated(client: httpx2.Client) -> Iterator[list[float]]:
    """The seconds by which the clocks differ, noted of every answer that *client* gets here."""
    away = list[float]()

    def note(response: httpx2.Response) -> None:
        if (there := _date(response.headers.get("Date", ""))) is not None:
            away.append(abs((datetime.now(UTC) - there).total_seconds()))

    bounds = client.event_hooks["response"]
    client.event_hooks = {"response": [*bounds, note]}
    try:
        yield away
    finally:
        client.event_hooks = {"response": bounds}


def check_clock(
    check: str, whom: str, away: Sequence[float], window: timedelta, harm: str
) -> Iterator[Found]:
    """How far the clock is from that of *whom*; *harm* is what happens beyond *window*."""
    if not away:
        return
    least = min(away)  # the later ones of a row waited for each other
    if least > window.total_seconds():
        about = f"与{whom}相差{least / 60:.0f}分钟，{harm}"
        yield Found(check, Level.FAIL, about, _ADVICE)
    elif least > _NOTICED:
        yield Found(check, Level.WARN, f"与{whom}相差{least:.0f}秒", _ADVICE)
    else:
        yield Found(check, Level.OK, f"与{whom}一致")


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
