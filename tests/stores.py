"""Databases of tests: a fresh one on SQLite, one at an earlier revision, one that waits."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from models.db import Database, open_database
from models.schema import rebuilding


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


def go_back(database: Database, name: str) -> None:
    """Take a migrated database back to an earlier revision."""
    from alembic import command

    from models.schema import _config

    config = _config()
    with rebuilding(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, name)


def waits(database: Database) -> bool:
    """Whether a transaction on PostgreSQL waits for what another one holds."""
    held = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.read() as session:
        return bool(session.execute(held).scalar())
