"""An office on DingTalk for the stories of its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.dingtalk import DingTalkOffice, open_dingtalk


@pytest.fixture
def office(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DingTalkOffice]:
    """What does not depend on the engine is tried on one; the robot is called at its address."""
    with open_dingtalk(sqlite, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []


@pytest.fixture
def either_office(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DingTalkOffice]:
    """An office on each engine."""
    with open_dingtalk(database, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []


@pytest.fixture
def streaming(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DingTalkOffice]:
    """An office whose robot hears by the stream."""
    with open_dingtalk(sqlite, tmp_path, monkeypatch, stream=True) as office:
        yield office
        assert office.twin.complaints == []
