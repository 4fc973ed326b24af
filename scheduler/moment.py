"""The instant of a reminder run with what it is judged by, and a word that it owes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlmodel import Session

from handlers.context import Services
from handlers.schedules import finished
from handlers.standing.policy import ladder_policy, reach
from models.programme import Programme, active_programmes
from models.rules.ladder import EscalationKind, Policy, is_working_time, times_of_day
from models.rules.workday import Calendar
from models.rules.zone import local_zone
from models.supervision_order import StepKind
from models.workday import calendar


@dataclass(frozen=True)
class Word:
    """A reminder for one person; *slot* tells those of one day apart.

    *escalated* names the rows, by table, of which this tells somebody above, and at which rung;
    *orders* the supervision orders that it speaks of, and how that is noted on them.
    """

    member_id: int
    slot: str
    text: str
    cap: int
    escalated: tuple[tuple[str, int, EscalationKind], ...] = ()
    orders: tuple[tuple[int, StepKind], ...] = ()

    def joined(self, other: "Word") -> "Word":
        """Both as one message; the stricter cap holds."""
        return replace(
            self,
            text=f"{self.text}\n{other.text}",
            cap=min(self.cap, other.cap),
            escalated=(*self.escalated, *other.escalated),
            orders=(*self.orders, *other.orders),
        )


def one_each(words: Iterable[Word]) -> list[Word]:
    """The words, those for one person and slot as one message."""
    found: dict[tuple[int, str], Word] = {}
    for word in words:
        at = (word.member_id, word.slot)
        found[at] = found[at].joined(word) if at in found else word
    return list(found.values())


@dataclass(frozen=True)
class Moment:
    """One instant; *policies* by programme id, *over* the programmes of which nobody is asked."""

    now: datetime
    days: Calendar
    programmes: Sequence[Programme]
    policies: Mapping[int, Policy]
    services: Services
    over: frozenset[int] = frozenset()

    @classmethod
    def at(cls, session: Session, services: Services, now: datetime) -> "Moment":
        """The instant with the calendar and the ladders of every active programme."""
        programmes = active_programmes(session)
        policies = {each.id or 0: ladder_policy(each) for each in programmes}
        over = finished(session, programmes, now.astimezone(local_zone()).date())
        return cls(now, calendar(session), programmes, policies, services, over)

    @cached_property
    def running(self) -> Sequence[Programme]:
        """The programmes of which somebody is still asked."""
        return [each for each in self.programmes if each.id not in self.over]

    @cached_property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(local_zone()).date()

    @cached_property
    def is_working_time(self) -> bool:
        """Whether anybody may be reminded at all."""
        return any(is_working_time(self.now, self.days, each) for each in self.policies.values())

    @cached_property
    def is_slot_open(self) -> bool:
        """Whether some slot of today has come and is not yet too late."""
        return self.is_working_time and any(
            timedelta() <= self.now - datetime.combine(self.today, at, local_zone()) <= policy.late
            for policy in self.policies.values()
            for at in times_of_day(policy)
        )

    @cached_property
    def horizon(self) -> datetime:
        """What is due later than this stands on no rung of any ladder yet."""
        days = [reach(each, self.today, self.days) for each in self.policies.values()]
        return datetime.combine(max(days, default=self.today), time.max, local_zone())

    def key(self, slot: str, member_id: int) -> str:
        """What a reminder is owed under: one for each day, slot and person."""
        return f"remind:{self.today}:{slot}:member{member_id}"
