"""工作日: days that differ from the weekday rule, seeded from the published calendars."""

from datetime import date

from sqlmodel import Field, Session, SQLModel, select

from models.db import one_of


class Workday(SQLModel, table=True):
    """One day that is off or worked against its weekday; *source* says who declared it."""

    __table_args__ = (one_of("kind", ("work", "off")),)

    day: date = Field(primary_key=True)
    kind: str
    source: str = ""


class CalendarYear(SQLModel, table=True):
    """A year whose official arrangement of days off is known."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    source: str = ""


def declared_days(session: Session) -> dict[date, str]:
    """Every declared day with `work` or `off`."""
    return {row.day: row.kind for row in session.exec(select(Workday)).all()}


def known_years(session: Session) -> frozenset[int]:
    """The years whose arrangement is known."""
    return frozenset(row.year for row in session.exec(select(CalendarYear)).all())
