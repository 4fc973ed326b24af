"""The stand-in's stream, spoken to by a plain client: tickets, frames and switches."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.twins.dingtalk.cards import Card
from tests.twins.dingtalk.corp import CLIENT_ID, CLIENT_SECRET, CORP_ID, Member
from tests.twins.dingtalk.twin import Twin

MESSAGES, CARDS = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
OPEN = "gateway/connections/open"
ASKED = [{"type": "CALLBACK", "topic": MESSAGES}]
ALL = [*ASKED, {"type": "CALLBACK", "topic": CARDS}, {"type": "EVENT", "topic": "*"}]


def asks(twin: Twin, subscriptions: Any = ASKED, **changes: Any) -> httpx2.Response:
    """One call of connections/open."""
    body = {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "subscriptions": subscriptions}
    headers = {"accept": changes.pop("accept", "application/json")}
    return httpx2.post(f"{twin.url}/v1.0/{OPEN}", json=body | changes, headers=headers)


def address(told: dict[str, str]) -> str:
    return f"{told['endpoint']}?ticket={quote_plus(told['ticket'])}"


def connects(told: dict[str, str]) -> None:
    """In, and out again."""
    with connect(address(told), proxy=None):
        pass


def stands(twin: Twin, callback: str) -> Card:
    """A card in somebody's chat."""
    return twin.cards.all.setdefault("card-1", Card("card-1", "t.schema", {}, callback, "route"))


class Client:
    """A robot's end of the stream, one frame at a time."""

    def __init__(self, twin: Twin, subscriptions: Any = ALL) -> None:
        told = asks(twin, subscriptions).json()
        self.socket: ClientConnection = connect(address(told), proxy=None)

    def hear(self, seconds: float = 10) -> dict[str, Any]:
        frame = json.loads(self.socket.recv(timeout=seconds))
        return frame | {"data": json.loads(frame["data"])}

    def hears_nothing(self) -> bool:
        try:
            self.hear(0.1)
        except TimeoutError:
            return True
        return False

    def ack(self, frame: dict[str, Any], reply: Any = None, **more: Any) -> None:
        told = {
            "code": 200,
            "message": "OK",
            "headers": {
                "messageId": frame["headers"]["messageId"],
                "contentType": "application/json",
            },
            "data": json.dumps(reply or {"response": None}, ensure_ascii=False),
        }
        self.socket.send(json.dumps(told | more, ensure_ascii=False))


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member("WangWu", "王五")]) as twin:
        twin.gateway.greets = False
        yield twin


@pytest.fixture
def client(twin: Twin) -> Iterator[Client]:
    client = Client(twin)
    with client.socket:
        twin.gateway.connected()
        yield client


@pytest.fixture
def second(twin: Twin, client: Client) -> Iterator[Client]:
    second = Client(twin)
    with second.socket:
        twin.gateway.stands(2)
        yield second


def closed(client: Client) -> int | None:
    """The close code, once the other side has closed."""
    with pytest.raises(ConnectionClosed) as caught:
        client.hear()
    return caught.value.rcvd.code if caught.value.rcvd else None


# Tickets


def test_a_ticket_and_where_to_go_with_it(twin):
    answer = asks(twin)

    assert answer.status_code == 200
    assert set(answer.json()) == {"endpoint", "ticket"}
    assert answer.json()["endpoint"] == twin.ws_url


def test_who_does_not_ask_for_json_gets_xml(twin):
    answer = asks(twin, accept="*/*")

    assert answer.headers["content-type"].startswith("application/xml")
    assert "<ticket>" in answer.text
    assert len(twin.complaints) == 1


@pytest.mark.parametrize("wrong", [{"clientId": "nobody"}, {"clientSecret": "wrong"}])
def test_wrong_credentials(twin, wrong):
    answer = asks(twin, **wrong)

    assert answer.status_code == 401
    assert answer.json()["code"] == "authFailed"
    assert "requestid" in answer.json()


