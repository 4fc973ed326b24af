"""One file of everything, taken while people write, and a machine that goes on from it."""

import json
import re
import resource
import shutil
import sqlite3
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlmodel import Session, col, func, select
from starlette.testclient import TestClient

from bot.app import House, create_app
from bot.backup import MANIFEST, MEDIA, key_mark, table_member, write_backup
from bot.media import open_media
from bot.restore import restore_backup
from bot.settings import read_settings
from models.db import Database, open_database
from models.dump import rows_of, snapshot, tables_of
from models.errors import BackupError, MediaUnavailable
from models.figure import Figure
from models.inbox import InboxMessage, InboxState
from models.lease import take_lease
from models.media import Media
from models.outbox import OutboxMessage
from models.schema import newest_revision
from models.setting import Setting
from models.suggestion import Suggestion
from models.tables import METADATA
from models.task import Task
from models.unit import Unit
from tests.backups import (
    NOW,
    NoMedia,
    an_office,
    backed_up,
    everything,
    restored,
    said,
    silent,
)
from tests.conftest import Emptied, at
from tests.console import Dajuan
from tests.factories import xiangxi
from tests.pictures import a_photo
from tests.rows import Rows
from tests.talk import MediaShelf
from tests.twins.s3 import ObjectStore

REPORT = (
    "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工\n"
    "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
)
OFFICE, LEADER, ADMIN = "州发改委联络员", "领导甲", "管理员甲"
SMALL = Rows(xiangxi)
FOLDER = "machine"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.chdir(tmp_path)
    house = an_office(tmp_path / "first")
    yield house
    house.close()


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a small office with one report and its picture."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        house = an_office(folder / "first")
        _report(house, folder)
        backed_up(house, folder / "office.zip")
        house.close()
    return folder / "office.zip"


def _report(house: House, folder: Path) -> None:
    picture = folder / "开工.jpg"
    picture.write_bytes(a_photo(1200, 600))
    assert "已收到 #1 省2" in said(house, OFFICE, REPORT, picture)


class Writing:
    """Somebody writes one message after the other, in a thread of their own, as often as told."""

    def __init__(self, house: House, thread: ThreadPoolExecutor) -> None:
        self._house, self._thread = house, thread
        self._said: list[Future[str]] = []

    def once(self) -> None:
        text = f"建议 第{len(self._said)}条：表格再短一些"
        self._said.append(self._thread.submit(said, self._house, OFFICE, text))

    def beside(self, *_: object) -> None:
        """Each time that a backup tells how far it is, until there were six."""
        if len(self._said) < 6:
            self.once()

    def answered(self) -> int:
        """How many were answered, when all are."""
        assert all("记下" in each.result(60) for each in self._said)
        return len(self._said)


def _counts(database: Database) -> tuple[int, int, int]:
    """How many messages were handled, how many of them were answered, how many suggestions kept."""
    with database.read() as session:
        return (
            _count(session, InboxMessage, InboxMessage.state == InboxState.DONE),
            _count(session, OutboxMessage, col(OutboxMessage.reply_to).is_not(None)),
            _count(session, Suggestion),
        )


def _count(session: Session, table: type, *conditions: object) -> int:
    return session.exec(select(func.count()).select_from(table).where(*conditions)).one()  # type: ignore[arg-type]


def test_an_office_moves_to_an_empty_machine_and_goes_on(house: House, tmp_path: Path) -> None:
    """Taken while others write, compared row by row and byte by byte, and then talked to."""
    _report(house, tmp_path)
    board = re.search(r"/board/\S+", said(house, LEADER, "看板 答卷专栏"))
    assert board is not None
    before = _counts(house.database)
    with ThreadPoolExecutor(1) as thread:
        writing = Writing(house, thread)
        writing.once()
        begun = writing.answered()
        made = backed_up(house, tmp_path / "busy.zip", writing.beside)
        assert writing.answered() > begun  # beside the backup
        for _ in range(3):
            writing.once()
        answered = writing.answered()
    backed_up(house, tmp_path / "calm.zip")

    busy = restored(tmp_path / "busy.zip", tmp_path / "busy")
    handled, replies, suggestions = _counts(busy.database)
    busy.close()
    # One moment: a message and what it brought about are there together, or neither is.
    assert suggestions == handled - before[0] == replies - before[1]
    assert begun <= suggestions < answered
    assert made.missing == []

    calm = restored(tmp_path / "calm.zip", tmp_path / "calm")
    assert everything(calm.database) == everything(house.database)
    for sha in house.services.media.addresses():
        assert calm.services.media.get(sha) == house.services.media.get(sha)
    assert sorted(calm.services.media.addresses()) == sorted(house.services.media.addresses())

    assert "已通过：#1" in said(calm, ADMIN, "通过 1")
    assert TestClient(create_app(calm)).get(board[0]).status_code == 200
    calm.set_clock(at("2021-09-13T09:05"))
    assert calm.jobs.run("digests", calm.clock()) > 0
    calm.close()


