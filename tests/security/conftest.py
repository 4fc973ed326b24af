"""The small service for those who attack it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.hall import Hall
from tests.stores import fresh_sqlite


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh migrated database on SQLite."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture
def hall(sqlite: Database, tmp_path: Path) -> Iterator[Hall]:
    """What does not depend on the engine is tried on one."""
    hall = Hall(sqlite, tmp_path)
    yield hall
    hall.close()
