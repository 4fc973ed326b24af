"""`kill -9` in the middle of the work: nothing lost, nothing doubled, nothing half-written."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import httpx2
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.app import build
from bot.cli_load import load_programmes
from bot.roster import add_member
from bot.settings import Settings
from models.db import Database, open_database
from models.figure import Figure
from models.inbox import InboxMessage, InboxState
from models.obligation import Obligation
from models.outbox import OutboxMessage, OutboxState
from models.sandbox_message import Direction, SandboxMessage
from models.submission import Submission
from tests.conftest import at
from tests.served import Served, until

START = at("2021-09-13T09:00")
KILLS = 5
SEED = 20210913
#: Who reports which task with which figure of 31 August.
REPORTS = {
    "州公安局": ("州1-7", "1710个"),
    "州卫健委": ("州1-12", "9000人次"),
    "州妇联": ("州1-13", "25000人"),
    "州农业农村局": ("续8", "41000个"),
}


def messages_of(unit: str) -> list[str]:
    number, figure = REPORTS[unit]
    report = (
        f"报送 {number}\n截至：8月31日\n完成数：{figure}\n措施：倒排工期，每周调度。\n问题：无。"
    )
    talk = [f"进度 {number}", "任务", "帮助", "我想问一下"]
    return [*talk, report, *(talk[position % 4] for position in range(12))]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    settings = Settings(
        _env_file=None,
        sandbox=True,
        database_url=f"sqlite:///{tmp_path}/dajuan.db",
        media_url=f"file://{tmp_path}/media",
    )
    house = build(settings)
    house.set_clock(START)
    load_programmes(house, ["dajuan-2021", "minsheng-2021"], dry_run=False)
    with house.database.write() as session:
        for unit in REPORTS:
            add_member(session, f"{unit}联络员", "liaison", "sandbox", unit, [unit], START)
    house.close()
    served = Served(tmp_path)
    yield served
    served.stop()


class Clients:
    """Liaisons whose platform calls again until a call is acknowledged, as real ones do."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.acknowledged = 0
        self.retried = 0

    def write_all(self, unit: str) -> None:
        with httpx2.Client(base_url=self.served.http.base_url, timeout=5) as http:
            for number, words in enumerate(messages_of(unit)):
                body = {"id": f"{unit}:{number:02}", "person": unit, "chat": "single"}
                self._post_until_taken(http, json.dumps({**body, "text": words}).encode())

    def _post_until_taken(self, http: httpx2.Client, body: bytes) -> None:
        def is_taken() -> bool:
            try:
                return http.post("/webhooks/sandbox", content=body).status_code == 202
            except httpx2.TransportError:
                self.retried += 1
                return False

        until(is_taken, 30, "an acknowledgement")
        self.acknowledged += 1


def test_five_kills_lose_double_and_halve_nothing(served: Served) -> None:
    chance = random.Random(SEED)
    total = sum(len(messages_of(unit)) for unit in REPORTS)
    served.start()
    clients = Clients(served)
    with ThreadPoolExecutor(len(REPORTS)) as pool:
        writing = [pool.submit(clients.write_all, unit) for unit in REPORTS]
        for _ in range(KILLS):
            goal = min(total, clients.acknowledged + chance.randint(2, total // KILLS))
            until(lambda goal=goal: clients.acknowledged >= goal, 30, f"{goal} messages")
            Event().wait(chance.uniform(0, 0.08))  # somewhere within the handling of the last ones
            served.kill()
            served.start()
        for each in writing:
            each.result(60)
    served.wait_until_ready()
    database = open_database(f"sqlite:///{served.folder}/dajuan.db")
    until(lambda: not waiting(database, InboxMessage, InboxState.NEW), 20, "the inbox")
    # Words that a killed process had claimed are taken over when its claim has run out.
    served.move_clock(now_of(served) + timedelta(minutes=5))
    until(lambda: not waiting(database, OutboxMessage, OutboxState.WAITING), 20, "the outbox")

    assert clients.retried > 0
    with database.read() as session:
        rows = session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all()
        words = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
        lines = session.exec(select(SandboxMessage).order_by(col(SandboxMessage.id))).all()
        submissions = session.exec(select(Submission)).all()
        figures = session.exec(select(Figure).where(col(Figure.version_id).is_not(None))).all()
        obligations = session.exec(
            select(Obligation).where(col(Obligation.id).in_([s.obligation_id for s in submissions]))
        ).all()
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    database.dispose()

    assert {row.state for row in rows} == {InboxState.DONE}
    for unit in REPORTS:
        ids = [row.message_id for row in rows if row.sender_id == unit]
        assert ids == [f"{unit}:{number:02}" for number in range(len(messages_of(unit)))]
    replies = [word for word in words if word.reply_to is not None]
    assert {word.reply_to for word in replies} == {row.id for row in rows}
    assert {word.state for word in words} == {OutboxState.SENT}
    said = [line.key for line in lines if line.direction == Direction.OUT]
    assert sorted(said) == sorted(f"out:{word.key}" for word in words)
    for unit in REPORTS:
        heard = [line.key for line in lines if line.chat_id == unit and line.key in set(said)]
        owed = [f"out:{word.key}" for word in words if f"out:{word.key}" in heard]
        assert [key for key in heard if ":reply:" in key] == [k for k in owed if ":reply:" in k]
    written = [line.key for line in lines if line.direction == Direction.IN]
    assert sorted(written) == sorted(f"in:{row.message_id}:0" for row in rows)
    assert len(submissions) == len(REPORTS)
    assert len({each.version_id for each in figures}) == len(REPORTS)
    assert len(obligations) == len(REPORTS)
    assert {each.state for each in obligations} == {"submitted"}
    assert served.stop() in (0, -15), "an operator's stop ends it in good order"


def waiting(database: Database, table: type[InboxMessage | OutboxMessage], state: str) -> bool:
    with database.read() as session:
        return session.exec(select(table.id).where(table.state == state)).first() is not None


def now_of(served: Served) -> datetime:
    state = served.http.get("/sandbox/api/state").json()
    return datetime.fromisoformat(state["now"])
