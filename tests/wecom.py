"""An office on WeCom: the real service, and the stand-in of the servers that it speaks with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, col, select, update

from bot.app import House, build, create_app
from bot.clock import SandboxClock
from bot.settings import read_settings
from models.chat import Door
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account
from tests.conftest import SHANGHAI
from tests.talk import MORNING, Talk
from tests.twins.clock import Clock
from tests.twins.courier import Delivery
from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN, Member
from tests.twins.wecom.twin import Twin

BOT_NAME = "答卷"
SECRET = "a secret of the office, long enough"


class _Late:
    """The web application, which is made after the servers it answers to."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class SteppedClock(SandboxClock):
    """A clock that a script sets, and that stands still meanwhile: the stand-in's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), SHANGHAI)

    def set(self, moment: datetime) -> None:
        """Put the stand-in's clock forward."""
        self._clock.forward(moment.timestamp() - self._clock.now())


@dataclass
class WecomOffice:
    """The small programmes of the tests, with people who write by WeCom."""

    house: House
    twin: Twin

    def works(self) -> None:
        """Everything that came in is handled and everything due is sent."""
        self.house.work_off()

    def heard(self) -> list[InboxMessage]:
        """Every message that was stored."""
        with self.house.database.read() as session:
            return list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))).all())

    def says(self, person: str, text: str) -> Delivery:
        """A line to the app, acknowledged and answered."""
        delivery = self.twin.app.says(person, text)
        delivery.answer()
        self.works()
        return delivery

    def forward(self, seconds: float) -> None:
        """Time passes, and what is due then is done."""
        self.twin.clock.forward(seconds)
        self.works()


@contextmanager
def open_wecom(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    """The service on *database* with the app, and the bot at its address."""
    Talk(database)
    with database.write() as session:
        move_to_wecom(session)
        people = session.exec(select(Account.user_id)).all()
    with serving(database, folder, monkeypatch, people, MORNING) as office:
        yield office


@contextmanager
def serving(
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    people: Sequence[str],
    now: datetime,
    *,
    linked: bool = False,
) -> Iterator[WecomOffice]:
    """The service on *database* as it stands at *now*, for *people* with an account at WeCom.

    With the app, and the bot at its address or, *linked*, on its long connection.
    """
    late = _Late()
    transport = httpx2.ASGITransport(late)
    members = [Member(each, each) for each in people]
    with Twin(now=now.timestamp(), members=members, transport=transport) as twin:
        set_up = linked_settings(twin.url, twin.ws_url) if linked else wecom_settings(twin.url)
        for name, value in set_up.items():
            monkeypatch.setenv(name, value)
        settings = read_settings(
            database_url=database.engine.url.render_as_string(hide_password=False),
            media_url=f"file://{folder}/media",
            secret_key=SECRET,
        )
        house = build(settings, SteppedClock(twin.clock))
        late.app = create_app(house)
        twin.app.callback_url = "http://office/webhooks/wecom/app"
        twin.bot.callback_url = "http://office/webhooks/wecom/bot"
        try:
            for each in house.connected:
                each.start(partial(house.door.accept, each.name, patience=each.patience))
                twin.gateway.connected()
            yield WecomOffice(house, twin)
        finally:
            for each in house.connected:
                each.stop()
            house.close()


def wecom_settings(url: str) -> dict[str, str]:
    """The environment of an office whose servers are at *url*."""
    return {
        "WECOM_API_BASE": url,
        "WECOM_CORP_ID": CORP_ID,
        "WECOM_APP_AGENT_ID": "1000002",
        "WECOM_APP_SECRET": "app-secret",
        "WECOM_APP_TOKEN": TOKEN,
        "WECOM_APP_AES_KEY": ENCODING_KEY,
        "WECOM_BOT_NAME": BOT_NAME,
        "WECOM_BOT_TOKEN": TOKEN,
        "WECOM_BOT_AES_KEY": ENCODING_KEY,
    }


def linked_settings(url: str, ws_url: str) -> dict[str, str]:
    """The same office with its bot on the long connection to *ws_url*."""
    return wecom_settings(url) | {
        "WECOM_BOT_TOKEN": "",
        "WECOM_BOT_AES_KEY": "",
        "WECOM_BOT_ID": "aib-connected",
        "WECOM_BOT_SECRET": "bot-secret",
        "WECOM_BOT_WS": ws_url,
    }


def move_to_wecom(session: Session) -> None:
    """Everybody is known by WeCom's ids."""
    session.exec(update(Account).values(platform="wecom"))
    session.exec(update(Door).values(platform="wecom"))
