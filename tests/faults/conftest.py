"""An office on each platform, a small service, and what is logged: for every fault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from models.db import Database
from tests.hall import Hall
from tests.stores import fresh_sqlite


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What is logged, as data."""
    with capture_logs() as caught:
        yield caught


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh migrated database on SQLite."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture
def hall(sqlite: Database, tmp_path: Path) -> Iterator[Hall]:
    """The small service, where the engine does not matter."""
    hall = Hall(sqlite, tmp_path)
    yield hall
    hall.close()
