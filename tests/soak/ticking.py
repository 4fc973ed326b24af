"""A scheduler that holds no lease: asks what is due at each moment that it is told to.

python -m tests.soak.ticking AHEAD

AHEAD is a file as `tests.soak.program` reads it. Each line of the input is one moment, at which
every question is asked once; the answer is a line with how much was owed or sent.
"""

import sys
from pathlib import Path

from bot.app import build
from bot.logs import set_up_logs
from bot.settings import read_settings
from tests.soak.program import clock_ahead


def main() -> None:
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    house = build(settings, clock_ahead(Path(sys.argv[1]))(settings.zone))
    for _ in sys.stdin:
        sys.stdout.write(f"{house.jobs.tick(house.clock())}\n")
        sys.stdout.flush()
    house.close()


if __name__ == "__main__":
    main()
