"""Whether the long connection stands, as a balancer, Prometheus and other processes see it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.settings import read_settings
from bot.wecom.ownership import ASKED_EVERY, LINK_NOTE
from models.db import Database
from models.setting import setting
from tests.bot.wecom.test_linked_house import link_of
from tests.pauses import Pauses
from tests.served import until
from tests.twins.wecom.environment import linked_settings
from tests.twins.wecom.twin import Twin
from tests.wecom import SECRET

OpenHouse = Callable[[], House]


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin() as twin:
        yield twin


@pytest.fixture
def open_house(
    twin: Twin, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenHouse]:
    """One more process of an office whose bot holds a connection."""
    monkeypatch.chdir(tmp_path)
    for name, value in linked_settings(twin).items():
        monkeypatch.setenv(name, value)
    houses: list[House] = []

    def opened() -> House:
        url = sqlite.engine.url.render_as_string(hide_password=False)
        media = f"file://{tmp_path}/media"
        houses.append(build(read_settings(database_url=url, media_url=media, secret_key=SECRET)))
        link_of(houses[-1])._connection._pause = Pauses()
        return houses[-1]

    yield opened
    for each in houses:
        each.stop()


def readiness_of(house: House) -> tuple[int, str]:
    """What a balancer is told of the process, and of the connection."""
    answer = TestClient(create_app(house)).get("/readyz")
    return answer.status_code, answer.json()["wecom_bot"]


def noted(house: House) -> str:
    """What another process reads of the connection."""
    with house.database.read() as session:
        return str((setting(session, LINK_NOTE) or {}).get("standing", ""))


def test_the_owner_is_ready_and_so_is_who_stands_by(twin: Twin, open_house: OpenHouse) -> None:
    first, second = open_house(), open_house()
    first.start()
    twin.gateway.connected()
    second.start()
    link_of(second)._connection._pause.waits(ASKED_EVERY)

    until(lambda: readiness_of(first) == (200, "ok"), 10, "the connection")
    assert readiness_of(second) == (200, "ok: another process has it")
    until(lambda: noted(second) == "connected", 10, "the note")


@pytest.mark.parametrize("is_displaced", [True, False])
def test_a_halted_connection_is_not_ready_and_says_why(
    twin: Twin, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch, is_displaced: bool
) -> None:
    if not is_displaced:
        monkeypatch.setenv("WECOM_BOT_SECRET", "another")
    house = open_house()
    house.start()
    if is_displaced:
        twin.gateway.connected()
        twin.gateway.tell(twin.linked.disconnected())

    until(lambda: readiness_of(house)[0] == 503, 10, "the end of the connection")
    assert readiness_of(house)[1].startswith("halted: ")
    assert "WECOM_BOT_SECRET" in readiness_of(house)[1]
    until(lambda: noted(house) == "halted", 10, "the note")
    metrics = TestClient(create_app(house)).get("/metrics").text
    assert 'dajuan_connection_well{door="wecom_bot"} 0.0' in metrics


def test_a_server_that_is_away_for_long_is_told(twin: Twin, open_house: OpenHouse) -> None:
    twin.gateway.is_down = True
    house = open_house()
    house.start()
    pauses = link_of(house)._connection._pause
    for second in (1, 2, 4, 8):
        assert readiness_of(house)[1] in ("ok: connecting", "ok: another process has it")
        pauses.end(second, second * 1.5)

    until(lambda: readiness_of(house)[0] == 503, 10, "the fifth try")
    assert readiness_of(house)[1] == "not connected, 5 tries failed"
    assert noted(house) == "lost"
