"""Which round of reports is meant: the month in which its due times lie."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from handlers.reading.normalise import normalise
from models.obligation import Obligation
from models.programmes.obligations import NO_LONGER_ASKED
from models.rules.span import add_months, month_end

_DAY = timedelta(days=1)
_MONTH = re.compile(r"(?:(?P<year>20\d\d)\s*[年./-]\s*)?(?P<month>1[0-2]|0?[1-9])\s*(?:月份?|期|$)")
_DATE = re.compile(
    r"(?:(?P<year>20\d\d)\s*[年./-]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[月./-]\s*"
    r"(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?"
)


@dataclass(frozen=True)
class Round:
    """The due days from *first* to *last*, both counted."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """What people call it: 8月, 7—9月, or 8月25日 for a single day."""
        if self.first.month != self.last.month:
            return f"{self.first.month}—{self.last.month}月"
        month = f"{self.first.month}月"
        return f"{month}{self.first.day}日" if self.first == self.last else month

    def starts(self, zone: ZoneInfo) -> datetime:
        """Its first instant."""
        return datetime.combine(self.first, time.min, zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """Its last instant."""
        return datetime.combine(self.last + _DAY, time.min, zone) - timedelta(microseconds=1)


def month_round(day: date) -> Round:
    """The round of the month that holds *day*."""
    return Round(day.replace(day=1), month_end(day.year, day.month))


def current_round(
    session: Session, programme_id: int, now: datetime, zone: ZoneInfo
) -> Round | None:
    """The month in which something is due: this one, else the next with dues, else the last.

    What was due before the programme was loaded makes no round, nor what a changed requirement
    no longer asks for: nobody was asked for it.
    """
    of_programme = (
        Obligation.programme_id == programme_id,
        col(Obligation.history).is_(False),
        col(Obligation.waiver_reason) != NO_LONGER_ASKED,
    )
    begin = datetime.combine(now.astimezone(zone).date().replace(day=1), time.min, zone)
    due = session.exec(
        select(func.min(Obligation.due)).where(*of_programme, col(Obligation.due) >= begin)
    ).one()
    if due is None:
        due = session.exec(select(func.max(Obligation.due)).where(*of_programme)).one()
    return None if due is None else month_round(due.astimezone(zone).date())


def round_called(text: str, today: date) -> Round | None:
    """The round that *text* names (8月, 2021-08, 8月25日, 上期), or None.

    A month or day without a year lies in the present year, or in the last one when it would be
    more than half a year ahead.
    """
    plain = normalise(text).strip()
    if plain in ("上期", "上月", "上个月"):
        return month_round(add_months(today.replace(day=1), -1))
    if plain in ("下期", "下月", "下个月"):
        return month_round(add_months(today.replace(day=1), 1))
    if plain in ("本期", "本月", "这个月"):
        return month_round(today)
    if found := _DATE.fullmatch(plain):
        day = _dated(found, today, int(found["day"]))
        return None if day is None else Round(day, day)
    if found := _MONTH.fullmatch(plain):
        day = _dated(found, today, 1)
        return None if day is None else month_round(day)
    return None


def _dated(found: re.Match[str], today: date, day: int) -> date | None:
    year = int(found["year"]) if found["year"] else today.year
    try:
        named = date(year, int(found["month"]), day)
    except ValueError:
        return None
    is_far = not found["year"] and (named - today).days > 183
    return named.replace(year=year - 1) if is_far else named
