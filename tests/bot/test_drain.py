"""Told to end in the middle of the work, the service finishes what it has begun, then ends well."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import httpx2
import pytest

from tests.backups import Machine, an_office
from tests.served import Served, rows_of, until

#: What the unit and the containers wait for, TimeoutStopSec: then they kill.
PATIENCE = 45
WRITERS = [f"{unit}联络员" for unit in "州公安局 州人社局 州卫健委 州发改委 州妇联".split()]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.chdir(tmp_path)
    an_office(tmp_path).close()
    served = Served(tmp_path)
    served.start()
    served.wait_until_ready(60)
    yield served
    served.stop()


def _writes(served: Served, person: str, taken: list[str], ends: Event) -> None:
    """Message after message until the service takes none; *taken* are those it acknowledged."""
    with httpx2.Client(base_url=served.http.base_url, timeout=30) as http:
        while not ends.is_set():
            name = uuid4().hex
            form = {"person": person, "chat": "single", "client_id": name, "text": f"建议 {name}"}
            try:
                answer = http.post("/sandbox/api/messages", data=form)
            except httpx2.TransportError:
                return
            assert answer.status_code in (200, 202, 503), answer.text
            if answer.status_code != 503:
                taken.append(f"建议 {name}")


def test_told_to_end_it_finishes_what_it_began_and_hands_everything_back(
    served: Served, tmp_path: Path
) -> None:
    file, taken, ends = f"{tmp_path}/dajuan.db", list[str](), Event()
    writers = [Thread(target=_writes, args=(served, each, taken, ends)) for each in WRITERS]
    for each in writers:
        each.start()
    until(lambda: len(taken) > 4 * len(WRITERS), 60, "messages")
    begun = monotonic()

    served.signal(signal.SIGTERM)
    code = served.wait(PATIENCE)

    assert (code, monotonic() - begun < PATIENCE) == (0, True)
    ends.set()
    for each in writers:
        each.join(30)
    with sqlite3.connect(file) as rows:
        states = dict(rows.execute("SELECT message ->> '$.text', state FROM inbox"))
    rows.close()
    assert {states[each] for each in taken} <= {"new", "done"}
    assert rows_of(file, "outbox WHERE in_flight") == 0
    assert rows_of(file, "lease") == 0
    assert list((tmp_path / "var").rglob("*.json")) == []
    done = sum(state == "done" for state in states.values())
    assert rows_of(file, "suggestion") == done == rows_of(file, "outbox WHERE reply_to > 0")
    house = Machine.at(tmp_path).house()
    house.work_off()
    house.close()
    assert rows_of(file, "suggestion") == len(states)
    log = (tmp_path / "serve.log").read_text().splitlines()
    events = [json.loads(line)["event"] for line in log]
    assert not [each for each in events if "fail" in each or "broke" in each]
