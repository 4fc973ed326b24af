"""`dajuan restore`: what a backup holds, checked first, then put into an empty database."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from pydantic import ValidationError
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError, StatementError

from bot.backup import (
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    MEDIA,
    TABLES,
    Count,
    Manifest,
    Progress,
    TableKept,
    media_member,
    table_member,
)
from bot.media_address import LARGEST
from handlers.context import MediaStore
from models.db import Database
from models.dump import (
    Row,
    clear,
    count_of,
    fill,
    number_on,
    rows_of,
    tables_of,
    without_references,
)
from models.errors import BackupError
from models.schema import known_revisions, newest_revision, rebuilding, upgrade, without_counterpart

#: What a start writes by itself: a database that holds nothing else is as good as empty.
_MADE_BY_A_START = frozenset({"calendar_year", "workday", "lease"})
#: Bytes are read so many at a time.
_PIECE = 1 << 20
#: Larger is none that a backup wrote: it would fill the memory before it is known to be damaged.
#: A manifest names what is missing, 70 bytes each; the longest row holds a call of 1 MB.
_MOST_MANIFEST, _LONGEST_ROW = 100_000_000, 50_000_000
#: What rows that no database wrote fail with, whoever made them.
_NOT_A_ROW = (
    ArithmeticError,
    LookupError,
    RecursionError,
    StatementError,
    TypeError,
    ValueError,
)
#: So many tables that hold something are named.
_SHOWN = 6


def restore_backup(
    database: Database, media: MediaStore, path: Path, now: datetime, tell: Progress
) -> tuple[Manifest, list[str]]:
    """Put all rows and bytes of the backup at *path* into an empty database and its media store.

    Everything is checked before anything is written; all rows or none are restored, and those of
    an earlier revision are brought up to date. Returns what the backup says of itself, and the
    tables in it that are none of this program's and were left out. Raises BackupError for a file
    that is damaged, no backup or of a later program, and for a database that holds anything.
    """
    try:
        with ZipFile(path) as archive:
            _check_parts(archive, path)
            manifest = _manifest(archive, path)
            _check_revision(manifest, path)
            _check(archive, manifest, path, tell)
            left_out = _put_all(database, media, archive, manifest, now, tell)
    except (BadZipFile, EOFError, zlib.error) as error:
        raise BackupError(f"{path} is no backup, or was cut short: {error}") from error
    return manifest, left_out


def _check_parts(archive: ZipFile, path: Path) -> None:
    """What no backup holds: parts with a password, packed in other ways, or too large for memory.

    No part is unpacked further than its size says.
    """
    for part in archive.infolist():
        if part.flag_bits & 1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BackupError(f"{path} is no backup: {printable(part.filename)} cannot be unpacked")
        most = _MOST_MANIFEST if part.filename == MANIFEST else LARGEST
        if part.file_size > most and not part.filename.startswith(f"{TABLES}/"):
            size = f"{part.file_size / 1e6:.0f} MB"
            raise BackupError(f"{path} is no backup: {printable(part.filename)} would have {size}")


def printable(text: str) -> str:
    """*text* on one line of a terminal, which it tells nothing else."""
    return "".join(each if each.isprintable() else "?" for each in text)


def _manifest(archive: ZipFile, path: Path) -> Manifest:
    try:
        data = json.loads(archive.read(MANIFEST))
    except (KeyError, RecursionError, ValueError) as error:
        raise BackupError(f"{path} is no backup: it has no manifest that can be read") from error
    if isinstance(data, dict) and data.get("format") not in (None, FORMAT):
        raise BackupError(
            f"{path} has format {data['format']}, this program reads {FORMAT}: "
            "restore it with the program that made it, or a later one"
        )
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
        raise BackupError(f"{path}: the manifest is damaged: {wrong}") from error


def _check_revision(manifest: Manifest, path: Path) -> None:
    if manifest.revision not in known_revisions():
        program, revision = printable(manifest.program), printable(manifest.revision)
        raise BackupError(
            f"{path} was made by {program} at revision {revision}, this program "
            f"knows revisions up to {newest_revision()}: install {program} or later first"
        )


def _check(archive: ZipFile, manifest: Manifest, path: Path, tell: Progress) -> None:
    """Every byte once: what is found damaged afterwards is found too late."""
    names = set(archive.namelist())
    count = Count(tell, "checked", len(names))
    for table in manifest.tables:
        member = table_member(table.name)
        if member not in names or _sum(archive, member) != table.sha256:
            raise _damaged(path, member)
        count.add(1)
    found = [name for name in archive.namelist() if name.startswith(f"{MEDIA}/")]
    for name in found:
        if media_member(_sum(archive, name)) != name:
            raise _damaged(path, name)
        count.add(1)
    if len(found) != manifest.media:
        raise BackupError(
            f"{path} is damaged: {len(found)} pictures and files, {manifest.media} in the manifest"
        )


def _damaged(path: Path, place: str) -> BackupError:
    return BackupError(f"{path} is damaged at {printable(place)}: take another backup")


def _sum(archive: ZipFile, member: str) -> str:
    digest = hashlib.sha256()
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _put_all(
    database: Database,
    media: MediaStore,
    archive: ZipFile,
    manifest: Manifest,
    now: datetime,
    tell: Progress,
) -> list[str]:
    """Bytes come in before the rows that speak of them can be seen."""
    with rebuilding(database) as connection:
        _make_room(connection, now)
        upgrade(connection, manifest.revision)
        tables = tables_of(connection)
        with without_references(connection, tables):
            left_out = _put_rows(connection, tables, archive, manifest, tell)
        number_on(connection, tables)
        upgrade(connection)
        if alone := without_counterpart(connection):
            raise BackupError(f"rows without their counterpart in {alone}: take another backup")
        count = Count(tell, "pictures and files", manifest.media)
        for name in archive.namelist():
            if name.startswith(f"{MEDIA}/"):
                media.put(archive.read(name))
                count.add(1)
    return left_out


def _make_room(connection: Connection, now: datetime) -> None:
    """Remove the empty tables of another revision; refuse where one holds what people brought."""
    if held := list(_held(connection, now)):
        raise BackupError(
            f"the database is not empty ({_in_short(held)}): set DATABASE_URL to an empty one; "
            "nothing was changed"
        )
    clear(connection)


def _in_short(held: list[str]) -> str:
    shown = ", ".join(held[:_SHOWN])
    return shown if len(held) <= _SHOWN else f"{shown} and {len(held) - _SHOWN} tables more"


def _held(connection: Connection, now: datetime) -> Iterator[str]:
    for table in tables_of(connection):
        if table.name == "lease":
            place = list(table.columns.keys()).index("until")
            ends = (row[place] for row in rows_of(connection, table))
            if any(datetime.fromisoformat(until) > now for until in ends):
                yield "a service is running on it"
        elif table.name not in _MADE_BY_A_START and (count := count_of(connection, table)):
            yield f"{table.name}: {count}"


def _put_rows(
    connection: Connection,
    tables: Sequence[Table],
    archive: ZipFile,
    manifest: Manifest,
    tell: Progress,
) -> list[str]:
    """Returns the tables that are none of this program's, which are left out."""
    by_name, left_out = {table.name: table for table in tables}, list[str]()
    count = Count(tell, "rows", manifest.rows)
    for kept in manifest.tables:
        if (table := by_name.get(kept.name)) is None:
            left_out.append(f"{printable(kept.name)} ({kept.rows} rows)")
            continue
        if kept.name in LEFT_OUT:
            raise BackupError(f"{kept.name} is in no backup: take another one")
        with archive.open(table_member(kept.name)) as file:
            number = _put_table(connection, table, kept, _rows(file, count))
        if number != kept.rows:
            raise BackupError(f"{kept.name}: {number} rows, {kept.rows} in the manifest")
    return left_out


def _put_table(connection: Connection, table: Table, kept: TableKept, rows: Iterator[Row]) -> int:
    """How many rows there were; what they hold is told to nobody."""
    try:
        return fill(connection, table, kept.columns, rows)
    except DBAPIError:  # the database says it better, or has no room
        raise
    except _NOT_A_ROW as error:
        raise BackupError(
            f"the rows of {kept.name} are none that a backup wrote ({type(error).__name__}): "
            "take another one"
        ) from error


def _rows(file: IO[bytes], count: Count) -> Iterator[Row]:
    while line := file.readline(_LONGEST_ROW):
        if not line.endswith(b"\n"):
            raise ValueError("a line that does not end")
        yield json.loads(line)
        count.add(1)
