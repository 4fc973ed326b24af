"""The year of every programme is kept complete, and a second look changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import delete, func, select

from models.obligation import Obligation, ObligationUnit
from scheduler.obligations import keep_obligations
from tests.conftest import at
from tests.supervising import the_whole_demo
from tests.talk import Talk


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path) as talk:
        yield talk


def test_a_complete_year_is_left_alone(demo: Talk) -> None:
    assert keep_obligations(demo.database, at("2021-09-01T09:00")) == 0


def test_what_is_missing_is_made_again(demo: Talk) -> None:
    with demo.database.write() as session:
        before = session.exec(select(func.count()).select_from(Obligation)).one()
        ids = session.exec(select(Obligation.id).where(Obligation.due > at("2021-12-01"))).all()
        session.exec(delete(ObligationUnit).where(ObligationUnit.obligation_id.in_(ids)))
        session.exec(delete(Obligation).where(Obligation.id.in_(ids)))

    assert keep_obligations(demo.database, at("2021-09-01T09:00")) == len(ids) > 0
    with demo.database.read() as session:
        assert session.exec(select(func.count()).select_from(Obligation)).one() == before
