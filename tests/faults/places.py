"""Chats behind every door that speaks, each on the stand-in of its platform, and what stands there.

A `Scene` is an office with one chat behind each of its platform's doors.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, col, select

from bot import http
from bot.keys import KeyRing
from bot.roster_chats import Wanted, add_robot
from models.chat import Chat, Door, chat_at
from models.db import Database
from models.inbox import InboxMessage, InboxState
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from models.quota import month_of, spend
from tests.connected import SECRET, Office
from tests.dingtalk import open_dingtalk
from tests.wecom import open_wecom

POLICE, LIAISON, ADMIN = "州公安局联络员", "联络员甲", "管理员甲"
ROBOTS_GROUP = "联络员群"
#: The three answers to a question that leave by no other door than the one under trial.
_WECOM_KEY = "693a91f6-7b1c-4bc4-97a0-0ec2fa5aaa11"
_DINGTALK_KEY = f"{'66d9c1c5b3a4f0e7' * 4} SEC{'7a1b2c3d4e5f6071' * 4}"
#: Real seconds after which a call is given up while a platform is slow: nobody waits ten of them.
HASTE = 0.1


@dataclass(frozen=True)
class Place:
    """One chat: the door it is spoken to by, the call that makes, and where it is read.

    *repeats*: the platform itself tells a repeat from a second word. *busy* is its code for
    having been called too often.
    """

    door: str
    path: str
    repeats: bool
    busy: int | str
    screen: str
    owe: Callable[[str], None]


@dataclass
class Scene:
    """An office and its places; every word owed is kept with the door it was owed behind."""

    office: Office[Any]
    clients: list[httpx2.Client]
    places: list[Place]
    owed: dict[str, Place] = field(default_factory=dict)

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        """No call is waited for long, while the block lasts."""
        patience = [(each, each.timeout) for each in self.clients]
        for each in self.clients:
            each.timeout = HASTE
        try:
            yield
        finally:
            for each, before in patience:
                each.timeout = before

    def owe(self, when: str) -> None:
        """One word in every place."""
        for place in self.places:
            text = f"{when}·{place.door}。"
            place.owe(text)
            self.owed[text] = place

    def lets_pass(self, most: int, seconds: float) -> None:
        """Let time pass, so many times at most, until no word waits; then once more."""
        for _ in range(most - 1):
            self.office.forward(seconds)
            if all(row.state != OutboxState.WAITING for row in self.rows("")):
                break
        self.office.forward(seconds)

    def stands(self, text: str) -> int:
        """How often people read it."""
        screen = self.owed[text].screen
        return sum(bubble.text.count(text) for bubble in self.office.twin.seen(screen))

    def states(self) -> dict[str, str]:
        """What became of each word."""
        with self.office.house.database.read() as session:
            rows = session.exec(select(OutboxMessage)).all()
        return {row.text: row.state for row in rows if row.text in self.owed}

    def rows(self, begin: str) -> list[OutboxMessage]:
        """The words whose keys begin like this."""
        with self.office.house.database.read() as session:
            query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(begin))
            return list(session.exec(query.order_by(col(OutboxMessage.id))).all())

    def alarms(self) -> list[str]:
        """What operators were told, but for the quota of which answers in place need little."""
        return [row.text for row in self.rows("alarm:") if "额度" not in row.text]

    def check_nothing_is_lost_or_said_twice(self) -> None:
        """Every message was handled, and every word that was sent stands there once.

        One of which nobody knows, and which cannot be repeated, stands there once at most; the
        operators know of it.
        """
        assert {row.state for row in self.office.heard()} == {InboxState.DONE}
        with self.office.house.database.read() as session:
            rows = session.exec(select(OutboxMessage)).all()
        assert {row.state for row in rows} <= {OutboxState.SENT, OutboxState.UNKNOWN}
        assert not any(row.in_flight or row.locked_until for row in rows)
        states = self.states()
        assert states.keys() == self.owed.keys()
        for text, state in states.items():
            expected = {1} if state == OutboxState.SENT else {0, 1}
            assert self.stands(text) in expected, (text, state, self.office.twin.record.screens)
        unsure = {self.owed[text].door for text, state in states.items() if state == "unknown"}
        assert not unsure & {place.door for place in self.places if place.repeats}
        if OutboxState.UNKNOWN in {row.state for row in rows}:
            assert any("结果不明" in each for each in self.alarms())


@contextmanager
def on_wecom(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A person spoken to by the app, a group of the bot's and one of a robot's."""
    clients = _noted_clients(monkeypatch)
    with open_wecom(database, folder, monkeypatch) as office:
        office.says(ADMIN, "任务")
        office.twin.add_robot(_WECOM_KEY, "robot's group")
        scene = Scene(office, clients, [])
        with database.write() as session:
            alone = chat_at(session, "wecom", POLICE, ChatKind.SINGLE, office.house.clock()).id or 0
            robots = _robots_group(session, office, "wecom_robot", _WECOM_KEY)
        scene.places = [
            Place("wecom_app", "message/send", True, 45009, POLICE, _bulk(office, alone)),
            Place("wecom_robot", "webhook/send", False, 45009, "robot's group",
                  _bulk(office, robots)),
        ]  # fmt: skip
        yield scene
        assert office.twin.complaints == []


