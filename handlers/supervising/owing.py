"""Who owes what in a programme's present round, and how it is counted: one source for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from handlers.context import Context
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.policy import ladder_policy, reach
from handlers.standing.rounds import Round, current_round
from handlers.supervising.scope import Scope
from models.obligation import OPEN_STATES, ObligationState
from models.programme import Programme
from models.rules.reporting import State, reporting_rate
from models.unit import Unit


@dataclass(frozen=True)
class Counts:
    """A round in numbers: on time + late + missing + closed = expected.

    Only what people are held to is expected: what was not confirmed in time is `Aside`.
    What came, on time or late, is accepted + awaiting + returned. Corrections stand beside: the
    accepted version of theirs is counted as accepted.
    """

    expected: int
    on_time: int
    late: int
    missing: int
    closed: int
    overdue: int
    returned: int
    awaiting: int
    accepted: int
    waived: int
    correction_waits: int
    correction_returned: int
    rate: Decimal | None

    @property
    def came(self) -> int:
        """How many were reported at all."""
        return self.on_time + self.late

    @property
    def reported(self) -> int:
        """How many count for the reporting rate: a returned one is owed again."""
        return self.accepted + self.awaiting


@dataclass(frozen=True)
class Aside:
    """What people are not held to: its due time was not confirmed when it passed, or is not yet."""

    count: int
    came: int
    awaiting: int


def aside(duties: Iterable[DutyStanding], *, confirmed: bool) -> Aside:
    """Of these, what was *confirmed* too late, or else what still waits for that."""
    found = [
        each
        for each in duties
        if not each.chased and each.state is not State.WAIVED and each.is_confirmed is confirmed
    ]
    return Aside(
        count=len(found),
        came=sum(not each.is_missing for each in found),
        awaiting=sum(each.awaits_review and not each.duty.has_accepted for each in found),
    )


def counts(round_duties: Iterable[DutyStanding]) -> Counts:
    """What came, what is missing and what waits for whom; waived ones are not expected."""
    all_ = [each for each in round_duties if each.chased]
    expected = [each for each in all_ if each.state is not State.WAIVED]
    missing = [each for each in expected if each.is_missing and not each.is_closed]
    return Counts(
        expected=len(expected),
        on_time=sum(each.came_on_time for each in expected),
        late=sum(each.came_late for each in expected),
        missing=len(missing),
        closed=sum(each.is_closed for each in expected),
        overdue=sum(each.is_overdue for each in missing),
        returned=sum(each.is_returned for each in expected),
        awaiting=sum(each.awaits_review and not each.duty.has_accepted for each in expected),
        accepted=sum(each.duty.has_accepted for each in expected),
        waived=len(all_) - len(expected),
        correction_waits=sum(each.correction_waits for each in expected),
        correction_returned=sum(each.correction_returned for each in expected),
        rate=reporting_rate(each.duty for each in all_),
    )


def of_round(ctx: Context, scope: Scope, wanted: Round) -> tuple[DutyStanding, ...]:
    """Every obligation of a programme that is due within a round, as far as the speaker reads.

    What a changed requirement dropped was never asked of anyone.
    """
    zone = ctx.services.zone
    wanted_rows = DutyFilter(
        programme_ids=(scope.programme.id or 0,),
        since=wanted.starts(zone),
        until=wanted.ends(zone),
        with_history=False,
    )
    found = duties(ctx.session, wanted_rows, ctx.now, zone)
    asked = [each for each in found if not each.is_dropped]
    return tuple(each for each in merged(asked) if scope.reads_units(each.units))


def owed_in(ctx: Context, scope: Scope) -> tuple[DutyStanding, ...]:
    """What `still_owed` holds, as far as the speaker reads."""
    found = still_owed(ctx, scope.programme)
    return tuple(each for each in found if scope.reads_units(each.units))


def closed_in(
    ctx: Context, scope: Scope, before: datetime | None = None
) -> tuple[DutyStanding, ...]:
    """What was never reported and no longer can be, due *before* a moment, oldest first."""
    wanted = DutyFilter(
        programme_ids=(scope.programme.id or 0,),
        until=ctx.now,
        states=(ObligationState.OWED,),
        with_history=False,
    )
    return tuple(
        each
        for each in merged(duties(ctx.session, wanted, ctx.now, ctx.services.zone))
        if each.is_closed
        and scope.reads_units(each.units)
        and (before is None or each.obligation.due < before)
    )


def still_owed(ctx: Context, programme: Programme) -> tuple[DutyStanding, ...]:
    """What is asked for up to the end of the present round, oldest first, each report once.

    Earlier rounds are part of it until the next due time closes them; so is, not chased, what
    waits for its day to be confirmed.
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
    found = merged(duties(ctx.session, wanted, ctx.now, zone))
    return tuple(each for each in found if not each.is_closed and not each.is_bygone)


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
