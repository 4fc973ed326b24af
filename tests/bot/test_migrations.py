"""Rows of every revision so far come forward whole, and a migration can be tried on a copy."""

import os
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import select

from bot.backup import MANIFEST, Manifest
from bot.restore import restore_backup
from models.db import Database, open_database
from models.dump import count_of, snapshot, tables_of
from models.errors import SettingsError
from models.inbox import InboxMessage
from models.member import Account, Member
from models.obligation import Obligation
from models.rehearsal import rehearse
from models.schema import differences, known_revisions, migrate, newest_revision, revision
from tests.backups import NOW, NoMedia, everything, restored, said, silent
from tests.console import Dajuan
from tests.factories import xiangxi
from tests.snapshot import FOLDER
from tests.stores import go_back

SNAPSHOTS = sorted(each.stem for each in FOLDER.glob("*.zip"))
#: Each takes half a second: some on one engine, unless all on both are asked for, as at a release.
_ALL = [(engine, name) for name in SNAPSHOTS for engine in ("sqlite", "postgresql")]
_TURNS = _ALL if os.environ.get("EVERY_REVISION") else _ALL[::7]


def _manifest(name: str) -> Manifest:
    with ZipFile(FOLDER / f"{name}.zip") as archive:
        return Manifest.model_validate_json(archive.read(MANIFEST))


def _counts(database: Database) -> dict[str, int]:
    with snapshot(database) as connection:
        return {each.name: count_of(connection, each) for each in tables_of(connection)}


def test_there_are_rows_of_every_revision_up_to_the_last_release() -> None:
    known = known_revisions()

    assert known[: len(SNAPSHOTS)] == SNAPSHOTS
    assert [_manifest(each).revision for each in SNAPSHOTS] == SNAPSHOTS


@pytest.mark.parametrize(
    ("database_url", "name"), _TURNS, indirect=["database_url"], ids=lambda each: str(each)
)
def test_rows_of_an_earlier_revision_come_forward_whole(database: Database, name: str) -> None:
    made = _manifest(name)

    restore_backup(database, NoMedia(), FOLDER / f"{name}.zip", NOW, silent)

    assert revision(database) == newest_revision()
    assert differences(database) == []
    counts = _counts(database)
    assert {each.name: counts.get(each.name) for each in made.tables} == {
        each.name: each.rows for each in made.tables
    }
    with database.read() as session:
        obligation = session.exec(select(Obligation)).first()
        assert obligation is not None
        assert obligation.due.utcoffset() is not None
        message = session.exec(select(InboxMessage)).first()
        assert message is not None
        assert isinstance(message.message["text"], str)


def test_the_service_goes_on_with_the_rows_of_the_first_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    house = restored(FOLDER / f"{SNAPSHOTS[0]}.zip", tmp_path / "new")

    with house.database.read() as session:
        wanted = Account.member_id == Member.id, Member.name == "州公安局联络员"
        account = session.exec(select(Account.user_id).join(Member).where(*wanted)).one()
    assert "雪亮工程" in said(house, account, "任务")
    house.close()


@pytest.fixture
def behind(database: Database) -> Database:
    """A database with the small programmes, two revisions behind."""
    with database.write() as session:
        xiangxi(session)
    go_back(database, known_revisions()[-3])
    return database


def test_a_rehearsal_tells_what_would_be_and_touches_nothing(behind: Database) -> None:
    before, at = everything(behind), revision(behind)
    tables = _tables_anywhere(behind)

    done = rehearse(behind)

    assert done is not None
    assert (done.before, done.after, done.problems) == (at, newest_revision(), [])
    assert [each[:4] for each in done.steps] == known_revisions()[-2:]
    assert done.rows == sum(map(len, before.values()))
    assert (revision(behind), everything(behind)) == (at, before)
    assert _tables_anywhere(behind) == tables
    counts = _counts(behind)
    migrate(behind)
    after = _counts(behind)
    names = counts.keys() | after.keys()
    changed = {name: (counts.get(name), after.get(name)) for name in names}
    assert done.changed == {name: (a, b) for name, (a, b) in changed.items() if a != b}
    assert rehearse(behind) is None


def _tables_anywhere(database: Database) -> int:
    catalogue = "sqlite_master" if database.is_sqlite else "pg_class"
    with database.engine.begin() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {catalogue}")).scalar_one())


def test_rows_without_their_counterpart_are_found_on_the_copy(
    tmp_path: Path, sqlite_template: Path
) -> None:
    database = _aside(tmp_path, sqlite_template)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO account (member_id, platform, user_id) VALUES (404, 'wecom', 'x')"
        )

    done = rehearse(database)

    assert done is not None
    assert done.problems == ["RuntimeError: rows without their counterpart in account"]
    database.dispose()


def _aside(folder: Path, template: Path) -> Database:
    path = folder / "behind.db"
    shutil.copy(template, path)
    database = open_database(f"sqlite:///{path}")
    go_back(database, known_revisions()[-2])
    return database


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_right_to_make_a_schema_it_is_tried_on_sqlite(behind: Database) -> None:
    with behind.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS clerk"))
        connection.execute(text("CREATE ROLE clerk LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk"))
    clerk = open_database(
        make_url(behind.engine.url).set(username="clerk").render_as_string(hide_password=False)
    )
    try:
        done = rehearse(clerk)
    finally:
        clerk.dispose()
        with behind.engine.begin() as connection:
            connection.execute(text("DROP OWNED BY clerk"))
            connection.execute(text("DROP ROLE clerk"))

    assert done is not None
    assert done.problems == []
    assert done.copy == "SQLite, for want of the right to make a schema here"
    assert done.rows == sum(map(len, everything(behind).values()))


def test_a_database_of_a_later_program_is_not_touched(sqlite: Database) -> None:
    with sqlite.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsError, match="at revision 9999, this program knows up to"):
        rehearse(sqlite)


def test_the_command_says_it_in_lines(
    dajuan: Dajuan,
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert dajuan("migrate", "--rehearse").out == "schema: empty: nothing to rehearse\n"
    database = _aside(tmp_path, sqlite_template)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/behind.db")
    before, after = known_revisions()[-2:]

    ran = dajuan("migrate", "--rehearse")

    assert ran.code == 0
    assert ran.out.startswith(f"schema: {before} → {after}, tried on a copy of the file; nothing")
    assert f"\n  {after} " in ran.out
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes_of_our_own (id integer PRIMARY KEY)"))
    wrong = dajuan("migrate", "--rehearse")
    assert (wrong.code, wrong.out) == (1, "")
    assert f"wrong after {before} → {after}: " in wrong.err
    database.dispose()
    assert dajuan("migrate").out == f"schema: {before} → {after}\n"
    assert dajuan("migrate", "--rehearse").out == f"schema: {after}: nothing to rehearse\n"
