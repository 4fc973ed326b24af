"""One fresh SQLite database for what does not depend on the engine."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What is logged, as data."""
    with capture_logs() as caught:
        yield caught
