"""An office on DingTalk: the real service, and the stand-in of the servers that it speaks with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from sqlmodel import Session, select

from models.db import Database
from models.member import Account
from tests.connected import Late, Office, SteppedClock, move_to, opened
from tests.talk import MORNING, Talk
from tests.twins.dingtalk.corp import Member
from tests.twins.dingtalk.environment import robot_settings, stream_settings
from tests.twins.dingtalk.frames import Frames
from tests.twins.dingtalk.pushes import Pushes
from tests.twins.dingtalk.twin import Twin


class DingTalkOffice(Office[Twin]):
    """The small programmes of the tests, with people who write by DingTalk."""

    @property
    def speech(self) -> Pushes | Frames:
        """The robot as people use it, by whichever way it hears."""
        return self.twin.linked if self.house.connected else self.twin.robot

    def says(self, person: str, text: str, chat: str = "") -> None:
        """A line to the robot, acknowledged and answered."""
        self.speech.says(person, text, chat).answer()
        self.works()


@contextmanager
def open_dingtalk(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, *, stream: bool = False
) -> Iterator[DingTalkOffice]:
    """The service on *database* with the enterprise robot at its address or on the *stream*."""
    Talk(database)
    with database.write() as session:
        move_to_dingtalk(session)
        people = session.exec(select(Account.user_id)).all()
    with serving(database, folder, monkeypatch, people, MORNING, stream=stream) as office:
        yield office


@contextmanager
def serving(
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    people: Sequence[str],
    now: datetime,
    *,
    stream: bool = False,
) -> Iterator[DingTalkOffice]:
    """The service on *database* as it stands at *now*, for *people* with an account at DingTalk.

    With the robot at its address or, with *stream*, on its connection.
    """
    late = Late()
    transport = httpx2.ASGITransport(late)
    members = [Member(each, each) for each in people]
    with Twin(now=now.timestamp(), members=members, transport=transport) as twin:
        set_up = stream_settings(twin) if stream else robot_settings(twin)
        clock = SteppedClock(twin.clock)
        with opened(database, folder, monkeypatch, clock, set_up, late) as house:
            twin.robot.callback_url = "http://office/webhooks/dingtalk"
            if stream:
                twin.gateway.connected()
            yield DingTalkOffice(house, twin)


def move_to_dingtalk(session: Session) -> None:
    """Everybody is known by DingTalk's ids."""
    move_to(session, "dingtalk")
