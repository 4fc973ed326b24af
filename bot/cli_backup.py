"""`dajuan backup`, `restore` and `migrate`: one file of everything, and the way to a new schema."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from bot.backup import Manifest, Progress, key_mark, note_backup, write_backup
from bot.cli_house import fail
from bot.erased import Register
from bot.media import open_media
from bot.restore import restore_backup
from bot.settings import read_settings
from models.db import open_database
from models.schema import revision

#: What takes no longer shows no progress.
_QUICK = 1.0


def backup(path: Path) -> list[str]:
    """Write all data and media to *path*, a new file; returns what it holds, a line each."""
    settings, now = read_settings(), datetime.now(UTC)
    database = open_database(settings.database)
    try:
        secret = settings.secret_key.get_secret_value()
        with showing() as tell:
            made = write_backup(database, open_media(settings), path, secret, now, tell)
        note_backup(database, now)
    finally:
        database.dispose()
    lines = [f"{path}: {_held(made)}, revision {made.revision}"]
    if made.missing:
        lines.append(f"missing in the media store: {len(made.missing)}")
        lines += [f"  {sha}" for sha in made.missing]
    return lines


def restore(path: Path) -> list[str]:
    """Put what *path* holds into an empty database and media store; returns what, a line each."""
    settings = read_settings()
    database = open_database(settings.database)
    try:
        with showing() as tell:
            media = open_media(settings)
            made, left_out = restore_backup(database, media, path, datetime.now(UTC), tell)
        after = revision(database)
    finally:
        database.dispose()
    lines = [f"restored: {_held(made)}, as of {made.made_at.astimezone(settings.zone):%F %T}"]
    if after != made.revision:
        lines.append(f"schema: {made.revision} → {after}")
    lines += [f"left out, no table of this program: {each}" for each in left_out]
    if made.missing:
        lines.append(f"missing since before the backup: {len(made.missing)} pictures and files")
    if made.key != key_mark(settings.secret_key.get_secret_value()):
        lines.append(
            "SECRET_KEY is not that of the backup: set the old one, or links sent before will not "
            "open and the keys of group robots must be entered again (dajuan chat add)"
        )
    if erased := Register().notes():
        lines.append(f"people were erased ({len(erased)}): run `dajuan member erase-again` first")
    lines.append("words that still waited go out at the next start: see `dajuan outbox list` first")
    return lines


def migrate() -> list[str]:
    """Bring the database to the schema of this program; returns from where to where."""
    from models.schema import migrate as bring_up_to_date

    database = open_database(read_settings().database)
    try:
        before, after = bring_up_to_date(database)
    finally:
        database.dispose()
    return [f"schema: {before or 'empty'} → {after}"]


def rehearse() -> list[str]:
    """What a migration would do, tried on a copy, a line each; exit 1 where it does not come out.

    A copy is made of every row: the disk of TMPDIR, or PostgreSQL's, must have room for it.
    """
    from models.rehearsal import rehearse as try_on_a_copy

    database = open_database(read_settings().database)
    try:
        done = try_on_a_copy(database)
        now = revision(database)
    finally:
        database.dispose()
    if done is None:
        return [f"schema: {now or 'empty'}: nothing to rehearse"]
    if done.problems:
        fail("\n".join(f"wrong after {done.before} → {done.after}: {p}" for p in done.problems))
    return [
        f"schema: {done.before} → {done.after}, tried on {done.copy}; nothing was changed",
        f"{done.rows} rows copied in {done.seconds_to_copy:.1f} s, "
        f"migrated in {done.seconds_to_migrate:.1f} s",
        *(f"  {each}" for each in done.steps),
        *(f"  {name}: {_rows(was)} → {_rows(now)}" for name, (was, now) in done.changed.items()),
    ]


def _rows(count: int | None) -> str:
    return "no table" if count is None else f"{count} rows"


def _held(made: Manifest) -> str:
    size = made.media_bytes / 1e6
    return f"{made.rows} rows, {made.media} pictures and files ({size:.1f} MB)"


@contextmanager
def showing() -> Iterator[Progress]:
    """Where work that takes longer than a second shows how far it is: on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    begun, numbers = time.monotonic(), dict[str, TaskID]()
    bars = Bars(*columns, console=Console(stderr=True), transient=True)
    try:

        def tell(what: str, done: int, total: int) -> None:
            if time.monotonic() - begun < _QUICK:
                return
            if what not in numbers:
                bars.start()
                numbers[what] = bars.add_task(what, total=total or None)
            bars.update(numbers[what], completed=done)

        yield tell
    finally:
        bars.stop()
