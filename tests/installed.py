"""An installation as an operator has it: a folder with settings, and `dajuan doctor` about it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

import httpx2
import pytest

from bot.doctor import examine
from bot.findings import Found
from bot.settings import Settings
from models.chat import Chat, Door
from models.db import Database
from models.inbox import InboxMessage
from models.member import Account, Member
from models.message import ChatKind
from tests.connected import SECRET
from tests.served import STRANGE, environment, until
from tests.stores import fresh_sqlite
from tests.twins.stand_in import StandIn

T = TypeVar("T", bound=StandIn)


@dataclass
class Installation:
    """A folder with `.env`, in which the programs of an operator run."""

    folder: Path
    settings: dict[str, str]

    def runs(self, *words: str) -> subprocess.Popen[str]:
        env = environment(self.folder) | {"SANDBOX": "", "SECRET_KEY": SECRET} | self.settings
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def with_(self, changed: dict[str, str]) -> "Installation":
        return Installation(self.folder, self.settings | changed)


def findings(doctor: subprocess.Popen[str]) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code of `dajuan doctor --json`, and its findings by name."""
    out, _ = doctor.communicate(timeout=60)
    return doctor.returncode, {each["check"]: each for each in json.loads(out)}


def free_url() -> str:
    """An address at which nothing serves yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def serving(installation: Installation) -> Iterator[None]:
    """The service runs at its public address meanwhile."""
    url = installation.settings["PUBLIC_URL"]
    service = installation.runs("serve", "--port", url.rpartition(":")[2])
    try:
        until(lambda: _answers(f"{url}/healthz"), 30, "the service")
        yield
    finally:
        service.terminate()
        service.communicate(timeout=30)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url).status_code == 200
    except httpx2.TransportError:
        return False


@dataclass
class Examined(Generic[T]):
    """An installation examined in this process, with its database at hand."""

    twin: T
    platform: str
    database: Database
    set: pytest.MonkeyPatch

    def found(self) -> dict[str, Found]:
        """The findings by name; of several with one name the worst."""
        return {each.check: each for each in reversed(examine())}

    def sets(self, settings: dict[str, str]) -> None:
        for name, value in settings.items():
            self.set.setenv(name, value)

    def knows(self, *accounts: str) -> None:
        with self.database.write() as session:
            for account in accounts:
                person = Member(name=account, created_at=datetime.now(UTC))
                session.add(person)
                session.flush()
                session.add(
                    Account(
                        member_id=person.id or 0,
                        platform=self.platform,
                        user_id=account.casefold(),
                        spelling=account,
                    )
                )

    def heard(self, number: str, sender: str, ago: timedelta = timedelta()) -> None:
        with self.database.write() as session:
            session.add(
                InboxMessage(
                    platform=self.platform,
                    message_id=number,
                    sender_id=sender,
                    chat_id=sender,
                    received_at=datetime.now(UTC) - ago,
                    raw=b"",
                )
            )

    def seats(self, *doors: tuple[str, str, str]) -> int:
        """A group of the liaisons behind these doors: platform, via and address of each."""
        with self.database.write() as session:
            chat = Chat(kind=ChatKind.GROUP, purpose="liaisons", created_at=datetime.now(UTC))
            session.add(chat)
            session.flush()
            number = chat.id or 0
            for platform, via, address in doors:
                session.add(Door(chat_id=number, platform=platform, via=via, address=address))
        return number


@contextmanager
def examined(
    twin: T, platform: str, folder: Path, monkeypatch: pytest.MonkeyPatch, template: Path
) -> Iterator[Examined[T]]:
    """An installation in *folder* with nothing set up but its secret and database."""
    monkeypatch.chdir(folder)
    common = {name.upper() for name in Settings.model_fields}
    for name in list(os.environ):
        if name.upper() in common or name.upper().startswith(STRANGE):
            monkeypatch.delenv(name)
    with fresh_sqlite(template, folder) as database:
        url = database.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("SECRET_KEY", SECRET)
        yield Examined(twin, platform, database, monkeypatch)
