"""Conversations for the tests of the handlers, on both engines and on one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.talk import Talk, light_talk


@pytest.fixture
def talk(database: Database) -> Talk:
    """A conversation, on SQLite and on PostgreSQL."""
    return Talk(database)


@pytest.fixture
def light(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """One engine is enough for tables of wordings."""
    yield from light_talk(tmp_path, sqlite_template)
