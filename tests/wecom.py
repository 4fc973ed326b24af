"""An office on WeCom: the real service, and the stand-in of the servers that it speaks with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from sqlmodel import Session, select

from models.db import Database
from models.member import Account
from tests.connected import SECRET as SECRET
from tests.connected import Late, Office, SteppedClock, move_to, opened
from tests.talk import MORNING, Talk
from tests.twins.courier import Delivery
from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN, Member
from tests.twins.wecom.twin import Twin

BOT_NAME = "答卷"


class WecomOffice(Office[Twin]):
    """The small programmes of the tests, with people who write by WeCom."""

    def says(self, person: str, text: str) -> Delivery:
        """A line to the app, acknowledged and answered."""
        delivery = self.twin.app.says(person, text)
        delivery.answer()
        self.works()
        return delivery


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
    late = Late()
    transport = httpx2.ASGITransport(late)
    members = [Member(each, each) for each in people]
    with Twin(now=now.timestamp(), members=members, transport=transport) as twin:
        set_up = linked_settings(twin.url, twin.ws_url) if linked else wecom_settings(twin.url)
        clock = SteppedClock(twin.clock)
        with opened(database, folder, monkeypatch, clock, set_up, late) as house:
            twin.app.callback_url = "http://office/webhooks/wecom/app"
            twin.bot.callback_url = "http://office/webhooks/wecom/bot"
            if linked:
                twin.gateway.connected()
            yield WecomOffice(house, twin)


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
    move_to(session, "wecom")
