"""The robot's stream, against the stand-in: lines 6 to 11 of the protocol's checklist."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

import pytest
from structlog.testing import capture_logs
from websockets.protocol import State

from bot.dingtalk.calls import Calls
from bot.dingtalk.connection import LEFT_OPEN, REFUSED_PAUSE, Connection
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.line import SILENCE
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import DingTalkSettings
from bot.http import open_client
from bot.platforms.base import Response
from bot.waiting import back_off
from models.db import Database
from models.errors import BadRequest, DeliveryError
from tests.pauses import Pauses
from tests.served import until
from tests.twins.dingtalk.corp import Member
from tests.twins.dingtalk.frames import CALLBACK, EVENT, MESSAGES, Carried, written
from tests.twins.dingtalk.gateway import Connection as Socket
from tests.twins.dingtalk.twin import Twin

OPEN = "gateway/connections/open"
FIRST = (1.0, 1.5)
LI, WANG = "ManagerLi", "WangWu"


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member(LI, "李四"), Member(WANG, "王五")]) as twin:
        yield twin
        assert twin.complaints == []


class Process:
    """One process of the office: its connection, what it heard, and what it warned of."""

    def __init__(self, twin: Twin, database: Database, secret: str) -> None:
        self.twin = twin
        self.pauses = Pauses()
        self.heard: list[str] = []
        self.warnings: list[str] = []
        #: Closed, what comes waits to be stored.
        self.store = threading.Event()
        self.store.set()
        #: What storing comes to, one a frame; a plain acknowledgement where nothing is left.
        self.outcomes: list[Response | Exception] = []
        self._changed = threading.Condition()
        settings = settings_of(twin, secret)
        meter = Meter(database, self.now, self.warn)
        self.client = open_client()
        self.calls = Calls(self.client, self.now, meter)
        gateway = Gateway(self.calls, settings, cards=True)
        self.connection = Connection(gateway, self.warn, self.pauses)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.twin.clock.now(), UTC)

    def warn(self, text: str, key: str = "") -> None:
        with self._changed:
            self.warnings.append(text)
            self._changed.notify_all()

    def accept(self, raw: bytes) -> Response:
        with self._changed:
            self.heard.append(json.loads(json.loads(raw)["data"]).get("msgId", ""))
            self._changed.notify_all()
        assert self.store.wait(10)
        outcome = self.outcomes.pop(0) if self.outcomes else Response()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def waits_for(self, said: list[str], count: int) -> None:
        """Return once there is so much of what it heard, or warned of."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(said) >= count, 10), said

    def start(self) -> Socket:
        """Begin; the twin's end of the connection once it stands."""
        self.connection.start(self.accept)
        return self.twin.gateway.connected()

    def stop(self) -> None:
        """End as the service does, within the two seconds that it is given."""
        ending = threading.Thread(target=self.connection.stop)
        ending.start()
        ending.join(2)
        assert not ending.is_alive()
        self.client.close()


def settings_of(twin: Twin, secret: str) -> DingTalkSettings:
    robot = twin.robot.robot
    return DingTalkSettings(
        dingtalk_api_base=twin.url,
        dingtalk_oapi_base=twin.url,
        dingtalk_client_id=robot.client_id,
        dingtalk_client_secret=secret,
        dingtalk_robot_code=robot.robot_code,
        dingtalk_corp_id=twin.corp.id,
    )


@pytest.fixture
def process(twin: Twin, sqlite: Database) -> Iterator[Process]:
    """Not yet connected."""
    process = Process(twin, sqlite, twin.robot.robot.client_secret)
    yield process
    process.store.set()
    process.stop()


@pytest.fixture
def socket(process: Process) -> Socket:
    """The twin's end of the process' first connection."""
    return process.start()


def tickets(twin: Twin) -> list[str]:
    return [each.answer["ticket"] for each in twin.sent(OPEN)]


# 6: acknowledged once it is stored, whatever becomes of it


def test_06_what_is_stored_is_acknowledged_by_its_number(twin, process, socket):
    ack = twin.linked.says(LI, "进度").answer()

    assert (ack.code, ack.message, ack.data) == (200, "OK", {"response": None})
    assert ack.connection is socket
    (asked,) = twin.sent(OPEN)
    topics = [(each["type"], each["topic"]) for each in asked.body["subscriptions"]]
    assert topics == [
        ("CALLBACK", "/v1.0/im/bot/messages/get"),
        ("CALLBACK", "/v1.0/card/instances/callback"),
    ]


