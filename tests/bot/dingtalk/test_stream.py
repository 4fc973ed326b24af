"""The whole service on DingTalk's stream: what is said once is handled once, and how it stands."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from bot import inbox
from bot.app import House, build, create_app
from bot.dingtalk.connection import REFUSED_PAUSE
from bot.platforms.base import Connected
from bot.platforms.dingtalk_stream import PATIENCE, DingTalkStream
from bot.settings import read_settings
from bot.spool import SPOOL
from models.db import Database
from models.inbox import InboxState
from models.outbox import OutboxMessage
from tests.connected import SECRET, hang
from tests.dingtalk import DingTalkOffice, open_dingtalk, serving
from tests.factories import a_group
from tests.pauses import Pauses
from tests.served import until
from tests.talk import MORNING
from tests.twins.dingtalk.environment import stream_settings
from tests.twins.dingtalk.twin import Twin

PERSON = "州公安局联络员"
ALARM_CHAT = "运维群"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the spool is kept."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def on_both(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DingTalkOffice]:
    """An office on the stream, on each engine."""
    with open_dingtalk(database, tmp_path, monkeypatch, stream=True) as office:
        yield office
        assert office.twin.complaints == []


def answers(office: DingTalkOffice) -> list[str]:
    return [each.text for each in office.twin.seen(PERSON)]


# 4: one message is one


def test_04_a_message_that_comes_several_times_at_once_is_one(on_both):
    office = on_both
    said = office.twin.linked.says(PERSON, "我是谁")
    again = [office.twin.linked.repeat(said) for _ in range(5)]

    assert {each.answer().code for each in (said, *again)} == {200}
    office.works()
    assert len(office.heard()) == 1
    assert len(answers(office)) == 1


@pytest.mark.parametrize("seconds", [60, 600, 86_400])
def test_04_a_message_that_comes_again_later_is_acknowledged_and_not_answered_again(
    streaming, seconds
):
    said = streaming.twin.linked.says(PERSON, "我是谁")
    said.answer()
    streaming.works()
    streaming.forward(seconds)

    assert streaming.twin.linked.repeat(said).answer().code == 200
    streaming.works()
    assert len(streaming.heard()) == 1
    assert len(answers(streaming)) == 1


def test_04_a_message_that_comes_again_after_a_restart_is_not_answered_again(
    database, tmp_path, monkeypatch
):
    with open_dingtalk(database, tmp_path, monkeypatch, stream=True) as first:
        said = first.twin.linked.says(PERSON, "我是谁")
        said.answer()
        first.works()
        assert len(answers(first)) == 1
    with serving(database, tmp_path, monkeypatch, [PERSON], MORNING, stream=True) as second:
        assert second.twin.linked.carry(said.data).answer().code == 200
        second.works()
        assert len(second.heard()) == 1
        assert answers(second) == []


# 6: acknowledged whatever becomes of it


def test_06_a_message_is_acknowledged_though_it_cannot_be_handled(streaming, monkeypatch):
    monkeypatch.setattr(inbox, "answer", break_down)
    said = streaming.twin.linked.says(PERSON, "我是谁")

    assert said.answer().code == 200
    streaming.works()
    assert [row.state for row in streaming.heard()] == [InboxState.FAILED]


def break_down(*_: object) -> None:
    raise RuntimeError("broken")


def test_06_while_the_database_hangs_a_message_is_kept_on_disk_and_acknowledged(on_both, database):
    with database.write() as session:
        lock = "LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"
        session.execute(text("SELECT 1" if database.is_sqlite else lock))
        assert on_both.twin.linked.says(PERSON, "我是谁").answer().code == 200
        assert len(list(SPOOL.glob("*.json"))) == 1
    on_both.works()
    on_both.works()

    assert len(on_both.heard()) == 1
    assert len(answers(on_both)) == 1
    assert list(SPOOL.glob("*.json")) == []


def test_06_nobody_waits_for_the_database_longer_than_the_stream_does(streaming, monkeypatch):
    waited = hang(streaming.house, monkeypatch)

    assert streaming.twin.linked.says(PERSON, "我是谁").answer().code == 200
    assert waited == [PATIENCE]
    assert PATIENCE < 0.5


def test_06_what_neither_database_nor_disk_takes_comes_again(streaming, monkeypatch):
    SPOOL.parent.mkdir()
    SPOOL.write_text("a file where the folder should be")
    with capture_logs() as logs, monkeypatch.context() as patch:
        patch.setattr(streaming.house.writer, "store", break_down)
        said = streaming.twin.linked.says(PERSON, "我是谁")
        until(lambda: "message refused" in [each["event"] for each in logs], 10, "the refusal")
    assert said.acks == []
    streaming.twin.clock.forward(60)

    assert said.answer().code == 200
    streaming.works()
    assert len(answers(streaming)) == 1


# How it stands


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin() as twin:
        yield twin
        assert twin.complaints == []


@pytest.fixture
def house(
    twin: Twin, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """A process that is not connected, with pauses that a test ends."""
    for name, value in stream_settings(twin).items():
        monkeypatch.setenv(name, value)
    url = sqlite.engine.url.render_as_string(hide_password=False)
    media = f"file://{tmp_path}/media"
    settings = read_settings(
        database_url=url, media_url=media, secret_key=SECRET, alarm_chat=ALARM_CHAT
    )
    house = build(settings)
    stream_of(house)._connection._pause = Pauses()
    yield house
    house.stop()


def stream_of(house: House) -> DingTalkStream:
    found = house.platforms["dingtalk"]
    assert isinstance(found, DingTalkStream)
    return found


def connect(house: House) -> Pauses:
    """Begin to hear; the pauses between tries."""
    stream = stream_of(house)
    stream.start(partial(house.door.accept, stream.name))
    pauses = stream._connection._pause
    assert isinstance(pauses, Pauses)
    return pauses


def readiness_of(house: House) -> tuple[int, str]:
    """What a balancer is told of the process, and of its stream."""
    answer = TestClient(create_app(house)).get("/readyz")
    return answer.status_code, answer.json()["dingtalk"]


def wellness_of(house: House) -> str:
    """What Prometheus is told of the stream."""
    metrics = TestClient(create_app(house)).get("/metrics").text
    return metrics.partition('dajuan_connection_well{door="dingtalk"} ')[2].partition("\n")[0]


def test_every_process_connects_and_any_may_speak(twin, house):
    stream = stream_of(house)
    assert isinstance(stream, Connected)
    assert readiness_of(house)[1] == "ok: connecting"
    house.start()
    twin.gateway.connected()

    until(lambda: readiness_of(house) == (200, "ok"), 10, "the connection")
    assert wellness_of(house) == "1.0"
    assert (stream.path, stream.speaks_here()) == ("", True)


def test_servers_that_are_away_for_long_are_told_of(twin, house):
    twin.gateway.is_down = True
    pauses = connect(house)
    for second in (1, 2, 4, 8):
        pauses.waits(second, second * 1.5)
        assert readiness_of(house)[1] == "ok: connecting"
        pauses.end(second, second * 1.5)
    pauses.waits(16, 24)

    assert readiness_of(house) == (503, "not connected, 5 tries failed")
    assert wellness_of(house) == "0.0"


def test_a_wrong_secret_is_told_the_operators_once_a_day(twin, house):
    with house.database.write() as session:
        a_group(session, ALARM_CHAT)
    twin.robot.robot.client_secret = "another"
    pauses = connect(house)
    for _ in range(2):
        pauses.end(REFUSED_PAUSE)
    pauses.waits(REFUSED_PAUSE)

    assert "DINGTALK_CLIENT_SECRET" in readiness_of(house)[1]
    assert wellness_of(house) == "0.0"
    with house.database.read() as session:
        (alarm,) = session.exec(select(OutboxMessage.text)).all()
    assert "收不到消息" in alarm
