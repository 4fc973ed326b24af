"""One fresh SQLite database for what does not depend on the engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from models.db import Database
from tests.stores import fresh_sqlite


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh migrated database on SQLite."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What is logged, as data."""
    with capture_logs() as caught:
        yield caught
