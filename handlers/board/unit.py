"""One unit: its place and why, the tasks it leads, what it owes, and a county's own figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.board.counties import (
    FigureRow,
    LevelRow,
    figure_rows,
    judged_of,
    level_rows,
    scopes_of,
)
from handlers.board.look import MOST_ROWS, NOT_NAMED, Look
from handlers.board.ranking import RankRow, rank_rows
from handlers.board.rows import DutyRow, duty_row
from handlers.board.tasks import Theme, themes_of
from handlers.standing.counties import figures_by_county, issued_line
from handlers.standing.duties import DutyStanding
from handlers.standing.outlooks import Scope
from handlers.supervising.progress_text import issued_text
from models.errors import Refused
from models.rules.reporting import AHEAD, State
from models.unit import Unit, UnitKind


@dataclass(frozen=True)
class Link:
    """A name that leads to a page of its own."""

    id: int
    name: str


@dataclass(frozen=True)
class UnitPage:
    """All of it; what does not apply is empty. *others* are further units of the reader's own."""

    unit_id: int
    name: str
    rank: RankRow | None
    themes: tuple[Theme, ...]
    helping: tuple[Link, ...]
    figures: tuple[FigureRow, ...]
    levels: tuple[LevelRow, ...]
    everywhere: tuple[LevelRow, ...]
    issued: str
    owed: tuple[DutyRow, ...]
    handed_in: tuple[DutyRow, ...]
    more: int
    others: tuple[Link, ...]


#: Reports that came in and are listed, the newest first.
_FEW = 12


def unit(look: Look) -> UnitPage | None:
    """The unit asked for; without an id the first of the reader's own. None where it is none."""
    if not look.named:
        raise Refused(NOT_NAMED)
    units = look.standing.units
    own = [each for each in units if look.reader.reads_unit(each.id)]
    wanted = look.wanted.id or (own[0].id if own and not look.reader.is_whole else 0)
    found = next((each for each in own if each.id == wanted), None)
    return None if found is None else _page(look, found, () if look.reader.is_whole else own)


def _page(look: Look, found: Unit, own: Sequence[Unit]) -> UnitPage:
    id_, state = found.id or 0, look.standing
    led = state.led_by(id_)
    theirs = [e for e in look.owed if any(each.id == id_ for each in e.units)]
    owed, came = _owed(look, theirs), _came(theirs)
    is_local = found.kind != UnitKind.DEPARTMENT
    figures = figures_by_county(look.session, look.programme, [found], look.day) if is_local else {}
    judged = judged_of(look) if is_local else []
    issued = issued_line(look.session, look.programme, found) if is_local else None
    is_county = found.kind == UnitKind.COUNTY
    return UnitPage(
        unit_id=id_,
        name=found.name,
        rank=next(
            iter(rank_rows(look, [r for r in look.found.ranking.rows if r.unit == found.name])),
            None,
        ),
        themes=themes_of(look, led[:MOST_ROWS], besides=found),
        helping=tuple(
            Link(each.task.id or 0, each.task.number)
            for each in state.tasks
            if any(unit.id == id_ for unit in each.supporting)
        ),
        figures=figure_rows(look, figures.get(id_, ())),
        levels=tuple(level_rows(judged, scopes_of(found, state.units))),
        everywhere=tuple(level_rows(judged, {Scope(counties=True)})) if is_county else (),
        issued=issued_text(*issued) if issued else "",
        owed=tuple(_own_row(look, each) for each in owed[:MOST_ROWS]),
        handed_in=tuple(_own_row(look, each) for each in came[:_FEW]),
        more=max(len(owed) - MOST_ROWS, 0),
        others=tuple(Link(each.id or 0, each.name) for each in own if each.id != id_),
    )


def _own_row(look: Look, each: DutyStanding) -> DutyRow:
    """A report on the unit's own page: named are only those that owe it together."""
    row = duty_row(look, each)
    return row if len(each.units) > 1 else replace(row, units="")


def _owed(look: Look, theirs: Sequence[DutyStanding]) -> list[DutyStanding]:
    """What is late first, then what is due within a month; of later rounds nobody thinks yet."""
    until = look.now + AHEAD
    found = [each for each in theirs if (each.is_owed or each.is_closed) and not each.is_bygone]
    return sorted((e for e in found if e.duty.deadline <= until), key=lambda e: e.duty.deadline)


def _came(theirs: Sequence[DutyStanding]) -> list[DutyStanding]:
    found = [each for each in theirs if not each.is_owed and each.state is not State.WAIVED]
    return sorted(found, key=lambda each: each.duty.deadline, reverse=True)
