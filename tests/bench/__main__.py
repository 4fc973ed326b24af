"""`make bench`: runs every benchmark, or those named, and prints one table."""

import argparse
import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import COLLECTS
from tests.bench import (
    acknowledged,
    answers,
    board,
    callbacks,
    delivery,
    digests,
    documents,
    drawn,
    growth,
    message,
    pictures,
    programmes,
    reading,
    service,
)
from tests.bench.result import Result, as_json, table

PARTS: dict[str, Callable[[], list[Result]]] = {
    part.__name__.rpartition(".")[2]: part.measure
    for part in (
        message,
        service,
        acknowledged,
        callbacks,
        programmes,
        pictures,
        drawn,
        reading,
        answers,
        documents,
        board,
        digests,
        growth,
        delivery,
    )
}


def main() -> None:
    asked = _asked()
    results: list[Result] = []
    for part in asked.parts or PARTS:
        gc.collect()
        gc.freeze()  # as a start of the service does: what other parts left is not walked
        gc.set_threshold(*COLLECTS)  # as well
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        results += PARTS[part]()
    print(table(results))
    if asked.json is not None:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(as_json(results, datetime.now(UTC)), encoding="utf-8")
    missed = [result.name for result in results if not result.is_met]
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
        sys.exit(1)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; else all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there as well")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    main()