def test_only_its_owner_reads_it_and_no_file_is_written_over(house: House, tmp_path: Path) -> None:
    path = tmp_path / "office.zip"
    made = backed_up(house, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (made.revision, made.engine) == (newest_revision(), "sqlite")
    content = path.read_bytes()
    with pytest.raises(BackupError, match="is there already: name another file"):
        backed_up(house, path)
    assert path.read_bytes() == content


def test_bytes_that_the_store_has_no_more_are_named_and_the_rest_is_kept(
    house: House, tmp_path: Path
) -> None:
    _report(house, tmp_path)
    with house.database.read() as session:
        lost = session.exec(select(Media.stored_sha)).one()
    house.services.media.delete(lost)

    made = backed_up(house, tmp_path / "office.zip")

    assert made.missing == [lost]
    calm = restored(tmp_path / "office.zip", tmp_path / "second")
    assert everything(calm.database) == everything(house.database)
    calm.close()


def test_a_store_that_is_away_makes_no_backup(house: House, tmp_path: Path) -> None:
    class Away(NoMedia):
        def addresses(self, before: datetime | None = None) -> Iterator[str]:
            yield "0" * 64

        def get(self, sha: str) -> bytes:
            raise MediaUnavailable("媒体库没有应答", retryable=True)

    with pytest.raises(MediaUnavailable):
        write_backup(house.database, Away(), tmp_path / "office.zip", "", NOW, silent)

    assert list(tmp_path.glob("*office*")) == []


def test_a_full_disk_leaves_no_half_file(house: House, tmp_path: Path) -> None:
    _report(house, tmp_path)
    (tmp_path / "backups").mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            backed_up(house, tmp_path / "backups" / "office.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list((tmp_path / "backups").iterdir()) == []


def test_memory_does_not_grow_with_the_rows(sqlite: Database) -> None:
    acts = [{"at": NOW, "action": "加" * 60, "table": "task", "row": n} for n in range(1000)]
    with sqlite.write() as session:
        for _ in range(10):
            session.connection().execute(METADATA.tables["audit"].insert(), acts)
    with snapshot(sqlite) as connection:
        [audit] = [each for each in tables_of(connection) if each.name == "audit"]
        tracemalloc.start()
        try:
            count = sum(1 for _ in rows_of(connection, audit))
            at_most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert count == 10_000
    assert at_most < 2_500_000  # a thousand at a time; all of them are more than 8 MB


@pytest.fixture
def on(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Empty databases on either engine."""
    opened: list[Database] = []
    used: list[Emptied] = []

    def make(engine: str) -> Database:
        if engine == "sqlite":
            path = tmp_path / f"{len(opened)}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            opened.append(open_database(f"sqlite:///{path}"))
        else:
            used.append(Emptied.made(request.getfixturevalue("postgresql")))
            opened.append(open_database(used[-1].url))
        return opened[-1]

    yield make
    for each in opened:
        each.dispose()
    for each in used:
        each.keeper.close()


def _strange_rows(session: Session) -> None:
    """What engines tell apart: absent and null, many digits, bytes, microseconds, other scripts."""
    SMALL.into(session)
    task = session.exec(select(Task)).first()
    assert task is not None
    digits = Decimal("12345678901234567890.1200")
    session.add(Figure(task_id=task.id or 0, as_of=date(2021, 8, 31), value=digits))
    session.add(
        InboxMessage(
            platform="sandbox",
            message_id="m1",
            sender_id="丁",
            chat_id="丁",
            received_at=datetime(2021, 8, 31, 15, 59, 59, 123456, UTC),
            raw=bytes(range(256)),
            message={"text": "一行\n二行\t“引号”\\😀", "number": 0.1},
        )
    )
    session.add(Setting(name="nothing", value=None))
    session.add(Setting(name="words", value={"乙": [1, None, "三"], "甲": True}))


@pytest.mark.parametrize(
    ("first", "second"),
    [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")],
)
def test_every_row_is_the_same_on_the_other_engine(
    on: Callable[[str], Database], tmp_path: Path, first: str, second: str
) -> None:
    source, target, media = on(first), on(second), NoMedia()
    with source.write() as session:
        _strange_rows(session)
    write_backup(source, media, tmp_path / "office.zip", "", NOW, silent)

    made, _ = restore_backup(target, media, tmp_path / "office.zip", NOW, silent)

    assert made.engine == first
    assert everything(target) == everything(source)
    with target.write() as session:
        assert session.get_one(Setting, "words").value == {"乙": [1, None, "三"], "甲": True}
        came = session.exec(select(InboxMessage)).one()
        assert came.received_at == datetime(2021, 8, 31, 15, 59, 59, 123456, UTC)
        last = session.exec(select(func.max(Unit.id))).one()
        area = session.exec(select(Unit.area_id)).first()
        session.add(unit := Unit(area_id=area or 0, name="州林业局"))
        session.flush()
        assert (unit.id or 0) == (last or 0) + 1
    with pytest.raises(Exception, match=r"(?i)foreign key"), target.write() as session:
        session.add(Unit(area_id=404, name="无州局"))


def test_a_database_that_holds_anything_is_left_as_it_is(
    on: Callable[[str], Database], backup: Path
) -> None:
    target, media = on("sqlite"), MediaShelf()
    with target.write() as session:
        SMALL.into(session)
    before = everything(target)

    with pytest.raises(BackupError, match=r"not empty \(account: 11, .* tables more\): set"):
        restore_backup(target, media, backup, NOW, silent)

    assert everything(target) == before
    assert media.kept == {}


def test_a_database_that_was_only_started_is_empty_unless_a_service_runs_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backup: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    target, media = open_database(f"sqlite:///{tmp_path}/dajuan.db"), MediaShelf()
    from models.schema import migrate
    from models.workday import seed_calendar

    migrate(target)
    with target.write() as session:
        seed_calendar(session)
        take_lease(session, "scheduler", "another", NOW, timedelta(seconds=60))

    with pytest.raises(BackupError, match="a service is running on it"):
        restore_backup(target, media, backup, NOW + timedelta(seconds=59), silent)
    restore_backup(target, media, backup, NOW + timedelta(seconds=61), silent)

    assert len(media.kept) == 1
    target.dispose()


def test_pictures_move_to_a_bucket_and_back(sqlite: Database, tmp_path: Path, backup: Path) -> None:
    with ObjectStore() as server:
        bucket = open_media(read_settings(**server.settings()))
        restore_backup(sqlite, bucket, backup, NOW, silent)
        made = write_backup(sqlite, bucket, tmp_path / "again.zip", "", NOW, silent)

    assert (made.media, made.missing) == (1, [])
    with ZipFile(backup) as first, ZipFile(tmp_path / "again.zip") as again:
        [name] = [each for each in first.namelist() if each.startswith("media/")]
        assert again.read(name) == first.read(name)


def _changed(backup: Path, path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A whole archive in which *change* was made to what its members hold."""
    with ZipFile(backup) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
    return path


def _of_manifest(**changes: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | changes).encode() if name == MANIFEST else data

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda name, data: (
                data.replace("联络员".encode(), "管理员".encode())
                if name == table_member("member")
                else data
            ),
            r"damaged at tables/member\.jsonl",
        ),
        (lambda name, data: data[:-1] if name.startswith("media/") else data, "damaged at media/"),
        (_of_manifest(media=3), "1 pictures and files, 3 in the manifest"),
        (_of_manifest(format=2, program="0.9"), "has format 2, this program reads 1"),
        (
            _of_manifest(revision="9999", program="9.1"),
            r"made by 9\.1 at revision 9999.*install 9\.1 or later first",
        ),
        (_of_manifest(tables="none"), "the manifest is damaged: tables"),
        (lambda name, data: b"" if name == MANIFEST else data, "no manifest that can be read"),
    ],
    ids=["row", "picture", "picture-lost", "format", "later-program", "manifest", "no-manifest"],
)
def test_what_cannot_be_trusted_is_refused_before_anything_is_written(
    tmp_path: Path,
    backup: Path,
    sqlite: Database,
    change: Callable[[str, bytes], bytes],
    told: str,
) -> None:
    path, media = _changed(backup, tmp_path / "changed.zip", change), MediaShelf()

    with pytest.raises(BackupError, match=told):
        restore_backup(sqlite, media, path, NOW, silent)

    assert media.kept == {}
    assert not any(everything(sqlite).values())


