"""Rows of a long query some hundred at a time: a year's history is never in memory as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session

_AT_A_TIME = 500


@contextmanager
def streamed(session: Session, query: Any) -> Iterator[Iterator[Any]]:
    """The rows of *query* as they come; what was not read is let go at the end."""
    rows = session.exec(query.execution_options(yield_per=_AT_A_TIME))
    try:
        yield iter(rows)
    finally:
        rows.close()
