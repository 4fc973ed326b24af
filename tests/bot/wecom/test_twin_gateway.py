"""The stand-in's long connection, spoken to by a plain client: frames, codes and switches."""

import base64
import hashlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.twins.wecom import seal
from tests.twins.wecom.corp import Member
from tests.twins.wecom.twin import Twin

JPEG = b"\xff\xd8\xff\xe0 a picture"
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "出生缺陷防治"},
    "button_list": [{"text": "通过", "key": "ok"}],
    "task_id": "task-1",
}


class Client:
    """A bot's end of the connection, one frame at a time."""

    def __init__(self, url: str) -> None:
        self.socket: ClientConnection = connect(url, proxy=None)
        self._numbers = itertools.count()

    def send(self, cmd: str, body: Any = None, req_id: str = "") -> str:
        req_id = req_id or f"own-{next(self._numbers)}"
        frame = {"cmd": cmd, "headers": {"req_id": req_id}} | ({"body": body} if body else {})
        self.socket.send(json.dumps(frame, ensure_ascii=False))
        return req_id

    def hear(self, seconds: float = 10) -> dict[str, Any]:
        return json.loads(self.socket.recv(timeout=seconds))

    def ask(self, cmd: str, body: Any = None, req_id: str = "") -> dict[str, Any]:
        """Send a frame and return its acknowledgement."""
        req_id = self.send(cmd, body, req_id)
        told = self.hear()
        assert told["headers"] == {"req_id": req_id}
        assert "cmd" not in told
        return told

    def subscribe(self, secret: str = "bot-secret") -> int:
        return self.ask("aibot_subscribe", {"bot_id": "aib-connected", "secret": secret})["errcode"]

    def stream(self, req_id: str, content: str, finish: bool, ident: str = "S1") -> int:
        body = {"msgtype": "stream", "stream": {"id": ident, "finish": finish, "content": content}}
        return self.ask("aibot_respond_msg", body, req_id)["errcode"]

    def push(self, chat: str, kind: int, content: str = "通报", msgtype: str = "markdown") -> int:
        body = {
            "chatid": chat,
            "chat_type": kind,
            "msgtype": msgtype,
            msgtype: {"content": content},
        }
        return self.ask("aibot_send_msg", body)["errcode"]


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member("WangWu", "王五")]) as twin:
        yield twin


@pytest.fixture
def stranger(twin: Twin) -> Iterator[Client]:
    """Connected, not subscribed."""
    client = Client(twin.ws_url)
    with client.socket:
        yield client


@pytest.fixture
def client(stranger: Client) -> Client:
    assert stranger.subscribe() == 0
    return stranger


def closed(client: Client) -> int | None:
    """The close code, once the other side has closed."""
    with pytest.raises(ConnectionClosed) as caught:
        client.hear()
    return caught.value.rcvd.code if caught.value.rcvd else None


# Subscribing


def test_a_wrong_secret_leaves_the_socket_open(twin, stranger):
    assert stranger.subscribe("wrong") == 853000
    assert stranger.ask("ping")["errcode"] == 0
    assert twin.gateway.live is None


def test_nothing_goes_without_a_subscription(twin, stranger):
    assert stranger.push("WangWu", 1) == 846609


def test_a_lost_subscription_leaves_the_socket_open(twin, client):
    twin.gateway.forget()

    assert client.push("WangWu", 1) == 846609
    assert client.subscribe() == 0


def test_a_second_connection_displaces_the_first(twin, client):
    second = Client(twin.ws_url)
    with second.socket:
        assert second.subscribe() == 0
        event = client.hear()
        assert event["cmd"] == "aibot_event_callback"
        assert event["body"]["event"] == {"eventtype": "disconnected_event"}
        assert closed(client) is None
        twin.linked.says("WangWu", "进度")
        assert second.hear()["body"]["text"] == {"content": "进度"}
    assert twin.gateway.subscriptions == 2


