"""工作日: days that differ from the weekday rule, seeded from the published calendars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.audit import record, trail_of
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
#: Days that an admin declared by 放假 or 上班; a notice does not change them.
DECLARED = "declared"
#: Days of a notice of the State Council that was read in.
NOTICE = "notice"
#: From this month on the next year is expected to be known.
NOTICE_MONTH = 11


@dataclass(frozen=True)
class YearChange:
    """What reading in a year's notice changes; *kept* are days an admin declared otherwise."""

    year: int
    is_new: bool
    off: tuple[date, ...]
    work: tuple[date, ...]
    kept: tuple[date, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether the year and all its days were known so before."""
        return not (self.is_new or self.off or self.work)


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


def declare_days(
    session: Session,
    days: Iterable[date],
    kind: str,
    *,
    member_id: int | None,
    now: datetime,
    note: str = "",
) -> list[date]:
    """Make these days off or worked by declaration; returns those that were otherwise until now."""
    seed_calendar(session)
    before = calendar(session)
    changed = [day for day in days if before.is_workday(day) is not (kind == WORK)]
    for day in changed:
        _put(session, day, Workday(day=day, kind=kind, source=DECLARED), member_id, now, note)
    session.flush()
    return changed


def withdraw_days(
    session: Session, days: Iterable[date], *, member_id: int | None, now: datetime
) -> list[date]:
    """Take declarations back, so that what held before them holds again; returns those days."""
    rows = session.exec(
        select(Workday).where(col(Workday.day).in_(list(days)), Workday.source == DECLARED)
    ).all()
    found = sorted(row.day for row in rows)
    for day in found:
        _put(session, day, _before_declared(session, day), member_id, now)
    session.flush()
    return found


def _put(
    session: Session,
    day: date,
    row: Workday | None,
    member_id: int | None,
    now: datetime,
    note: str = "",
) -> None:
    """Replace what is said of a day, with its line in the audit trail."""
    old = session.get(Workday, day)
    before = _said(old)
    if row is not None:
        session.merge(row)
    elif old is not None:
        session.delete(old)
    record(
        session,
        at=now,
        member_id=member_id,
        action="workday",
        table="workday",
        row=day.toordinal(),
        before=before,
        after={**_said(row), "note": note} if note else _said(row),
    )


def _said(row: Workday | None) -> dict[str, str]:
    return {} if row is None else {"day": f"{row.day}", "kind": row.kind, "source": row.source}


def _before_declared(session: Session, day: date) -> Workday | None:
    """What was said of the day before anybody declared it; None where its weekday held."""
    for line in reversed(trail_of(session, "workday", day.toordinal())):
        if line.before.get("source") != DECLARED:
            said = line.before
            return Workday(day=day, kind=said["kind"], source=said["source"]) if said else None
    return None


def take_year(session: Session, year: int, days: Mapping[date, str]) -> YearChange:
    """Bring the calendar to a year's notice, which makes the year known.

    Days of *year* that the notice does not name follow their weekday again; what an admin
    declared stays. Read in again it changes nothing.
    """
    seed_calendar(session)
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = {row.day: row for row in session.exec(select(Workday)).all()}
    kept = {day for day, row in rows.items() if row.source == DECLARED}
    stale = [
        row
        for day, row in rows.items()
        if first <= day <= last and day not in days and day not in kept
    ]
    before = calendar(session)
    for row in stale:
        session.delete(row)
    for day, kind in days.items():
        if day not in kept and (day not in rows or rows[day].kind != kind):
            session.merge(Workday(day=day, kind=kind, source=NOTICE))
    is_new = session.get(CalendarYear, year) is None
    if is_new:
        session.add(CalendarYear(year=year, source=NOTICE))
    session.flush()
    after = calendar(session)
    moved = [day for day in {*days, *(row.day for row in stale)} if _differ(before, after, day)]
    against = [day for day in kept & set(days) if rows[day].kind != days[day]]
    return YearChange(
        year,
        is_new,
        tuple(sorted(day for day in moved if not after.is_workday(day))),
        tuple(sorted(day for day in moved if after.is_workday(day))),
        tuple(sorted(against)),
    )


def _differ(before: Calendar, after: Calendar, day: date) -> bool:
    return before.is_workday(day) is not after.is_workday(day)


def years_missing(session: Session, today: date) -> list[int]:
    """The years whose days off should be known by now: this one, and the next from November on.

    The notice for a year is published in October or November before it.
    """
    known = set(session.exec(select(CalendarYear.year)).all()) or set(known_years())
    wanted = [today.year, *([today.year + 1] if today.month >= NOTICE_MONTH else [])]
    return [year for year in wanted if year not in known]