def test_a_ticket_is_good_once(twin):
    told = asks(twin).json()
    with connect(address(told), proxy=None):
        with pytest.raises(InvalidStatus) as caught:
            connects(told)
    assert caught.value.response.status_code == 401
    assert twin.complaints == ["connects with a used or unknown ticket"]


@pytest.mark.parametrize(("seconds", "is_good"), [(90, True), (91, False)])
def test_a_ticket_lives_90_seconds(twin, seconds, is_good):
    told = asks(twin).json()
    twin.clock.forward(seconds)

    if is_good:
        connects(told)
    else:
        with pytest.raises(InvalidStatus):
            connects(told)
    assert twin.gateway.refusals == (not is_good)


@pytest.mark.parametrize(
    ("subscription", "count"),
    [
        ({"type": "EVENT", "topic": "*"}, 0),
        ({"type": "CALLBACK", "topic": "*"}, 1),
        ({"type": "EVENT", "topic": "user_add_org"}, 1),
    ],
)
def test_what_may_be_subscribed_to(twin, subscription, count):
    asks(twin, [subscription])

    assert len(twin.complaints) == count


def test_opening_meets_the_faults_of_any_call(twin):
    twin.faults.status(OPEN, 503)

    assert asks(twin).status_code == 503
    with twin.faults.held(OPEN):
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.post(f"{twin.url}/v1.0/{OPEN}", json={}, timeout=0.1)
    assert asks(twin).status_code == 200


def test_the_stream_may_be_down_or_hang(twin):
    twin.gateway.is_down = True
    with pytest.raises(InvalidStatus):
        connects(asks(twin).json())
    twin.gateway.is_down, twin.gateway.hangs = False, True
    with pytest.raises(TimeoutError):
        with connect(address(asks(twin).json()), proxy=None, open_timeout=0.1):
            pass
    twin.gateway.hangs = False
    connects(asks(twin).json())


# Frames


def test_words_come_in_a_frame_whose_data_are_text(twin, client):
    delivery = twin.linked.says("WangWu", "进度")
    raw = json.loads(client.socket.recv(timeout=10))

    assert raw["specVersion"] == "1.0"
    assert raw["type"] == "CALLBACK"
    assert raw["headers"]["topic"] == MESSAGES
    assert raw["headers"]["contentType"] == "application/json"
    assert raw["headers"]["time"] == str(int(twin.clock.now() * 1000))
    assert {"messageId", "appId", "connectionId"} <= set(raw["headers"])
    assert json.loads(raw["data"])["text"] == {"content": "进度"}
    assert json.loads(raw["data"])["msgId"] == delivery.msgid != raw["headers"]["messageId"]


def test_an_acknowledgement_is_recorded_with_its_delay(twin, client):
    delivery = twin.linked.says("WangWu", "进度")
    frame = client.hear()
    time.sleep(0.05)
    client.ack(frame)

    ack = delivery.answer()
    assert (ack.code, ack.message, ack.data) == (200, "OK", {"response": None})
    assert 0.05 <= ack.delay < 5
    assert twin.complaints == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "200"},
        {"code": 201},
        {"data": {"response": None}},
        {"data": "nonsense"},
        {"headers": {}},
        {"headers": {"messageId": "213d_1"}},
    ],
)
def test_what_is_no_acknowledgement_is_complained_of(twin, client, wrong):
    delivery = twin.linked.says("WangWu", "进度")
    client.ack(client.hear(), **wrong)
    twin.record.wait(lambda: bool(twin.complaints), 10, "a complaint")

    assert not delivery.acks


def test_nothing_is_acknowledged_twice_or_on_another_socket(twin, client, second):
    twin.gateway.chooses = lambda found: found[0]
    delivery = twin.linked.says("WangWu", "进度")
    frame = client.hear()
    second.ack(frame)
    twin.record.wait(lambda: len(twin.complaints) == 1, 10, "a complaint")
    assert not delivery.acks
    client.ack(frame)
    client.ack(frame)
    twin.record.wait(lambda: len(twin.complaints) == 2, 10, "a complaint")

    assert len(delivery.acks) == 1


