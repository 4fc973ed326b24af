"""The weekly digest of a large prefecture with a year of history, beside reading its rows."""

import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel

from handlers.digest_owing import Occasion, owe_digest
from models.chat import Chat, ChatPurpose
from models.db import Database, open_database
from models.figure import Figure
from models.indicator import Indicator
from models.message import ChatKind
from models.obligation import Obligation, ObligationState, ObligationUnit
from models.programme import Programme
from models.requirement import Requirement
from models.schema import migrate
from models.submission import Submission, SubmissionState
from models.task import Task, TaskUnit
from models.unit import Unit, UnitKind
from tests.bench.result import Result
from tests.conftest import at
from tests.factories import a_member, a_programme
from tests.talk import Talk

COUNTIES, OFFICES, MONTHS = 122, 60, 12
#: Tasks that each office leads; each county leads one.
TASKS = 4
MONDAY = at("2022-01-17T09:00")
_SAMPLE = 3


def measure() -> list[Result]:
    """Seconds to make and owe the ranking with its pictures, in a transaction of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/year.db")
        migrate(database)
        with database.write() as session:
            rows = _prefecture(session)
        talk = Talk(database, now=MONDAY, empty=True)
        taken = min(_weekly(talk, f"2022-W{n:02}") for n in range(3, 3 + _SAMPLE))
        floor = _reading(database)
        database.dispose()
    name = f"its {rows:,} rows read bare"
    what = f"weekly digest, {COUNTIES}+{OFFICES} units, a year"
    return [Result(what, taken, "s", 2, floor, name)]


def _weekly(talk: Talk, period: str) -> float:
    digest = talk.services.registry.digests["weekly_ranking"]
    begun = time.perf_counter()
    with talk.database.write() as session:
        programme = session.get_one(Programme, 1)
        occasion = Occasion(programme, digest, ChatPurpose.LEADERS, period)
        owed = owe_digest(session, talk.services, occasion, talk.now)
    taken = time.perf_counter() - begun
    assert owed.count == 1
    return taken


def _reading(database: Database) -> float:
    begun = time.perf_counter()
    with database.read() as session:
        for table in (Obligation, ObligationUnit, Submission, Figure, Indicator, Task, Unit):
            session.execute(select(table.__table__)).all()  # type: ignore[attr-defined]
    return time.perf_counter() - begun


def _prefecture(session: Session) -> int:
    """Offices that lead tasks, counties that lead one each; all reported each month, most once."""
    programme = a_programme(session, "bench-2021", "重点工作", year=2021)
    member = a_member(session, "联络员甲")
    units = _units(session, programme)
    led = [unit for n, unit in enumerate(units) for _ in range(1 if n < COUNTIES else TASKS)]
    tasks = [
        Task(programme_id=programme.id or 0, number=f"重{n}", title=f"重点工作{n}", position=n)
        for n in range(len(led))
    ]
    session.add_all(tasks)
    session.flush()
    asked = [Requirement(task_id=task.id or 0, key="每月", wording="每月10日前") for task in tasks]
    indicators = [
        Indicator(task_id=task.id or 0, name="完成数", unit="个", target=Decimal(1200))
        for task in tasks
    ]
    session.add_all([*asked, *indicators])
    session.flush()
    tables: dict[type[SQLModel], list[dict[str, object]]] = {
        TaskUnit: [
            {"task_id": t.id, "unit_id": u.id, "role": "lead"}
            for t, u in zip(tasks, led, strict=True)
        ],
        **_history(programme, led, tasks, asked, indicators, member.id or 0),
    }
    for table, rows in tables.items():
        session.execute(insert(table), rows)
    return sum(map(len, tables.values()))


def _units(session: Session, programme: Programme) -> list[Unit]:
    """Counties and offices, and the group that hears the digest."""
    units = [
        Unit(
            area_id=programme.area_id,
            name=f"{'县' if n < COUNTIES else '州直单位'}{n}",
            kind=UnitKind.COUNTY if n < COUNTIES else UnitKind.DEPARTMENT,
        )
        for n in range(COUNTIES + OFFICES)
    ]
    session.add_all(units)
    session.add(
        Chat(
            kind=ChatKind.GROUP,
            name="领导群",
            purpose=ChatPurpose.LEADERS,
            names_laggards=True,
            created_at=MONDAY,
        )
    )
    session.flush()
    return units


def _history(
    programme: Programme,
    led: list[Unit],
    tasks: list[Task],
    asked: list[Requirement],
    indicators: list[Indicator],
    member_id: int,
) -> dict[type[SQLModel], list[dict[str, object]]]:
    """A year of obligations, reports and figures, by table."""
    found: dict[type[SQLModel], list[dict[str, object]]] = {
        Obligation: [],
        ObligationUnit: [],
        Submission: [],
        Figure: [],
    }
    for n, (unit, task, requirement, indicator) in enumerate(
        zip(led, tasks, asked, indicators, strict=True)
    ):
        for month, due in enumerate(_dues(), start=1):
            number = len(found[Obligation]) + 1
            came = due - timedelta(days=n % 9 - 2)
            found[Obligation].append(_obligation(programme, task, requirement, due, month))
            found[ObligationUnit].append({"obligation_id": number, "unit_id": unit.id})
            found[Submission].append(_report(number, task, unit, member_id, came, n % 5 // 4))
            found[Figure].append(_figure(task, indicator, month, n % 60, came))
    return found


def _obligation(
    programme: Programme, task: Task, requirement: Requirement, due: datetime, month: int
) -> dict[str, object]:
    return {
        "programme_id": programme.id,
        "requirement_id": requirement.id,
        "task_id": task.id,
        "key": f"2021-{month:02}",
        "label": f"2021-{month:02}",
        "due": due,
        "covers_from": date(2021, 1, 1),
        "covers_to": _month_end(month),
        "state": ObligationState.ACCEPTED,
    }


def _report(
    number: int, task: Task, unit: Unit, member_id: int, came: datetime, returns: int
) -> dict[str, object]:
    return {
        "obligation_id": number,
        "task_id": task.id,
        "unit_id": unit.id,
        "member_id": member_id,
        "state": SubmissionState.ACCEPTED,
        "version": 1,
        "accepted_version": 1,
        "first_received_at": came,
        "returns": returns,
        "reviewed_at": came,
    }


def _figure(
    task: Task, indicator: Indicator, month: int, ahead: int, came: datetime
) -> dict[str, object]:
    return {
        "task_id": task.id,
        "indicator_id": indicator.id,
        "series": "reported",
        "as_of": _month_end(month),
        "value": Decimal(month * (60 + ahead)),
        "accepted_at": came,
    }


def _dues() -> Iterator[datetime]:
    """The tenth of each month after the one reported."""
    for month in range(1, MONTHS + 1):
        year, of = (2021, month + 1) if month < MONTHS else (2022, 1)
        yield at(f"{year}-{of:02}-10T23:59:59")


def _month_end(month: int) -> date:
    return (date(2021, month, 1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
