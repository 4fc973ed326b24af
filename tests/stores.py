"""A fresh SQLite database for tests of what does not depend on the engine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.db import Database, open_database


@contextmanager
def fresh_sqlite(template: Path, folder: Path) -> Iterator[Database]:
    """A copy of the migrated *template* in *folder*, closed at the end."""
    path = folder / "dajuan.db"
    shutil.copy(template, path)
    database = open_database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.dispose()
