"""The ranking of a programme's lead units, and its published, frozen editions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.policy import recipe
from handlers.standing.tasks import Standing, TaskStanding, short_name, standing
from models.programme import Programme
from models.rules.frozen import from_data, to_data
from models.rules.printed import Printed
from models.rules.ranking import LedTask, Ranking, UnitFacts, rank_units
from models.rules.reporting import State, is_one_pass
from models.rules.status import Standing as Mark
from models.snapshot import Snapshot, editions_of, last_snapshot, next_edition
from models.unit import Unit, UnitKind

#: The kind of snapshot that a published ranking is kept as.
RANKING = "ranking"
_PRINTED = "printed"
GROUP_TITLES = {
    UnitKind.DEPARTMENT: "州直单位",
    UnitKind.COUNTY: "县市",
    UnitKind.PARK: "园区",
    UnitKind.GOVERNMENT: "本级",
}


@dataclass(frozen=True)
class Published:
    """A ranking as it was published for a period, with what else was printed beside it."""

    ranking: Ranking
    period: str
    published_at: datetime
    edition: int
    printed: Printed = field(default_factory=Printed)


def group_of(unit: Unit) -> str:
    """The ranking group of a unit: its own, or the one of its kind."""
    return unit.group or GROUP_TITLES[UnitKind(unit.kind)]


@dataclass(frozen=True)
class RankingNow:
    """A ranking with what it was made of."""

    ranking: Ranking
    standing: Standing
    owed: tuple[DutyStanding, ...]

    def lagging(self) -> dict[int, tuple[TaskStanding, ...]]:
        """The tasks behind schedule of each unit that leads any, by unit id in printed order."""
        behind = {
            unit.id or 0: tuple(filter(is_behind, self.standing.led_by(unit.id or 0)))
            for unit in self.standing.units
        }
        return {unit_id: tasks for unit_id, tasks in behind.items() if tasks}

    def overdue(self) -> tuple[DutyStanding, ...]:
        """What should have come and can still be reported, as `未报` lists it."""
        return tuple(each for each in self.owed if each.is_overdue and not each.is_closed)

    def closed(self) -> tuple[DutyStanding, ...]:
        """What was never reported and no longer can be."""
        return tuple(each for each in self.owed if each.is_closed)


def is_behind(task: TaskStanding) -> bool:
    """Whether the status says that the task lags, by rule or as it was judged."""
    band = task.progress.band
    return band is not None and band.standing is Mark.BEHIND


def ranking_now(
    session: Session,
    programme: Programme,
    data_date: date,
    now: datetime,
    zone: ZoneInfo,
    previous: Ranking | None = None,
) -> RankingNow:
    """The ranking at *data_date* with the progress behind it, against the *previous* one."""
    state = standing(session, programme, data_date)
    return ranked(state, owed_now(session, programme, now, zone, state.units), now, previous)


def owed_now(
    session: Session,
    programme: Programme,
    now: datetime,
    zone: ZoneInfo,
    known: Iterable[Unit] = (),
) -> tuple[DutyStanding, ...]:
    """Everything the programme asks for that counts, each piece of work once, by due time."""
    wanted = DutyFilter(programme_ids=(programme.id or 0,), with_history=False)
    return tuple(merged(duties(session, wanted, now, zone, known)))


def ranked(
    state: Standing, owed: Sequence[DutyStanding], now: datetime, previous: Ranking | None
) -> RankingNow:
    """The ranking of a programme that stands so and owes this, against the *previous* one."""
    facts = _facts(state, owed, now)
    ranking = rank_units(facts, state.data_date, recipe(state.programme), previous)
    return RankingNow(ranking, state, tuple(owed))


def _facts(state: Standing, owed: Sequence[DutyStanding], now: datetime) -> list[UnitFacts]:
    """What each lead unit is judged by; groups in the order of their first unit."""
    by_unit = _by_unit(owed)
    facts = []
    for unit in state.units:
        tasks = state.led_by(unit.id or 0)
        if not tasks:
            continue
        facts.append(
            replace(
                _counted(by_unit.get(unit.id or 0, ()), now),
                unit=unit.name,
                group=group_of(unit),
                tasks=tuple(map(_led, tasks)),
            )
        )
    return facts


def _by_unit(owed: Sequence[DutyStanding]) -> Mapping[int, list[DutyStanding]]:
    found: dict[int, list[DutyStanding]] = {}
    for each in owed:
        if each.state is not State.WAIVED:
            for unit in each.units:
                found.setdefault(unit.id or 0, []).append(each)
    return found


def _counted(owed: Sequence[DutyStanding], now: datetime) -> UnitFacts:
    """Timeliness over what is due (an extension moves that), quality over what was accepted.

    Nobody is judged by a due time that was not confirmed when it passed; what was accepted counts.
    A version once accepted counts also while a correction of it is reviewed.
    """
    due = [each for each in owed if each.chased and each.duty.deadline <= now]
    accepted = [each for each in owed if each.duty.has_accepted]
    return UnitFacts(
        unit="",
        group="",
        due=len(due),
        on_time=sum(each.came_on_time for each in due),
        accepted=len(accepted),
        accepted_at_once=sum(is_one_pass(each.duty) for each in accepted),
    )


def _led(task: TaskStanding) -> LedTask:
    """A task as the ranking sees it; one that states its own percentage counts once it did."""
    progress = task.progress
    return LedTask(
        name=short_name(task.task),
        done=progress.done,
        scheduled=progress.scheduled,
        has_target=task.has_target or progress.done is not None,
    )


def last_published(
    session: Session, programme_id: int, before_period: str | None = None
) -> Published | None:
    """The newest published ranking (of an earlier period than *before_period*), or None."""
    row = last_snapshot(session, programme_id, RANKING, before_period)
    return None if row is None else thawed(row)


def published_for(session: Session, programme_id: int, period: str) -> Published | None:
    """The ranking published for exactly this period, its last edition, or None."""
    rows = editions_of(session, programme_id, RANKING, period)
    return thawed(rows[-1]) if rows else None


def first_published_at(session: Session, programme_id: int, period: str) -> datetime | None:
    """When the first edition of a period went out; None while none has."""
    rows = editions_of(session, programme_id, RANKING, period)
    return rows[0].published_at if rows else None


def thawed(row: Snapshot) -> Published:
    """A published ranking out of its frozen row."""
    ranking = from_data(Ranking, {k: v for k, v in row.payload.items() if k != _PRINTED})
    printed = from_data(Printed, row.payload.get(_PRINTED, {}))
    return Published(ranking, row.period, row.published_at, row.edition, printed)


def publish(
    session: Session,
    programme: Programme,
    ranking: Ranking,
    period: str,
    now: datetime,
    printed: Printed | None = None,
    *,
    after: int = 0,
) -> Snapshot:
    """Freeze a ranking as the edition of *period* behind *after*, the first one behind 0."""
    return next_edition(
        session,
        programme.id or 0,
        RANKING,
        period,
        {**to_data(ranking), _PRINTED: to_data(printed or Printed())},
        after=after,
        data_date=ranking.data_date,
        now=now,
    )
