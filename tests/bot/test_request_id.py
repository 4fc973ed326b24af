"""The id of a call: told to the platform, logged, and kept beside the message and its answers."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.testclient import TestClient

from bot import webhooks
from bot.logs import set_up_logs
from models.db import Database
from models.errors import DeliveryError
from models.outbox import OutboxMessage
from tests.console import Dajuan
from tests.hall import SIGNED, Hall, break_down

ID = "X-Request-Id"


def client_of(hall: Hall) -> TestClient:
    app = FastAPI()
    webhooks.add_doors(app, hall.door, hall.platforms)
    return TestClient(app)


def call(hall: Hall, text: str) -> str:
    """The id that the platform is told."""
    answer = client_of(hall).post("/webhooks/sandbox", content=hall.call(text).body, headers=SIGNED)
    return answer.headers[ID]


def caused(hall: Hall, request_id: str) -> list[str]:
    """The words that are owed because of a call."""
    query = select(OutboxMessage.text).where(OutboxMessage.request_id == request_id)
    with hall.database.read() as session:
        return list(session.exec(query.order_by(col(OutboxMessage.id))))


def test_words_are_found_by_the_id_of_the_call_that_caused_them(on_both: Hall) -> None:
    first, second = call(on_both, "回声 一"), call(on_both, "回声 二")
    on_both.work()

    assert re.fullmatch("[0-9a-f]{12}", first)
    assert [row.request_id for row in on_both.rows()] == [first, second]
    assert (caused(on_both, first), caused(on_both, second)) == (["听到 一"], ["听到 二"])


def test_an_alarm_about_a_fault_names_the_call_that_met_it(hall: Hall) -> None:
    hall.trouble = break_down
    number = call(hall, "记账 一")
    hall.work()

    assert len(caused(hall, number)) == 2, "the calm word to the person, the exact one to us"


def test_a_call_keeps_its_id_on_disk(hall: Hall) -> None:
    kept = hall.call("回声 一")
    hall.spool.keep(hall.platform.name, kept, hall.now)

    hall.door.take_in_spooled()

    assert hall.row("回声 一").request_id == kept.request_id


def test_a_call_that_an_older_version_kept_on_disk_is_given_an_id(hall: Hall) -> None:
    hall.spool.keep(hall.platform.name, hall.call("回声 一"), hall.now)
    (path,) = hall.spool.waiting()
    record = json.loads(path.read_text())
    del record["request_id"]
    path.write_text(json.dumps(record))

    hall.door.take_in_spooled()

    assert re.fullmatch("[0-9a-f]{12}", hall.row("回声 一").request_id)


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("POST", {"x-sign": "bad"}, b"{}", 403),
        ("POST", SIGNED, b"no json", 400),
        ("POST", SIGNED, b"x" * 1_000_001, 413),
        ("GET", {}, b"", 403),
    ],
    ids=["forged", "unreadable", "too large", "address check"],
)
def test_refused_calls_have_an_id_as_well(
    hall: Hall, method: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    client = client_of(hall)
    answers = [
        client.request(method, "/webhooks/sandbox", content=body, headers=headers) for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [status, status]
    assert answers[0].headers[ID] != answers[1].headers[ID]


def test_the_log_tells_of_a_call_by_its_id_from_the_door_to_the_answer(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.reset_defaults()
    set_up_logs("INFO", "json")
    hall = Hall(sqlite, tmp_path)
    refused = client_of(hall).post("/webhooks/sandbox", content=b"{}", headers=SIGNED)
    handled = call(hall, "回声 一")
    hall.work()
    hall.close()

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "{" in line]
    told = {line["event"]: line["request_id"] for line in lines if "request_id" in line}
    assert told == {
        "call refused": refused.headers[ID],
        "message handled": handled,
        "delivered": handled,
    }


def test_one_id_leads_from_the_door_over_the_spool_to_what_a_platform_refused(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.reset_defaults()
    set_up_logs("INFO", "json")
    hall = Hall(sqlite, tmp_path)
    with sqlite.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE inbox RENAME TO gone")
    number = call(hall, "回声 一")
    with sqlite.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE gone RENAME TO inbox")
    hall.door.take_in_spooled()
    hall.platform.refuses.append(DeliveryError("忙", retryable=True))
    hall.work()
    hall.now += timedelta(minutes=1)
    hall.work()
    hall.close()

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "{" in line]
    told = [line["event"] for line in lines if line.get("request_id") == number]
    assert told == ["message spooled", "message handled", "not delivered", "delivered"]
    with sqlite.read() as session:
        word = session.exec(select(OutboxMessage)).one()
    assert word.request_id == number


def test_an_operator_is_shown_the_id_of_a_message_and_of_what_it_caused(
    dajuan: Dajuan, sqlite_template: Path
) -> None:
    Path("var").mkdir()
    shutil.copy(sqlite_template, "var/dajuan.db")
    assert dajuan("say", "--as", "路人", "你好").code == 0

    came, said = dajuan("inbox", "show", "1").json, dajuan("outbox", "show", "1").json

    assert re.fullmatch("[0-9a-f]{12}", came["request_id"])
    assert said["request_id"] == came["request_id"]
    assert came["message"]["text"] == "你好"
