"""How rows are stored: exact, aware, checked, and never lost to a second writer."""

import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, func, select

from models.area import Area
from models.chat import Door
from models.db import Database
from models.figure import Figure
from models.obligation import Obligation
from models.programme import Programme
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.requirement import Requirement
from models.schema import differences, migrate, newest_revision, revision
from models.setting import Setting
from models.tables import METADATA
from models.task import Task
from models.unit import Unit
from tests.conftest import at
from tests.engines import prepare
from tests.factories import a_group
from tests.served import until
from tests.stores import fresh_sqlite, go_back


def test_eight_writers_who_read_then_write_lose_no_update(database: Database) -> None:
    """8 threads × 50 increments end at 400; with the driver's own BEGIN they ended at 52."""
    with database.write() as session:
        session.add(Setting(name="counter", value=0))

    def increment(_: int) -> None:
        for _ in range(50):
            with database.write() as session:
                row = session.exec(
                    select(Setting).where(Setting.name == "counter").with_for_update()
                ).one()
                row.value = row.value + 1
                session.add(row)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(8)))

    with database.read() as session:
        assert session.get_one(Setting, "counter").value == 400


def test_a_second_process_waits_for_the_writer_instead_of_losing_its_update(
    database: Database, database_url: str
) -> None:
    """Two engines on one file have no common lock but the database's own."""
    from models.db import open_database

    other = open_database(database_url)
    with database.write() as session:
        session.add(Setting(name="counter", value=0))

    def increment(which: Database) -> None:
        for _ in range(50):
            with which.write() as session:
                row = session.exec(
                    select(Setting).where(Setting.name == "counter").with_for_update()
                ).one()
                row.value = row.value + 1
                session.add(row)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(increment, [database, other]))
    other.dispose()

    with database.read() as session:
        assert session.get_one(Setting, "counter").value == 100


def test_what_is_about_to_be_acknowledged_is_written_before_all_who_wait(
    sqlite_template: Path, tmp_path: Path
) -> None:
    order: list[str] = []
    with fresh_sqlite(sqlite_template, tmp_path) as database:

        def take(name: str, turn: Callable[[], AbstractContextManager[Session]]) -> None:
            with turn():
                order.append(name)

        others = [Thread(target=take, args=("other", database.write)) for _ in range(9)]
        first = Thread(target=take, args=("first", database.write_first))
        with database.write():
            for each in (*others, first):
                each.start()
            until(lambda: all(map(_waits_for_its_turn, (*others, first))), 10, "all who wait")
        for each in (*others, first):
            each.join(10)

    # Of those who wait one may be let in beside it, and threads are not woken in their order; in
    # the order in which they came it would be the last of ten.
    assert order.index("first") <= 4
    assert len(order) == 10


def _waits_for_its_turn(thread: Thread) -> bool:
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_name in ("write", "write_first")


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    def fail_after_writing() -> None:
        with database.write() as session:
            session.add(Area(name="湘西州"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()

    with database.read() as session:
        assert session.exec(select(Area)).all() == []


@pytest.mark.parametrize("value", ["1.6500", "44.63", "0.1", "77500", "12345678901234567890.1234"])
def test_a_figure_comes_back_digit_for_digit(session: Session, value: str) -> None:
    task = a_task(session)
    session.add(Figure(task_id=task.id or 0, as_of=at("2021-05-31").date(), value=Decimal(value)))
    session.flush()
    session.expire_all()

    assert session.exec(select(Figure)).one().value == Decimal(value)


def test_times_come_back_aware_and_naive_ones_are_refused(session: Session) -> None:
    task = a_task(session)

    session.expire_all()
    programme = session.get_one(Programme, task.programme_id)

    assert programme.loaded_at == datetime(2021, 8, 16, 0, 0, tzinfo=UTC)
    programme.loaded_at = datetime(2021, 8, 16)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StatementError):
        session.flush()
    session.rollback()


def test_a_kind_that_does_not_exist_is_not_stored(session: Session) -> None:
    area = Area(name="湘西州")
    session.add(area)
    session.flush()
    session.add(Unit(area_id=area.id or 0, name="州公安局", kind="bureau"))

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_migrations_arrive_at_the_tables_in_the_code(database: Database) -> None:
    assert revision(database) == newest_revision()
    assert differences(database) == []
    assert migrate(database) == (newest_revision(), newest_revision())


def a_task(session: Session) -> Task:
    area = Area(name="湘西州")
    session.add(area)
    session.flush()
    programme = Programme(
        code="minsheng-2021",
        area_id=area.id or 0,
        title="2021年重点民生实事",
        short_title="民生实事",
        year=2021,
        loaded_at=at("2021-08-16T08:00"),
    )
    session.add(programme)
    session.flush()
    task = Task(programme_id=programme.id or 0, number="新7", title="雪亮工程")
    session.add(task)
    session.flush()
    return task


def test_the_numbered_files_are_one_chain_that_ends_at_the_newest() -> None:
    """The newest revision is read from the file names: they must say what Alembic follows."""
    from alembic.script import ScriptDirectory

    from models.schema import _config

    chain = [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]

    assert chain == sorted(chain, reverse=True)
    assert chain[0] == newest_revision()


def test_a_programme_in_use_survives_the_way_to_the_first_schema_and_back(
    database: Database,
) -> None:
    """Tables that others refer to are changed while they are full of rows."""
    with database.write() as session:
        for code in ("dajuan-2021", "jili-2022", "kegan-2024"):
            load(session, read_definition(code), at("2022-10-11T09:00"))
    kept = ("obligation", "obligation_unit", "task_unit", "requirement", "figure", "contact")
    before = {name: _count(database, name) for name in kept}

    go_back(database, "0001")
    assert revision(database) == "0001"
    migrate(database)

    assert differences(database) == []
    assert {name: _count(database, name) for name in kept} == before
    with database.read() as session:
        requirements = session.exec(select(Requirement)).all()
        assert all(each.declared == each.wording for each in requirements)
        assert {unit.kind for unit in session.exec(select(Unit)).all()} == {
            "department",
            "county",
            "park",
        }
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(
            Obligation(
                requirement_id=0,
                task_id=0,
                programme_id=0,
                key="1",
                label="1月",
                due=at("2022-02-10T23:59"),
            )
        )


def _count(database: Database, table: str) -> int:
    with database.read() as session:
        return session.exec(select(func.count()).select_from(METADATA.tables[table])).one()


def test_going_back_leaves_no_door_whose_address_is_good_for_one_alone(database: Database) -> None:
    """A robot's sealed key would be an address at every door, shown in lists."""
    with database.write() as session:
        chat = a_group(session, "联络员群").id or 0
        for via, address in (("wecom_bot", "wrGROUP"), ("wecom_robot", "sealed"), ("", "sealed")):
            session.add(Door(chat_id=chat, platform="wecom", via=via, address=address))

    go_back(database, "0007")
    migrate(database)

    with database.read() as session:
        left = session.exec(select(Door.via, Door.address).where(Door.platform == "wecom")).all()
    assert left == [("", "sealed")]


def test_a_row_without_its_counterpart_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Unit(area_id=404, name="州公安局"))


def test_what_is_written_on_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    """Asked of the product itself: the databases of all other tests do not wait."""
    connection = sqlite3.connect(tmp_path / "dajuan.db")
    prepare(connection, None)

    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
