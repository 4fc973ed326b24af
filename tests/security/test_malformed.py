"""A thousand malformed calls at every door; `make soak` makes a hundred thousand."""

from pathlib import Path

from tests.security.doors import every_door
from tests.security.raid import raid

EACH = 200


def test_no_malformed_call_breaks_a_door_or_leaves_anything_behind(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Each of five services is called two hundred times; the numbers of the calls are fixed."""
    with every_door(sqlite_template, tmp_path) as doors:
        for seed, door in enumerate(doors):
            found = raid(door, EACH, seed)

            assert found.faults == [], door.name
            assert found.calls == EACH
            assert door.told[200] > 0, f"{door.name}: junk reached no parser"
            assert sum(door.told[status] for status in (400, 403)) > EACH / 10, door.told
