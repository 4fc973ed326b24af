"""Databases of tests: statements compiled and revisions run once for all, no disk waited for.

Every test opens databases of its own. A statement compiled for one engine means nothing to
another, so that a suite compiles each some thousand times: most of what a small test would cost.
"""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import ConnectionPoolEntry

from models import db
from models.schema import newest_revision

#: More than the product has statements, so that none is compiled twice.
_STATEMENTS = 5000
_first: dict[str, Engine] = {}
#: What the product does with every connection to SQLite.
prepare = db._prepare_sqlite
_upgrade = command.upgrade
#: The schema that the revisions made of the first empty SQLite file.
_made: list[str] = []


def engine_like_the_first(url: str | URL, **options: Any) -> Engine:
    """An engine that shares dialect and compiled statements with the first one of its kind."""
    engine = create_engine(url, query_cache_size=_STATEMENTS, **options)
    first = _first.get(engine.driver)
    if first is None or first.dialect.server_version_info is None:  # nobody has connected yet
        _first[engine.driver] = engine
        return engine
    engine.dialect.initialize = _known_from_the_first
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


def _known_from_the_first(_connection: Connection) -> None:
    """What a dialect asks a server on its first connection, another has asked already."""


def prepare_in_haste(connection: Any, entry: ConnectionPoolEntry) -> None:
    """What the product prepares on SQLite; a test's rows need not outlive a power cut."""
    prepare(connection, entry)
    connection.execute("PRAGMA synchronous=OFF")


def upgrade_as_before(config: Config, revision: str) -> None:
    """Bring a schema to *revision*; an empty SQLite file gets what the revisions made of another.

    Running all of them takes longer than most tests, and a service on a fresh file does it first.
    """
    connection: Connection = config.attributes["connection"]
    is_newest = revision in ("head", newest_revision())
    if connection.dialect.name != "sqlite" or not is_newest or _schema(connection):
        _upgrade(config, revision)
        return
    if not _made:
        _upgrade(config, revision)
        stamp = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        _made.extend(_schema(connection))
        _made.append(f"INSERT INTO alembic_version VALUES ('{stamp}')")
        return
    for each in _made:
        connection.exec_driver_sql(each)


def _schema(connection: Connection) -> list[str]:
    own = "sql IS NOT NULL AND name NOT LIKE 'sqlite_%%'"
    found = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {own} ORDER BY rowid")
    return [str(each) for each in found.scalars()]
