"""Engines of tests: what SQLAlchemy compiled for one is there for all, and no disk is waited for.

Every test opens databases of its own. A statement compiled for one engine means nothing to
another, so that a suite compiles each some thousand times: most of what a small test would cost.
"""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import ConnectionPoolEntry

from models import db

#: More than the product has statements, so that none is compiled twice.
_STATEMENTS = 5000
_first: dict[str, Engine] = {}
_prepare = db._prepare_sqlite


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
    _prepare(connection, entry)
    connection.execute("PRAGMA synchronous=OFF")
