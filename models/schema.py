"""The schema's version: brings a database to the newest revision, says where it stands.

Alembic is imported only where revisions are run or written: asking where a database stands
happens at every start, and Alembic would take a fifth of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from models.db import Database
from models.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).with_name("migrations")
#: Which revision a database is at; no row of the office's.
VERSION_TABLE = "alembic_version"


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def migrate(database: Database) -> tuple[str | None, str | None]:
    """Bring the schema to the newest revision; returns the revisions before and after."""
    before = revision(database)
    if before == newest_revision():
        return before, before
    with rebuilding(database) as connection:
        upgrade(connection)
    return before, revision(database)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema on this connection forward to revision *to*, in its transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@contextmanager
def rebuilding(database: Database) -> Iterator[Connection]:
    """One transaction in which tables may be changed that others refer to.

    Alembic changes a column on SQLite by making the table anew, and foreign keys forbid to drop
    the old one. So they are off meanwhile, and all of them are checked before the end.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None, "a connected connection has a driver's one"
        driver.execute("PRAGMA foreign_keys=OFF")  # of no effect inside a transaction
        try:
            with connection.begin():
                yield connection
                if alone := without_counterpart(connection):
                    raise RuntimeError(f"rows without their counterpart in {alone}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def without_counterpart(connection: Connection) -> str:
    """The tables of a SQLite database whose rows refer to none; PostgreSQL allows no such rows."""
    if connection.dialect.name != "sqlite":
        return ""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return ", ".join(sorted({str(row[0]) for row in broken}))


def revision(database: Database) -> str | None:
    """The revision that the database is at; None on an empty one."""
    with database.engine.begin() as connection:
        return revision_on(connection)


def revision_on(connection: Connection) -> str | None:
    """The same of the schema that this connection sees."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()
    return None if row is None else str(row[0])


def newest_revision() -> str:
    """The revision that this program needs: files are numbered, `0001_the_first_schema.py`."""
    return known_revisions()[-1]


def known_revisions() -> list[str]:
    """Every revision that this program knows, the first one first."""
    files = (_FOLDER / "versions").glob("[0-9]*_*.py")
    return sorted(path.name.partition("_")[0] for path in files)


def steps_after(start: str) -> list[str]:
    """What each revision after *start* is for, in a line with its number, the first one first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    found = [each for each in scripts.walk_revisions(start, "head") if each.revision != start]
    return [f"{each.revision} {each.doc.splitlines()[0]}" for each in reversed(found)]


def differences(database: Database) -> list[str]:
    """How the migrated schema differs from the tables in code; empty when they agree."""
    with database.engine.begin() as connection:
        return differences_on(connection)


def differences_on(connection: Connection) -> list[str]:
    """The same of the schema that this connection sees."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(each) for each in compare_metadata(context, METADATA)]


def write_revision(database: Database, message: str, name: str) -> None:
    """Write a new revision file from what differs (for developers)."""
    from alembic import command

    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=name)
