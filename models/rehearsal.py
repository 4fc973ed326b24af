"""A migration tried on a copy: what it would do, how long it takes, whether it comes out well."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from models.db import Database, open_database
from models.dump import count_of, fill, rows_of, snapshot, tables_of, without_references
from models.errors import SettingsError
from models.schema import (
    differences,
    known_revisions,
    migrate,
    newest_revision,
    rebuilding,
    revision_on,
    steps_after,
    upgrade,
)

#: What PostgreSQL calls it.
_NO_RIGHT = "42501"


@dataclass(frozen=True)
class Rehearsed:
    """What came of it: *changed* counts rows of tables before and after (None: no such table).

    *problems* is empty where the migration may be run. *copy* says what it was tried on.
    """

    before: str
    after: str
    copy: str
    steps: list[str]
    rows: int
    changed: dict[str, tuple[int | None, int | None]]
    problems: list[str]
    seconds_to_copy: float
    seconds_to_migrate: float


def rehearse(database: Database) -> Rehearsed | None:
    """Migrate a copy of *database*; None where there is nothing to migrate.

    The copy stands in a temporary file or, on PostgreSQL, in a schema of its own, and is removed
    in any case. Raises SettingsError for a database that a later program made.
    """
    with snapshot(database) as connection:
        before = revision_on(connection)
    if before is None or before == newest_revision():
        return None
    if before not in known_revisions():
        raise SettingsError(
            f"the database is at revision {before}, this program knows up to {newest_revision()}: "
            "install the program that made it, or a later one"
        )
    begun = perf_counter()
    with _copied(database, before) as (copy, name):
        copied = perf_counter()
        counts, problems = _counts(copy), list[str]()
        try:
            migrate(copy)
            problems += differences(copy)
        except Exception as error:  # whatever it is, it would have happened to the real one
            problems.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        ended, after = perf_counter(), _counts(copy)
    return Rehearsed(
        before=before,
        after=newest_revision(),
        copy=name,
        steps=steps_after(before),
        rows=sum(counts.values()),
        changed=_changed(counts, after),
        problems=problems,
        seconds_to_copy=copied - begun,
        seconds_to_migrate=ended - copied,
    )


def _counts(database: Database) -> dict[str, int]:
    with snapshot(database) as connection:
        return {each.name: count_of(connection, each) for each in tables_of(connection)}


def _changed(
    before: dict[str, int], after: dict[str, int]
) -> dict[str, tuple[int | None, int | None]]:
    names = sorted(before.keys() | after.keys())
    counts = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (was, is_) for name, (was, is_) in counts.items() if was != is_}


@contextmanager
def _copied(database: Database, revision: str) -> Iterator[tuple[Database, str]]:
    """The same rows at the same revision, and where they stand; removed at the end."""
    if database.is_sqlite:
        with _file() as path:
            _copy_file(database, path)
            with _opened(f"sqlite:///{path}") as copy:
                yield copy, "a copy of the file"
    elif schema := _new_schema(database):
        try:
            with _opened(_within(database, schema)) as copy:
                _copy_rows(database, copy, revision)
                yield copy, "a schema of its own"
        finally:
            _run(database, f"DROP SCHEMA {schema} CASCADE")
    else:
        with _file() as path, _opened(f"sqlite:///{path}") as copy:
            _copy_rows(database, copy, revision)
            yield copy, "SQLite, for want of the right to make a schema here"


@contextmanager
def _file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dajuan-rehearsal-") as folder:
        yield Path(folder) / "copy.db"


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.dispose()


def _copy_file(database: Database, path: Path) -> None:
    """Byte for byte, as of one moment, while others go on writing."""
    with closing(database.engine.raw_connection()) as source, closing(sqlite3.connect(path)) as to:
        assert isinstance(source.driver_connection, sqlite3.Connection)
        source.driver_connection.backup(to)


def _copy_rows(database: Database, copy: Database, revision: str) -> None:
    with snapshot(database) as source, rebuilding(copy) as target:
        upgrade(target, revision)
        tables = {each.name: each for each in tables_of(target)}
        with without_references(target, tables.values()):
            for table in tables_of(source):
                if table.name in tables:  # others are not this program's
                    names = [column.name for column in table.columns]
                    fill(target, tables[table.name], names, rows_of(source, table))


def _new_schema(database: Database) -> str:
    """The name of an empty schema beside the real one; empty where that is not allowed."""
    name = f"rehearsal_{uuid4().hex[:8]}"
    try:
        _run(database, f"CREATE SCHEMA {name}")
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != _NO_RIGHT:
            raise
        return ""
    return name


def _within(database: Database, schema: str) -> str:
    """The address of *database* where nothing but *schema* is seen."""
    url = database.engine.url.update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


def _run(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))