def test_a_displaced_connection_may_linger(twin, client):
    twin.gateway.lingers = True
    second = Client(twin.ws_url)
    with second.socket:
        second.subscribe()
        client.hear()
        assert client.push("WangWu", 1) == 846609


def test_pings_are_acknowledged(twin, client):
    assert client.ask("ping") == {"headers": {"req_id": "own-1"}, "errcode": 0, "errmsg": "ok"}
    twin.gateway.pinged(1)


# Hearing and answering


def test_words_in_a_group_are_answered_by_their_req_id(twin, client):
    exchange = twin.linked.says("WangWu", "@大卷 进度", chat="wrGroupA")
    heard = client.hear()

    assert heard["cmd"] == "aibot_msg_callback"
    assert heard["headers"] == {"req_id": exchange.req_id}
    assert heard["body"]["chatid"] == "wrGroupA"
    assert client.stream(exchange.req_id, "请稍候", False) == 0
    assert twin.seen("wrGroupA")[0].text == "请稍候"
    assert client.stream(exchange.req_id, "共 30 项", True) == 0
    assert [sent.body["stream"]["finish"] for sent in twin.answers(exchange, 2)] == [False, True]
    assert [bubble.text for bubble in twin.seen("wrGroupA")] == ["共 30 项"]
    assert client.stream(exchange.req_id, "更多", True) == 846608
    assert [sent.errcode for sent in twin.sent("aibot_respond_msg", all=True)] == [0, 0, 846608]


def test_without_a_connection_words_are_lost(twin):
    assert twin.linked.says("WangWu", "进度").is_lost


def test_a_callback_may_come_twice(twin, client):
    exchange = twin.linked.says("WangWu", "进度")
    twin.linked.repeat(exchange)

    assert client.hear() == client.hear()


def test_an_answer_after_six_minutes_is_too_late(twin, client):
    exchange = twin.linked.says("WangWu", "进度")
    client.hear()
    client.stream(exchange.req_id, "请稍候", False)
    twin.clock.forward(361)

    assert client.stream(exchange.req_id, "共 30 项", True) == 846608


@pytest.mark.parametrize("req_id", ["unknown", "event"])
def test_only_messages_are_answered(twin, client, req_id):
    if req_id == "event":
        req_id = twin.linked.enters("WangWu").req_id
        client.hear()

    assert client.stream(req_id, "您好", True) == 846605


def test_answers_are_taken_for_a_day(twin, client):
    exchange = twin.linked.says("WangWu", "进度")
    client.hear()
    twin.clock.forward(86401)

    assert client.stream(exchange.req_id, "x", True) == 846605


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "x"}}, 40008),
        ({"msgtype": "markdown", "markdown": {"content": "长" * 6827}}, 40058),
        ({"msgtype": "image", "image": {"media_id": "x"}}, 40007),
        ({"msgtype": "template_card", "template_card": {"card_type": "x"}}, 40058),
        ({"msgtype": "template_card", "template_card": CARD}, 0),
        ({"msgtype": "stream", "stream": {"id": "", "content": "x"}}, 40058),
        (
            {
                "msgtype": "stream",
                "stream": {"id": "S", "finish": True, "content": "x", "msg_item": [{}]},
            },
            40058,
        ),
    ],
)
def test_what_an_answer_may_be(twin, client, body, errcode):
    exchange = twin.linked.says("WangWu", "进度")
    client.hear()

    assert client.ask("aibot_respond_msg", body, exchange.req_id)["errcode"] == errcode


def test_a_welcome_within_five_seconds(twin, client):
    welcome = {"msgtype": "text", "text": {"content": "您好"}}
    first, late = twin.linked.enters("WangWu"), twin.linked.enters("WangWu")
    assert client.hear()["cmd"] == client.hear()["cmd"] == "aibot_event_callback"

    assert client.ask("aibot_respond_welcome_msg", welcome, first.req_id)["errcode"] == 0
    twin.clock.forward(6)
    assert client.ask("aibot_respond_welcome_msg", welcome, late.req_id)["errcode"] == 846605
    assert [bubble.text for bubble in twin.seen("WangWu")] == ["您好"]


