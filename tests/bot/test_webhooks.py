"""The doors: forged and unreadable calls learn nothing, and no acknowledged call is ever lost."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient
from structlog.typing import EventDict

from bot import webhooks
from models.db import open_database
from tests.hall import SIGNED, Hall


def client_of(hall: Hall) -> TestClient:
    app = FastAPI()
    webhooks.add_doors(app, hall.door, hall.platforms)
    return TestClient(app, raise_server_exceptions=True)


@pytest.fixture(params=[True, False], ids=["on the loop", "in a thread"])
def client(hall: Hall, request: pytest.FixtureRequest) -> TestClient:
    hall.platform.is_quick = request.param
    return client_of(hall)


def post(client: TestClient, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.post("/webhooks/sandbox", content=body, headers=headers or SIGNED)
    return answer.status_code, answer.text


def test_a_call_is_acknowledged_in_the_platforms_words_and_answered_later(
    hall: Hall, client: TestClient
) -> None:
    assert post(client, hall.call("回声 早上好").body) == (200, "success")
    assert hall.platform.lines == []

    hall.work()
    assert hall.platform.lines == [("联络员甲", "听到 早上好")]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"x-sign": "bad"}, b'{"id": "m1", "sender": "x", "text": "hello"}', 403),
        ({"x-sign": ""}, b"", 403),
        (SIGNED, b"", 400),
        (SIGNED, b"not json", 400),
        (SIGNED, b'{"id": "m1"}', 400),
        (SIGNED, b"\xff\xfe\x00", 400),
        (SIGNED, b"[" * 5000, 400),
        (SIGNED, b'{"id": "m1", "sender": "x", "text": "\\ud800"}', 400),
    ],
    ids=[
        "forged",
        "unsigned",
        "empty",
        "no json",
        "incomplete",
        "bytes",
        "deep",
        "half a character",
    ],
)
def test_forged_and_unreadable_calls_get_a_bare_status(
    hall: Hall, client: TestClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert post(client, body, headers) == (status, "")
    assert hall.rows() == []
    assert list(hall.spool.waiting()) == []


def a_body_of(size: int) -> bytes:
    frame = json.dumps({"id": "m1", "sender": "联络员甲", "text": ""}).encode()
    return frame.replace(b'"text": ""', b'"text": "' + b"x" * (size - len(frame)) + b'"')


def test_a_body_of_one_megabyte_is_taken_and_a_byte_more_is_not(
    hall: Hall, client: TestClient
) -> None:
    assert post(client, a_body_of(1_000_001)) == (413, "")
    assert hall.rows() == []

    assert post(client, a_body_of(1_000_000)) == (200, "success")
    assert len(hall.rows()) == 1


def test_a_body_without_a_stated_length_is_refused_as_soon_as_it_is_too_large(
    hall: Hall, client: TestClient
) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"x" * 100_000

    answer = client.post("/webhooks/sandbox", content=endless(), headers=SIGNED)
    assert answer.status_code == 413
    assert hall.rows() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/wecom/app", 404),
        ("POST", "/webhooks/", 404),
        ("POST", "/webhooks/sandbox/../sandbox2", 404),
        ("PUT", "/webhooks/sandbox", 405),
        ("DELETE", "/webhooks/sandbox", 405),
    ],
)
def test_only_served_platforms_have_a_door(
    client: TestClient, method: str, path: str, status: int
) -> None:
    assert client.request(method, path, content=b"{}", headers=SIGNED).status_code == status


def test_the_address_check_is_answered_when_it_is_genuine(client: TestClient) -> None:
    good = client.get("/webhooks/sandbox", params={"sign": "good", "echo": "e4711"})
    forged = client.get("/webhooks/sandbox", params={"sign": "bad", "echo": "e4711"})

    assert (good.status_code, good.text) == (200, "e4711")
    assert (forged.status_code, forged.text) == (403, "")


def test_a_locked_database_sends_the_call_to_the_spool_and_it_is_answered_once(
    on_both: Hall, database_url: str, monkeypatch: pytest.MonkeyPatch, logs: list[EventDict]
) -> None:
    """The writer still waits for the lock and stores the call, too; its repeat finds the row."""
    monkeypatch.setattr(webhooks, "PATIENCE", 0.05)
    client = client_of(on_both)
    other = open_database(database_url)
    with ExitStack() as lock:
        session = lock.enter_context(other.write())
        lock_table = "LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"
        session.execute(text("SELECT 1" if other.is_sqlite else lock_table))
        assert post(client, on_both.call("记账 一").body) == (200, "success")
        assert len(on_both.spool.waiting()) == 1
    other.dispose()
    monkeypatch.setattr(webhooks, "PATIENCE", 10.0)

    on_both.door.take_in_spooled()
    on_both.work()

    assert on_both.platform.lines == [("联络员甲", "已记 一")]
    assert on_both.count() == 1
    assert list(on_both.spool.waiting()) == []
    spooled = [each for each in logs if each["event"] == "message spooled"]
    assert spooled == [
        {
            "event": "message spooled",
            "platform": "sandbox",
            "reason": "TimeoutError",
            "log_level": "warning",
        }
    ]


def gone(hall: Hall, *, back: bool = False) -> None:
    """Take the inbox's table away, or put it back."""
    names = ("away", "inbox") if back else ("inbox", "away")
    with hall.database.write() as session:
        session.execute(text(f"ALTER TABLE {names[0]} RENAME TO {names[1]}"))


def test_a_database_that_refuses_keeps_every_call_in_the_order_of_its_sender(
    hall: Hall, client: TestClient
) -> None:
    gone(hall)
    for number in range(5):
        hall.later(seconds=1)
        assert post(client, hall.call(f"记账 {number}").body) == (200, "success")
    assert hall.door.take_in_spooled() == 0
    assert len(hall.spool.waiting()) == 5
    gone(hall, back=True)

    assert hall.door.take_in_spooled() == 5
    hall.work()
    assert [text for _, text in hall.platform.lines] == [f"已记 {number}" for number in range(5)]
    assert [row.received_at for row in hall.rows()] == sorted(
        row.received_at for row in hall.rows()
    )


def test_the_time_of_receipt_is_that_of_the_call_and_not_of_the_recovery(
    hall: Hall, client: TestClient
) -> None:
    received = hall.now
    gone(hall)
    post(client, hall.call("记账 一").body)
    gone(hall, back=True)
    hall.later(hours=1)

    hall.door.take_in_spooled()

    assert hall.row("记账 一").received_at == received


def test_when_the_disk_refuses_too_the_platform_is_asked_to_come_again(
    hall: Hall, client: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    gone(hall)
    call = hall.call("记账 一").body

    assert post(client, call) == (503, "")

    gone(hall, back=True)
    (tmp_path / "spool").unlink()
    assert post(client, call) == (200, "success")
    hall.work()
    assert hall.platform.lines == [("联络员甲", "已记 一")]


def test_a_forged_call_is_refused_also_while_the_database_is_away(
    hall: Hall, client: TestClient
) -> None:
    gone(hall)

    assert post(client, hall.call("记账 一").body, {"x-sign": "bad"}) == (403, "")
    assert list(hall.spool.waiting()) == []
    gone(hall, back=True)
