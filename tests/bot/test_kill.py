"""`kill -9` in the middle of the work: nothing lost, nothing doubled, nothing half-written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import update

from models.db import Database
from models.figure import Figure
from tests.conftest import at
from tests.soak.checks import Books, broken
from tests.soak.kills import Plan, kill_under_load
from tests.soak.office import Office, opened

#: The hundred of `make soak` in small.
PLAN = Plan(kills=5, seed=20210913, pause=0.3, life=0.08, progress=3)
MOST_UNKNOWN = 20


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Iterator[Office]:
    url, start = sqlite.engine.url.render_as_string(), at("2021-09-13T08:59:58")
    with opened(tmp_path, url, start, on_wecom=6) as office:
        office.wecom.courier.patience = 1.0  # five seconds, were it WeCom itself
        yield office


def test_five_kills_lose_double_and_halve_nothing(office):
    came_of_it = kill_under_load(office, PLAN)

    assert came_of_it.wrong == []
    assert came_of_it.repeated > 0
    assert came_of_it.taken > PLAN.kills * PLAN.progress
    assert came_of_it.reports > 0
    check_that_faults_would_show(office, came_of_it.books)


def check_that_faults_would_show(office: Office, books: Books) -> None:
    """The same books with one fault each: doubled, lost, left undone, half-written."""
    screen = office.wecom.record.screens["w00"]
    said = [each for each in screen if each.msgtype == "text"]
    screen.append(replace(said[0], msgid="another"))
    assert "w00 sees" in " ".join(broken(books, MOST_UNKNOWN))
    screen.pop()
    taken_away = screen[: -1 - len(books.unknown)]
    screen[:], whole = taken_away, list(screen)
    assert "w00 sees" in " ".join(broken(books, MOST_UNKNOWN))
    screen[:] = whole
    undone = replace(books, rows=books.rows[1:])
    assert "acknowledged and lost" in " ".join(broken(undone, MOST_UNKNOWN))
    assert broken(books, MOST_UNKNOWN) == []

    with office.database.write() as session:
        session.exec(update(Figure).values(value=1))
    assert "half written" in " ".join(broken(books, MOST_UNKNOWN))