def test_a_tapped_card_changes_within_five_seconds(twin, client):
    question = twin.linked.says("WangWu", "审核")
    client.hear()
    card = {"msgtype": "template_card", "template_card": CARD}
    client.ask("aibot_respond_msg", card, question.req_id)
    tapped = twin.linked.taps_card("WangWu", CARD, "ok", {"which": ["a", "b"]})
    assert client.hear()["body"]["event"]["template_card_event"]["event_key"] == "ok"
    changed = {**CARD, "main_title": {"title": "已通过"}}
    update = {"response_type": "update_template_card", "template_card": changed}

    assert client.ask("aibot_respond_update_msg", update, tapped.req_id)["errcode"] == 0
    assert twin.seen("WangWu")[0].body["main_title"] == {"title": "已通过"}
    twin.clock.forward(6)
    assert client.ask("aibot_respond_update_msg", update, tapped.req_id)["errcode"] == 846605


def test_media_have_a_key_each(twin, client):
    twin.linked.hands("WangWu", "第一季度.docx", b"hello wecom media")
    item = client.hear()["body"]["file"]
    key = base64.b64decode(item["aeskey"] + "=")

    with httpx2.Client(verify=False) as http:
        assert http.get(item["url"]).content == seal.encrypted(b"hello wecom media", key)


# Speaking first


def test_only_chats_that_have_spoken_are_spoken_to(twin, client):
    assert client.push("WangWu", 1) == 93006
    twin.linked.says("WangWu", "进度")
    twin.linked.says("WangWu", "@大卷 进度", chat="wrGroupA")
    client.hear(), client.hear()

    assert client.push("wangwu", 1) == 0
    assert client.push("wrGroupA", 2) == 0
    assert client.push("wrgroupa", 2) == 93006
    assert client.push("wrGroupA", 1) == 93006
    assert client.push("WangWu", 1, msgtype="text") == 40008


def test_30_a_minute_and_chat_answers_and_pushes_together(twin, client):
    exchange = twin.linked.says("WangWu", "进度")
    client.hear()
    client.stream(exchange.req_id, "…", False)
    client.stream(exchange.req_id, "x", True)

    assert [client.push("WangWu", 1) for _ in range(30)] == [0] * 29 + [846607]
    twin.clock.forward(61)
    assert client.push("WangWu", 1) == 0


def upload(client: Client, data: bytes, chunks: int = 2, **changes: Any) -> dict[str, Any]:
    about = {
        "type": "image",
        "filename": "进度.jpg",
        "total_size": len(data),
        "total_chunks": chunks,
        "md5": hashlib.md5(data).hexdigest(),
        **changes,
    }
    begun = client.ask("aibot_upload_media_init", about)
    if begun["errcode"]:
        return begun
    ident = begun["body"]["upload_id"]
    size = -(-len(data) // chunks)
    for index in reversed(range(chunks)):
        part = base64.b64encode(data[index * size : (index + 1) * size]).decode()
        chunk = {"upload_id": ident, "chunk_index": index, "base64_data": part}
        told = client.ask("aibot_upload_media_chunk", chunk)
        if told["errcode"]:
            return told
    return client.ask("aibot_upload_media_finish", {"upload_id": ident})


def test_media_are_uploaded_in_chunks_and_sent(twin, client):
    media_id = upload(client, JPEG)["body"]["media_id"]
    exchange = twin.linked.says("WangWu", "图")
    client.hear()

    picture = {"msgtype": "image", "image": {"media_id": media_id}}
    assert client.ask("aibot_respond_msg", picture, exchange.req_id)["errcode"] == 0
    assert twin.seen("WangWu")[0].body["data"] == JPEG


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"md5": "0" * 32}, 40058),
        ({"total_size": 3}, 40058),
        ({"total_chunks": 101}, 40058),
        ({"total_chunks": 3}, 40058),
        ({"type": "poster"}, 40004),
        ({"type": "voice"}, 40005),
    ],
)
def test_an_upload_must_be_what_was_announced(twin, client, changes, errcode):
    assert upload(client, JPEG, **changes)["errcode"] == errcode


