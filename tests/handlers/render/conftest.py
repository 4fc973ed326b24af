"""The built-in programmes with what their documents published, loaded once for all pictures."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.standing.tasks import Standing, standing
from models.db import open_database
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.schema import migrate
from tests.conftest import at

_LOADED = {
    "minsheng-2021": "2021-06-10T08:00",
    "jili-2022": "2022-10-10T08:00",
    "kegan-2024": "2024-09-27T08:00",
    "fengong-2022": "2022-04-01T08:00",
}


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session to read from: what pictures show does not depend on the engine."""
    folder: Path = tmp_path_factory.mktemp("pictures")
    database = open_database(f"sqlite:///{folder}/published.db")
    migrate(database)
    with database.write() as session:
        for code, when in _LOADED.items():
            load(session, read_definition(code), at(when))
    with database.read() as session:
        yield session
    database.dispose()


@pytest.fixture(scope="session")
def may(published: Session) -> Standing:
    """The twenty projects of 2021 at the end of May."""
    programme = programme_by_code(published, "minsheng-2021")
    assert programme is not None
    return standing(published, programme, date(2021, 5, 31))
