"""How every county stands against its shares of the targets, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from handlers.standing.policy import status_policy
from handlers.standing.tasks import IndicatorStanding, Standing, TaskStanding
from models.errors import Refused
from models.figure import Figure, Series
from models.indicator import Allotment
from models.rules.progress import (
    Dated,
    IndicatorProgress,
    Kind,
    Reading,
    TaskFacts,
    task_progress,
)
from models.rules.status import Band, StatusPolicy
from models.task import Task
from models.unit import Unit


@dataclass(frozen=True)
class CountyShare:
    """One indicator in one county: its share, its last accepted value, its status by the rule.

    *band* is None while nothing was accepted: unknown is not behind. *progress* is the share's
    own, against the indicator's curve.
    """

    task: Task
    indicator: str
    target: Decimal
    value: Decimal | None
    band: Band | None
    progress: IndicatorProgress


@dataclass(frozen=True)
class CountyStanding:
    """A county with its shares in printed order."""

    unit: Unit
    shares: tuple[CountyShare, ...]

    @property
    def items(self) -> int:
        """How many tasks it has a share in."""
        return len({each.task.id for each in self.shares})


def county_standings(session: Session, state: Standing) -> tuple[CountyStanding, ...]:
    """Every county that has a share, judged at the data date of *state*, by the same policy."""
    shares = _shares(session, state)
    values = last_of_counties(session, state, Series.REPORTED)
    frame = _Frame(state.data_date, state.programme.year, status_policy(state.programme))
    found = []
    for unit in state.units:
        own = [
            _share(task, one, shares[one.indicator.id, unit.id], values.get(key), frame)
            for task in state.tasks
            for one in task.indicators
            if (key := (one.indicator.id, unit.id)) in shares
        ]
        if known := tuple(each for each in own if each is not None):
            found.append(CountyStanding(unit, known))
    return tuple(found)


@dataclass(frozen=True)
class _Frame:
    data_date: date
    year: int
    policy: StatusPolicy


def _share(
    task: TaskStanding,
    one: IndicatorStanding,
    target: Decimal,
    figure: Figure | None,
    frame: _Frame,
) -> CountyShare | None:
    """None where the indicator has no target to share, or the share makes no sense."""
    if one.progress is None:
        return None
    try:
        own = replace(one.progress.target, value=target)
    except Refused:
        return None
    dated = Dated(figure.value, figure.as_of) if figure else None
    facts = TaskFacts(kind=Kind.COUNT, readings=(Reading(own, dated),))
    progress = task_progress(facts, frame.data_date, frame.year, frame.policy)
    value = figure.value if figure else None
    name, [own_progress] = one.indicator.name, progress.indicators
    return CountyShare(task.task, name, target, value, progress.by_rule, own_progress)


_Key = tuple[int | None, int | None]


def _shares(session: Session, state: Standing) -> Mapping[_Key, Decimal]:
    ids = _indicator_ids(state)
    rows = session.exec(select(Allotment).where(col(Allotment.indicator_id).in_(ids))).all()
    return {(row.indicator_id, row.unit_id): row.target for row in rows}


def last_of_counties(session: Session, state: Standing, series: Series) -> Mapping[_Key, Figure]:
    """The last accepted figure of a series, by indicator and county."""
    rows = session.exec(
        select(Figure)
        .where(
            col(Figure.indicator_id).in_(_indicator_ids(state)),
            col(Figure.unit_id).is_not(None),
            Figure.series == series,
            col(Figure.accepted_at).is_not(None),
            col(Figure.as_of) <= state.data_date,
        )
        .order_by(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id))
    ).all()
    return {(row.indicator_id, row.unit_id): row for row in rows}


def _indicator_ids(state: Standing) -> set[int]:
    return {one.indicator.id or 0 for task in state.tasks for one in task.indicators}
