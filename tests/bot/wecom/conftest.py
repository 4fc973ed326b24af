"""An office on WeCom for the stories of its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.wecom import WecomOffice, open_wecom


@pytest.fixture
def office(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    """What does not depend on the engine is tried on one."""
    with open_wecom(sqlite, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []


@pytest.fixture
def either_office(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    """An office on each engine."""
    with open_wecom(database, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []


@pytest.fixture
def alone(office: WecomOffice) -> WecomOffice:
    """An office with nothing but the bot at its address."""
    del office.house.platforms["wecom_app"]
    return office