def test_chunks_may_count_from_one(twin, client):
    twin.linked.first_chunk = 1

    assert upload(client, JPEG)["errcode"] == 40058


def test_an_upload_survives_a_new_connection_but_not_half_an_hour(twin, client):
    about = {"type": "image", "filename": "a.jpg", "total_size": len(JPEG), "total_chunks": 1}
    ident = client.ask("aibot_upload_media_init", about)["body"]["upload_id"]
    part = base64.b64encode(JPEG).decode()
    chunk = {"upload_id": ident, "chunk_index": 0, "base64_data": part}
    second = Client(twin.ws_url)
    with second.socket:
        second.subscribe()
        assert second.ask("aibot_upload_media_chunk", chunk)["errcode"] == 0
        twin.clock.forward(1801)
        told = second.ask("aibot_upload_media_finish", {"upload_id": ident})
        assert told["errcode"] == 40058


# Switches


@pytest.mark.parametrize("code", [1000, 1011])
def test_the_connection_closed_with_a_code(twin, client, code):
    twin.gateway.close(code)

    assert closed(client) == code
    twin.gateway.gone()


def test_the_connection_cut_without_a_word(twin, client):
    twin.gateway.cut()

    assert closed(client) is None
    twin.gateway.gone()


def test_any_errcode_for_the_next_frames(twin, stranger):
    twin.faults.answer("aibot_subscribe", 853000)
    assert [stranger.subscribe(), stranger.subscribe()] == [853000, 0]
    twin.faults.answer("frames", -1)
    assert [stranger.ask("ping")["errcode"] for _ in range(2)] == [-1, 0]


def test_a_silent_socket(twin, client):
    with twin.faults.mute():
        client.send("ping")
        twin.record.wait(lambda: twin.record.tries["ping"] == 1, 10, "a ping")
        with pytest.raises(TimeoutError):
            client.hear(0.05)
    assert client.ask("ping")["errcode"] == 0


def test_a_late_acknowledgement_and_who_does_not_wait_for_it(twin, client):
    exchange = twin.linked.says("WangWu", "进度")
    client.hear()
    answer = {"msgtype": "markdown", "markdown": {"content": "一"}}
    with twin.faults.held("aibot_respond_msg"):
        client.send("aibot_respond_msg", answer, exchange.req_id)
        assert [bubble.text for bubble in twin.seen("WangWu", 1)] == ["一"]
        assert client.ask("ping")["errcode"] == 0
        client.send("aibot_respond_msg", answer, exchange.req_id)
        twin.sent("aibot_respond_msg", 2)

    assert [client.hear()["errcode"], client.hear()["errcode"]] == [0, 0]
    assert len(twin.complaints) == 1


def test_slow_acknowledgements_by_the_servers_clock(twin, client):
    twin.faults.slow("ping", 7)
    client.send("ping")
    twin.sent("ping", 1)
    with pytest.raises(TimeoutError):
        client.hear(0.05)
    twin.clock.forward(7)

    assert client.hear()["errcode"] == 0


def test_nobody_is_let_in_while_it_is_down(twin):
    twin.gateway.is_down = True
    with pytest.raises(InvalidStatus):
        Client(twin.ws_url)
    assert twin.gateway.refusals == 1


@pytest.mark.parametrize("acted", [False, True])
def test_the_connection_cut_before_or_after_the_deed(twin, client, acted):
    twin.linked.says("WangWu", "进度")
    client.hear()
    twin.faults.hang_up("aibot_send_msg", acted=acted)
    client.send(
        "aibot_send_msg",
        {"chatid": "WangWu", "chat_type": 1, "msgtype": "markdown", "markdown": {"content": "x"}},
    )

    assert closed(client) is None
    assert len(twin.seen("WangWu")) == acted
