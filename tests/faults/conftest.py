"""An office on each platform, a small service, and what is logged: for every fault."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from models.db import Database
from tests.faults.places import SCENES, Scene
from tests.hall import Hall


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What is logged, as data."""
    with capture_logs() as caught:
        yield caught


@pytest.fixture
def hall(sqlite: Database, tmp_path: Path) -> Iterator[Hall]:
    """The small service, where the engine does not matter."""
    hall = Hall(sqlite, tmp_path)
    yield hall
    hall.close()


@pytest.fixture(params=SCENES)
def scene(
    request: pytest.FixtureRequest,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    """An office on each platform, with a chat behind each of its doors."""
    with SCENES[request.param](sqlite, tmp_path, monkeypatch) as scene:
        yield scene
