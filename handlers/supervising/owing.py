"""Who owes what in a programme's present round, and how it is counted: one source for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.policy import ladder_policy, reach
from handlers.standing.rounds import Round, current_round
from models.obligation import OPEN_STATES
from models.programme import Programme
from models.rules.reporting import Door, State, door
from models.unit import Unit


@dataclass(frozen=True)
class Counts:
    """A round in numbers: on time + late + missing = expected."""

    expected: int
    on_time: int
    late: int
    missing: int
    overdue: int
    returned: int
    awaiting: int
    accepted: int
    waived: int


def counts(round_duties: Iterable[DutyStanding]) -> Counts:
    """What came, what is missing and what waits for whom; waived ones are not expected."""
    all_ = list(round_duties)
    expected = [each for each in all_ if each.state is not State.WAIVED]
    return Counts(
        expected=len(expected),
        on_time=sum(each.came_on_time for each in expected),
        late=sum(each.came_late for each in expected),
        missing=sum(each.duty.first_received is None for each in expected),
        overdue=sum(each.is_overdue for each in expected),
        returned=sum(each.state is State.RETURNED for each in expected),
        awaiting=sum(each.awaits_review for each in expected),
        accepted=sum(each.state is State.ACCEPTED for each in expected),
        waived=len(all_) - len(expected),
    )


def of_round(ctx: Context, programme: Programme, wanted: Round) -> tuple[DutyStanding, ...]:
    """Every obligation of a programme that is due within a round."""
    zone = ctx.services.zone
    wanted_rows = DutyFilter(
        programme_ids=(programme.id or 0,),
        since=wanted.starts(zone),
        until=wanted.ends(zone),
        with_history=False,
    )
    return duties(ctx.session, wanted_rows, ctx.now, zone)


def still_owed(ctx: Context, programme: Programme) -> tuple[DutyStanding, ...]:
    """What can still be reported up to the end of the present round, oldest first.

    Earlier rounds are part of it until the next due time closes them.
    """
    zone = ctx.services.zone
    now_due = current_round(ctx.session, programme.id or 0, ctx.now, zone)
    if now_due is None:
        return ()
    wanted = DutyFilter(
        programme_ids=(programme.id or 0,),
        until=now_due.ends(zone),
        states=OPEN_STATES,
        with_history=False,
    )
    return tuple(each for each in duties(ctx.session, wanted, ctx.now, zone) if is_open(each, ctx))


def is_open(each: DutyStanding, ctx: Context) -> bool:
    """Whether a report for it would still be taken."""
    return each.state is State.RETURNED or door(each.duty, ctx.now) is not Door.CLOSED


def is_pressing(each: DutyStanding, ctx: Context) -> bool:
    """Whether it is late, returned, or due soon enough for the ladder to remind of it."""
    due = each.duty.deadline.astimezone(ctx.services.zone).date()
    furthest = reach(ladder_policy(each.programme), ctx.today, ctx.calendar)
    return each.state is State.RETURNED or due <= furthest


def by_unit(owed: Sequence[DutyStanding]) -> list[tuple[Unit, list[DutyStanding]]]:
    """What each unit owes, in the units' printed order; a joint report stands under each."""
    found: dict[int, tuple[Unit, list[DutyStanding]]] = {}
    for each in owed:
        for unit in each.units:
            found.setdefault(unit.id or 0, (unit, []))[1].append(each)
    return sorted(found.values(), key=lambda pair: (pair[0].position, pair[0].id or 0))
