"""`dajuan` at another time, whose scheduler asks often and whose lease changes hands soon.

python -m tests.soak.program AHEAD LEASE serve --port 8000

AHEAD is a file that says by how many seconds the clock is ahead, LEASE how many seconds the
scheduler's lease holds.
"""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import app
from bot.cli import main
from scheduler import jobs
from scheduler.lease import holds_lease

_OFTEN = timedelta(seconds=5)


def clock_ahead(file: Path) -> Callable[[ZoneInfo], Callable[[], datetime]]:
    """A clock that is as far ahead as *file* says, now and when another figure stands there."""

    def clock(zone: ZoneInfo) -> Callable[[], datetime]:
        def now() -> datetime:
            return datetime.now(zone) + timedelta(seconds=float(file.read_text()))

        return now

    return clock


if __name__ == "__main__":
    app.RealClock = clock_ahead(Path(sys.argv.pop(1)))  # type: ignore[misc,assignment]
    jobs.SPAN = timedelta(seconds=float(sys.argv.pop(1)))
    jobs.holds_lease = partial(holds_lease, span=jobs.SPAN)
    jobs.RHYTHM |= dict.fromkeys(("digests", "reminders"), _OFTEN)
    main()
