"""How a county stands in a programme: its figures against its shares, and its last issued line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from models.figure import Figure, Series
from models.indicator import Allotment, Indicator
from models.programme import Programme
from models.programmes.facts import CIRCULAR, issued_snapshot
from models.programmes.issued import CountyLine
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
    rows = session.exec(
        select(Indicator, Task)
        .join(Task, col(Task.id) == col(Indicator.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Indicator.active))
        .order_by(col(Task.position), col(Task.id), col(Indicator.position), col(Indicator.id))
    ).all()
    figures = _figures(session, programme, unit, data_date)
    shares = _shares(session, unit)
    found = []
    for indicator, task in rows:
        figure = figures.get(indicator.id or 0)
        target = shares.get(indicator.id or 0)
        if figure is not None or target is not None:
            value, as_of = (figure.value, figure.as_of) if figure else (None, None)
            found.append(CountyFigure(task, indicator, value, as_of, target))
    return tuple(found)


def _figures(
    session: Session, programme: Programme, unit: Unit, data_date: date
) -> dict[int, Figure]:
    rows = session.exec(
        select(Figure)
        .join(Task, col(Task.id) == col(Figure.task_id))
        .where(
            Task.programme_id == programme.id,
            Figure.unit_id == unit.id,
            Figure.series == Series.REPORTED,
            col(Figure.accepted_at).is_not(None),
            col(Figure.as_of) <= data_date,
        )
        .order_by(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id))
    ).all()
    return {row.indicator_id: row for row in rows if row.indicator_id is not None}


def _shares(session: Session, unit: Unit) -> dict[int, Decimal]:
    rows = session.exec(select(Allotment).where(Allotment.unit_id == unit.id)).all()
    return {row.indicator_id: row.target for row in rows}


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
