"""The small service on both engines or on one, and logs put back as they were."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from models.db import Database
from tests.api import Desk, a_month, copied_desk, open_desk
from tests.board import Office, open_office
from tests.console import Dajuan, console
from tests.hall import Hall


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What is logged, as data; the command line's own set-up of logs is undone afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with capture_logs() as caught:
        yield caught
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def hall(sqlite: Database, tmp_path: Path) -> Iterator[Hall]:
    """What does not depend on the engine is tried on one."""
    hall = Hall(sqlite, tmp_path)
    yield hall
    hall.close()


@pytest.fixture
def on_both(database: Database, tmp_path: Path) -> Iterator[Hall]:
    """The small service once on each engine."""
    hall = Hall(database, tmp_path)
    yield hall
    hall.close()


@pytest.fixture
def dajuan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Dajuan:
    """`dajuan …` in a sandbox of its own."""
    return console(tmp_path, monkeypatch, capsys)


@pytest.fixture
def office(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """The whole demonstration of 2021 with a served board."""
    monkeypatch.chdir(tmp_path)
    office = open_office(sqlite_template, tmp_path)
    yield office
    office.house.close()


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    """Where another system reads what was told of August 2021."""
    with copied_desk(sqlite_template, tmp_path / "desk") as desk:
        yield desk


@pytest.fixture
def desk_on_both(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The same once on each engine."""
    with open_desk(database_url, tmp_path) as desk:
        a_month(desk)
        yield desk
