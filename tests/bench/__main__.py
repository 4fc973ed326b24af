"""`make bench`: runs every benchmark and prints one table."""

import gc
import sys

from tests.bench import (
    answers,
    board,
    callbacks,
    digests,
    documents,
    drawn,
    message,
    pictures,
    programmes,
    reading,
    service,
)
from tests.bench.result import Result, table


def main() -> None:
    results: list[Result] = []
    parts = (
        message,
        service,
        callbacks,
        programmes,
        pictures,
        drawn,
        reading,
        answers,
        documents,
        board,
        digests,
    )
    for part in parts:
        gc.collect()
        gc.freeze()  # as a start of the service does: what other parts left is not walked
        results += part.measure()
    print(table(results))
    missed = [result.name for result in results if not result.is_met]
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
