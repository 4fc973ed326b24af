"""The whole service with a bot's long connection: its start, its end, and a second process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import House, build
from bot.platforms.wecom_link import WecomLink
from bot.settings import read_settings
from bot.wecom.ownership import ASKED_EVERY
from models.db import Database
from models.lease import Lease
from models.member import Account
from models.outbox import OutboxMessage, OutboxState
from tests.pauses import Pauses
from tests.talk import Talk
from tests.twins.wecom.corp import Member
from tests.twins.wecom.frames import Exchange
from tests.twins.wecom.twin import Twin
from tests.wecom import SECRET, move_to_wecom

PERSON = "州公安局联络员"


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member(PERSON, PERSON)]) as twin:
        yield twin
        assert twin.complaints == []


@pytest.fixture
def open_house(
    twin: Twin, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], House]]:
    """One more process of an office whose bot holds a connection."""
    Talk(database)
    with database.write() as session:
        move_to_wecom(session)
        assert PERSON in session.exec(select(Account.user_id)).all()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WECOM_API_BASE", twin.url)
    monkeypatch.setenv("WECOM_BOT_NAME", "答卷")
    monkeypatch.setenv("WECOM_BOT_ID", "aib-connected")
    monkeypatch.setenv("WECOM_BOT_SECRET", "bot-secret")
    monkeypatch.setenv("WECOM_BOT_WS", twin.ws_url)
    houses: list[House] = []

    def opened() -> House:
        settings = read_settings(
            database_url=database.engine.url.render_as_string(hide_password=False),
            media_url=f"file://{tmp_path}/media",
            secret_key=SECRET,
        )
        houses.append(build(settings))
        link_of(houses[-1])._connection._pause = Pauses()
        return houses[-1]

    yield opened
    for each in houses:
        each.stop()


def link_of(house: House) -> WecomLink:
    found = house.platforms["wecom_bot"]
    assert isinstance(found, WecomLink)
    return found


def last_word(twin: Twin, exchange: Exchange) -> str:
    """The answer, once it is whole; the first word is left out where the answer was faster."""

    def found() -> list[str]:
        said = [each.body["stream"] for each in twin.answers(exchange)]
        return [each["content"] for each in said if each["finish"]]

    twin.record.wait(lambda: bool(found()), 10, "the end of an answer")
    return found()[0]


def test_a_line_is_answered_below_it_and_nothing_is_left_at_the_end(twin, open_house, database):
    house = open_house()
    house.start()
    twin.gateway.connected()
    exchange = twin.linked.says(PERSON, "帮助")

    assert "进度" in last_word(twin, exchange)
    house.stop()
    twin.gateway.gone()
    with database.read() as session:
        assert session.exec(select(Lease)).all() == []
        assert {each.state for each in session.exec(select(OutboxMessage)).all()} == {
            OutboxState.SENT
        }


def test_27_a_second_process_goes_on_where_the_first_ends(twin, open_house, database):
    first, second = open_house(), open_house()
    first.start()
    twin.gateway.connected()
    second.start()
    pauses = link_of(second)._connection._pause
    pauses.waits(ASKED_EVERY)
    assert twin.gateway.opened == 1
    first.stop()
    pauses.end(ASKED_EVERY)
    twin.gateway.connected(2)

    exchange = twin.linked.says(PERSON, "帮助")
    assert "进度" in last_word(twin, exchange)
    assert twin.gateway.opened == 2


def test_a_service_that_was_never_started_ends_as_well(open_house):
    open_house()


def test_nothing_stays_open_to_the_servers_once_the_house_is_closed(
    open_house: Callable[[], House],
) -> None:
    house = open_house()
    client = link_of(house)._client
    assert not client.is_closed

    house.close()

    assert client.is_closed