@pytest.mark.parametrize("outcome", [RuntimeError("broken"), BadRequest("not ours", status=403)])
def test_06_also_when_it_is_refused_or_breaks(twin, process, socket, outcome):
    process.outcomes.append(outcome)

    assert twin.linked.says(LI, "进度").answer().code == 200
    assert twin.linked.says(LI, "进度").answer().code == 200


def test_06_what_could_be_stored_nowhere_is_not_and_comes_again(twin, process, socket):
    process.outcomes.append(Response(503))
    said = twin.linked.says(LI, "进度")
    process.waits_for(process.heard, 1)
    assert twin.linked.says(WANG, "进度").answer().code == 200
    assert said.acks == []
    twin.clock.forward(60)

    assert said.answer().code == 200
    assert process.heard.count(said.msgid) == 2


def test_06_a_tapped_card_is_acknowledged_with_what_it_shows_next(twin, process, socket):
    shown = {"cardData": {"cardParamMap": {"text": "已确认"}}}
    process.outcomes.append(Response(body=json.dumps(shown).encode()))

    assert twin.linked.taps(LI, "card-1", {"action": "ok"}).answer().data == {"response": shown}


def test_06_what_one_person_said_is_stored_in_its_order_and_others_do_not_wait(
    twin, process, socket
):
    process.store.clear()
    first, second = twin.linked.says(LI, "第一"), twin.linked.says(LI, "第二")
    other = twin.linked.says(WANG, "进度")
    process.waits_for(process.heard, 2)
    assert process.heard == [first.msgid, other.msgid]
    process.store.set()

    assert second.answer().code == 200
    assert process.heard == [first.msgid, other.msgid, second.msgid]


# 7: pings


def test_07_a_ping_is_answered_with_its_own_data(twin, process, socket):
    for count in (1, 2, 3):
        twin.clock.forward(20)
        twin.gateway.pinged(count)  # the twin complains of any other answer

    assert twin.gateway.opened == 1


def test_07_also_while_messages_wait_to_be_stored(twin, process, socket):
    process.store.clear()
    for _ in range(50):  # more than are stored at once
        twin.linked.says(LI, "进度")
    process.waits_for(process.heard, 1)
    twin.clock.forward(20)

    twin.gateway.pinged(1)


# 8: the next connection before the old one ends


def test_08_told_off_it_asks_for_the_next_at_once_and_reads_the_old_to_its_end(
    twin, process, socket
):
    twin.clock.forward(20)
    twin.gateway.pinged(1)
    process.store.clear()
    said = twin.linked.says(LI, "进度")
    process.waits_for(process.heard, 1)
    twin.gateway.disconnect(socket)
    twin.gateway.connected(2)  # no pause has ended: it asked at once
    late = Carried(CALLBACK, MESSAGES, {"msgId": "on its way"}, twin.record)
    socket.waiting["213d_late"] = late
    frame = written(CALLBACK, {"topic": MESSAGES, "messageId": "213d_late"}, late.data)
    socket.tries["213d_late"] = said.tries[0]
    twin.gateway.sends(socket, frame)
    process.waits_for(process.heard, 2)
    process.store.set()

    assert said.answer().connection is socket
    assert late.answer().connection is socket
    assert len(set(tickets(twin))) == 2
    twin.clock.forward(10)  # the old one is closed
    assert twin.linked.says(WANG, "进度").answer().connection is not socket
    assert twin.gateway.opened == 2


def test_08_an_old_socket_that_nobody_closes_is_let_go_of(twin, process, socket):
    twin.gateway.disconnect(socket)
    twin.gateway.connected(2)
    process.pauses.end(LEFT_OPEN)

    twin.record.wait(lambda: socket.socket.close_code is not None, 10, "the end of the old one")
    assert twin.linked.says(LI, "进度").answer().code == 200


