"""The year of every programme is kept complete, and a second look changes nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, delete, func, select

from models.obligation import Obligation, ObligationUnit
from models.requirement import Requirement
from models.task import Task, TaskUnit, UnitRole
from models.unit import Unit
from scheduler.obligations import keep_obligations
from tests.conftest import at
from tests.supervising import counted_queries, the_whole_demo
from tests.talk import Talk


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        yield talk


def test_a_complete_year_is_left_alone(demo: Talk) -> None:
    assert keep_obligations(demo.database, at("2021-09-01T09:00")) == 0


def test_a_second_look_reads_few_rows_and_writes_nothing(demo: Talk) -> None:
    with counted_queries(demo.database) as first:
        keep_obligations(demo.database, at("2021-09-01T09:00"))
    with counted_queries(demo.database) as second:
        keep_obligations(demo.database, at("2021-09-01T09:10"))

    assert len(second) <= 14 < len(first)  # two programmes, six each, and the calendar
    assert not any(each.startswith(("INSERT", "UPDATE", "DELETE")) for each in second)


def _later_due(session: Session) -> None:
    task = session.exec(select(Task).where(Task.number == "州1-7")).one()
    requirement = session.exec(select(Requirement).where(Requirement.task_id == task.id)).one()
    rules = json.loads(json.dumps(requirement.recurrences).replace('"n": 20', '"n": 25'))
    assert rules != requirement.recurrences
    requirement.recurrences = rules


def _another_lead(session: Session) -> None:
    task = session.exec(select(Task).where(Task.number == "州1-7")).one()
    unit = session.exec(select(Unit).where(Unit.name == "州妇联")).one()
    session.add(TaskUnit(task_id=task.id or 0, unit_id=unit.id or 0, role=UnitRole.LEAD))


def _no_longer_asked(session: Session) -> None:
    session.exec(select(Task).where(Task.number == "州1-7")).one().active = False


@pytest.mark.parametrize("change", [_later_due, _another_lead, _no_longer_asked])
def test_what_changed_since_the_last_look_is_brought_up_to_date(
    demo: Talk, change: Callable[[Session], None]
) -> None:
    keep_obligations(demo.database, at("2021-09-01T09:00"))
    with demo.database.write() as session:
        change(session)

    assert keep_obligations(demo.database, at("2021-09-01T09:10")) > 0
    assert keep_obligations(demo.database, at("2021-09-01T09:20")) == 0


def test_what_is_missing_is_made_again(demo: Talk) -> None:
    with demo.database.write() as session:
        before = session.exec(select(func.count()).select_from(Obligation)).one()
        ids = session.exec(select(Obligation.id).where(Obligation.due > at("2021-12-01"))).all()
        session.exec(delete(ObligationUnit).where(ObligationUnit.obligation_id.in_(ids)))
        session.exec(delete(Obligation).where(Obligation.id.in_(ids)))

    assert keep_obligations(demo.database, at("2021-09-01T09:00")) == len(ids) > 0
    with demo.database.read() as session:
        assert session.exec(select(func.count()).select_from(Obligation)).one() == before


def test_a_report_has_no_year_looked_through_under_the_lock(demo: Talk) -> None:
    now = at("2021-09-01T09:00")
    keep_obligations(demo.database, now)
    with demo.database.write() as session:
        session.exec(select(Obligation).where(Obligation.due > now)).first().state = "submitted"

    with counted_queries(demo.database) as seen:
        assert keep_obligations(demo.database, at("2021-09-01T09:10")) == 0
    locked = seen[seen.index("BEGIN IMMEDIATE") :]

    assert any("FROM obligation" in each for each in seen)
    assert not any("FROM obligation" in each for each in locked)
    assert any(each.startswith("UPDATE setting") for each in locked)
