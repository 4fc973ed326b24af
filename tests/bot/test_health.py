"""Alive, ready, measured: what a balancer, an operator and Prometheus are told."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.backup import note_backup
from bot.health import LONGEST_WAIT
from bot.platforms.base import Request
from bot.platforms.sandbox import Body
from bot.settings import Settings
from models.chat import Chat
from models.errors import BadRequest
from models.lease import Lease
from models.message import ChatKind, Reply
from models.obligation import Obligation, ObligationState
from models.outbox import OutboxMessage, say
from scheduler.lease import SPAN, holds_lease
from tests.factories import a_group, xiangxi


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


@pytest.mark.parametrize(
    ("ago", "status", "told"),
    [
        (timedelta(0), 200, "ok: its process has ended, another is about to take it"),
        (
            SPAN - timedelta(seconds=10),
            200,
            "ok: its process has ended, another is about to take it",
        ),
        (SPAN, 503, "no process has it"),
    ],
    ids=["just now", "a moment ago", "nobody took it"],
)
def test_a_lease_that_ran_out_is_taken_within_a_minute_or_nobody_is_there(
    house: House, http: TestClient, ago: timedelta, status: int, told: str
) -> None:
    """The owner was killed: until another takes over, all of them still take messages."""
    holds_lease(house.database, "dead", datetime.now(UTC) - SPAN - ago)

    answer = http.get("/readyz")

    assert (answer.status_code, answer.json()["scheduler"]) == (status, told)


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


def figures(http: TestClient) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    families = text_string_to_metric_families(http.get("/metrics").text)
    return {
        f"{each.name}{sorted(each.labels.items())}": each.value
        for family in families
        for each in family.samples
    }


def test_obligations_are_counted_around_today_and_overdue_ones_until_they_come(
    house: House, http: TestClient
) -> None:
    with house.database.write() as session:
        xiangxi(session)
        now = house.clock()
        rows = session.exec(select(Obligation)).all()
        for each in rows:  # long past, and no concern of anybody's
            each.due, each.state = now - timedelta(days=400), ObligationState.ACCEPTED
        late, extended, returned, waived = rows[:4]
        late.due, late.state = now - timedelta(days=3), ObligationState.OWED
        extended.due, extended.state = now - timedelta(days=2), ObligationState.OWED
        extended.extended_to = now + timedelta(days=2)
        returned.due, returned.state = now + timedelta(days=9), ObligationState.RETURNED
        waived.due, waived.state = now - timedelta(days=30), ObligationState.WAIVED

    found = figures(http)

    assert found["dajuan_obligations_overdue[]"] == 1
    states = {name: found[f"dajuan_obligations[('state', '{name}')]"] for name in ObligationState}
    assert states == {"owed": 2, "submitted": 0, "returned": 1, "accepted": 0, "waived": 1}


def test_what_this_process_did_is_counted_by_door_and_outcome(
    house: House, http: TestClient, tmp_path: Path
) -> None:
    a_waiting_word(house, 1)
    house.delivery.deliver_due()
    with house.database.write() as session:
        nowhere = Chat(kind=ChatKind.GROUP, name="没有通道的群", created_at=house.clock())
        session.add(nowhere)
        session.flush()
        say(session, nowhere.id or 0, Reply("周排名"), key="y", now=house.clock())
    house.delivery.deliver_due()
    house.jobs.run("reminders", house.clock())
    call = partial(house.door.acknowledged.counted, house.door.accept, "sandbox")
    body = Body(id="1", person="甲", chat="single", text="帮助")
    call(Request("POST", {}, {}, body.model_dump_json().encode()))
    with pytest.raises(BadRequest):
        call(Request("POST", {}, {}, b"{"))
    (tmp_path / "var/spool").mkdir(parents=True)
    (tmp_path / "var/spool/1.json").write_text("{}")

    found = figures(http)

    sandbox = ("platform", "sandbox")
    assert found["dajuan_deliveries_total[('door', 'sandbox'), ('outcome', 'sent')]"] >= 1
    assert found["dajuan_deliveries_total[('door', ''), ('outcome', 'failed')]"] == 1
    assert found[f"dajuan_callbacks_total{[('outcome', 'acknowledged'), sandbox]}"] == 1
    assert found[f"dajuan_callbacks_total{[('outcome', 'refused'), sandbox]}"] == 1
    assert found[f"dajuan_callback_seconds_bucket{[('le', '+Inf'), sandbox]}"] == 1
    assert 0 < found[f"dajuan_callback_seconds_sum{[sandbox]}"] < 10
    assert found["dajuan_spool_calls[('state', 'waiting')]"] == 1
    assert found["dajuan_spool_calls[('state', 'refused')]"] == 0
    assert found["dajuan_job_last_run_timestamp_seconds[('name', 'reminders')]"] > 1e9
    given_by_prometheus = ("('job'", "('instance'")
    assert not [name for name in found if any(label in name for label in given_by_prometheus)]


def test_the_age_of_the_last_backup_is_known(house: House, http: TestClient) -> None:
    assert figures(http)["dajuan_last_backup_timestamp_seconds[]"] == 0

    note_backup(house.database, datetime(2021, 9, 6, 2, tzinfo=UTC))

    assert figures(http)["dajuan_last_backup_timestamp_seconds[]"] == 1630893600


def test_a_lease_is_told_whichever_process_has_it(house: House, http: TestClient) -> None:
    assert figures(http)["dajuan_scheduler_lease_held[]"] == 0
    holds_lease(house.database, "another process", datetime.now(UTC))
    assert figures(http)["dajuan_scheduler_lease_held[]"] == 1


@pytest.fixture
def names(http: TestClient) -> set[str]:
    """Every name by which Prometheus can ask."""
    types = re.findall(r"^# TYPE (\S+) (\w+)$", http.get("/metrics").text, re.MULTILINE)
    parts = {"histogram": ("_bucket", "_sum", "_count")}
    return {f"{name}{end}" for name, kind in types for end in parts.get(kind, ("",))}


MONITORING = Path(__file__).parents[2] / "docs/monitoring"
_NAMED = re.compile(r"dajuan_[a-z_]+")


def test_the_dashboard_shows_what_is_measured_and_all_of_it(names: set[str]) -> None:
    board = json.loads((MONITORING / "dajuan-dashboard.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    shown = {name for expression in asked for name in _NAMED.findall(expression)}

    assert shown <= names
    assert {_base(each) for each in names} == {_base(each) for each in shown}
    assert all(panel["title"] and panel["description"] for panel in board["panels"])


def test_every_alert_asks_for_what_is_measured_and_says_what_to_do(names: set[str]) -> None:
    rules = yaml.safe_load((MONITORING / "dajuan-alerts.yaml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]

    for each in alerts:
        asked = set(_NAMED.findall(each["expr"]))
        assert asked <= names, each["alert"]
        assert asked or 'up{job="dajuan"}' in each["expr"]
        assert each["labels"]["severity"] in ("critical", "warning")
        assert set(each["annotations"]) == {"summary", "description"}
    guides = Path(__file__).parents[2] / "docs"
    for guide in ("operations.md", "运维怎么做.md"):
        text = (guides / guide).read_text(encoding="utf-8")
        assert [each["alert"] for each in alerts if f"`{each['alert']}`" not in text] == []
        assert [name for name in names if _base(name) not in text] == []


def _base(name: str) -> str:
    return re.sub(r"_(bucket|sum|count|total)$", "", name)


def test_the_running_service_is_ready_and_hands_its_lease_back(house: House) -> None:
    with TestClient(create_app(house)) as running:
        deadline = datetime.now(UTC) + timedelta(seconds=10)
        while running.get("/readyz").status_code != 200:
            assert datetime.now(UTC) < deadline, running.get("/readyz").text
    with house.database.read() as session:
        assert session.exec(select(Lease)).all() == []
