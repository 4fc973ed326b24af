"""Everything that is called lies where the settings say, in either mode."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import bot
from models.db import Database
from tests.dingtalk import DingTalkOffice, open_dingtalk
from tests.pictures import a_photo

HOSTS = ("api.dingtalk.com", "oapi.dingtalk.com", "wss-open-connection")


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """Every address that is connected to while the test lasts."""
    found: set[tuple[str, int]] = set()
    really = socket.socket.connect

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        found.add(address)
        really(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


@pytest.fixture(params=[False, True], ids=["http", "stream"])
def either_mode(
    request: pytest.FixtureRequest,
    reached: set[tuple[str, int]],
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DingTalkOffice]:
    with open_dingtalk(sqlite, tmp_path, monkeypatch, stream=request.param) as office:
        yield office
        assert office.twin.complaints == []


def test_33_whatever_is_heard_fetched_and_said_reaches_the_configured_hosts_alone(
    either_mode: DingTalkOffice, reached: set[tuple[str, int]]
) -> None:
    office, twin = either_mode, either_mode.twin
    person, *_ = twin.corp.members
    office.says(person, "帮助")
    office.speech.shows(person, a_photo()).answer()
    office.works()
    office.says("stranger", "帮助")

    assert len(twin.seen(person)) >= 2
    assert twin.sent("robot/oToMessages/batchSend")
    assert twin.sent("robot/messageFiles/download")
    assert len(twin.sent("robot/sendBySession")) == 1
    known = {urlsplit(each).port for each in (twin.url, twin.ws_url)}
    assert {port for _, port in reached} <= known
    assert {host for host, _ in reached} == {"127.0.0.1"}


def test_33_no_host_of_dingtalk_is_named_outside_the_settings() -> None:
    root = Path(bot.__file__).parent
    naming = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if any(host in file.read_text("utf-8") for host in HOSTS)
    }

    assert naming <= {"dingtalk/settings.py"}
