"""工作日: days that differ from the weekday rule, seeded from the published calendars."""

from datetime import date

from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of
from models.rules.workday import OFF, WORK, Calendar, known_years, published, seed


class Workday(SQLModel, table=True):
    """One day that is off or worked against its weekday; *source* says who declared it."""

    __table_args__ = (one_of("kind", (WORK, OFF)),)

    day: date = Field(primary_key=True)
    kind: str
    source: str = ""


class CalendarYear(SQLModel, table=True):
    """A year whose official arrangement of days off is known."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    source: str = ""


#: Days that came with the program, until somebody declares them otherwise.
PUBLISHED = "published"


def calendar(session: Session) -> Calendar:
    """The working days as they are declared now, or as published while nothing is declared."""
    years = session.exec(select(CalendarYear.year)).all()
    if not years:
        return published()
    # Columns, not rows: this is asked often, and twenty years are six hundred days.
    days = dict(session.exec(select(col(Workday.day), col(Workday.kind))).all())
    return Calendar.of(days, years)


def seed_calendar(session: Session) -> None:
    """Add the published days of every year that is not in the table yet; declared days stay."""
    there = set(session.exec(select(CalendarYear.year)).all())
    declared = {row.day for row in session.exec(select(Workday)).all()}
    for year in known_years():
        if year in there:
            continue
        session.add(CalendarYear(year=year, source=PUBLISHED))
        for day, kind in seed(year).items():
            if day not in declared:
                session.add(Workday(day=day, kind=kind, source=PUBLISHED))
    session.flush()
