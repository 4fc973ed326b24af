"""The practice clock goes from one stop to the next, and asks what is due once at each."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.app import build
from bot.settings import Settings
from models.db import open_database
from tests.conftest import at
from tests.factories import xiangxi


@pytest.mark.parametrize("to", ["2021-08-20T15:00", "2021-08-20T15:30"], ids=["a-stop", "between"])
def test_every_stop_is_asked_once(
    to: str, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "play.db").write_bytes(sqlite_template.read_bytes())
    database = open_database("sqlite:///play.db")
    with database.write() as session:
        xiangxi(session)
    database.dispose()
    house = build(Settings(_env_file=None, sandbox=True, database_url="sqlite:///play.db"))
    asked: list[datetime] = []
    monkeypatch.setattr(house.jobs, "tick", asked.append)
    house.set_clock(at("2021-08-20T08:30"))

    house.advance(at(to))

    stops = [at("2021-08-20T09:00"), at("2021-08-20T15:00")]
    assert asked == sorted({*stops, at(to)})
    house.close()
