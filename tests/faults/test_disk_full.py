"""A full disk: the database first, then everything. What was acknowledged is there afterwards."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from structlog.typing import EventDict

from bot.media import FolderStore
from bot.outage import Outage
from handlers.context import Context
from models.audit import record
from models.db import Database
from models.inbox import InboxState
from models.outbox import OutboxState
from tests.faults.states import states
from tests.hall import ALARM_CHAT, Hall
from tests.pictures import a_photo

#: Longer than what is free in the pages that a small database has.
LONG = "长" * 100_000


@contextmanager
def no_room_in(database: Database) -> Iterator[None]:
    """SQLite itself finds no room: it may have no page more than it has."""

    def bound(connection: sqlite3.Connection, _entry: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    database.dispose()
    event.listen(database.engine, "connect", bound)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", bound)
        database.dispose()


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow: database, spool and media alike."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def outage(hall: Hall) -> Outage:
    return Outage(hall.door, hall.database, hall.services, hall.clock)


def note_at_length(context: Context, rest: str) -> None:
    """What an answer writes that needs room."""
    record(context.session, at=context.now, member_id=None, action="note", table="inbox", row=1,
           before={"rest": LONG})  # fmt: skip


def check_whole(hall: Hall) -> None:
    """Nothing is half-written, nothing waits."""
    with hall.database.read() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert states(hall) == ({InboxState.DONE}, {OutboxState.SENT})
    assert hall.door.spooled() == {"waiting": 0, "refused": 0}


def said(hall: Hall) -> list[str]:
    """What was answered, without what operators were told."""
    return [line for who, line in hall.platform.lines if who != ALARM_CHAT]


def test_where_the_database_has_no_room_calls_wait_on_disk(
    hall: Hall, outage: Outage, logs: list[EventDict]
) -> None:
    hall.ask("记账 先前")

    with no_room_in(hall.database):
        for number in range(3):
            assert hall.write(f"记账 {number}", more=LONG).body == b"success"
            hall.later(seconds=1)
        assert outage.take_in() == 0
    assert hall.door.spooled()["waiting"] == 3
    hall.later(minutes=2)
    outage.take_in()
    hall.work()

    assert hall.count() == 4
    assert said(hall) == ["已记 先前", "已记 0", "已记 1", "已记 2"]
    check_whole(hall)
    assert "期间收到的3条消息先存在本机磁盘上" in hall.alarms[0]
    assert [each["event"] for each in logs].count("message spooled") == 3


def test_an_answer_that_finds_no_room_is_tried_again_whole(
    hall: Hall, logs: list[EventDict]
) -> None:
    hall.trouble = note_at_length
    hall.write("记账 1")

    with no_room_in(hall.database):
        hall.work()
    assert [each["event"] for each in logs] == ["message put off"]
    assert hall.count() == 0
    assert states(hall) == ({InboxState.NEW}, set())
    hall.later(minutes=2)
    hall.work()

    assert hall.count() == 1
    assert hall.alarms == []
    check_whole(hall)


def test_where_nothing_can_be_written_the_platform_is_asked_to_come_again(
    hall: Hall, outage: Outage, tmp_path: Path, logs: list[EventDict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    media = FolderStore(tmp_path / "media")
    monkeypatch.setattr(hall.shelf, "put", media.put)
    hall.platform.files["photo"] = a_photo()
    hall.write("数图", files=["photo"], sender="联络员乙")
    hall.write("记账 先前")

    with full_disk():
        refused = [hall.write(f"记账 {number}").status for number in range(3)]
        with pytest.raises(OperationalError):
            hall.work()
        outage.take_in()
    assert refused == [503] * 3
    assert said(hall) == []
    assert hall.door.spooled() == {"waiting": 0, "refused": 0}
    assert [path for path in tmp_path.rglob("*.part") if path.is_file()] == []
    repeated = [hall.write(f"记账 {number}").status for number in range(3)]
    hall.later(minutes=2)
    outage.take_in()
    hall.work()

    assert repeated == [200] * 3
    assert sorted(said(hall)) == ["1张，未取到：无", "已记 0", "已记 1", "已记 2", "已记 先前"]
    check_whole(hall)
    assert [path.stat().st_size > 0 for path in (tmp_path / "media").rglob("*.*")] == []
    assert any("有3次来件没有存下，已请平台重发" in each for each in hall.alarms)
    assert [each["event"] for each in logs].count("message refused") == 3
