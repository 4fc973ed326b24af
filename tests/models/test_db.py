"""How rows are stored: exact, aware, checked, and never lost to a second writer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from models.area import Area
from models.db import Database
from models.figure import Figure
from models.programme import Programme
from models.requirement import Requirement
from models.schema import differences, migrate, newest_revision, revision
from models.setting import Setting
from models.task import Task
from models.unit import Unit
from tests.conftest import at


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


def test_rows_of_the_first_schema_survive_the_second(database: Database) -> None:
    """A programme in use is brought along: its wordings are what its definition declared."""
    _to(database, "0001")
    with database.engine.begin() as connection:
        for statement in _ROWS_OF_0001:
            connection.execute(text(statement))

    migrate(database)

    assert differences(database) == []
    with database.read() as session:
        requirement = session.exec(select(Requirement)).one()
        assert requirement.declared == requirement.wording == "8月25日前报送"
        assert not requirement.verified
        assert session.exec(select(Unit)).one().kind == "department"
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Unit(area_id=1, name="吉首市", kind="city"))


_ROWS_OF_0001 = (
    "INSERT INTO area (id, name) VALUES (1, '湘西州')",
    'INSERT INTO unit (id, area_id, name, aliases, kind, "group", position)'
    " VALUES (1, 1, '州公安局', '[]', 'department', '', 0)",
    "INSERT INTO programme (id, code, area_id, title, short_title, year, policy, fingerprint,"
    " loaded_at, active, demo) VALUES (1, 'one', 1, '专项', '专项', 2021, '{}', '',"
    " '2021-08-16 00:00:00', true, false)",
    "INSERT INTO task (id, programme_id, number, theme, title, aliases, kind, stated, stages,"
    " project, position, active)"
    " VALUES (1, 1, '新7', '', '雪亮工程', '[]', 'narrative', false, '[]', '', 0, true)",
    "INSERT INTO requirement (id, task_id, key, wording, recurrences, assumed, sections, pictures,"
    " picture_rule, county_figures, each, active)"
    " VALUES (1, 1, '1', '8月25日前报送', '[]', '[]', '[]', 0, '{}', false, false, true)",
)


def _to(database: Database, name: str) -> None:
    """Take a migrated database back to an earlier revision."""
    from alembic import command

    from models.schema import _config

    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, name)
