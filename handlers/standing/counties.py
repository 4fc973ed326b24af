"""How a county stands in a programme: its figures against its shares, and its last issued line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from models.figure import Figure, Series
from models.indicator import Allotment, Indicator
from models.programme import Programme
from models.programmes.issued import CIRCULAR, CountyLine, issued_snapshot
from models.rules.rounding import percent_of
from models.snapshot import last_snapshot
from models.task import Task
from models.unit import Unit


@dataclass(frozen=True)
class CountyFigure:
    """One indicator in one county: its last accepted value and its share, where one is set."""

    task: Task
    indicator: Indicator
    value: Decimal | None
    as_of: date | None
    target: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """Done of the county's share; None without either."""
        if self.value is None or self.target is None or self.indicator.threshold:
            return None
        return percent_of(self.value, self.target)


def county_figures(
    session: Session, programme: Programme, unit: Unit, data_date: date
) -> tuple[CountyFigure, ...]:
    """The county's indicators that have a share or an accepted figure, in printed order."""
    return figures_by_county(session, programme, [unit], data_date)[unit.id or 0]


def figures_by_county(
    session: Session,
    programme: Programme,
    units: Sequence[Unit],
    data_date: date,
    task_id: int | None = None,
) -> dict[int, tuple[CountyFigure, ...]]:
    """The same of several counties, by unit id, in three queries; of one task if it is named."""
    of_task = () if task_id is None else (Task.id == task_id,)
    rows = session.exec(
        select(Indicator, Task)
        .join(Task, col(Task.id) == col(Indicator.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Indicator.active), *of_task)
        .order_by(col(Task.position), col(Task.id), col(Indicator.position), col(Indicator.id))
    ).all()
    ids = [unit.id or 0 for unit in units]
    figures = _figures(session, [each.id or 0 for each, _ in rows], ids, data_date)
    shares = _shares(session, ids)
    return {id_: tuple(_of_county(id_, rows, figures, shares)) for id_ in ids}


def _of_county(
    unit_id: int,
    rows: Sequence[tuple[Indicator, Task]],
    figures: Mapping[tuple[int, int], tuple[Decimal, date]],
    shares: Mapping[tuple[int, int], Decimal],
) -> Iterator[CountyFigure]:
    for indicator, task in rows:
        key = (unit_id, indicator.id or 0)
        figure, target = figures.get(key), shares.get(key)
        if figure is not None or target is not None:
            value, as_of = figure or (None, None)
            yield CountyFigure(task, indicator, value, as_of, target)


def _figures(
    session: Session, indicator_ids: Sequence[int], unit_ids: Sequence[int], data_date: date
) -> dict[tuple[int, int], tuple[Decimal, date]]:
    """The last accepted value and its day, by county and indicator."""
    # Bare columns: a year of 122 counties is too many rows to make objects of.
    rows = session.exec(
        select(col(Figure.unit_id), col(Figure.indicator_id), col(Figure.value), col(Figure.as_of))
        .where(
            col(Figure.unit_id).in_(unit_ids),
            col(Figure.indicator_id).in_(indicator_ids),
            Figure.series == Series.REPORTED,
            col(Figure.accepted_at).is_not(None),
            col(Figure.as_of) <= data_date,
        )
        .order_by(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id))
    ).all()
    return {(unit or 0, indicator or 0): (value, as_of) for unit, indicator, value, as_of in rows}


def _shares(session: Session, unit_ids: Sequence[int]) -> dict[tuple[int, int], Decimal]:
    rows = session.exec(select(Allotment).where(col(Allotment.unit_id).in_(unit_ids))).all()
    return {(row.unit_id, row.indicator_id): row.target for row in rows}


def issued_line(
    session: Session, programme: Programme, unit: Unit
) -> tuple[CountyLine, date] | None:
    """The county's line in the last issued document with its data date, or None."""
    row = last_snapshot(session, programme.id or 0, CIRCULAR)
    if row is None:
        return None
    lines = issued_snapshot(row).counties
    found = next((each for each in lines if each.unit in (unit.name, *unit.aliases)), None)
    return None if found is None else (found, row.data_date)
