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
_VERSION_TABLE = "alembic_version"


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
    from alembic import command

    config = _config()
    with rebuilding(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, revision(database)


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
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    tables = sorted({str(row[0]) for row in broken})
                    raise RuntimeError(f"rows without their counterpart in {', '.join(tables)}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def revision(database: Database) -> str | None:
    """The revision that the database is at; None on an empty one."""
    with database.engine.begin() as connection:
        if not inspect(connection).has_table(_VERSION_TABLE):
            return None
        row = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).first()
        return None if row is None else str(row[0])


def newest_revision() -> str:
    """The revision that this program needs: files are numbered, `0001_the_first_schema.py`."""
    numbers = [path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py")]
    return max(numbers)


def differences(database: Database) -> list[str]:
    """How the migrated schema differs from the tables in code; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(each) for each in compare_metadata(context, METADATA)]


def write_revision(database: Database, message: str, name: str) -> None:
    """Write a new revision file from what differs (for developers)."""
    from alembic import command

    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=name)
