"""`make bench`: runs every benchmark and prints one table."""

import sys

from tests.bench import (
    answers,
    board,
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
    for part in (message, service, programmes, pictures, drawn, reading, answers, documents, board):
        results += part.measure()
    print(table(results))
    missed = [result.name for result in results if not result.is_met]
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
