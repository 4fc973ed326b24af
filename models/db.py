"""Engine, sessions and column types: how rows are stored, on SQLite and on PostgreSQL."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    CheckConstraint,
    Connection,
    Engine,
    Numeric,
    String,
    create_engine,
    event,
)
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session, SQLModel

from models.errors import SettingsError

#: Named constraints let Alembic change them on both databases; set before any table is declared.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: Rows do not validate themselves: what would is not built before somebody asks for it.
SQLModel.model_config["defer_build"] = True

_DRIVERS = ("sqlite", "postgresql+psycopg")


#: PostgreSQL takes no statement with more than 65,535 values.
_MOST_VALUES = 30_000
_Value = TypeVar("_Value", int, str)


def batches(values: Iterable[_Value]) -> Iterator[Sequence[_Value]]:
    """Each of these ids or keys once, in portions that one statement can name."""
    each = sorted(set(values))
    for begin in range(0, len(each), _MOST_VALUES):
        yield each[begin : begin + _MOST_VALUES]


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that comes back digit for digit: NUMERIC on PostgreSQL, text on SQLite.

    SQLite has no decimal type; through its float the published 44.63 could become 44.629999.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric())
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def one_of(column: str, values: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """A CHECK that *column* holds one of *values*: table models do not validate by themselves."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


#: How long a transaction waits for another process: after that a platform has given up.
LOCK_SECONDS = 4


#: What a database says that is locked, full, restarting or gone, or has no connection left.
_AWAY = (OperationalError, InterfaceError, InternalError, NoneFree)


def is_away(error: BaseException) -> bool:
    """Whether the database is at fault, and not what it was to store: a later try may succeed."""
    return isinstance(error, _AWAY)


#: What PostgreSQL calls it when two transactions wait for each other.
_CROSSED = "40P01"


def is_crossed(error: BaseException) -> bool:
    """Whether another transaction waited for this one's rows, and this one for its: it was ended.

    Whoever writes one row at a time holds nobody up while waiting, and may try again.
    """
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") == _CROSSED


class Database:
    """The one way to the rows: `write()` to change them, `read()` to look.

    On SQLite every writing transaction begins IMMEDIATE and takes its turn at one lock, so that
    what it read is still true when it writes (a deferred BEGIN loses updates without an error).
    PostgreSQL needs neither; there rows that are read to be changed are locked by their query.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._looking = engine.execution_options(dajuan_begin="DEFERRED")
        self._queue, self._turn = RLock(), RLock()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back on an exception."""
        if self.is_sqlite:
            with self._queue, self.write_first() as session:
                yield session
        else:
            with self.write_first() as session:
                yield session

    @contextmanager
    def write_first(self) -> Iterator[Session]:
        """The same, but on SQLite before all who wait but one: only one of them waits for the turn.

        For messages that are about to be acknowledged; not to be called within a `write`.
        """
        if self.is_sqlite:
            with self._turn, self._transaction() as session:
                yield session
        else:
            with self._transaction() as session:
                yield session

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session over one snapshot that writes nothing."""
        with Session(self._looking, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _address(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # without its text: it may hold a password
        raise SettingsError("DATABASE_URL is no database address") from error
    if parsed.drivername not in _DRIVERS:
        known = " or ".join(f"{each}://…" for each in _DRIVERS)
        raise SettingsError(f"DATABASE_URL: {parsed.drivername}:// is not known, only {known}")
    return parsed


def open_database(url: str) -> Database:
    """A database at *url*; the folder of a SQLite file is made when it is missing.

    Raises SettingsError for an address that cannot be one.
    """
    parsed = _address(url)
    options: dict[str, Any] = {
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False),
        "json_deserializer": _from_json,
        "hide_parameters": True,  # what people wrote does not belong into errors and logs
    }
    if parsed.get_backend_name() != "sqlite":
        return Database(create_engine(url, pool_size=10, pool_pre_ping=True, **options))
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine)


def _from_json(text: str | bytes) -> Any:
    """What a JSON column holds; most are empty lists, of which a year has thousands."""
    return [] if text == "[]" else json.loads(text)


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would not do so before a SELECT.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={LOCK_SECONDS * 1000}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("dajuan_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {kind}")