def test_without_a_connection_words_are_lost_after_the_repeat(twin):
    delivery = twin.linked.says("WangWu", "进度")

    assert delivery.tries[0].connection is None
    twin.clock.forward(60)
    delivery.wait_tries(2)
    twin.record.wait(lambda: delivery.is_lost, 10, "the end of it")


def test_one_connection_is_picked_for_each_message(twin, client, second):
    twin.gateway.random.seed(7)
    deliveries = [twin.linked.says("WangWu", "进度") for _ in range(12)]

    assert [len(each.tries) for each in deliveries] == [1] * 12
    assert {each.tries[0].connection for each in deliveries} == set(twin.gateway.live)


def test_only_who_subscribed_hears(twin, client):
    cards_only = Client(twin, [{"type": "CALLBACK", "topic": CARDS}])
    with cards_only.socket:
        twin.gateway.stands(2)
        for _ in range(5):
            twin.linked.says("WangWu", "进度")
            client.ack(client.hear())
        assert cards_only.hears_nothing()


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_not_acknowledged_comes_again_after_60_seconds(twin, client, keeps):
    twin.gateway.keeps_message_id = keeps
    delivery = twin.linked.says("WangWu", "进度")
    first = client.hear()
    twin.clock.forward(59)
    assert client.hear()["headers"]["topic"] == "ping"
    assert len(delivery.tries) == 1
    twin.clock.forward(1)
    again = client.hear()

    assert again["data"] == first["data"]
    assert (again["headers"]["messageId"] == first["headers"]["messageId"]) is keeps
    client.ack(again)
    assert delivery.answer().code == 200


def test_what_is_acknowledged_does_not_come_again(twin, client):
    delivery = twin.linked.says("WangWu", "进度")
    client.ack(client.hear())
    delivery.answer()
    twin.clock.forward(61)

    assert client.hear()["headers"]["topic"] == "ping"
    assert client.hears_nothing()


def test_repeats_can_be_switched_off(twin, client):
    twin.gateway.repeats = False
    delivery = twin.linked.says("WangWu", "进度")
    client.hear()
    twin.clock.forward(61)

    assert client.hear()["headers"]["topic"] == "ping"
    assert len(delivery.tries) == 1


def test_an_event_comes_again_until_it_succeeds(twin, client):
    event = twin.linked.event("user_add_org", {"userId": ["WangWu"]})
    frame = client.hear()
    assert frame["type"] == "EVENT"
    assert frame["headers"]["eventType"] == "user_add_org"
    assert frame["headers"]["eventCorpId"] == CORP_ID
    assert {"eventId", "eventBornTime", "eventUnifiedAppId"} <= set(frame["headers"])
    client.ack(frame, {"status": "LATER", "message": "busy"})
    event.answer()
    for _ in range(2):
        twin.clock.forward(60)
        topics = [client.hear() for _ in range(2)]
    (again,) = (each for each in topics if each["type"] == "EVENT")
    client.ack(again, {"status": "SUCCESS"})

    twin.record.wait(lambda: event.is_over, 10, "the event's end")
    assert len(event.tries) == 3


def test_a_cards_tap_comes_on_a_topic_of_its_own(twin, client):
    card = stands(twin, "STREAM")
    tapped = twin.linked.taps("WangWu", card.track, {"action": "confirm"})
    frame = client.hear()

    assert frame["headers"]["topic"] == CARDS
    assert (frame["data"]["userId"], frame["data"]["corpId"]) == ("WangWu", CORP_ID)
    inner = json.loads(frame["data"]["content"])
    assert inner["cardPrivateData"]["params"] == {"action": "confirm"}
    client.ack(frame, {"response": {"cardData": {"cardParamMap": {"status": "done"}}}})
    assert tapped.answer().code == 200
    assert card.params == {"status": "done"}


