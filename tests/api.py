"""A desk at which another system reads: the service over one database, its tokens, its answers."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.settings import Settings
from bot.tokens import add_token, revoke_token
from handlers.standing.ranks import publish, ranking_now
from models.db import Database
from models.programme import Programme, programme_by_code
from models.rules.printed import Printed
from tests.conftest import SHANGHAI, at
from tests.supervising import hand_in
from tests.talk import Talk

BASE = "/api/v1"
SECRET = "a secret of the desk, long enough"
NOW = at("2021-09-12T09:00")
LIVELIHOOD, WEBSITE = "minsheng-2021", "dajuan-2021"
OF = f"/programmes/{LIVELIHOOD}"
FILE = f"{OF}/bulletins/1/file"
POLICE, ADMIN = "州公安局联络员", "管理员甲"
BRIGHT = "报送 新7\n截至：8月31日\n完成数：4200个"
DEVICES = "乡村公共部位安防设备"
#: Every path that lists something, and one that is a file.
LISTS = (
    "/programmes",
    *(f"{OF}/{what}" for what in ("tasks", "obligations", "submissions", "rankings", "bulletins")),
)


@dataclass
class Desk:
    """The service without threads, people talking over its database, and who reads it."""

    house: House
    talk: Talk
    http: TestClient
    token: str = ""

    @property
    def database(self) -> Database:
        return self.house.database

    def give(self, name: str, *codes: str) -> str:
        """A token of the system *name* for these programmes."""
        with self.database.write() as session:
            return add_token(session, name, codes, self.house.clock())

    def revoke(self, name: str) -> None:
        with self.database.write() as session:
            revoke_token(session, name, self.house.clock())

    def get(
        self,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Response:
        """The answer to a call with the desk's token, or with another one."""
        shown = self.token if token is None else token
        sent = {"Authorization": f"Bearer {shown}"} if shown else {}
        named = {name: str(value) for name, value in query.items()}
        # No parameters at all leave those that stand in the path.
        query_of = {"params": named} if named else {}
        return self.http.get(f"{BASE}{path}", headers={**sent, **(headers or {})}, **query_of)

    def items(self, path: str, **query: object) -> list[dict[str, Any]]:
        """What a list holds on the page asked for."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def pages(self, path: str, **query: object) -> Iterator[list[dict[str, Any]]]:
        """Every page of a list, by way of the addresses of the next ones."""
        answer = self.get(path, **query)
        while True:
            body = answer.json()
            yield body["items"]
            following = body.get("next", "")
            assert answer.headers.get("link", "") == (
                f'<{following}>; rel="next"' if following else ""
            )
            if not following:
                return
            answer = self.get(following.split(BASE, 1)[1])

    def at(self, when: str) -> None:
        """Go to a Shanghai time, people and service alike."""
        self.talk.set_clock(when)
        self.house.set_clock(self.talk.now)


@contextmanager
def open_desk(url: str, folder: Path, *, is_new: bool = True) -> Iterator[Desk]:
    """A desk over the database at *url*; a new one holds the small programmes of 2021.

    It is 12 September 2021, and its token opens 重点民生实事 alone.
    """
    settings = Settings(
        _env_file=None,
        sandbox=True,
        secret_key=SECRET,
        database_url=url,
        media_url=f"file://{folder}/media",
        public_url="https://dajuan.example",
    )
    house = build(settings)
    house.set_clock(NOW)
    talk = Talk(house.database, now=NOW, empty=not is_new, first_message=1 if is_new else 100)
    talk.services = house.services
    desk = Desk(house, talk, TestClient(create_app(house), raise_server_exceptions=False))
    desk.token = desk.give("督查平台" if is_new else "统计平台", LIVELIHOOD)
    try:
        yield desk
    finally:
        house.close()


def a_month(desk: Desk) -> None:
    """August is reported, accepted, ranked and issued."""
    desk.talk.say(POLICE, BRIGHT)
    desk.talk.say(ADMIN, "通过 1")
    hand_in(desk.talk, "续8", {"农村户用厕所": "30000"}, month=9, accepted=True)
    with desk.database.write() as session:
        a_ranking(session, "2021-W36")
    desk.talk.say(ADMIN, "通报 重点民生实事 8月")
    desk.talk.say(ADMIN, "签发")


def a_ranking(session: Session, period: str, edition: int = 1) -> None:
    programme = livelihood(session)
    ranking = ranking_now(session, programme, date(2021, 8, 31), NOW, SHANGHAI).ranking
    secret = Printed(named={"滞后": "只给点名的群看"})
    publish(session, programme, ranking, period, NOW, secret, after=edition - 1)


def livelihood(session: Session) -> Programme:
    programme = programme_by_code(session, LIVELIHOOD)
    assert programme is not None
    return programme


@cache
def august(empty: Path) -> Path:
    """A folder with a desk to which August was told; a copy of it is made sooner than a month."""
    folder = Path(mkdtemp(prefix="dajuan-api-"))
    shutil.copy(empty, folder / "desk.db")
    with open_desk(f"sqlite:///{folder / 'desk.db'}", folder) as desk:
        a_month(desk)
    return folder


@contextmanager
def copied_desk(empty: Path, folder: Path) -> Iterator[Desk]:
    """A desk of its own in *folder* to which August was told."""
    shutil.copytree(august(empty), folder)
    with open_desk(f"sqlite:///{folder / 'desk.db'}", folder, is_new=False) as desk:
        yield desk
