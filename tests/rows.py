"""Rows that many tests begin with: composed once, then sent as they are to each one's database."""

import copy
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event, func, insert
from sqlmodel import Session, select

from models.db import open_database
from models.schema import migrate
from models.tables import METADATA

_Statements = list[tuple[str, Any]]


class Rows:
    """What *compose* makes in a database of its own, for any number of empty databases.

    Composing takes long, row by row; so does finding out what a driver is to be sent.
    """

    def __init__(self, compose: Callable[[Session], object]) -> None:
        self._compose = compose
        self._found: list[tuple[Table, list[dict[str, Any]]]] = []
        self._sent: dict[str, _Statements] = {}

    def into(self, session: Session) -> None:
        """Put the rows into the empty database of *session*, shared with no other."""
        connection = session.connection()
        engine = connection.dialect.name
        if engine not in self._sent:
            with _noted(connection) as sent:
                self._insert(session)
            self._sent[engine] = sent
            return
        for statement, parameters in self._sent[engine]:
            connection.exec_driver_sql(statement, parameters)

    def _insert(self, session: Session) -> None:
        if not self._found:
            self._found = _composed(self._compose)
        for table, rows in self._found:
            session.execute(insert(table), copy.deepcopy(rows))
        if session.connection().dialect.name == "postgresql":
            for table, rows in self._found:
                if last := max((row["id"] for row in rows if "id" in row), default=0):
                    key = func.pg_get_serial_sequence(table.name, "id")
                    session.execute(select(func.setval(key, last)))


def _composed(compose: Callable[[Session], object]) -> list[tuple[Table, list[dict[str, Any]]]]:
    with tempfile.TemporaryDirectory(prefix="dajuan-rows-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'rows.db'}")
        migrate(database)
        with database.write() as session:
            compose(session)
            session.flush()
            found = [
                (table, [dict(row) for row in session.execute(select(table)).mappings()])
                for table in METADATA.sorted_tables
            ]
        database.dispose()
    return [(table, rows) for table, rows in found if rows]


@contextmanager
def _noted(connection: Connection) -> Iterator[_Statements]:
    """Every statement sent within the block, as the driver got it."""
    sent: _Statements = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, copy.deepcopy(values)))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)
