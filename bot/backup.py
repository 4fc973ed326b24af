"""`dajuan backup`: every row and every picture of one moment in one file, while others write."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection, Table, select

from bot.durable import written_aside
from handlers.context import MediaStore
from models.db import Database
from models.dump import CHUNK, Row, count_of, rows_of, snapshot, tables_of
from models.errors import BackupError, MediaUnavailable
from models.schema import revision_on
from models.setting import keep_setting

#: What a backup calls itself; a program refuses a number that it does not know.
FORMAT: Literal[1] = 1
MANIFEST, TABLES, MEDIA = "manifest.json", "tables", "media"
#: Under which name the database remembers when it was last backed up.
LAST_BACKUP = "last_backup"
#: Which process does what at the moment: no fact about the office, and false after a restore.
LEFT_OUT = frozenset({"lease"})
#: Rows are many and alike; more effort would take longer than the disk.
_EFFORT = 3
#: What is kept for a picture or file, beside the address of what was received.
_KEPT_FOR = ("stored_sha", "crop_sha", "sheets_sha", "book_sha")

#: Told what is being done, how much of it is done, and how much there is of it (0: nobody knows).
Progress = Callable[[str, int, int], None]


class TableKept(BaseModel):
    """One table in a backup: the order of its columns, how many rows, and the sum of its lines."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself.

    *key* tells whether SECRET_KEY is still the same, and nothing of it. *missing* are the
    addresses of bytes that rows speak of and the media store had no more.
    """

    format: Literal[1]
    program: str
    revision: str
    made_at: AwareDatetime
    engine: str
    key: str
    tables: list[TableKept]
    media: int
    media_bytes: int
    missing: list[str]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(each.rows for each in self.tables)


class Count:
    """Adds up what is done, and tells it on."""

    def __init__(self, tell: Progress, what: str, total: int = 0) -> None:
        self._tell = tell
        self._what = what
        self._total = total
        self.done = 0

    def add(self, more: int) -> None:
        """So much more is done."""
        self.done += more
        self._tell(self._what, self.done, self._total)


def key_mark(secret: str) -> str:
    """Four bytes by which two installations see whether they have the same SECRET_KEY."""
    return hmac.new(secret.encode(), b"dajuan backup", hashlib.sha256).hexdigest()[:8]


def write_backup(
    database: Database, media: MediaStore, path: Path, secret: str, now: datetime, tell: Progress
) -> Manifest:
    """Write all rows of one moment and all bytes to *path*, a new file that only its owner reads.

    Bytes that the media store has no more are named in the manifest. Raises BackupError where the
    file is there or the database has no schema, OSError for the disk; nothing is left of it then.
    """
    if path.exists():
        raise BackupError(f"{path} is there already: name another file")
    with written_aside(path) as file, snapshot(database) as connection:
        if (revision := revision_on(connection)) is None:
            raise BackupError("the database has no schema yet: there is nothing to back up")
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_EFFORT) as archive:
            tables = _keep_tables(archive, connection, tell)
            kept = _keep_media(archive, media, Count(tell, "pictures and files"))
            manifest = Manifest(
                format=FORMAT,
                program=version("dajuan"),
                revision=revision,
                made_at=now,
                engine=connection.dialect.name,
                key=key_mark(secret),
                tables=tables,
                media=len(kept),
                media_bytes=sum(kept.values()),
                missing=sorted(_addresses(connection) - kept.keys()),
            )
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def note_backup(database: Database, now: datetime) -> None:
    """Remember that there is a backup of *now*: `/metrics` tells how old the last one is."""
    with database.write() as session:
        keep_setting(session, LAST_BACKUP, now.isoformat())


def _keep_tables(archive: ZipFile, connection: Connection, tell: Progress) -> list[TableKept]:
    tables = [each for each in tables_of(connection) if each.name not in LEFT_OUT]
    count = Count(tell, "rows", sum(count_of(connection, each) for each in tables))
    return [_keep_table(archive, connection, each, count) for each in tables]


def _keep_table(archive: ZipFile, connection: Connection, table: Table, count: Count) -> TableKept:
    """One JSON list a line for every row; in the order of the key, so that equals look equal."""
    digest, number = hashlib.sha256(), 0
    rows = rows_of(connection, table)
    with archive.open(table_member(table.name), "w", force_zip64=True) as file:
        while chunk := list(islice(rows, CHUNK)):
            lines = "".join(map(_line, chunk)).encode()
            digest.update(lines)
            file.write(lines)
            number += len(chunk)
            count.add(len(chunk))
    names = [column.name for column in table.columns]
    return TableKept(name=table.name, columns=names, rows=number, sha256=digest.hexdigest())


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def table_member(name: str) -> str:
    """Where the rows of a table stand in the file."""
    return f"{TABLES}/{name}.jsonl"


def media_member(sha: str) -> str:
    """Where the bytes at an address stand in the file."""
    return f"{MEDIA}/{sha[:2]}/{sha}"


def _keep_media(archive: ZipFile, media: MediaStore, count: Count) -> dict[str, int]:
    """All bytes of the store, with their sizes: what came after the snapshot does no harm."""
    kept = dict[str, int]()
    for sha in sorted(media.addresses()):
        try:
            data = media.get(sha)
        except MediaUnavailable as error:
            if error.retryable:  # the store is away: half of it is no backup
                raise
            continue
        archive.writestr(media_member(sha), data, ZIP_STORED)  # pictures are compressed already
        kept[sha] = len(data)
        count.add(1)
    return kept


def _addresses(connection: Connection) -> set[str]:
    """Every address that the rows of pictures and files name."""
    for table in tables_of(connection):
        if table.name == "media":
            columns = [table.columns[name] for name in _KEPT_FOR if name in table.columns]
            rows = connection.execute(select(*columns), execution_options={"yield_per": CHUNK})
            return {sha for row in rows for sha in row if sha is not None}
    return set()
