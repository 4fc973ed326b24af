"""The table of working days: what is published, declared and read in from a notice."""

from datetime import date
from pathlib import Path

from sqlmodel import Session, select

from models.audit import Audit
from models.rules.holiday_notice import read_holiday_notice
from models.rules.workday import OFF, WORK, known_years
from models.workday import (
    CalendarYear,
    Workday,
    calendar,
    declare_days,
    seed_calendar,
    take_year,
    withdraw_days,
    years_missing,
)
from tests.conftest import at

NOW = at("2026-11-20T09:00")
MONDAY, SATURDAY = date(2027, 2, 8), date(2027, 2, 27)
NOTICES = Path(__file__).parents[1] / "data" / "notices"


def declare(session: Session, day: date, kind: str) -> list[date]:
    return declare_days(session, [day], kind, member_id=None, now=NOW)


def a_notice_of_2027() -> dict[date, str]:
    text = (NOTICES / "2027.txt").read_text(encoding="utf-8")
    notice = read_holiday_notice(text)
    assert (notice.year, notice.problems) == (2027, ())
    return notice.days


def test_a_declared_day_holds_and_leaves_its_trace(session: Session) -> None:
    assert declare(session, MONDAY, OFF) == [MONDAY]
    assert declare(session, MONDAY, OFF) == []

    assert not calendar(session).is_workday(MONDAY)
    trail = session.exec(select(Audit)).all()
    assert [(each.before, each.after["kind"]) for each in trail] == [({}, OFF)]


def test_a_saturday_that_was_off_anyway_is_no_change(session: Session) -> None:
    assert declare(session, SATURDAY, OFF) == []
    assert declare(session, SATURDAY, WORK) == [SATURDAY]
    assert calendar(session).is_workday(SATURDAY)


def test_a_declaration_taken_back_gives_way_to_what_held_before(session: Session) -> None:
    national_day, sunday = date(2026, 10, 1), date(2026, 9, 20)
    declare(session, national_day, WORK)
    declare(session, sunday, OFF)
    declare(session, MONDAY, OFF)

    back = withdraw_days(session, [national_day, sunday, MONDAY, SATURDAY], member_id=None, now=NOW)

    assert back == [sunday, national_day, MONDAY]
    days = calendar(session)
    assert not days.is_workday(national_day)
    assert days.is_workday(sunday)
    assert days.is_workday(MONDAY)
    assert session.get(Workday, MONDAY) is None


def test_a_year_read_in_becomes_known_and_a_second_time_changes_nothing(session: Session) -> None:
    seed_calendar(session)
    first = take_year(session, 2027, a_notice_of_2027())
    second = take_year(session, 2027, a_notice_of_2027())

    assert first.is_new
    assert not first.is_nothing
    assert MONDAY in first.off
    assert second.is_nothing
    assert calendar(session).knows(2027)


def test_a_notice_leaves_what_an_admin_declared_and_says_so(session: Session) -> None:
    founding_day = date(2027, 9, 20)
    declare(session, founding_day, OFF)
    declare(session, date(2027, 2, 9), OFF)
    declare(session, date(2027, 2, 20), WORK)
    declare(session, date(2027, 2, 20), OFF)

    change = take_year(session, 2027, a_notice_of_2027())

    assert change.kept == (date(2027, 2, 20),)
    assert not calendar(session).is_workday(founding_day)
    assert not calendar(session).is_workday(date(2027, 2, 20))


def test_a_corrected_notice_takes_its_own_days_back(session: Session) -> None:
    days = a_notice_of_2027()
    take_year(session, 2027, days)
    without = {day: kind for day, kind in days.items() if day != MONDAY}

    change = take_year(session, 2027, without)

    assert (change.is_new, change.work, change.off) == (False, (MONDAY,), ())


def test_the_next_year_is_missed_from_november_on(session: Session) -> None:
    seed_calendar(session)
    last = known_years()[-1]

    assert years_missing(session, date(last, 10, 31)) == []
    assert years_missing(session, date(last, 11, 1)) == [last + 1]
    assert years_missing(session, date(last + 1, 1, 5)) == [last + 1]
    session.add(CalendarYear(year=last + 1))
    session.flush()
    assert years_missing(session, date(last, 11, 1)) == []
