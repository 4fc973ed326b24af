"""The board of a province: 60 departments, 122 counties and a year of reports, page by page."""

import tempfile
import time
from pathlib import Path

from sqlmodel import select
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.settings import Settings
from models.chat import Chat
from models.link import board_link
from tests.bench.result import Result
from tests.offices import NOW, a_province

LIMIT = 300
VIEWS = ("overview", "tasks", "ranking", "counties", "calendar", "laggards")


def measure() -> list[Result]:
    """Processor milliseconds for the slowest page, beside the page that says a link is closed."""
    with tempfile.TemporaryDirectory() as folder:
        house, path = _house(Path(folder))
        http = TestClient(create_app(house))
        floor = _milliseconds(http, f"{path}x")
        times = {view: _milliseconds(http, f"{path}?view={view}") for view in VIEWS}
        house.close()
    slowest = max(times, key=lambda view: times[view])
    name = f"board, 182 units: {slowest}"
    return [Result(name, times[slowest], "ms", LIMIT, floor, "a closed link's page")]


def _house(folder: Path) -> tuple[House, str]:
    settings = Settings(
        _env_file=None,
        sandbox=True,
        database_url=f"sqlite:///{folder}/board.db",
        media_url=f"file://{folder}/media",
    )
    house = build(settings)
    with house.database.write() as session:
        programme = a_province(session)
        chat = session.exec(select(Chat)).one()
        link = board_link(session, programme.id or 0, chat.id or 0, NOW)
        path = house.addresses.of(link).removeprefix(settings.public_url)
    house.set_clock(NOW)
    return house, path


def _milliseconds(http: TestClient, path: str) -> float:
    """The least of three, since what other work of the machine costs is not the page's."""
    return min(_once(http, path) for _ in range(3))


def _once(http: TestClient, path: str) -> float:
    begun = time.process_time()
    http.get(path)
    return (time.process_time() - begun) * 1000
