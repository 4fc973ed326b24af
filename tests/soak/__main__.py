"""`make soak`: every long run, or those named; prints one table, and exits 1 where one breaks."""

import argparse
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.result import Result, as_json, table
from tests.soak.measured import PARTS, note


def main() -> None:
    asked = _asked()
    note(f"seed {asked.seed}")
    results: list[Result] = []
    for part in asked.parts or PARTS:
        note(f"{part} …")
        results += PARTS[part](asked)
    note("")
    sys.stdout.write(f"{table(results)}\n")
    if asked.json is not None:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(as_json(results, datetime.now(UTC)), encoding="utf-8")
    if missed := [result.name for result in results if not result.is_met]:
        sys.stdout.write(f"\nbroken: {', '.join(missed)}\n")
        sys.exit(1)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.soak", description=__doc__)
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; else all")
    add("--kills", type=int, default=100, help="of the service, on each engine (100)")
    add("--days", type=int, default=40, help="that two schedulers live through (40)")
    add("--calls", type=int, default=100_000, help="malformed ones, over all doors (100000)")
    add("--outage", type=float, default=30, help="seconds without database or platform (30)")
    add("--minutes", type=float, default=10, help="of the flood (10)")
    add("--rate", type=float, default=200, help="of the flood, in callbacks a second (200)")
    add("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all chance")
    add("--json", type=Path, metavar="FILE", help="write the results there as well")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    main()
