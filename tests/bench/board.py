"""The board page by page: of a province with a year of reports, of 82 tasks with 191 clauses."""

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot.app import House, build, create_app
from bot.settings import Settings
from models.chat import Chat, ChatPurpose
from models.link import board_link
from models.programme import Programme, programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from tests.bench.result import Result
from tests.conftest import at
from tests.factories import a_group
from tests.offices import NOW, a_province

LIMIT = 300
DIVISION = "fengong-2022"
VIEWS = ("overview", "tasks", "ranking", "counties", "calendar", "laggards")


def measure() -> list[Result]:
    """Processor milliseconds for the slowest page, beside the page that says a link is closed."""
    return [_slowest("182 units", a_province), _slowest("191 clauses", _a_division)]


def _slowest(name: str, fill: Callable[[Session], Programme]) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        house, path = _house(Path(folder), fill)
        http = TestClient(create_app(house))
        gc.freeze()  # as the service does when it starts
        floor = _milliseconds(http, f"{path}x")
        times = {view: _milliseconds(http, f"{path}?view={view}") for view in VIEWS}
        gc.unfreeze()
        house.close()
    slowest = max(times, key=lambda view: times[view])
    title = f"board, {name}: {slowest}"
    return Result(title, times[slowest], "ms", LIMIT, floor, "a closed link's page")


def _a_division(session: Session) -> Programme:
    """A year of monthly reports on every clause of a division of work."""
    load(session, read_definition(DIVISION), at("2022-01-01T08:00"))
    a_group(session, "省领导群", ChatPurpose.LEADERS, names_laggards=True)
    programme = programme_by_code(session, DIVISION)
    assert programme is not None
    return programme


def _house(folder: Path, fill: Callable[[Session], Programme]) -> tuple[House, str]:
    settings = Settings(
        _env_file=None,
        sandbox=True,
        database_url=f"sqlite:///{folder}/board.db",
        media_url=f"file://{folder}/media",
    )
    house = build(settings)
    with house.database.write() as session:
        programme = fill(session)
        chat = session.exec(select(Chat)).one()
        now = NOW.replace(year=programme.year)
        link = board_link(session, programme.id or 0, chat.id or 0, now)
        path = house.addresses.of(link).removeprefix(settings.public_url)
    house.set_clock(now)
    return house, path


def _milliseconds(http: TestClient, path: str) -> float:
    """The least of three, since what other work of the machine costs is not the page's."""
    return min(_once(http, path) for _ in range(3))


def _once(http: TestClient, path: str) -> float:
    begun = time.process_time()
    http.get(path)
    return (time.process_time() - begun) * 1000