def _forged(backup: Path, path: Path, name: str, data: bytes, **changes: object) -> Path:
    """A backup whose member *name* holds *data*, and whose sums are right all the same."""
    with ZipFile(backup) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        manifest = json.loads(old.read(MANIFEST))
        kept = {each["name"]: each for each in manifest["tables"]}
        table = kept.setdefault(name, {"name": name, "columns": ["name", "owner", "until"]})
        table |= {"sha256": sha256(data).hexdigest(), "rows": data.count(b"\n")} | changes
        for member in old.infolist():
            if member.filename not in (MANIFEST, table_member(name)):
                new.writestr(member, old.read(member))
        new.writestr(table_member(name), data)
        new.writestr(MANIFEST, json.dumps(manifest | {"tables": list(kept.values())}))
    return path


@pytest.mark.parametrize(
    ("name", "data", "changes", "told"),
    [
        ("setting", b'["a","1"]\n', {"columns": ["name", "x;--"]}, r"of setting.*\(KeyError\)"),
        ("setting", b'["a"]\n', {}, r"of setting.*\(ValueError\)"),
        ("setting", b"[" * 100_000 + b"\n", {}, r"of setting.*\(RecursionError\)"),
        ("setting", b'["a","1"]', {"rows": 1}, r"of setting.*\(ValueError\)"),
        ("workday", b'["nope",true,""]\n', {}, r"of workday.*\(ValueError\)"),
        ("unit", b"", {}, "rows without their counterpart in "),
        (
            "lease",
            b'["scheduler","another","2099-01-01T00:00:00+00:00"]\n',
            {},
            "lease is in no backup",
        ),
    ],
    ids=[
        "column",
        "short",
        "deep",
        "no-end",
        "no-date",
        "without-counterpart",
        "lease-for-decades",
    ],
)
def test_rows_that_no_backup_wrote_are_refused_in_a_line_though_the_sums_are_right(
    tmp_path: Path,
    backup: Path,
    sqlite: Database,
    name: str,
    data: bytes,
    changes: dict[str, object],
    told: str,
) -> None:
    path, media = _forged(backup, tmp_path / "f.zip", name, data, **changes), MediaShelf()

    with pytest.raises(BackupError, match=told):
        restore_backup(sqlite, media, path, NOW, silent)

    assert media.kept == {}
    assert not any(everything(sqlite).values())


