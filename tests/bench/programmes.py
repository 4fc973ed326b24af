"""Loading: a provincial division of work from its text, and a year for 10,000 requirements."""

import sqlite3
import tempfile
import time
from pathlib import Path

from sqlmodel import Session, select

from models.area import area_named
from models.db import Database, open_database
from models.obligation import Obligation
from models.programme import Programme
from models.programmes.areas import known_units
from models.programmes.documents import Source
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.programmes.obligations import ensure_obligations
from models.programmes.sources import read_source
from models.requirement import Requirement
from models.rules.recurrence import to_data
from models.rules.wording import Defaults, read_wording
from models.schema import migrate
from models.task import Task, TaskUnit
from models.unit import Unit
from tests.bench.result import Result
from tests.conftest import at
from tests.divisions import as_text

REQUIREMENTS = 10_000
WORDINGS = (
    "每月10日前，报送1月1日至上月累计情况",
    "8月25日前报送1—7月情况；9月份起，每月20日前报1月1日至上月的累计情况",
    "按季度报送累计情况",
    "6月20日、12月10日前报送",
)
NEW_YEAR = at("2022-01-04T08:00")


def measure() -> list[Result]:
    """Seconds for each, beside sqlite3 inserting as many bare rows."""
    with tempfile.TemporaryDirectory() as folder:
        text, text_rows = _division(Path(folder))
        year, year_rows = _year(Path(folder))
        floors = [_inserts(Path(folder) / f"{n}.db", n) for n in (text_rows, year_rows)]
    name = "as many bare rows inserted"
    return [
        Result("82 items, 194 clauses from their text", text, "s", 2, floors[0], name),
        Result(f"a year of {REQUIREMENTS:,} requirements", year, "s", 5, floors[1], name),
    ]


def _division(folder: Path) -> tuple[float, int]:
    """The division of 2022 as text with a deadline, read and loaded; returns time and rows."""
    path = folder / "division.txt"
    path.write_text(as_text(read_definition("fengong-2022")), encoding="utf-8")
    database = _fresh(folder / "division.db")
    begun = time.perf_counter()
    with database.write() as session:
        draft = read_source(str(path), Source(code="fengong-2022"), known_units(session))
        report = load(session, draft.definition, NEW_YEAR)
    taken = time.perf_counter() - begun
    database.dispose()
    return taken, report.created + report.obligations.created


def _year(folder: Path) -> tuple[float, int]:
    database = _fresh(folder / "year.db")
    with database.write() as session:
        programme = _programme(session)
    begun = time.perf_counter()
    with database.write() as session:
        made = ensure_obligations(session, session.get_one(Programme, programme), NEW_YEAR)
    taken = time.perf_counter() - begun
    with database.read() as session:
        assert len(session.exec(select(Obligation.id)).all()) == made.created
    database.dispose()
    return taken, 2 * made.created


def _programme(session: Session) -> int:
    """One task and lead for each ten requirements, of four kinds of wording."""
    area = area_named(session, "湖南省")
    programme = Programme(
        code="bench-2022",
        area_id=area.id or 0,
        title="重点工作",
        short_title="重点工作",
        year=2022,
        default_day=10,
        loaded_at=NEW_YEAR,
    )
    unit = Unit(area_id=area.id or 0, name="省财政厅")
    session.add_all([programme, unit])
    session.flush()
    tasks = [
        Task(programme_id=programme.id or 0, number=f"重{n}", title=f"重点工作{n}", position=n)
        for n in range(REQUIREMENTS // 10)
    ]
    session.add_all(tasks)
    session.flush()
    session.add_all(TaskUnit(task_id=task.id or 0, unit_id=unit.id or 0) for task in tasks)
    readings = [to_data(read_wording(w, 2022, Defaults(10)).recurrences) for w in WORDINGS]
    session.add_all(
        Requirement(
            task_id=tasks[n // 10].id or 0,
            key=str(n % 10),
            wording=WORDINGS[n % len(WORDINGS)],
            recurrences=readings[n % len(WORDINGS)],
        )
        for n in range(REQUIREMENTS)
    )
    session.flush()
    return programme.id or 0


def _fresh(path: Path) -> Database:
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    return database


def _inserts(path: Path, rows: int) -> float:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)")
    begun = time.perf_counter()
    connection.executemany("INSERT INTO row (body) VALUES (?)", [(b"x" * 300,)] * rows)
    connection.commit()
    taken = time.perf_counter() - begun
    connection.close()
    return taken
