"""The admins hear in time that the coming year's days off are missing, and not every day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.context import Services
from handlers.registry import Registry
from models.chat import ChatPurpose, chat_at
from models.db import Database
from models.member import RoleName
from models.message import ChatKind
from models.rules.holiday_notice import read_holiday_notice
from models.rules.ladder import Policy, SlotKind, slots
from models.workday import calendar, seed_calendar, take_year
from scheduler.calendar_alert import alert_calendar
from tests.conftest import SHANGHAI, at
from tests.factories import PLATFORM, a_group, a_member, a_programme
from tests.stores import fresh_sqlite
from tests.supervising import outbox
from tests.talk import ADDRESSES, MediaShelf

NOTICE = Path(__file__).parents[1] / "data" / "notices" / "2027.txt"
SERVICES = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES, alarm_chat="运维群")


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        with database.write() as session:
            seed_calendar(session)
            _people(session)
        yield database


def _people(session: Session) -> None:
    a_group(session, "运维群", ChatPurpose.ADMINS)
    programme = a_programme(session)
    a_member(session, "从未来信的管理员", (RoleName.ADMIN, None))
    for name, role in (("管理员甲", RoleName.ADMIN), ("领导甲", RoleName.LEADER)):
        a_member(session, name, (role, None), programme=programme)
        chat_at(session, PLATFORM, name, ChatKind.SINGLE, at("2026-01-05T09:00"))


def each_hour(database: Database, first: str, last: str) -> list[datetime]:
    """When something was owed, the question asked every hour."""
    now, found = at(first), []
    while now < at(last):
        if alert_calendar(database, SERVICES, now):
            found.append(now)
        now += timedelta(hours=1)
    return found


def test_one_word_in_november_one_in_december_and_weekly_in_january(house: Database) -> None:
    assert each_hour(house, "2026-10-01T00:00", "2026-11-01T00:00") == []
    assert each_hour(house, "2026-11-01T00:00", "2026-12-01T00:00") == [at("2026-11-02T09:00")]
    assert each_hour(house, "2026-12-01T00:00", "2027-01-01T00:00") == [at("2026-12-01T09:00")]
    assert each_hour(house, "2027-01-01T00:00", "2027-02-01T00:00") == [
        at(f"2027-01-{day:02}T09:00") for day in (1, 4, 11, 18, 25)
    ]
    assert each_hour(house, "2027-02-01T00:00", "2027-03-01T00:00") == [at("2027-02-01T09:00")]


def test_the_admin_and_the_alarm_group_hear_it_and_nobody_else(house: Database) -> None:
    assert alert_calendar(house, SERVICES, at("2026-11-02T09:00")) == 2

    words = outbox(house, "calendar:2027:2026-11:")
    assert len(words) == 2
    assert all(each.text.startswith("2027年放假安排尚未录入") for each in words)
    assert alert_calendar(house, SERVICES, at("2026-11-02T09:10")) == 0


def test_without_an_alarm_group_the_admin_alone_hears_it(house: Database) -> None:
    assert alert_calendar(house, replace(SERVICES, alarm_chat=""), at("2026-11-02T09:00")) == 1


def test_a_notice_read_in_ends_the_matter(house: Database) -> None:
    with house.write() as session:
        take_year(session, 2027, read_holiday_notice(NOTICE.read_text(encoding="utf-8")).days)

    assert each_hour(house, "2026-11-01T00:00", "2026-11-10T00:00") == []


@pytest.mark.parametrize("when", ["2026-11-01T10:00", "2026-11-02T08:59", "2026-11-02T19:00"])
def test_nobody_hears_it_on_a_sunday_or_out_of_hours(house: Database, when: str) -> None:
    assert alert_calendar(house, SERVICES, at(when)) == 0


def test_reminders_in_an_unknown_year_fall_back_to_weekdays(house: Database) -> None:
    with house.read() as session:
        days = calendar(session)
    due = at("2027-02-07T23:59:59")  # a Sunday

    assert not days.knows(2027)
    on_day = [s.at.date() for s in slots(due, days, Policy(), due) if s.kind is SlotKind.ON_DAY]
    assert on_day == [date(2027, 2, 5), date(2027, 2, 5)]
