"""An office with a served board: the whole demonstration of 2021, its groups and their links."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from httpx2 import Response
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.settings import Settings
from models.chat import Chat, ChatPurpose, chat_at
from models.figure import Figure
from models.link import Link, board_link
from models.media import Media, keep_media
from models.member import Account
from models.message import ChatKind
from models.picture import Picture
from models.programme import programme_by_code
from models.programmes.files import read_definition, read_roster
from models.programmes.loader import load
from models.programmes.people import load_roster
from models.submission import SubmissionVersion
from models.task import Task
from models.unit import Unit
from tests.conftest import at
from tests.factories import PLATFORM, a_group
from tests.supervising import LOADED
from tests.talk import Talk

NOW = at("2021-09-06T09:00")
SECRET = "a secret of the office, long enough"
NAMED, QUIET = "领导群", "县长群"
LIVELIHOOD, WEBSITE = "minsheng-2021", "dajuan-2021"


@dataclass
class Office:
    """The service without threads, and people talking over its database."""

    house: House
    talk: Talk
    http: TestClient

    def link(self, group: str = NAMED, code: str = LIVELIHOOD) -> str:
        """The path of a group's board."""
        with self.house.database.write() as session:
            chat = session.exec(select(Chat).where(Chat.name == group)).one()
            return self._path(session, chat, code)

    def own_link(self, account: str, code: str = LIVELIHOOD) -> str:
        """The path of a person's own board."""
        with self.house.database.write() as session:
            chat = chat_at(session, PLATFORM, account, ChatKind.SINGLE, NOW)
            return self._path(session, chat, code)

    def _path(self, session: Session, chat: Chat, code: str) -> str:
        programme = programme_by_code(session, code)
        assert programme is not None
        link = board_link(session, programme.id or 0, chat.id or 0, self.house.clock())
        return self.path_of(link)

    def path_of(self, link: Link) -> str:
        """The path that opens *link*."""
        return self.house.addresses.of(link).removeprefix(self.house.settings.public_url)

    def see(self, path: str, **query: object) -> Response:
        """A page as it is answered."""
        return self.http.get(path, params={name: str(value) for name, value in query.items()})

    def text(self, path: str, **query: object) -> str:
        """The words of a page, without its marks."""
        return words(self.see(path, **query).text)

    def task_id(self, number: str, code: str = LIVELIHOOD) -> int:
        """The id of a task by its number."""
        with self.house.database.read() as session:
            programme = programme_by_code(session, code)
            assert programme is not None
            return session.exec(
                select(Task.id).where(Task.programme_id == programme.id, Task.number == number)
            ).one()

    def unit_id(self, name: str) -> int:
        """The id of a unit by its name."""
        with self.house.database.read() as session:
            return session.exec(select(Unit.id).where(Unit.name == name)).one()

    def unit_names(self) -> list[str]:
        """The names of all units."""
        with self.house.database.read() as session:
            return list(session.exec(select(Unit.name)).all())

    def accept_picture(self, report: int, data: bytes, title: str, place: str) -> int:
        """A picture of the accepted first version of a report; returns its id."""
        with self.house.database.write() as session:
            version = session.exec(
                select(SubmissionVersion).where(SubmissionVersion.submission_id == report)
            ).one()
            sha = self.house.services.media.put(data)
            media = Media(
                sha=sha, stored_sha=sha, mime="image/jpeg", size=len(data), created_at=NOW
            )
            keep_media(session, [media])
            picture = Picture(
                version_id=version.id or 0,
                position=0,
                media_sha=sha,
                delivered_sha=sha,
                title=title,
                place=place,
                taken_on=date(2021, 7, 20),
            )
            session.add(picture)
            session.flush()
            return picture.id or 0

    def county_figure(self, indicator: int, county: str, value: str, as_of: date) -> None:
        """An accepted figure of one county."""
        with self.house.database.write() as session:
            task_id = session.exec(
                select(Figure.task_id).where(col(Figure.indicator_id) == indicator)
            ).first()
            session.add(
                Figure(
                    task_id=task_id or 0,
                    indicator_id=indicator,
                    unit_id=self.unit_id(county),
                    as_of=as_of,
                    value=Decimal(value),
                    accepted_at=NOW,
                )
            )


def words(html: str) -> str:
    """What of a page is read: text and what pictures are called, without styles and addresses."""
    shown = re.sub(r"<(?:head|style)\b.*?</(?:head|style)>", " ", html, flags=re.S)
    called = " ".join(re.findall(r'(?:aria-label|alt)="([^"]*)"', shown))
    return " ".join(f"{re.sub(r'<[^>]+>', ' ', shown)} {called}".split())


@cache
def _template(empty: Path) -> Path:
    """Both programmes with the demo's people in a sandbox, loaded once for all tests."""
    path = Path(mkdtemp(prefix="dajuan-board-")) / "office.db"
    shutil.copy(empty, path)
    house = _house(path, path.parent)
    with house.database.write() as session:
        for code in (WEBSITE, LIVELIHOOD):
            load(session, read_definition(code), LOADED, demo=True)
        load_roster(session, read_roster(), LOADED)
        a_group(session, QUIET, ChatPurpose.LEADERS, names_laggards=False)
        for account in session.exec(select(Account)).all():
            chat_at(session, account.platform, account.user_id, ChatKind.SINGLE, NOW)
    house.set_clock(NOW)
    house.close()
    return path


def _house(path: Path, folder: Path, **settings: Any) -> House:
    common = {"database_url": f"sqlite:///{path}", "media_url": f"file://{folder}/media"}
    return build(Settings(_env_file=None, sandbox=True, secret_key=SECRET, **common | settings))


def open_office(empty: Path, folder: Path, **settings: Any) -> Office:
    """An office of its own in *folder*, on Monday 6 September 2021."""
    path = folder / "office.db"
    shutil.copy(_template(empty), path)
    house = _house(path, folder, **settings)
    house.set_clock(NOW)
    return Office(house, Talk(house.database, now=NOW, empty=True), TestClient(create_app(house)))