def test_one_sample_writes_header(twin, client):
    twin.gateway.headers_name = "header"
    twin.linked.says("WangWu", "进度")

    assert client.hear()["header"]["topic"] == MESSAGES


def test_strange_frames(twin, client):
    connection = twin.gateway.connected()
    twin.gateway.sends(connection, "no JSON")
    twin.gateway.sends(connection, b"\0\1")
    twin.gateway.says(connection, "KEEPALIVE", {})
    strange = twin.linked.calls("/v1.0/unknown", {"a": 1})

    assert client.socket.recv() == "no JSON"
    assert client.socket.recv() == b"\0\1"
    assert client.hear()["headers"]["topic"] == "KEEPALIVE"
    client.ack(client.hear(), code=404)
    assert strange.answer().code == 404


def test_a_new_connection_is_greeted(twin):
    twin.gateway.greets = True
    client = Client(twin)
    with client.socket:
        topics = [client.hear()["headers"]["topic"] for _ in range(2)]

    assert topics == ["CONNECTED", "REGISTERED"]


# A connection's life


def test_pings_come_every_20_seconds(twin, client):
    for count in (1, 2):
        twin.clock.forward(20)
        ping = client.hear()
        assert (ping["type"], ping["headers"]["topic"]) == ("SYSTEM", "ping")
        client.ack(ping, ping["data"])
        twin.gateway.pinged(count)


def test_another_opaque_is_complained_of(twin, client):
    twin.clock.forward(20)
    client.ack(client.hear(), {"opaque": "another"})
    twin.record.wait(lambda: bool(twin.complaints), 10, "a complaint")

    assert twin.gateway.live[0].pings == 0


def test_who_is_told_off_hears_no_more_and_is_closed_after_10_seconds(twin, client, second):
    old, new = twin.gateway.live
    before = twin.linked.says("WangWu", "进度")
    heard = client if before.tries[0].connection is old else second
    frame = heard.hear()
    twin.gateway.disconnect(old)
    assert client.hear()["headers"]["topic"] == "disconnect"
    for _ in range(5):
        assert twin.linked.says("WangWu", "进度").tries[0].connection is new
    heard.ack(frame)
    assert before.answer().code == 200
    twin.clock.forward(9)
    assert client.hears_nothing()
    twin.clock.forward(1)

    assert closed(client) is None
    assert twin.gateway.live == [new]


def test_a_silent_socket_answers_pings_and_delivers_nothing(twin, client):
    connection = twin.gateway.connected()
    twin.gateway.silence(connection)
    delivery = twin.linked.says("WangWu", "进度")
    twin.clock.forward(25)

    assert client.hears_nothing()
    assert client.socket.ping().wait(5)
    assert delivery.tries[0].connection is connection
    assert twin.gateway.live == [connection]


def test_what_a_silent_socket_swallowed_may_come_on_another(twin, client, second):
    first, other = twin.gateway.live
    twin.gateway.silence(first)
    twin.gateway.chooses = lambda found: found[0]
    delivery = twin.linked.says("WangWu", "进度")
    twin.gateway.chooses = lambda found: found[-1]
    twin.clock.forward(60)
    delivery.wait_tries(2)

    assert delivery.tries[1].connection is other
    topics = {second.hear()["headers"]["topic"] for _ in range(2)}
    assert topics == {"ping", MESSAGES}


def test_a_connection_is_closed_or_cut(twin, client, second):
    first, other = twin.gateway.live
    twin.gateway.close(first, 1001, "going away")
    assert closed(client) == 1001
    twin.gateway.stands(1)
    twin.gateway.cut(other)
    assert closed(second) is None
    twin.gateway.stands(0)
    assert twin.gateway.opened == 2
