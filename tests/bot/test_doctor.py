"""`dajuan doctor`: every ailment named with what to do, worst first, and nothing raised."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backup import note_backup
from bot.doctor import examine
from bot.findings import Level
from bot.platforms.base import Request
from bot.settings import Settings
from bot.spool import SPOOL, Spool
from models.db import open_database
from models.workday import CalendarYear
from tests.hall import NOW


@pytest.fixture(autouse=True)
def installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / "dajuan.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("DATABASE_URL", "sqlite:///dajuan.db")
    monkeypatch.setenv("SECRET_KEY", "3n5Qm0-random-and-long")
    return monkeypatch


def level_of(check: str) -> Level | None:
    return next((each.level for each in examine() if each.check == check), None)


def test_a_fresh_installation_fails_nowhere_and_says_what_is_missing() -> None:
    found = examine()

    assert Level.FAIL not in {each.level for each in found}
    assert [each.level for each in found] == sorted(
        (each.level for each in found), key=[*reversed(Level)].index
    )
    assert level_of("programmes") == Level.WARN
    assert all(each.advice for each in found if each.level != Level.OK)
    assert all("→" in each.text() for each in found if each.level != Level.OK)


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("SECRET_KEY", "please-change-me", "SECRET_KEY"),
        ("DATABASE_URL", "sqlite:///empty.db", "schema"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:////proc/none/x.db", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql+psycopg://u:hunter2@127.0.0.1:1/x", "DATABASE_URL"),
        ("MEDIA_URL", "ftp://x", "MEDIA_URL"),
        ("MEDIA_URL", "file:///proc/none", "MEDIA_URL"),
        ("FONT_PATH", "none.ttf", "FONT_PATH"),
        ("TIMEZONE", "Mars", "settings"),
    ],
)
def test_each_ailment_is_found(
    installation: pytest.MonkeyPatch, name: str, value: str, check: str
) -> None:
    installation.setenv(name, value)

    found = {each.check: each for each in examine()}

    assert found[check].level == Level.FAIL
    assert found[check].advice
    assert "hunter2" not in str(found)


def test_a_year_without_its_days_off_is_named_with_how_to_bring_them_in() -> None:
    database = open_database("sqlite:///dajuan.db")
    with database.write() as session:
        session.add(CalendarYear(year=2004))
    database.dispose()

    found = next(each for each in examine() if each.check == "calendar")

    assert found.level == Level.WARN
    assert "dajuan calendar import" in found.advice


def test_calls_put_aside_are_shown() -> None:
    spool = Spool(SPOOL)
    spool.keep("sandbox", Request("POST", {}, {}, b""), NOW)
    spool.put_aside(spool.waiting()[0])

    assert level_of("spool") == Level.WARN


def test_a_backup_that_is_missing_or_old_is_told() -> None:
    assert level_of("backup") == Level.WARN
    database, now = open_database("sqlite:///dajuan.db"), datetime.now(UTC)
    note_backup(database, now - timedelta(hours=35))
    assert level_of("backup") == Level.OK
    note_backup(database, now - timedelta(hours=37))
    database.dispose()

    found = next(each for each in examine() if each.check == "backup")
    assert (found.level, found.about) == (Level.WARN, "上次在37小时前")
    assert "dajuan backup" in found.advice
