"""Two real processes on one robot's stream: both hear, and one goes on when the other ends."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.db import Database
from models.inbox import InboxMessage, InboxState
from models.member import RoleName
from models.outbox import OutboxMessage, OutboxState
from tests.connected import SECRET
from tests.dingtalk import move_to_dingtalk
from tests.factories import a_member
from tests.served import Served, until
from tests.twins.dingtalk.corp import Member
from tests.twins.dingtalk.environment import stream_settings
from tests.twins.dingtalk.frames import Carried
from tests.twins.dingtalk.twin import Twin

PEOPLE = ("联络员甲", "联络员乙", "联络员丙", "联络员丁")
LINES = ("帮助", "我是谁", "任务")
#: A claim on a word outlives its dead process by so long, and still a busy machine's pause.
SHORT = 6


class Office:
    """People at a robot that several processes of one office serve together."""

    def __init__(self, twin: Twin, database: Database, folder: Path) -> None:
        self.twin, self.database, self.folder = twin, database, folder
        self.processes: list[Served] = []
        self.said: list[Carried] = []

    def open_two(self) -> Served:
        """Two processes, both connected; the first of them."""
        url = self.database.engine.url.render_as_string(hide_password=False)
        settings = {"SANDBOX": "false", "SECRET_KEY": SECRET, "DATABASE_URL": url}
        settings |= stream_settings(self.twin)
        for _ in range(2):
            process = Served(self.folder, settings, ("tests.hasty", str(SHORT)))
            self.processes.append(process)
            process.start()
        for process in self.processes:
            process.wait_until_ready(60)
        self.twin.gateway.stands(2, seconds=30)
        return self.processes[0]

    def say_all(self) -> None:
        """Everybody writes every line, without waiting for an answer."""
        self.said += [self.twin.linked.says(each, text) for text in LINES for each in PEOPLE]

    def check_each_was_answered_once(self) -> None:
        """Whatever was not acknowledged comes again after a minute; then all of it is done."""
        self.twin.clock.forward(60)
        assert {each.answer(30).code for each in self.said} == {200}
        until(self.is_done, 60, "the answers")
        numbers = [row.message_id for row in self.rows()]
        assert sorted(numbers) == sorted(each.msgid for each in self.said)
        words = self.words()
        assert Counter(word.reply_to for word in words) == Counter(r.id for r in self.rows())
        # What a process had just sent when it died nobody knows; it is not said again.
        unknown = sum(word.state == OutboxState.UNKNOWN for word in words)
        seen = sum(len(self.twin.seen(each)) for each in PEOPLE)
        assert len(words) - unknown <= seen <= len(words)

    def is_done(self) -> bool:
        waits = any(word.state == OutboxState.WAITING for word in self.words())
        return not waits and all(row.state == InboxState.DONE for row in self.rows())

    def rows(self) -> list[InboxMessage]:
        with self.database.read() as session:
            return list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all())

    def words(self) -> list[OutboxMessage]:
        """The answers, but for what the operators are told."""
        with self.database.read() as session:
            asked = col(OutboxMessage.reply_to).is_not(None)
            return list(session.exec(select(OutboxMessage).where(asked)).all())


@pytest.fixture
def twin() -> Iterator[Twin]:
    members = [Member(each, each) for each in PEOPLE]
    with Twin(now=time.time(), live=True, members=members) as twin:
        yield twin
        assert twin.complaints == []


@pytest.fixture
def open_office(twin: Twin, tmp_path: Path) -> Iterator[Callable[[Database], Office]]:
    opened: list[Office] = []

    def on(database: Database) -> Office:
        with database.write() as session:
            for each in PEOPLE:
                a_member(session, each, (RoleName.ADMIN, None))
            move_to_dingtalk(session)
        opened.append(Office(twin, database, tmp_path))
        return opened[-1]

    yield on
    for process in (each for office in opened for each in office.processes):
        process.stop()


def test_08_after_a_kill_the_other_hears_all_and_nothing_is_lost_or_said_twice(
    twin, open_office, database
):
    office = open_office(database)
    one = office.open_two()
    office.say_all()
    one.kill()
    twin.gateway.stands(1)
    office.say_all()

    office.check_each_was_answered_once()
    assert twin.gateway.opened == 2


def test_08_whoever_is_stopped_leaves_nothing_behind(twin, open_office, sqlite):
    office = open_office(sqlite)
    one = office.open_two()
    office.say_all()
    assert one.stop() in (0, -signal.SIGTERM)
    twin.gateway.stands(1)
    office.say_all()

    office.check_each_was_answered_once()
    assert {word.state for word in office.words()} == {OutboxState.SENT}
    assert twin.gateway.opened == 2
