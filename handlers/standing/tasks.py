"""Progress of every task of a programme at a data date, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from handlers.reading.harmless import harmless
from handlers.standing.policy import status_policy
from models.errors import Refused
from models.figure import Figure, Series, last_figures
from models.indicator import Indicator, indicators_of
from models.judgement import Judgement as JudgementRow
from models.judgement import judgements_at
from models.obligation import Obligation
from models.programme import Programme
from models.rules.curve import Curve
from models.rules.frozen import from_data
from models.rules.progress import (
    Comparator,
    Dated,
    IndicatorProgress,
    Judgement,
    Kind,
    Reading,
    Target,
    TaskFacts,
    TaskProgress,
    task_progress,
)
from models.rules.status import StatusPolicy
from models.task import Task, TaskUnit, UnitRole, task_units, tasks_of
from models.unit import Unit, units_of

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class IndicatorStanding:
    """An indicator with its last accepted value; *progress* is None where it has no target."""

    indicator: Indicator
    value: Decimal | None
    as_of: date | None
    progress: IndicatorProgress | None


@dataclass(frozen=True)
class TaskStanding:
    """One task as it stands; *verified* is the last accepted rate of the 验收 series.

    *reached* counts the stages of a milestone task.
    """

    task: Task
    leads: tuple[Unit, ...]
    supporting: tuple[Unit, ...]
    indicators: tuple[IndicatorStanding, ...]
    progress: TaskProgress
    verified: Decimal | None
    reached: Decimal | None = None

    @property
    def stage(self) -> str:
        """The last stage reached, by its name; empty where there is none."""
        place = int(self.reached or 0)
        return self.task.stages[place - 1] if 0 < place <= len(self.task.stages) else ""

    @property
    def has_target(self) -> bool:
        """Whether silence can be held against its units: a target, or stages to be reached."""
        return bool(self.progress.indicators) or bool(self.task.stages)

    @property
    def as_of(self) -> date | None:
        """The day of its newest value, None while nothing was accepted."""
        days = [each.as_of for each in self.indicators if each.as_of is not None]
        return max(days, default=None)


@dataclass(frozen=True)
class Standing:
    """A whole programme at one data date; *units* are all of its area in printed order.

    *newer* counts the tasks that are judged at a later day, that of their own newest figure.
    """

    programme: Programme
    data_date: date
    tasks: tuple[TaskStanding, ...]
    units: tuple[Unit, ...]
    newer: int = 0

    def task(self, task_id: int) -> TaskStanding | None:
        """The task with this id, or None."""
        return next((each for each in self.tasks if each.task.id == task_id), None)

    def led_by(self, unit_id: int) -> tuple[TaskStanding, ...]:
        """The tasks that a unit leads, joint ones included."""
        return tuple(self._by_lead.get(unit_id, ()))

    @cached_property
    def _by_lead(self) -> Mapping[int | None, Sequence[TaskStanding]]:
        """Looked up once: units by tasks is much for a prefecture of 182 units."""
        found: dict[int | None, list[TaskStanding]] = defaultdict(list)
        for task in self.tasks:
            for unit_id in dict.fromkeys(unit.id for unit in task.leads):
                found[unit_id].append(task)
        return found


def short_name(task: Task) -> str:
    """Number and short name of a task, as a phone shows it; files may bring any text."""
    return harmless(f"{task.number} {task.aliases[0] if task.aliases else task.title}")


def data_date(session: Session, programme: Programme, now: datetime, zone: ZoneInfo) -> date:
    """The day that figures are judged at unless somebody names another.

    It is the end of the newest period whose reports are due, or the day of a newer issued
    document, which speaks of everybody: judging them at a month that nobody had to report yet
    would call all of them behind. Before anything is due it is the end of the last full month.
    """
    newest = session.exec(
        select(func.max(Obligation.covers_to)).where(
            Obligation.programme_id == programme.id, col(Obligation.due) <= now
        )
    ).one()
    today = now.astimezone(zone).date()
    # A yearly report may be due before its year has ended.
    day = today.replace(day=1) - _DAY if newest is None else min(newest, today)
    issued = _issued(session, programme, today)
    return day if issued is None else max(day, issued)


def _issued(session: Session, programme: Programme, until: date) -> date | None:
    """The day that the newest issued document with figures speaks of."""
    return session.exec(
        select(func.max(Figure.as_of))
        .join(Task, col(Task.id) == col(Figure.task_id))
        .where(
            Task.programme_id == programme.id,
            col(Task.active),
            Figure.source != "",
            col(Figure.accepted_at).is_not(None),
            col(Figure.as_of) <= until,
        )
    ).one()


def standing(
    session: Session, programme: Programme, data_date: date, *, until: date | None = None
) -> Standing:
    """Figures, percentages, schedule and status of every active task at *data_date*.

    *until* takes newer figures as well: a task that has some is judged at their day.
    """
    tasks = tasks_of(session, programme.id or 0)
    ids = [task.id or 0 for task in tasks]
    parts = task_units(session, ids)
    units = units_of(session, programme.area_id)
    indicators = indicators_of(session, ids)
    figures = _by_task(last_figures(session, ids, max(data_date, until or data_date)))
    days = {id_: max([data_date, *(each.as_of for each in figures[id_])]) for id_ in ids}
    judged = {
        (id_, day): row
        for day in {data_date, *days.values()}
        for id_, row in judgements_at(session, ids, day).items()
    }
    policy = status_policy(programme)
    known = {unit.id or 0: unit for unit in units}
    standings = tuple(
        _task(
            task,
            _units(parts[task.id or 0], known),
            _Values(indicators[task.id or 0], figures[task.id or 0]),
            _judgement(judged.get((task.id or 0, days[task.id or 0])), policy),
            _Frame(days[task.id or 0], programme.year, policy),
        )
        for task in tasks
    )
    newer = sum(day > data_date for day in days.values())
    return Standing(programme, data_date, standings, tuple(units), newer)


@dataclass(frozen=True)
class _Frame:
    data_date: date
    year: int
    policy: StatusPolicy


class _Values:
    """The last accepted figures of one task, by indicator and by series."""

    def __init__(self, indicators: Sequence[Indicator], figures: Iterable[Figure]) -> None:
        self.indicators = indicators
        self._last: dict[tuple[int | None, str], Figure] = {}
        for figure in figures:  # oldest first, so that the last one holds
            self._last[figure.indicator_id, figure.series] = figure

    def of(self, indicator: Indicator) -> Dated | None:
        """The value reported for an indicator."""
        return _dated(self._last.get((indicator.id, Series.REPORTED)))

    def of_task(self, series: Series) -> Dated | None:
        """The value of the task as a whole: a stated percentage, stages reached, a rate."""
        return _dated(self._last.get((None, series)))


def _dated(figure: Figure | None) -> Dated | None:
    return None if figure is None else Dated(figure.value, figure.as_of)


def _by_task(figures: Iterable[Figure]) -> Mapping[int, list[Figure]]:
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.task_id].append(figure)
    return found


def _units(
    parts: Iterable[TaskUnit], known: Mapping[int, Unit]
) -> dict[UnitRole, tuple[Unit, ...]]:
    found: dict[UnitRole, list[Unit]] = {UnitRole.LEAD: [], UnitRole.SUPPORTING: []}
    for part in parts:
        if part.unit_id in known:
            found[UnitRole(part.role)].append(known[part.unit_id])
    return {role: tuple(units) for role, units in found.items()}


def _judgement(row: JudgementRow | None, policy: StatusPolicy) -> Judgement | None:
    """The judged status; one whose label the policy no longer has falls back to the rule."""
    if row is None or policy.named(row.status) is None:
        return None
    return Judgement(row.status, row.reason, "管理员" if row.judged_by else "印发文件")


def _task(
    task: Task,
    units: Mapping[UnitRole, tuple[Unit, ...]],
    values: _Values,
    judgement: Judgement | None,
    frame: _Frame,
) -> TaskStanding:
    targets = [(each, _target(each)) for each in values.indicators]
    measured = [(each, target) for each, target in targets if target is not None]
    facts = TaskFacts(
        kind=Kind(task.kind),
        readings=tuple(Reading(target, values.of(each)) for each, target in measured),
        stages=tuple(task.stages),
        reached=_reached(task, values),
        stated=values.of_task(Series.STATED),
        stated_wins=task.stated,
        judgement=judgement,
    )
    progress = task_progress(facts, frame.data_date, frame.year, frame.policy)
    judged = {each.id: one for (each, _), one in zip(measured, progress.indicators, strict=True)}
    verified = values.of_task(Series.VERIFIED)
    return TaskStanding(
        task=task,
        leads=units[UnitRole.LEAD],
        supporting=units[UnitRole.SUPPORTING],
        indicators=tuple(
            _indicator(each, values.of(each), judged.get(each.id)) for each in values.indicators
        ),
        progress=progress,
        verified=verified.value if verified else None,
        reached=facts.reached.value if facts.reached else None,
    )


def _reached(task: Task, values: _Values) -> Dated | None:
    """The stages reached; None where more were reported than the task has by now."""
    reached = values.of_task(Series.REPORTED)
    return reached if reached and reached.value <= len(task.stages) else None


def _indicator(
    indicator: Indicator, value: Dated | None, progress: IndicatorProgress | None
) -> IndicatorStanding:
    return IndicatorStanding(
        indicator, value.value if value else None, value.as_of if value else None, progress
    )


def _target(indicator: Indicator) -> Target | None:
    """What to count against; None where a stored target makes no sense, so that lists go on."""
    if indicator.target is None:
        return None
    try:
        return Target(
            name=indicator.name,
            value=indicator.target,
            unit=indicator.unit,
            comparator=Comparator(indicator.comparator),
            upper=indicator.upper,
            curve=from_data(Curve, indicator.curve) if indicator.curve else Curve(),
            threshold=indicator.threshold,
        )
    except Refused:
        return None
