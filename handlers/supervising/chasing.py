"""Reminding on demand: who is told, who was told today, who cannot be reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.context import Context
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyStanding
from handlers.standing.openings import opening
from handlers.standing.policy import ladder_policy
from handlers.supervising.texts import owed_lines, what_to_send
from models.audience import Holder, holders, last_undelivered, said_among, single_chats
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.outbox import Priority, say
from models.rules.ladder import is_working_time
from models.rules.opening import Opening
from models.unit import Unit

#: For so long a word that did not get through says that the next may not either.
_LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Person:
    """One liaison with everything they owe; *units* counts those they answer for in it."""

    member_id: int
    name: str
    owed: tuple[DutyStanding, ...]
    units: int


@dataclass(frozen=True)
class Chased:
    """What came of a chase; *silent* are units for which nobody can be reached at all.

    *unheard* are those of the told to whom the last word before did not get through.
    """

    told: tuple[Person, ...]
    told_before: tuple[Person, ...]
    unreachable: tuple[Person, ...]
    silent: tuple[Unit, ...]
    unheard: tuple[Person, ...] = ()

    @property
    def reports(self) -> int:
        """How many reports were asked for."""
        return len({each.id for person in self.told for each in person.owed})


def people_owing(owed: Sequence[DutyStanding], people: Iterable[Holder]) -> list[Person]:
    """Everybody who may report one of these, with all of theirs, in the order they joined."""
    found: dict[int, tuple[str, dict[int, DutyStanding], set[int]]] = {}
    by_unit: dict[int, list[Holder]] = {}
    for holder in people:
        by_unit.setdefault(holder.unit_id or 0, []).append(holder)
    for each in owed:
        for unit in each.units:
            for holder in by_unit.get(unit.id or 0, ()):
                if holder.serves(each.obligation.programme_id):
                    _, duties, units = found.setdefault(holder.member_id, (holder.name, {}, set()))
                    duties[each.id] = each
                    units.add(unit.id or 0)
    return [
        Person(member_id, name, tuple(duties.values()), len(units))
        for member_id, (name, duties, units) in sorted(found.items())
    ]


def chase(ctx: Context, owed: Sequence[DutyStanding], unit: Unit | None = None) -> Chased:
    """Remind those who owe *owed* in their single chats, each at most once a day.

    It does not count against the ladder's daily cap, as somebody decided it; refused outside
    working hours, when nobody should be bothered. Of a joint report only *unit* is reminded when
    one was named.
    """
    _require_working_time(ctx, owed)
    liaisons = holders(ctx.session, (RoleName.LIAISON,), ctx.today)
    people = people_owing(
        owed, [each for each in liaisons if unit is None or each.unit_id == unit.id]
    )
    chats = single_chats(ctx.session, [each.member_id for each in people])
    prefix = f"chase:{ctx.today}:"
    said = said_among(ctx.session, [f"{prefix}member{each.member_id}" for each in people])
    lost_in = last_undelivered(ctx.session, chats.values(), ctx.now - _LATELY)
    told, before, lost = [], [], []
    for person in people:
        key = f"{prefix}member{person.member_id}"
        if person.member_id not in chats:
            lost.append(person)
        elif key in said:
            before.append(person)
        else:
            reply = Reply(_text(ctx, person))
            say(
                ctx.session,
                chats[person.member_id],
                reply,
                key=key,
                now=ctx.now,
                priority=Priority.ALARM,
            )
            told.append(person)
    _remember(ctx, told)
    unheard = [each for each in (*told, *before) if chats[each.member_id] in lost_in]
    return Chased(tuple(told), tuple(before), tuple(lost), _silent(owed, people), tuple(unheard))


def _require_working_time(ctx: Context, owed: Sequence[DutyStanding]) -> None:
    policy = ladder_policy(owed[0].programme)
    if is_working_time(ctx.now, ctx.calendar, policy):
        return
    raise Refused(
        f"为不打扰大家休息，催报只在工作日{policy.opens:%H:%M}至{policy.closes:%H:%M}发送，"
        f"本次未发出。请于{_next_working_day(ctx, policy.opens.hour)}再发。"
    )


def _next_working_day(ctx: Context, opens: int) -> str:
    today = ctx.today
    local = ctx.now.astimezone(ctx.services.zone)
    is_early = ctx.calendar.is_workday(today) and local.hour < opens
    day: date = today if is_early else ctx.calendar.next_workday(today)
    return f"{day_text(day)}{opens}时后"


def _text(ctx: Context, person: Person) -> str:
    lines = owed_lines(
        person.owed, ctx.now, ctx.calendar, ctx.services.zone, with_units=person.units > 1
    )
    first = opening(Opening.CHASE, (each.programme for each in person.owed))
    return "\n".join([first, *lines, what_to_send(person.owed)])


def _remember(ctx: Context, told: Sequence[Person]) -> None:
    for person in told:
        for each in person.owed:
            ctx.record("chase", "obligation", each.id, after={"told": person.member_id})


def _silent(owed: Sequence[DutyStanding], people: Sequence[Person]) -> tuple[Unit, ...]:
    """Units that owe something for which there is no liaison at all."""
    covered = {each.id for person in people for each in person.owed}
    units: Mapping[int, Unit] = {
        unit.id or 0: unit for each in owed if each.id not in covered for unit in each.units
    }
    return tuple(units.values())