@contextmanager
def on_dingtalk(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A person spoken to by the API, a group answered in place and one of a robot's."""
    clients = _noted_clients(monkeypatch)
    with open_dingtalk(database, folder, monkeypatch) as office:
        now = office.house.clock()
        with database.write() as session:  # answers leave in place once calls are scarce
            spend(session, "dingtalk", "api", month_of(now), 4500)
        office.says(ADMIN, "任务")
        token, secret = _DINGTALK_KEY.split()
        office.twin.add_robot(token, secret, "robot's group")
        office.twin.corp.meets("cidPolice==", POLICE)
        with database.write() as session:
            alone = chat_at(session, "dingtalk", POLICE, ChatKind.SINGLE, now).id or 0
            robots = _robots_group(session, office, "dingtalk_robot", _DINGTALK_KEY)

        def ask(text: str) -> None:
            _answer(office, lambda: office.twin.robot.says(POLICE, "进度", "cidPolice=="), text)

        qps = "Forbidden.AccessDenied.QpsLimitForApi"
        people, in_place = "robot/oToMessages/batchSend", "robot/sendBySession"
        yield Scene(
            office,
            clients,
            [
                Place("dingtalk", people, False, qps, POLICE, _bulk(office, alone)),
                Place("dingtalk_session", in_place, False, 130101, "cidPolice==", ask),
                Place("dingtalk_robot", "robot/send", True, 410100, "robot's group",
                      _bulk(office, robots)),
            ],
        )  # fmt: skip
        assert office.twin.complaints == []


SCENES = {"wecom": on_wecom, "dingtalk": on_dingtalk}


def _noted_clients(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Client]:
    """The clients by which the platforms are called from now on, once they are open."""
    clients: list[httpx2.Client] = []

    open_client = http.open_client

    def opened() -> httpx2.Client:
        clients.append(open_client())
        return clients[-1]

    monkeypatch.setattr("bot.http.open_client", opened)
    return clients


def _robots_group(session: Session, office: Office[Any], door: str, key: str) -> int:
    """The group of the liaisons, spoken to by a robot alone."""
    chat = session.exec(select(Chat).where(Chat.name == ROBOTS_GROUP)).one()
    for each in session.exec(select(Door).where(Door.chat_id == chat.id)).all():
        session.delete(each)
    session.flush()
    wanted, ring = Wanted(ROBOTS_GROUP, chat=chat.id or 0), KeyRing(SECRET)
    return add_robot(session, wanted, door, key, ring, office.house.clock()).chat


def _bulk(office: Office[Any], chat: int) -> Callable[[str], None]:
    """Words that answer nobody."""

    def owe(text: str) -> None:
        with office.house.database.write() as session:
            say(session, chat, Reply(text), key=text, now=office.house.clock())

    return owe


def _answer(office: Office[Any], ask: Callable[[], Any], text: str) -> None:
    """One more answer to a question that somebody asks."""
    ask().answer()
    office.house.outage.take_in()  # on a busy machine it may wait on disk
    office.house.inbox.handle_due()
    with office.house.database.write() as session:
        newest = select(InboxMessage).order_by(col(InboxMessage.id).desc()).limit(1)
        asked = session.exec(newest).one()
        replies = select(OutboxMessage).where(OutboxMessage.reply_to == asked.id)
        chat, now = session.exec(replies).first(), office.house.clock()
        assert chat is not None
        say(session, chat.chat_id, Reply(text), key=text, now=now, priority=Priority.REPLY,
            reply_to=asked.id)  # fmt: skip
