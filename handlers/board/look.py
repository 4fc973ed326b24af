"""One look at a board: who reads, what they opened and when, with what several pages need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.board.naming import Names
from handlers.board.reader import Reader
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.ranks import Published, RankingNow, last_published, owed_now, ranked
from handlers.standing.tasks import Standing, data_date, standing
from models.programme import Programme

#: Said instead of a page where the group's switch keeps units unnamed.
NOT_NAMED = (
    "本群未开启点名，单位和县市的情况不在这里显示。"
    "如需查看，请在与“答卷”的单聊中发“看板”，用单聊里的链接打开。"
)
#: Rows on one page: more go to the next.
MOST_ROWS = 60


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: a page, of what, and which part of it."""

    view: str = "overview"
    id: int = 0
    page: int = 1
    month: str = ""
    status: str = ""


@dataclass
class Look:
    """A reader looking at one page; what is asked for twice is read once."""

    session: Session
    reader: Reader
    wanted: Wanted
    now: datetime
    zone: ZoneInfo

    @property
    def programme(self) -> Programme:
        """The programme of the board."""
        return self.reader.programme

    @property
    def named(self) -> bool:
        """Whether units may be named."""
        return self.reader.named

    @cached_property
    def day(self) -> date:
        """The data date of every figure on the board."""
        return data_date(self.session, self.programme, self.now, self.zone)

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def published(self) -> Published | None:
        """The ranking last published, against which places have changed."""
        return last_published(self.session, self.programme.id or 0)

    @cached_property
    def standing(self) -> Standing:
        """The progress of every task at the data date."""
        return standing(self.session, self.programme, self.day)

    @cached_property
    def owed(self) -> tuple[DutyStanding, ...]:
        """Every report that the programme asks for, by due time: a year of it is much to read."""
        return owed_now(self.session, self.programme, self.now, self.zone, self.standing.units)

    def owed_of(self, task_id: int) -> Sequence[DutyStanding]:
        """Those of one task."""
        wanted = DutyFilter(task_ids=(task_id,), with_history=False)
        units = self.standing.units
        return merged(duties(self.session, wanted, self.now, self.zone, units))

    @cached_property
    def found(self) -> RankingNow:
        """The ranking at the data date with the progress and the reports behind it."""
        previous = self.published.ranking if self.published else None
        return ranked(self.standing, self.owed, self.now, previous)

    @cached_property
    def names(self) -> Names:
        """The names of the area's units, to be kept out of what may name nobody."""
        return Names(self.standing.units)


@dataclass(frozen=True)
class Pages:
    """Which part of a long list is shown, and what the next and the last part are."""

    number: int
    count: int

    @property
    def rows(self) -> slice:
        """The places shown."""
        return slice((self.number - 1) * MOST_ROWS, self.number * MOST_ROWS)


def pages_of(wanted: int, rows: int) -> Pages:
    """The part asked for; the nearest there is where the number lies outside."""
    count = max(-(-rows // MOST_ROWS), 1)
    return Pages(min(max(wanted, 1), count), count)
