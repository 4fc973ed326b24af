"""Every row of a database in a form that both engines read: for backups, moves and rehearsals.

Tables and columns are taken from the database itself and not from the code, so that the rows of an
earlier revision are read and written as they are.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from models.db import Database
from models.schema import VERSION_TABLE

#: One row as JSON can say it: times as UTC, decimals as their digits, bytes as base64, and what a
#: JSON column holds as its own text, so that not even an absent value becomes a `null`.
Row = list[Any]
Conversion = Callable[[Any], Any]

#: Rows that are read and written at a time: memory does not grow with the table.
CHUNK = 1000


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one moment of all tables, while others go on writing."""
    if database.is_sqlite:
        options: dict[str, Any] = {"dajuan_begin": "DEFERRED"}
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.engine.execution_options(**options).connect() as connection, connection.begin():
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """Every table as the database has it, by name; none where there is no schema yet."""
    found = MetaData()
    found.reflect(connection)
    return [table for name, table in sorted(found.tables.items()) if name != VERSION_TABLE]


def clear(connection: Connection) -> None:
    """Remove every table, and what says which revision they were of."""
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def rows_of(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row in the order of its key, a few at a time."""
    shown = [_shown(column) for column in table.columns]
    for record in connection.execute(_all_of(table), execution_options={"yield_per": CHUNK}):
        yield [
            None if value is None else show(value)
            for value, show in zip(record, shown, strict=True)
        ]


def _all_of(table: Table) -> Select[Any]:
    columns = [
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]
    return select(*columns).order_by(*table.primary_key.columns)


def count_of(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def fill(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows whose values stand in the order of *names*; returns how many there were.

    Raises KeyError for a column that the table does not have.
    """
    columns = [table.columns[name] for name in names]
    kept = [_kept(column, connection.dialect.name) for column in columns]
    statement, count, source = _insert(connection, table, columns), 0, iter(rows)
    while chunk := list(islice(source, CHUNK)):
        connection.execute(
            statement,
            [
                {
                    name: None if value is None else keep(value)
                    for name, value, keep in zip(names, row, kept, strict=True)
                }
                for row in chunk
            ],
        )
        count += len(chunk)
    return count


def _insert(connection: Connection, table: Table, columns: Sequence[Column[Any]]) -> Insert:
    """JSON goes in as the text that came out: SQLite keeps text, PostgreSQL wants to be told."""
    is_told = connection.dialect.name == "postgresql"
    values: dict[str, Any] = {}
    for column in columns:
        if not isinstance(column.type, JSON):
            values[column.name] = bindparam(column.name, type_=column.type)
        elif is_told:
            values[column.name] = cast(bindparam(column.name, type_=Text()), JSON())
        else:
            values[column.name] = bindparam(column.name, type_=Text())
    return insert(table).values(values)


def _shown(column: Column[Any]) -> Conversion:
    """How a value of this column is said in JSON."""
    kind = column.type
    if isinstance(kind, DateTime):
        return _utc
    if isinstance(kind, Date):
        return date.isoformat
    if isinstance(kind, LargeBinary):
        return _letters
    if isinstance(kind, Numeric):
        return _digits
    return _same


def _kept(column: Column[Any], engine: str) -> Conversion:
    """How what was said in JSON is given to this column."""
    kind = column.type
    if isinstance(kind, DateTime):
        return datetime.fromisoformat if engine == "postgresql" else _without_zone
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, Numeric):
        return Decimal
    return bool if isinstance(kind, Boolean) else _same


def _same(value: Any) -> Any:
    return value


def _utc(moment: datetime) -> str:
    """SQLite keeps UTC without saying so."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat()


def _without_zone(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC).replace(tzinfo=None)


def _letters(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _digits(value: Decimal) -> str:
    return format(value, "f")


@contextmanager
def without_references(connection: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Rows may come in any order meanwhile; at the end each must have its counterpart.

    For PostgreSQL: on SQLite `models.schema.rebuilding` sees to it.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    found = [
        each
        for table in tables
        for each in table.constraints
        if isinstance(each, ForeignKeyConstraint)
    ]
    for each in found:
        connection.execute(DropConstraint(each))
    yield
    for each in found:
        connection.execute(AddConstraint(each))


def number_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Let new rows be numbered after those that are there; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        keys = list(table.primary_key.columns)
        if len(keys) != 1 or not isinstance(keys[0].type, Integer):
            continue
        sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
        quoted = connection.dialect.identifier_preparer.format_table(table)
        named = {"table": quoted, "column": keys[0].name}
        if (name := connection.execute(sequence, named).scalar()) is None:
            continue
        last = connection.execute(select(func.max(keys[0]))).scalar()
        if last is not None:
            connection.execute(select(func.setval(literal_column(f"'{name}'"), last)))