def test_08_where_no_next_can_be_had_the_old_one_is_read_on(twin, process, socket):
    twin.clock.forward(20)
    twin.gateway.pinged(1)
    twin.gateway.is_down = True
    twin.gateway.disconnect(socket)
    process.pauses.waits(*FIRST)
    frame = written(CALLBACK, {"topic": MESSAGES, "messageId": ""}, {"msgId": "on its way"})
    socket.waiting[""] = {"topic": MESSAGES, "data": {}}
    twin.gateway.sends(socket, frame)
    process.waits_for(process.heard, 1)
    assert process.connection.state() == "ok: connecting"
    twin.gateway.is_down = False
    process.pauses.end(*FIRST)

    twin.gateway.connected(2)


def test_08_told_off_at_every_coming_it_comes_more_slowly(twin, process, socket):
    twin.gateway.disconnect(socket)
    twin.gateway.disconnect(twin.gateway.connected(2))
    process.pauses.end(2, 3)
    twin.gateway.disconnect(twin.gateway.connected(3))
    process.pauses.end(4, 6)

    twin.gateway.connected(4)


# 9: silence and failures


def test_09_silence_ends_a_connection_that_answers_on_the_lower_level(twin, process, socket):
    assert SILENCE == 60
    twin.linked.says(LI, "进度").answer()
    twin.gateway.silence(socket)
    twin.clock.forward(60)
    process.pauses.end(SILENCE)

    assert twin.gateway.connected(2) is not socket
    process.pauses.end(LEFT_OPEN)
    twin.gateway.stands(1)
    assert twin.linked.says(LI, "进度").answer().code == 200


def test_09_any_frame_is_a_sign_of_life(twin, process, socket):
    process.pauses.waits(SILENCE)
    for count in range(1, 6):
        before = process.pauses.asked.count(SILENCE)
        twin.gateway.says(socket, "KEEPALIVE", {})
        until(lambda b=before: process.pauses.asked.count(SILENCE) > b, 10, f"watch {count}")

    assert twin.gateway.opened == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011, None])
def test_09_after_any_close_it_connects_again(twin, process, socket, code):
    if code is None:
        twin.gateway.cut(socket)
    else:
        twin.gateway.close(socket, code)
    process.pauses.end(*FIRST)

    twin.gateway.connected(2)
    assert twin.linked.says(LI, "进度").answer().code == 200


def test_09_the_pauses_grow_to_a_minute_and_begin_anew_after_a_good_connection(
    twin, process, socket
):
    twin.gateway.is_down = True
    twin.gateway.cut(socket)
    for least, most in (FIRST, (2, 3), (4, 6), (8, 12), (16, 24), (32, 48), (60, 60), (60, 60)):
        process.pauses.end(least, most)
    process.pauses.waits(60)
    assert process.connection.state() == "not connected, 9 tries failed"
    twin.gateway.is_down = False
    process.pauses.end(60)
    good = twin.gateway.connected(2)
    twin.clock.forward(20)
    twin.gateway.pinged(1)
    assert process.connection.state() == "ok"
    twin.gateway.cut(good)

    process.pauses.end(*FIRST)
    twin.gateway.connected(3)