@pytest.mark.parametrize(
    ("name", "size"), [(MANIFEST, "120 MB"), (f"{MEDIA}/00/{'0' * 64}", "300 MB")]
)
def test_a_part_that_would_fill_the_memory_is_not_unpacked(
    tmp_path: Path, sqlite: Database, name: str, size: str
) -> None:
    """What it would have stands in the list of parts, which is all that is read."""
    path, bytes_of_it = tmp_path / "bomb.zip", int(size.partition(" ")[0]) * 1_000_000
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, b"{}")
        archive.getinfo(name).file_size = bytes_of_it

    with pytest.raises(BackupError, match=f"{name} would have {size}"):
        restore_backup(sqlite, MediaShelf(), path, NOW, silent)


def test_a_picture_outside_its_place_is_damage(
    tmp_path: Path, backup: Path, sqlite: Database
) -> None:
    path = tmp_path / "outside.zip"
    shutil.copy(backup, path)
    with ZipFile(path, "a") as archive:
        archive.writestr(f"{MEDIA}/../../etc/{sha256(b'x').hexdigest()}", b"x")

    with pytest.raises(BackupError, match=r"damaged at media/\.\./\.\./etc"):
        restore_backup(sqlite, MediaShelf(), path, NOW, silent)


@pytest.mark.parametrize(
    ("offset", "value"), [(8, 1), (10, 9)], ids=["with-a-password", "packed-otherwise"]
)
def test_parts_that_no_backup_packs_are_not_opened(
    tmp_path: Path, backup: Path, sqlite: Database, offset: int, value: int
) -> None:
    path, content = tmp_path / "other.zip", bytearray(backup.read_bytes())
    content[content.index(b"PK\x01\x02") + offset] = value
    path.write_bytes(content)

    with pytest.raises(BackupError, match=r"tables/account\.jsonl cannot be unpacked"):
        restore_backup(sqlite, MediaShelf(), path, NOW, silent)


