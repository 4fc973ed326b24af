"""滞后: which units lag with which tasks and reports; only counted where units stay unnamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.board.look import MOST_ROWS, Look, Pages, pages_of
from handlers.board.overview import lagging_text, overdue_text
from handlers.board.rows import DutyRow, TaskRow, duty_row, task_row
from handlers.standing.duties import DutyStanding
from handlers.standing.ranks import is_behind
from handlers.standing.tasks import TaskStanding
from models.unit import Unit


@dataclass(frozen=True)
class Lagging:
    """One unit with what of it is late."""

    unit_id: int
    unit: str
    tasks: tuple[TaskRow, ...]
    duties: tuple[DutyRow, ...]
    more: int


@dataclass(frozen=True)
class Laggards:
    """Units where they may be named, else the tasks alone."""

    lagging: str
    overdue: str
    units: tuple[Lagging, ...]
    tasks: tuple[TaskRow, ...]
    pages: Pages


#: Reports of one unit that are listed; the page of the unit has the others.
_FEW = 10


def laggards(look: Look) -> Laggards:
    """As the weekly ranking counts them, the lowest score first."""
    found = look.found
    behind = sorted(filter(is_behind, found.standing.tasks), key=_done)
    units = list(_units(look)) if look.named else []
    pages = pages_of(look.wanted.page, len(units) if look.named else len(behind))
    return Laggards(
        lagging=lagging_text(found),
        overdue=overdue_text(found),
        units=tuple(units[pages.rows]),
        tasks=() if look.named else tuple(task_row(look, e) for e in behind[pages.rows]),
        pages=pages,
    )


def _done(each: TaskStanding) -> Decimal:
    return each.progress.done or Decimal(0)


def _units(look: Look) -> Iterator[Lagging]:
    found = look.found
    behind, late = found.lagging(), _late(look)
    scores = {row.unit: row.score for row in found.ranking.rows}

    def place(unit: Unit) -> tuple[bool, Decimal]:
        return unit.id not in behind, scores.get(unit.name) or Decimal(0)

    of_unit = (unit for unit in found.standing.units if unit.id in behind or unit.id in late)
    for unit in sorted(of_unit, key=place):
        id_ = unit.id or 0
        yield _lagging(look, unit, behind.get(id_, ()), late.get(id_, ()))


def _lagging(
    look: Look, unit: Unit, tasks: Sequence[TaskStanding], duties: Sequence[DutyStanding]
) -> Lagging:
    return Lagging(
        unit_id=unit.id or 0,
        unit=unit.name,
        tasks=tuple(task_row(look, each) for each in sorted(tasks, key=_done)[:MOST_ROWS]),
        duties=tuple(duty_row(look, each) for each in duties[:_FEW]),
        more=max(len(duties) - _FEW, 0),
    )


def _late(look: Look) -> dict[int, list[DutyStanding]]:
    """What is overdue or was never reported, by unit."""
    found: dict[int, list[DutyStanding]] = {}
    for each in (*look.found.overdue(), *look.found.closed()):
        for unit in each.units:
            found.setdefault(unit.id or 0, []).append(each)
    return found
