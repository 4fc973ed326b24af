"""The published programmes as loaded, for tests of their documents: each loaded once."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlmodel import Session

from handlers.render.document import Document, plain
from handlers.render.document_parts import Grid, Printed, parts
from models.db import Database, open_database
from models.programme import Programme, programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.schema import migrate
from tests.conftest import at

#: When each of them is taken up: nothing is chased before that.
_LOADED = {
    "jili-2022": "2022-10-10T08:00",
    "kegan-2024": "2024-09-27T08:00",
    "fengong-2022": "2022-02-20T08:00",
    "minsheng-2021": "2021-08-16T08:00",
}
_folder = tempfile.TemporaryDirectory(prefix="dajuan-published-")


@cache
def published(code: str) -> Database:
    """A database with one programme; whoever writes to it takes it back."""
    database = open_database(f"sqlite:///{Path(_folder.name) / f'{code}.db'}")
    migrate(database)
    with database.write() as session:
        load(session, read_definition(code), at(_LOADED[code]))
    return database


@contextmanager
def changed(code: str) -> Iterator[tuple[Session, Programme]]:
    """A session in which anything may be changed: all of it is taken back."""
    with Session(published(code).engine) as session:
        programme = programme_by_code(session, code)
        assert programme is not None
        yield session, programme
        session.rollback()


def tables(document: Document) -> list[list[list[str]]]:
    """Each table of the document as rows of text, without its header."""
    grids = [each.table for each in parts(document) if isinstance(each, Grid)]
    return [
        [[plain(getattr(cell, "text", cell)) for cell in row] for row in table.rows]
        for table in grids
    ]


def paragraphs(document: Document) -> Sequence[str]:
    """Each paragraph with its lead."""
    found = [each for each in parts(document) if isinstance(each, Printed)]
    return [each.lead + plain(each.text) for each in found]
