"""A hundred thousand malformed calls at every door: nothing breaks, and nothing grows."""

import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from models.db import open_database
from models.schema import migrate
from tests.bench.result import Result
from tests.security.doors import every_door
from tests.security.raid import Held, raid

CALLS = 100_000
#: Calls between two looks at what the process holds.
_ROUND = 1000
#: After so large a part of its calls, three rounds at least, a door holds all that it ever will.
_WARM = 0.2
#: Megabytes that a process may hold more at its end than when it was warm, of every door.
_GROWTH = 40


def measure(
    calls: int = CALLS, seed: int = 1, say: Callable[[str], object] = print
) -> list[Result]:
    """Faults found by *calls* malformed calls, spread over every door, and what grew by them.

    The same *seed* makes the same calls; faults are said as they are found.
    """
    found = list[Result]()
    with tempfile.TemporaryDirectory() as name:
        template = Path(name, "template.db")
        database = open_database(f"sqlite:///{template}")
        migrate(database)
        database.dispose()
        with every_door(template, Path(name)) as doors:
            for number, door in enumerate(doors):
                rounds = max(calls // len(doors) // _ROUND, 5)
                faults, made, warm = 0, 0, Held.now()
                for turn in range(rounds):
                    with redirect_stderr(StringIO()):  # libraries log every broken form
                        raided = raid(door, _ROUND, seed * 1_000_000 + number * 10_000 + turn)
                    made, faults = made + raided.calls, faults + len(raided.faults)
                    for fault in raided.faults:
                        say(f"{door.name}, round {turn}: {fault[-3000:]}")
                    if turn <= max(rounds * _WARM, 2):
                        warm = Held.now()
                found += _results(door.name, made, faults, warm, Held.now())
    return found


def _results(name: str, made: int, faults: int, warm: Held, last: Held) -> list[Result]:
    what = f"malformed, {name}"
    grown = (
        # Pools that have not been needed whole before.
        ("threads", last.threads - warm.threads, 8),
        ("open files", last.files - warm.files, 8),
        ("temporary files", last.temporary - warm.temporary, 0),
    )
    return [
        Result(f"{what}: calls", made, "", None, 1, "one"),
        Result(f"{what}: faults", faults, "", 0, 1, "one"),
        Result(
            f"{what}: memory grown",
            last.resident - warm.resident,
            "MB",
            _GROWTH,
            warm.resident,
            "warm",
        ),
        *(Result(f"{what}: {kind} grown", more, "", most, 1, "one") for kind, more, most in grown),
    ]
