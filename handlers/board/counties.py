"""县市: how each county stands: its figures against the schedule, and 研判."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.board.look import Look, Pages, pages_of
from handlers.board.rows import NONE, Bar, Mark, bar_of
from handlers.reporting.texts import day_text
from handlers.standing.counties import CountyFigure, figures_by_county
from handlers.standing.outlooks import Outlook, Scope, outlooks
from handlers.standing.tasks import short_name
from handlers.supervising.progress_text import UNKNOWN
from models.rules.outlook import Level, highest
from models.rules.progress import NOT_UPDATED, is_stale
from models.rules.rounding import HUNDRED, percent_text
from models.rules.unit import amount_text
from models.task import Task
from models.unit import Unit, UnitKind

#: What has figures or 研判 of its own beside the lead units.
_LOCAL = (UnitKind.COUNTY, UnitKind.PARK)
#: What the shapes say beside a county's figure.
KIND_WORDS = {"done": "已完成", "track": "按序时", "behind": "滞后", NONE: "无数据"}


@dataclass(frozen=True)
class FigureRow:
    """One indicator of a county."""

    task_id: int
    name: str
    said: str
    mark: Mark
    bar: Bar | None


@dataclass(frozen=True)
class LevelRow:
    """The items of one 研判 level."""

    level: str
    count: int
    numbers: str


@dataclass(frozen=True)
class CountyRow:
    """One county in the list: counts by status, its lowest indicator, its 研判 levels."""

    unit_id: int
    unit: str
    counts: tuple[Mark, ...]
    lowest: str
    levels: str


@dataclass(frozen=True)
class Counties:
    """All counties and parks in printed order."""

    rows: tuple[CountyRow, ...]
    pages: Pages


def counties(look: Look) -> Counties:
    """The list; the figures and 研判 of those on the page are read together."""
    local = local_units(look.standing.units)
    pages = pages_of(look.wanted.page, len(local))
    shown = local[pages.rows]
    figures = figures_by_county(look.session, look.programme, shown, look.day)
    schedule = schedule_of(look)
    judged = judged_of(look)
    rows = (
        CountyRow(
            unit_id=unit.id or 0,
            unit=unit.name,
            counts=_counts(figures[unit.id or 0], schedule),
            lowest=_lowest(figures[unit.id or 0]),
            levels="，".join(
                f"{row.level}{row.count}项"
                for row in level_rows(judged, scopes_of(unit, look.standing.units))
            ),
        )
        for unit in shown
    )
    return Counties(tuple(rows), pages)


def local_units(units: Iterable[Unit]) -> list[Unit]:
    """The counties and parks."""
    return [unit for unit in units if unit.kind in _LOCAL]


def schedule_of(look: Look) -> dict[int, Decimal]:
    """How far each indicator should be at the data date, by its id.

    One that has no target as a whole, but shares of counties, is due as its task is.
    """
    return {
        one.indicator.id or 0: (one.progress or each.progress).scheduled
        for each in look.standing.tasks
        for one in each.indicators
    }


def judged_of(look: Look) -> list[tuple[Task, Outlook]]:
    """Every task with its 研判."""
    tasks = [each.task for each in look.standing.tasks]
    found = outlooks(look.session, [task.id or 0 for task in tasks])
    return [(task, found[task.id or 0]) for task in tasks]


def scopes_of(unit: Unit, units: Iterable[Unit]) -> set[Scope]:
    """What speaks of a county: its own entries and those of the parks under it."""
    return {Scope(unit.id), *(Scope(each.id) for each in units if each.parent_id == unit.id)}


def level_rows(judged: Iterable[tuple[Task, Outlook]], scopes: set[Scope]) -> list[LevelRow]:
    """The items for which one of *scopes* has an entry, the likeliest level first."""
    found: dict[Level, list[str]] = {}
    for task, outlook in judged:
        best = highest(level for scope, level in outlook.entries.items() if scope in scopes)
        if best is not None:
            found.setdefault(best, []).append(task.number)
    return [
        LevelRow(level.value, len(found[level]), "、".join(found[level]))
        for level in Level
        if level in found
    ]


def county_kind(each: CountyFigure, schedule: Mapping[int, Decimal]) -> str:
    """How an indicator stands in a county: its share against the indicator's own curve."""
    if each.percent is None:
        return NONE
    if each.percent >= HUNDRED:
        return "done"
    due = schedule.get(each.indicator.id or 0)
    return NONE if due is None else "behind" if each.percent < due else "track"


def _counts(figures: Sequence[CountyFigure], schedule: Mapping[int, Decimal]) -> tuple[Mark, ...]:
    kinds = [county_kind(each, schedule) for each in figures]
    return tuple(
        Mark(f"{word}{kinds.count(kind)}", kind)
        for kind, word in KIND_WORDS.items()
        if kinds.count(kind)
    )


def _lowest(figures: Sequence[CountyFigure]) -> str:
    known = [(each.percent, each) for each in figures if each.percent is not None]
    if not known:
        return ""
    percent, each = min(known, key=lambda pair: pair[0])
    return f"最低：{each.task.number} {each.indicator.name} {percent_text(percent)}"


def figure_rows(look: Look, figures: Iterable[CountyFigure]) -> tuple[FigureRow, ...]:
    """A county's indicators, each with its share and percentage."""
    schedule = schedule_of(look)
    return tuple(_figure_row(look, each, schedule) for each in figures)


def _word(each: CountyFigure, kind: str) -> str:
    """What the shape says; a value without a share of the target has no percentage."""
    return "不计完成率" if kind == NONE and each.value is not None else KIND_WORDS[kind]


def _figure_row(look: Look, each: CountyFigure, schedule: Mapping[int, Decimal]) -> FigureRow:
    kind = county_kind(each, schedule)
    unit = each.indicator.unit
    said = [UNKNOWN if each.value is None else amount_text(each.value, unit)]
    if each.target is not None:
        said.append(f"任务{amount_text(each.target, unit)}")
    if each.as_of is not None and is_stale(each.as_of, look.day):
        said.append(f"{day_text(each.as_of)}数据，{NOT_UPDATED}")
    return FigureRow(
        task_id=each.task.id or 0,
        name=f"{short_name(each.task)}：{each.indicator.name}",
        said="，".join(said),
        mark=Mark(_word(each, kind), kind),
        bar=bar_of(each.percent, schedule.get(each.indicator.id or 0), kind),
    )
