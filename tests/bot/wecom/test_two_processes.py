"""Two real processes and the bot's one connection: who has it, and who goes on when one ends."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.db import Database
from models.inbox import InboxMessage, InboxState, find_message
from models.lease import Lease
from models.member import RoleName
from models.outbox import OutboxMessage, OutboxState
from tests.factories import a_member
from tests.served import Served, until
from tests.twins.wecom.corp import Member
from tests.twins.wecom.frames import Exchange
from tests.twins.wecom.twin import Twin
from tests.wecom import BOT_NAME, SECRET, move_to_wecom

PEOPLE = ("联络员甲", "联络员乙", "联络员丙", "联络员丁")
LINES = ("帮助", "我是谁", "任务", "帮助 报送", "我是谁", "帮助")
#: A lease this short still outlives what a busy machine keeps a process from doing.
SHORT = 6


class Office:
    """People at a bot that processes of one office serve in turn."""

    def __init__(self, twin: Twin, database: Database, folder: Path) -> None:
        self.twin, self.database, self.folder = twin, database, folder
        self.processes: list[Served] = []
        #: Every line below which an answer was seen to its end.
        self.answered: list[Exchange] = []

    def opens(self, lease: float = SHORT) -> Served:
        """One more process, ready; the connection is another's *lease* seconds after its death."""
        settings = {
            "SANDBOX": "false",
            "SECRET_KEY": SECRET,
            "DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "WECOM_BOT_NAME": BOT_NAME,
            "WECOM_BOT_ID": self.twin.linked.bot_id,
            "WECOM_BOT_SECRET": self.twin.linked.secret,
            "WECOM_BOT_WS": self.twin.ws_url,
        }
        process = Served(self.folder, settings, ("tests.hasty", str(lease)))
        self.processes.append(process)
        process.start()
        process.wait_until_ready(60)
        return process

    def says(self, person: str, text: str) -> bool:
        """A line is written and its answer waited for; False where nothing will ever come of it."""
        until(lambda: self.twin.gateway.live is not None, 30, "a connection")
        before = self.twin.gateway.opened
        exchange = self.twin.linked.says(person, text)
        if exchange.is_lost:
            return False
        until(
            lambda: self.is_whole(exchange) or self.died_with(exchange, before),
            40,
            f"an answer to {text}",
        )
        if is_whole := self.is_whole(exchange):
            self.answered.append(exchange)
        return is_whole

    def is_whole(self, exchange: Exchange) -> bool:
        return any(self.ends(exchange))

    def ends(self, exchange: Exchange) -> list[bool]:
        """The frames below a line: which of them was the last of its answer."""
        said = [each.body for each in self.twin.answers(exchange, 0)]
        return [each["stream"]["finish"] for each in said]

    def died_with(self, exchange: Exchange, before: int) -> bool:
        """Whether the process that heard a line ended before it was stored, or even read."""
        gateway = self.twin.gateway
        if gateway.opened == before or gateway.live is None:
            return False
        with self.database.read() as session:
            number = f"bot:{exchange.body['msgid']}"
            return find_message(session, "wecom", number) is None

    def writes_all(self, person: str) -> int:
        """All lines in turn; whoever sees nothing below one writes it again. How often."""
        again = 0
        for text in LINES:
            while not self.says(person, text):
                again += 1
        return again

    def is_renewed(self) -> None:
        """Return right after the owner of the connection has renewed its lease."""
        before = self.lease()
        until(lambda: self.lease() != before, 20, "a renewal")

    def lease(self) -> datetime:
        with self.database.read() as session:
            return session.get_one(Lease, "wecom_bot").until

    def rows(self) -> list[InboxMessage]:
        with self.database.read() as session:
            return list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all())

    def words(self) -> list[OutboxMessage]:
        with self.database.read() as session:
            return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


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
            move_to_wecom(session)
        opened.append(Office(twin, database, tmp_path))
        return opened[-1]

    yield on
    for process in (each for office in opened for each in office.processes):
        process.kill()  # also one that stands still
        process.stop()


@pytest.fixture
def office(open_office: Callable[[Database], Office], sqlite: Database) -> Office:
    """What does not depend on the engine is tried on one."""
    return open_office(sqlite)


def check_each_was_answered_once(office: Office) -> None:
    """Every line that was heard was stored, handled and answered to its end, all of it once."""
    # What a dead process had in hand is taken over when its claim has run out.
    until(lambda: all(word.state != OutboxState.WAITING for word in office.words()), 60, "words")
    rows, words = office.rows(), office.words()
    heard = {f"bot:{each.body['msgid']}" for each in office.answered}
    assert heard == {row.message_id for row in rows}
    assert {row.state for row in rows} == {InboxState.DONE}
    assert {word.state for word in words} == {OutboxState.SENT}
    assert {word.reply_to for word in words} == {row.id for row in rows}
    for exchange in office.answered:
        assert office.ends(exchange)[-1]
        assert office.ends(exchange).count(True) == 1
    assert office.twin.sent("aibot_send_msg") == []


def test_27_after_a_kill_the_other_goes_on_and_nothing_is_lost_or_said_twice(
    twin, open_office, database
):
    office = open_office(database)
    owner = office.opens()
    twin.gateway.connected()
    office.opens()
    assert office.says(PEOPLE[0], "帮助")
    assert twin.gateway.opened == 1
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        writing = [pool.submit(office.writes_all, each) for each in PEOPLE]
        until(lambda: len(office.answered) > len(PEOPLE), 60, "the first answers")
        owner.kill()
        twin.gateway.connected(2, seconds=60)
        again = sum(each.result(120) for each in writing)

    assert (twin.gateway.subscriptions, twin.gateway.displaced) == (2, 0)
    assert again <= 2 * len(PEOPLE)  # before the servers knew of the death, and within it
    assert len(office.answered) == 1 + len(PEOPLE) * len(LINES)
    check_each_was_answered_once(office)


def test_27_whoever_is_stopped_hands_over_long_before_its_lease_ends(twin, office):
    an_hour = 3600
    owner = office.opens(an_hour)
    twin.gateway.connected()
    office.opens(an_hour)
    assert office.says(PEOPLE[0], "帮助")
    assert owner.stop() in (0, -signal.SIGTERM)
    twin.gateway.connected(2, seconds=30)
    assert office.says(PEOPLE[0], "我是谁")

    assert (twin.gateway.opened, twin.gateway.displaced) == (2, 0)
    check_each_was_answered_once(office)


def test_27_an_owner_that_stood_still_loses_nothing_and_waits_for_its_turn(twin, office):
    owner = office.opens()
    twin.gateway.connected()
    other = office.opens()
    office.is_renewed()  # with a lock on the database it would stop everybody
    owner.signal(signal.SIGSTOP)
    unheard = twin.linked.says(PEOPLE[0], "帮助")  # it lies in the socket of a process that stands
    twin.gateway.connected(2, seconds=60)
    assert office.says(PEOPLE[1], "我是谁")
    owner.signal(signal.SIGCONT)
    until(lambda: office.is_whole(unheard), 60, "an answer to what lay there")
    office.answered.append(unheard)
    assert office.says(PEOPLE[2], "任务")
    assert (twin.gateway.opened, twin.gateway.displaced) == (2, 1)

    other.kill()
    twin.gateway.connected(3, seconds=60)
    assert office.says(PEOPLE[3], "帮助")
    assert (twin.gateway.opened, twin.gateway.displaced) == (3, 1)
    check_each_was_answered_once(office)
