"""When a programme's year is told to nobody any more."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from handlers.schedules import finished
from models.db import open_database
from models.obligation import Obligation
from models.programme import active_programmes
from models.programmes.files import read_definition
from models.programmes.loader import load
from tests.conftest import at


@pytest.fixture
def session(sqlite_template: Path, tmp_path: Path) -> Iterator[Session]:
    """S1, whose last report is due on 20 January 2022."""
    (tmp_path / "s1.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{tmp_path / 's1.db'}")
    with database.write() as session:
        load(session, read_definition("dajuan-2021"), at("2021-08-16T08:00"))
        yield session
    database.dispose()


def is_over(session: Session, day: date) -> bool:
    return bool(finished(session, active_programmes(session), day))


def test_the_last_reports_come_in_january_and_are_told_until_the_end_of_february(
    session: Session,
) -> None:
    assert not is_over(session, date(2021, 12, 31))
    assert not is_over(session, date(2022, 2, 28))
    assert is_over(session, date(2022, 3, 1))


def test_an_extended_report_keeps_its_programme_open(session: Session) -> None:
    last = session.exec(select(Obligation).order_by(col(Obligation.due).desc())).first()
    assert last is not None
    last.extended_to = last.due + timedelta(days=31)
    session.flush()

    assert not is_over(session, date(2022, 3, 1))
    assert is_over(session, date(2022, 4, 1))