def test_09_pauses_are_spread() -> None:
    assert [back_off(n, 0, 60) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [back_off(n, 1, 60) for n in range(1, 9)] == [1.5, 3, 6, 12, 24, 48, 60, 60]


def test_09_a_server_that_only_opens_to_close_is_not_hurried(twin, process, socket):
    for count, (least, most) in enumerate((FIRST, (2, 3), (4, 6)), 2):
        twin.gateway.close(twin.gateway.connected())
        process.pauses.end(least, most)
        twin.gateway.connected(count)


@pytest.mark.parametrize("trouble", ["503", "code", "hangs up", "another address"])
def test_09_an_opening_that_fails_is_tried_again(twin, process, trouble):
    address = twin.gateway.url
    if trouble == "503":
        twin.faults.status(OPEN, 503)
    elif trouble == "code":
        twin.faults.answer(OPEN, "system.error")
    elif trouble == "hangs up":
        twin.faults.hang_up(OPEN, acted=True)
    else:
        twin.gateway.url = "http://127.0.0.1:9"
    process.connection.start(process.accept)
    process.pauses.waits(*FIRST)
    twin.gateway.url = address
    process.pauses.end(*FIRST)

    twin.gateway.connected()
    assert process.warnings == []


def test_09_an_opening_that_hangs_blocks_nothing(twin, process, socket):
    with twin.faults.held(OPEN):
        twin.gateway.disconnect(socket)
        twin.record.wait(lambda: twin.record.tries[OPEN] == 2, 10, "a second opening")
        frame = written(CALLBACK, {"topic": MESSAGES, "messageId": ""}, {"msgId": "on its way"})
        socket.waiting[""] = {"topic": MESSAGES, "data": {}}
        twin.gateway.sends(socket, frame)
        process.waits_for(process.heard, 1)

    twin.gateway.connected(2)


def test_09_who_is_away_for_ten_minutes_is_told_of(twin, process, socket):
    twin.gateway.is_down = True
    twin.gateway.cut(socket)
    for least, most in (FIRST, (2, 3), (4, 6), (8, 12), (16, 24), (32, 48), *((60, 60),) * 8):
        process.pauses.end(least, most)
        assert process.warnings == []
    process.waits_for(process.warnings, 1)

    assert "断开约十分钟" in process.warnings[0]


def test_09_a_message_for_another_office_is_acknowledged_and_told_of(twin, process, socket):
    process.outcomes = [BadRequest("for another organisation", status=403)]
    assert twin.linked.says(LI, "进度").answer().code == 200
    process.waits_for(process.warnings, 1)

    assert "DINGTALK_CORP_ID" in process.warnings[0]


def test_09_a_wrong_secret_is_tried_slowly_and_told(twin, sqlite):
    process = Process(twin, sqlite, "another")
    process.connection.start(process.accept)
    process.pauses.end(REFUSED_PAUSE)
    process.waits_for(process.warnings, 2)
    warning = process.warnings[0]
    assert "DINGTALK_CLIENT_SECRET" in warning
    assert "another" not in warning
    assert process.connection.state().startswith("refused: ")

    twin.robot.robot.client_secret = "another"  # it was reset on DingTalk's side
    twin.gateway.is_down = True
    process.pauses.end(REFUSED_PAUSE)
    process.pauses.waits(4, 6)
    assert process.connection.state() == "ok: connecting"
    twin.gateway.is_down = False
    process.pauses.end(4, 6)
    twin.gateway.connected()
    process.pauses.waits(SILENCE)
    assert process.connection.state() == "ok"
    process.stop()


def test_09_while_this_address_is_blocked_nothing_is_opened(twin, process, socket):
    twin.quota.bar()
    body = {"appKey": twin.robot.robot.client_id, "appSecret": "client-secret-of-the-app"}
    token = process.calls.request("POST", f"{twin.url}/v1.0/oauth2/accessToken", body, {})
    with pytest.raises(DeliveryError):
        process.calls.ask(token, None)
    twin.gateway.cut(socket)
    process.pauses.end(*FIRST)
    process.pauses.waits(300)
    assert twin.record.tries[OPEN] == 1
    twin.clock.forward(300)
    process.pauses.end(300)

    twin.gateway.connected(2)


# 10: its end, and strange frames


def test_10_it_ends_while_it_is_connected_and_what_is_being_stored_is_acknowledged(
    twin, process, socket
):
    process.store.clear()
    said = twin.linked.says(LI, "进度")
    process.waits_for(process.heard, 1)
    ending = threading.Thread(target=process.stop)
    ending.start()
    process.pauses.waits(0.5)
    twin.clock.forward(20)
    twin.gateway.pinged(1)  # it still stands
    process.store.set()
    ending.join(10)

    assert said.answer().code == 200
    twin.gateway.stands(0)


def test_10_it_ends_while_the_opening_hangs(twin, process):
    with twin.faults.held(OPEN):
        process.connection.start(process.accept)
        twin.record.wait(lambda: twin.record.tries[OPEN] == 1, 10, "an opening")
        process.stop()


def test_10_it_ends_while_the_socket_is_being_opened(twin, process):
    twin.gateway.hangs = True
    process.connection.start(process.accept)
    twin.sent(OPEN, 1)
    process.stop()


def test_10_it_ends_while_it_pauses(twin, process, socket):
    twin.gateway.is_down = True
    twin.gateway.cut(socket)
    process.pauses.waits(*FIRST)
    process.stop()


def test_10_it_ends_though_the_other_side_does_not_agree_and_what_still_comes_is_stored(
    twin, process, socket
):
    twin.linked.says(LI, "进度").answer()
    line = process.connection._line
    twin.gateway._loop.call_soon_threadsafe(socket.socket.transport.pause_reading)
    ending = threading.Thread(target=process.stop)
    ending.start()
    until(lambda: line._socket.state is State.CLOSING, 10, "the end to begin")
    process.store.clear()
    said = [twin.linked.says(LI, "进度").msgid for _ in range(2)]
    until(line.reading.done, 10, "the end of the socket")
    process.store.set()
    ending.join(10)

    assert process.heard[1:] == said


STRANGE = [
    "没有 JSON",
    "[]",
    "{}",
    '{"type":"CALLBACK"}',
    '{"type":7,"headers":{}}',
    '{"type":"CALLBACK","headers":{"topic":7,"messageId":{}}}',
    '{"type":"STRANGE","headers":{"topic":"ping","messageId":"1"},"data":"{}"}',
    '{"type":"SYSTEM","headers":{"topic":"strange","messageId":"1"},"data":"{}"}',
    '{"type":"SYSTEM","headers":null}',
    "[" * 100_000,
    b"\xff\x00\xff",
    b'{"type":"STRANGE","headers":{}}',
]


def test_10_strange_frames_are_survived(twin, process, socket):
    for frame in STRANGE:
        twin.gateway.sends(socket, frame)

        assert twin.linked.says(LI, "进度").answer().connection is socket, frame
    twin.gateway._do(socket.socket.send(b"\xff", text=True))
    socket.waiting["half a character"] = {"topic": "no ping of its own"}
    headers = {"topic": "ping", "messageId": "half a character"}
    half = {"type": "SYSTEM", "headers": headers, "data": '{"opaque":"\ud83d"}'}
    twin.gateway.sends(socket, json.dumps(half))
    assert twin.linked.says(LI, "进度").answer().connection is socket


def test_10_a_callback_that_nobody_asked_for_is_unknown(twin, process, socket):
    assert twin.linked.calls("/v1.0/graph/api/invoke", {}).answer().code == 404
    assert process.heard == []


def test_10_an_event_is_taken_so_that_it_does_not_come_again(twin, process, socket):
    socket.subscriptions |= {(EVENT, "*")}

    assert twin.linked.event("org_admin_add", {}).answer().data == {"status": "SUCCESS"}
    assert process.heard == []


def test_10_header_does_for_headers(twin, process, socket):
    twin.gateway.headers_name = "header"

    assert twin.linked.says(LI, "进度").answer().code == 200


def test_10_a_message_of_a_megabyte_passes(twin, process, socket):
    said = twin.linked.says(LI, '"' * 480_000)  # twice as long within a frame

    assert said.answer().connection is socket


# 11: the ticket


def test_11_no_ticket_and_no_secret_stands_in_a_log_or_a_state(
    twin, process, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        socket = process.start()
        twin.linked.says(LI, "进度").answer()
        twin.gateway.disconnect(socket)
        second = twin.gateway.connected(2)
        twin.gateway.is_down = True
        twin.gateway.cut(second)
        process.pauses.end(*FIRST)
        process.pauses.waits(2, 3)
        twin.faults.hang_up(OPEN)
        process.pauses.end(2, 3)
        process.pauses.waits(4, 6)
        said: list[Any] = [logs, process.connection.state(), process.warnings]
        process.stop()

    secrets = {*tickets(twin), twin.robot.robot.client_secret}
    assert len(secrets) == 4
    for library in ("websockets", "httpx2", "httpcore2"):
        said += [each.getMessage() for each in caplog.records if each.name.startswith(library)]
    for secret in secrets:
        assert secret not in f"{said}"
        assert quote_plus(secret) not in f"{said}"


def test_11_the_ticket_travels_encrypted(twin, process):
    gateway = process.connection._gateway
    gateway._settings = DingTalkSettings(dingtalk_api_base="https://api.dingtalk.com")

    assert gateway._address("wss://host/connect", "a+b/c=") == (
        "wss://host/connect?ticket=a%2Bb%2Fc%3D"
    )
    with pytest.raises(DeliveryError):
        gateway._address("ws://host/connect", "t")
