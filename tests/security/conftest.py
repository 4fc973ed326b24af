"""The small service for those who attack it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.hall import Hall


@pytest.fixture
def hall(sqlite: Database, tmp_path: Path) -> Iterator[Hall]:
    """What does not depend on the engine is tried on one."""
    hall = Hall(sqlite, tmp_path)
    yield hall
    hall.close()
