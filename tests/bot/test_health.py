"""Alive, ready, measured: what a balancer, an operator and Prometheus are told."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.health import LONGEST_WAIT
from bot.settings import Settings
from models.lease import Lease
from models.message import Reply
from models.outbox import OutboxMessage, say
from scheduler.lease import SPAN, holds_lease
from tests.factories import a_group


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.chdir(tmp_path)
    house = build(Settings(_env_file=None, sandbox=True, database_url="sqlite:///play.db"))
    yield house
    house.close()


@pytest.fixture
def http(house: House) -> TestClient:
    return TestClient(create_app(house))


def a_waiting_word(house: House, seconds: float) -> None:
    with house.database.write() as session:
        chat = a_group(session, "联络员群")
        say(session, chat.id or 0, Reply("周排名"), key="x", now=house.clock())
        word = session.exec(select(OutboxMessage)).one()
        word.not_before = house.clock() - timedelta(seconds=seconds)


def test_alive_means_that_the_process_answers(http: TestClient) -> None:
    assert (http.get("/healthz").status_code, http.get("/healthz").json()) == (
        200,
        {"status": "ok"},
    )


def test_without_a_scheduler_anywhere_it_is_not_ready(house: House, http: TestClient) -> None:
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json()["scheduler"]) == (503, "no process has it")

    holds_lease(house.database, "another process", datetime.now(UTC))
    answer = http.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()) == {"database", "scheduler", "delivery"}


def test_a_lease_that_ran_out_is_none(house: House, http: TestClient) -> None:
    holds_lease(house.database, "dead", datetime.now(UTC) - SPAN)

    assert http.get("/readyz").json()["scheduler"] == "no process has it"


@pytest.mark.parametrize(("seconds", "status"), [(LONGEST_WAIT - 60, 200), (LONGEST_WAIT + 1, 503)])
def test_a_word_that_waits_too_long_shows_that_delivery_does_not_work(
    house: House, http: TestClient, seconds: float, status: int
) -> None:
    holds_lease(house.database, "another process", datetime.now(UTC))
    a_waiting_word(house, seconds)

    assert http.get("/readyz").status_code == status


def test_a_database_that_is_away_is_told_and_the_process_still_lives(
    house: House, http: TestClient
) -> None:
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE lease")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")

    answer = http.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "OperationalError")
    assert http.get("/healthz").status_code == 200


def test_the_figures_that_matter_are_measured(house: House, http: TestClient) -> None:
    a_waiting_word(house, 120)

    text = http.get("/metrics").text

    waited = re.search(r"^dajuan_outbox_oldest_seconds (\S+)$", text, re.MULTILINE)
    assert waited is not None
    assert 120 <= float(waited[1]) < 180
    assert "dajuan_inbox_oldest_seconds 0.0" in text
    assert 'dajuan_outbox_messages{state="waiting"} 1.0' in text


def test_the_running_service_is_ready_and_hands_its_lease_back(house: House) -> None:
    with TestClient(create_app(house)) as running:
        deadline = datetime.now(UTC) + timedelta(seconds=10)
        while running.get("/readyz").status_code != 200:
            assert datetime.now(UTC) < deadline, running.get("/readyz").text
    with house.database.read() as session:
        assert session.exec(select(Lease)).all() == []