def test_bits_that_fell_over_on_the_disk_are_told_in_a_line(
    tmp_path: Path, backup: Path, sqlite: Database
) -> None:
    """Wherever they lie: in a packed row, its head, the list of parts."""
    content = backup.read_bytes()
    for at_byte in range(60, len(content) - 24, len(content) // 40):
        spoilt = bytearray(content)
        spoilt[at_byte : at_byte + 24] = bytes(each ^ 0x5A for each in spoilt[at_byte:][:24])
        (tmp_path / "spoilt.zip").write_bytes(spoilt)

        with pytest.raises(BackupError):
            restore_backup(sqlite, MediaShelf(), tmp_path / "spoilt.zip", NOW, silent)


def test_what_a_backup_calls_itself_tells_a_terminal_nothing(
    tmp_path: Path, backup: Path, sqlite: Database
) -> None:
    told = _of_manifest(revision="9999", program="9.1\x1b]0;mine\x07")
    path = _changed(backup, tmp_path / "changed.zip", told)

    with pytest.raises(BackupError, match=r"made by 9\.1\?]0;mine\? at revision 9999"):
        restore_backup(sqlite, MediaShelf(), path, NOW, silent)


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_file_cut_short_is_no_backup(
    tmp_path: Path, backup: Path, sqlite: Database, share: float
) -> None:
    path = tmp_path / "short.zip"
    content = backup.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(BackupError, match="is no backup, or was cut short"):
        restore_backup(sqlite, MediaShelf(), path, NOW, silent)


def test_another_secret_is_told_and_the_own_is_not_in_the_file(
    dajuan: Dajuan, tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = dajuan("restore", str(backup))

    assert (ran.code, ran.err) == (0, "")
    assert "restored: " in ran.out
    assert "1 pictures and files" in ran.out
    assert "SECRET_KEY is not that of the backup: set the old one" in ran.out

    monkeypatch.setenv("SECRET_KEY", "a secret of the office, long enough")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    assert "SECRET_KEY" not in dajuan("restore", str(backup)).out
    assert b"a secret of the office" not in backup.read_bytes()
    assert key_mark("a") != key_mark("b")


def test_the_command_writes_one_file_and_says_what_it_holds(dajuan: Dajuan, backup: Path) -> None:
    dajuan("restore", str(backup))

    ran = dajuan("backup", "again.zip")
    assert ran.code == 0
    assert re.search(r"^again\.zip: \d+ rows, 1 pictures and files \(\d+\.\d MB\), rev", ran.out)
    again = dajuan("backup", "again.zip")
    assert (again.code, again.err) == (1, "again.zip is there already: name another file\n")
    assert dajuan("backup", "nowhere/again.zip").code == 1
    assert dajuan("restore", "nowhere.zip").err == "nowhere.zip: No such file or directory\n"
    held = dajuan("restore", "again.zip")
    assert (held.code, held.out) == (1, "")
    assert "the database is not empty" in held.err


def test_a_table_of_somebody_elses_is_kept_and_told_but_not_restored(
    dajuan: Dajuan, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dajuan("restore", str(backup))
    with sqlite3.connect("var/dajuan.db") as rows:
        rows.execute("CREATE TABLE phone_list (id integer PRIMARY KEY, number text)")
        rows.execute("INSERT INTO phone_list (number) VALUES ('0743-8222222')")
    rows.close()
    assert dajuan("backup", "with.zip").code == 0
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")

    ran = dajuan("restore", "with.zip")

    assert ran.code == 0
    assert "left out, no table of this program: phone_list (1 rows)" in ran.out


def test_a_database_without_tables_has_nothing_to_back_up(dajuan: Dajuan) -> None:
    ran = dajuan("backup", "none.zip")

    assert (ran.code, ran.err) == (
        1,
        "the database has no schema yet: there is nothing to back up\n",
    )
    assert not Path("none.zip").exists()
