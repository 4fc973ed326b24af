"""An office on DingTalk for the stories of its doors."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from models.db import Database
from tests.bot.dingtalk.plain_clients import Caller, connected, standing
from tests.dingtalk import DingTalkOffice, open_dingtalk
from tests.twins.dingtalk.twin import Twin


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


@pytest.fixture
def twin() -> Iterator[Twin]:
    """The stand-in by itself, for plain clients."""
    with standing() as twin:
        yield twin


@pytest.fixture
def calm(twin: Twin) -> Iterator[Twin]:
    """A twin that has nothing to complain of at the end."""
    yield twin
    assert twin.complaints == []


@pytest.fixture
def http(twin: Twin) -> Iterator[httpx2.Client]:
    """A plain client of it."""
    with connected(twin) as http:
        yield http


@pytest.fixture
def caller(http: httpx2.Client) -> Caller:
    """The same with a token."""
    return Caller(http)
