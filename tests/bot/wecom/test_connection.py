"""The bot's long connection, against the stand-in: lines 25 to 28 of the protocol's checklist."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.waiting import back_off
from bot.wecom import ownership
from bot.wecom.connection import Connection
from bot.wecom.frames import (
    ACKNOWLEDGED_WITHIN,
    PING_EVERY,
    RESPOND,
    SEND,
    WRITTEN_WITHIN,
    addressed,
    message,
    stream,
)
from bot.wecom.line import Line, Unheard
from bot.wecom.ownership import ASKED_EVERY, RENEWED_EVERY, Hold, Ownership, Standing
from models.db import Database
from models.errors import BadRequest, DeliveryError
from tests.pauses import Pauses
from tests.twins.wecom.corp import Member
from tests.twins.wecom.twin import Twin

FIRST = (1.0, 1.5)
PUSH = addressed("wangwu", message("markdown", {"content": "通报"}), is_group=False)


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member("WangWu", "王五")]) as twin:
        yield twin
        assert twin.complaints == []


class Process:
    """One process of the office: its connection, what it heard, and its alarms."""

    def __init__(self, twin: Twin, database: Database, secret: str = "bot-secret") -> None:
        self.pauses = Pauses()
        self.heard: list[dict[str, Any]] = []
        self.alarms: list[str] = []
        self.alarmed = threading.Event()
        self.arrived = threading.Event()
        self.twin = twin
        self.lease = Ownership(database, self.now)
        self.connection = Connection(
            twin.ws_url, "aib-connected", secret, self.lease, self.warn, self.pauses
        )

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.twin.clock.now(), UTC)

    def warn(self, text: str) -> None:
        self.alarms.append(text)
        self.alarmed.set()

    def accept(self, raw: bytes) -> bytes:
        self.heard.append(json.loads(raw))
        self.arrived.set()
        return b""

    def start(self) -> "Process":
        self.connection.start(self.accept)
        return self

    def push(self) -> dict[str, Any]:
        return self.connection.ask(SEND, PUSH)

    def in_background(self, *asked: Any) -> "Asking":
        return Asking(lambda: self.connection.ask(*asked))


class Asking(threading.Thread):
    """A frame asked for in a thread of its own, so that the test can go on."""

    def __init__(self, ask: Any) -> None:
        super().__init__()
        self._ask = ask
        self.told: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.told = self._ask()
        except DeliveryError as error:
            self.told = error

    def result(self) -> Any:
        self.join(10)
        assert not self.is_alive()
        return self.told


@pytest.fixture
def processes(twin: Twin, sqlite: Database) -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for each in started:
        each.connection.stop()


@pytest.fixture
def process(twin: Twin, sqlite: Database, processes: list[Process]) -> Process:
    """Connected, and the person has spoken to the bot."""
    process = Process(twin, sqlite)
    processes.append(process)
    process.start()
    twin.gateway.connected()
    twin.linked.says("WangWu", "进度")
    assert process.arrived.wait(10)
    process.arrived.clear()
    return process


# 25: subscribe, ping, and connect again


def test_25_it_subscribes_and_speaks_after_the_acknowledgement(twin, sqlite, processes):
    process = Process(twin, sqlite)
    processes.append(process)
    with twin.faults.held("aibot_subscribe"):
        process.start()
        twin.record.wait(lambda: twin.record.tries["aibot_subscribe"] == 1, 10, "a subscription")
        twin.linked.known["wangwu"] = 1
        asking = process.in_background(SEND, PUSH)
        process.pauses.waits(6.0)  # it waits for the connection, not for an answer
        assert twin.record.tries[SEND] == 0

    asking.result()
    assert len(twin.sent(SEND, 1)) == 1
    (subscribed,) = twin.sent("aibot_subscribe")
    assert subscribed.body == {"bot_id": "aib-connected", "secret": "bot-secret"}


def test_25_it_pings_every_thirty_seconds(twin, process):
    assert PING_EVERY == 30
    for count in (1, 2, 3):
        process.pauses.end(PING_EVERY)
        twin.gateway.pinged(count)
    assert twin.gateway.opened == 1


def test_25_one_missed_acknowledgement_is_forgiven(twin, process):
    with twin.faults.mute():
        process.pauses.end(PING_EVERY)
        twin.record.wait(lambda: twin.record.tries["ping"] == 1, 10, "a ping")
        process.pauses.end(ACKNOWLEDGED_WITHIN)
        process.pauses.waits(PING_EVERY)
    process.pauses.end(PING_EVERY)
    twin.gateway.pinged(1)

    assert twin.gateway.opened == 1


def test_25_after_two_it_connects_again(twin, process):
    with twin.faults.mute():
        for count in (1, 2):
            process.pauses.end(PING_EVERY)
            twin.record.wait(lambda n=count: twin.record.tries["ping"] == n, 10, "a ping")
            process.pauses.end(ACKNOWLEDGED_WITHIN)
        process.pauses.waits(*FIRST)
    process.pauses.end(*FIRST)

    twin.gateway.connected(2)
    process.push()
    assert len(twin.seen("WangWu")) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011, None])
def test_25_after_any_close_it_connects_again(twin, process, code):
    if code is None:
        twin.gateway.cut()
    else:
        twin.gateway.close(code)
    process.pauses.end(*FIRST)

    twin.gateway.connected(2)
    process.push()
    assert process.alarms == []


def test_25_the_pauses_grow_to_half_a_minute(twin, process):
    twin.gateway.is_down = True
    twin.gateway.cut()
    for least, most in (FIRST, (2, 3), (4, 6), (8, 12), (16, 24), (30, 30), (30, 30)):
        process.pauses.end(least, most)
    twin.gateway.is_down = False
    process.pauses.end(30, 30)
    twin.gateway.connected(2)


def test_25_pauses_are_spread() -> None:
    assert [back_off(n, 0, 30) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert [back_off(n, 1, 30) for n in range(1, 8)] == [1.5, 3, 6, 12, 24, 30, 30]


def test_25_a_server_that_only_opens_to_close_is_not_hurried(twin, process):
    for count, (least, most) in enumerate((FIRST, (2, 3)), 2):
        twin.gateway.close(1000)
        process.pauses.end(least, most)
        twin.gateway.connected(count)
    process.pauses.end(PING_EVERY)
    twin.gateway.pinged(1)
    process.pauses.waits(PING_EVERY)
    twin.gateway.close(1000)
    process.pauses.end(*FIRST)


def test_25_a_wrong_secret_stops_it_with_an_alarm(twin, sqlite, processes):
    process = Process(twin, sqlite, "wrong")
    processes.append(process)
    process.start()
    assert process.alarmed.wait(10)

    (alarm,) = process.alarms
    assert "WECOM_BOT_SECRET" in alarm
    assert "wrong" not in alarm
    with pytest.raises(DeliveryError) as caught:
        process.push()
    assert caught.value.elsewhere
    assert (twin.gateway.opened, twin.gateway.subscriptions) == (1, 0)


def test_25_a_refusal_of_another_kind_is_tried_again(twin, sqlite, processes):
    twin.faults.answer("aibot_subscribe", -1)
    process = Process(twin, sqlite)
    processes.append(process)
    process.start()
    process.pauses.end(*FIRST)

    twin.gateway.connected()
    assert process.alarms == []


# 26: what codes ask for


def test_26_a_lost_subscription_is_made_again_and_the_word_sent_once_more(twin, process):
    twin.gateway.forget()
    asking = process.in_background(SEND, PUSH)
    process.pauses.end(*FIRST)

    assert asking.result() == {}
    assert [each.errcode for each in twin.sent(SEND, all=True)] == [846609, 0]
    assert len(twin.seen("WangWu")) == 1


def test_26_it_is_sent_once_more_and_no_oftener(twin, process):
    twin.faults.answer(SEND, 846609, times=None)
    asking = process.in_background(SEND, PUSH)
    process.pauses.end(*FIRST)

    error = asking.result()
    assert isinstance(error, DeliveryError)
    assert (error.code, error.retryable, error.unknown) == (846609, True, False)
    assert twin.record.tries[SEND] == 2


def test_26_a_ping_without_a_subscription_connects_again(twin, process):
    twin.faults.answer("ping", 846609)
    process.pauses.end(PING_EVERY)
    process.pauses.end(*FIRST)
    twin.gateway.connected(2)


@pytest.mark.parametrize(
    ("code", "retryable", "elsewhere"),
    [(846605, False, False), (93006, False, True), (846607, True, False), (40058, False, False)],
)
def test_26_other_codes_are_said_and_not_tried_again(twin, process, code, retryable, elsewhere):
    twin.faults.answer(SEND, code)
    with pytest.raises(DeliveryError) as caught:
        process.push()

    found = (caught.value.code, caught.value.retryable, caught.value.elsewhere)
    assert found == (code, retryable, elsewhere)
    assert twin.record.tries[SEND] == 1
    assert twin.gateway.opened == 1


@pytest.mark.parametrize("acted", [False, True])
def test_26_nobody_knows_what_became_of_a_word_without_an_answer(twin, process, acted):
    twin.faults.hang_up(SEND, acted=acted)
    with pytest.raises(DeliveryError) as caught:
        process.push()

    assert caught.value.unknown
    assert len(twin.seen("WangWu")) == acted


def test_26_without_a_connection_another_door_may_do_better(twin, process):
    twin.gateway.is_down = True
    twin.gateway.cut()
    process.pauses.end(*FIRST)
    process.pauses.waits(2, 3)
    with pytest.raises(DeliveryError) as caught:
        process.push()

    found = caught.value
    assert (found.retryable, found.elsewhere, found.unknown) == (True, True, False)


# 27: one owner


def renewed(process: Process) -> None:
    """Its lease is asked for once more, and the answer is there."""
    process.pauses.turn(RENEWED_EVERY, ASKED_EVERY)


@pytest.fixture
def standby(twin: Twin, process: Process, sqlite: Database, processes: list[Process]) -> Process:
    """A second process of the same office, which has asked for the lease in vain."""
    standby = Process(twin, sqlite)
    processes.append(standby)
    standby.start()
    standby.pauses.waits(ASKED_EVERY)
    return standby


def test_27_one_of_two_processes_connects(twin, process, standby):
    for _ in range(3):
        twin.clock.forward(RENEWED_EVERY)
        renewed(process)
        renewed(standby)

    assert (process.connection.is_owner, standby.connection.is_owner) == (True, False)
    assert twin.gateway.opened == 1


def test_27_whoever_is_stopped_hands_the_connection_on_at_once(twin, process, standby):
    process.connection.stop()
    renewed(standby)

    twin.gateway.connected(2)
    assert standby.connection.is_owner
    assert not process.connection.is_owner


def test_27_a_dead_owner_is_replaced_within_a_minute(twin, process, standby, monkeypatch):
    monkeypatch.setattr(process.lease, "release", lambda: None)
    process.connection.stop()  # its socket is gone, its lease is not
    passed = 0.0
    while not standby.connection.is_owner:
        twin.clock.forward(RENEWED_EVERY)
        passed += RENEWED_EVERY
        renewed(standby)

    twin.gateway.connected(2)
    assert passed <= 40
    assert standby.push() == {}


@pytest.mark.parametrize("lingers", [False, True])
def test_27_an_owner_that_was_too_slow_does_not_kick_back(twin, process, standby, lingers):
    twin.gateway.lingers = lingers
    twin.clock.forward(31)
    renewed(standby)  # the first one hangs, its socket is open
    twin.gateway.connected(2)
    process.pauses.end(*FIRST)  # it was displaced; before it connects it has to have the lease
    for _ in range(6):
        twin.clock.forward(RENEWED_EVERY)
        renewed(standby)
        renewed(process)

    assert (process.connection.is_owner, standby.connection.is_owner) == (False, True)
    assert (twin.gateway.opened, twin.gateway.subscriptions) == (2, 2)
    assert process.alarms == standby.alarms == []


def test_27_a_lease_that_ran_out_during_a_pause_makes_no_connection(twin, process, standby):
    twin.gateway.cut()
    process.pauses.waits(*FIRST)
    twin.clock.forward(31)
    renewed(standby)
    twin.gateway.connected(2)
    process.pauses.end(*FIRST)  # nothing of its lease was asked for meanwhile
    process.pauses.end(2, 3)
    renewed(process)

    assert (process.connection.is_owner, standby.connection.is_owner) == (False, True)
    assert (twin.gateway.opened, twin.gateway.subscriptions) == (2, 2)


def test_27_the_slow_one_takes_over_again_when_the_other_ends(twin, process, standby):
    twin.clock.forward(31)
    renewed(standby)
    twin.gateway.connected(2)
    process.pauses.end(*FIRST)
    standby.connection.stop()
    renewed(process)

    twin.gateway.connected(3)
    assert process.push() == {}


def test_27_an_owner_that_cannot_connect_lets_the_other_try(twin, process, standby):
    process.connection._url = "ws://127.0.0.1:9"  # nobody is there
    twin.gateway.cut()
    for least, most in (FIRST, (2, 3)):
        process.pauses.end(least, most)
    process.pauses.waits(4, 6)
    renewed(standby)
    twin.gateway.connected(2)
    process.pauses.end(4, 6)
    renewed(process)

    assert (process.connection.is_owner, standby.connection.is_owner) == (False, True)
    assert standby.push() == {}
    assert (twin.gateway.subscriptions, twin.gateway.displaced) == (2, 0)


def test_27_when_nobody_can_connect_the_pauses_grow_all_the_same(twin, process, standby):
    twin.gateway.is_down = True
    twin.gateway.cut()
    for least, most in (FIRST, (2, 3)):
        process.pauses.end(least, most)
    process.pauses.waits(4, 6)
    renewed(standby)
    for least, most in (FIRST, (2, 3)):
        standby.pauses.end(least, most)
    standby.pauses.waits(4, 6)
    process.pauses.end(4, 6)
    process.pauses.waits(8, 12)  # not anew from a second on
    twin.gateway.is_down = False
    process.pauses.end(8, 12)

    twin.gateway.connected(2)
    assert process.connection.is_owner


def test_27_displaced_from_outside_it_stops_with_an_alarm_and_keeps_the_lease(
    twin, process, standby, sqlite, processes
):
    stranger = Process(twin, sqlite)
    processes.append(stranger)
    stranger.connection._ownership = Elsewhere()
    stranger.start()
    assert process.alarmed.wait(10)
    for _ in range(6):
        twin.clock.forward(RENEWED_EVERY)
        renewed(process)
        renewed(standby)

    (alarm,) = process.alarms
    assert "重启本服务" in alarm
    assert process.connection.is_owner  # nobody of the office goes on with the quarrel
    assert not standby.connection.is_owner
    assert (twin.gateway.opened, twin.gateway.subscriptions) == (2, 2)


class Elsewhere(Ownership):
    """Another installation, with a database of its own."""

    is_current = True

    def __init__(self) -> None:
        pass

    def renew(self) -> Hold:
        return Hold.KEPT

    def note(self, standing: Standing, why: str = "") -> None:
        pass

    def release(self) -> None:
        pass


def refuse(*_: Any, **__: Any) -> bool:
    raise OperationalError("lease", {}, Exception("database is locked"))


@pytest.fixture
def without_database(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "holds_lease", refuse)


def test_27_without_the_database_a_connection_is_kept(twin, process, without_database):
    twin.clock.forward(120)
    renewed(process)

    assert process.push() == {}


def test_27_without_the_database_and_the_lease_none_is_made(twin, process, without_database):
    twin.clock.forward(31)
    renewed(process)
    twin.gateway.cut()
    process.pauses.end(*FIRST)
    renewed(process)
    with pytest.raises(DeliveryError):
        process.push()

    assert twin.gateway.opened == 1


# 28: in turn, and with time-outs


def test_28_frames_of_one_callback_wait_for_each_other(twin, process):
    exchange = twin.linked.says("WangWu", "图表")
    frames = [stream("s", text, is_over=text == "一二三") for text in ("一", "一二", "一二三")]
    with twin.faults.held(RESPOND):
        asking = [process.in_background(RESPOND, frames[0], exchange.req_id)]
        twin.record.wait(lambda: twin.record.tries[RESPOND] == 1, 10, "the first frame")
        for each in frames[1:]:
            asking.append(process.in_background(RESPOND, each, exchange.req_id))
        process.push()  # what belongs to nothing goes beside
        assert twin.record.tries[RESPOND] == 1
    for each in asking:
        assert each.result() == {}

    sent = twin.answers(exchange, 3)
    assert sent[0].body == frames[0]
    assert len(sent) == 3


def test_28_a_late_acknowledgement_is_waited_for_before_the_next_frame(twin, process):
    exchange = twin.linked.says("WangWu", "图表")
    with twin.faults.held(RESPOND):
        first = process.in_background(RESPOND, stream("s", "一"), exchange.req_id)
        twin.sent(RESPOND, 1)
        process.pauses.end(ACKNOWLEDGED_WITHIN)
        assert first.result().unknown
        second = process.in_background(RESPOND, stream("s", "一二"), exchange.req_id)
        process.pauses.waits(ACKNOWLEDGED_WITHIN)
        assert twin.record.tries[RESPOND] == 1

    assert second.result() == {}
    assert [each.body["stream"]["content"] for each in twin.sent(RESPOND, 2)] == ["一", "一二"]


class Stuck:
    """A socket whose other side takes nothing more."""

    closed = False

    async def send(self, text: str) -> None:
        await asyncio.Event().wait()

    def __aiter__(self) -> "Stuck":
        return self

    async def __anext__(self) -> str:
        await asyncio.Event().wait()
        raise StopAsyncIteration

    async def close(self) -> None:
        self.closed = True


def test_28_a_frame_that_does_not_leave_is_given_up() -> None:
    pauses, socket = Pauses(), Stuck()

    async def story() -> bool:
        line = Line(socket, lambda raw, frame: None, pauses)  # type: ignore[arg-type]
        try:
            await line.ask("ping")
        except Unheard as error:
            return error.has_left and line.is_over
        finally:
            await line.close()
        return False

    asking = Asking(lambda: asyncio.run(story()))
    pauses.end(WRITTEN_WITHIN)

    assert asking.result() is True
    assert socket.closed


def test_28_callbacks_of_one_sender_are_stored_in_their_order(twin, process):
    held, stored = threading.Event(), []

    def accept(raw: bytes) -> bytes:
        text = json.loads(raw)["body"]["text"]["content"]
        if text == "一":
            assert held.wait(10)
        stored.append(text)
        if len(stored) == 4:
            process.arrived.set()
        return b""

    process.connection._accept = accept
    for text in ("一", "二", "三"):
        twin.linked.says("WangWu", text)
    twin.linked.says("LiSi", "别人")
    held.set()
    assert process.arrived.wait(10)

    assert [each for each in stored if each != "别人"] == ["一", "二", "三"]


def test_unreadable_frames_harm_nobody(twin, process):
    for frame in ({}, {"cmd": 5}, {"headers": {}}, {"cmd": "x", "headers": {"req_id": "r"}}):
        twin.gateway.tell(frame)
    twin.linked.says("WangWu", "进度")
    assert process.arrived.wait(10)

    assert process.push() == {}


@pytest.mark.parametrize("error", [BadRequest("forged"), ValueError("a bug")])
def test_a_call_that_cannot_be_stored_harms_no_other(twin, process, error):
    def refuse(raw: bytes) -> bytes:
        process.arrived.set()
        raise error

    process.connection._accept = refuse
    twin.linked.says("WangWu", "进度")
    assert process.arrived.wait(10)
    process.connection._accept = process.accept
    twin.linked.says("WangWu", "进度")
    assert process.push() == {}


def test_what_came_is_stored_before_it_ends(twin, process):
    begun, held = threading.Event(), threading.Event()

    def accept(raw: bytes) -> bytes:
        begun.set()
        assert held.wait(10)
        process.heard.append({})
        return b""

    before = len(process.heard)
    process.connection._accept = accept
    twin.linked.says("WangWu", "进度")
    assert begun.wait(10)
    stopping = threading.Thread(target=process.connection.stop)
    stopping.start()
    held.set()
    stopping.join(10)

    assert len(process.heard) == before + 1


def test_what_was_on_its_way_is_heard_at_the_end(twin, process):
    for number in range(20):
        twin.linked.says("WangWu", f"第{number}条")
    process.connection.stop()

    heard = [each["body"]["text"]["content"] for each in process.heard]
    assert heard[1:] == [f"第{number}条" for number in range(20)]


def test_27_displaced_without_the_database_it_asks_before_it_connects(
    twin, process, sqlite, processes, monkeypatch
):
    ask = ownership.holds_lease
    monkeypatch.setattr(ownership, "holds_lease", refuse)
    stranger = Process(twin, sqlite)
    processes.append(stranger)
    stranger.connection._ownership = Elsewhere()
    stranger.start()
    process.pauses.end(*FIRST)
    renewed(process)
    assert twin.gateway.opened == 2
    monkeypatch.setattr(ownership, "holds_lease", ask)
    renewed(process)
    twin.gateway.connected(3)  # once; had the stranger come again, it would stop with an alarm


def test_30_the_secret_is_in_no_log(twin, process, logs, caplog):
    twin.gateway.close(1011)
    process.pauses.end(*FIRST)
    twin.gateway.connected(2)

    assert "bot-secret" not in str(logs) + caplog.text
