"""Counties by indicators: how far each county is with its shares, and what an issue named."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from handlers.render.grid_table import Grid, GridCell, GridGroup, GridRow
from handlers.render.progress_table import MET, NOT_MET
from handlers.render.signs import BEHIND, UNKNOWN, Meaning, meanings_of, sign_of
from handlers.standing.county_lines import CountyShare, CountyStanding
from handlers.standing.tasks import short_name
from models.programmes.issued import CountyLine
from models.rules.rounding import half_up, percent_text
from models.rules.status import Standing, StatusPolicy

#: So many counties stand side by side; of more, each has a line of its own.
MOST_SIDE_BY_SIDE = 8

#: So many indicators fit beside a county's name: further ones would be pages more for each.
MOST_INDICATORS = 8

#: An indicator of a task, as shares name it.
_Key = tuple[int | None, str]
#: A county and an indicator.
_Place = tuple[str, _Key]


def heat_grid(
    counties: Sequence[CountyStanding],
    policy: StatusPolicy,
    *,
    title: str,
    subtitle: str,
    footer: str = "",
    mark: str | None = None,
    most: int = MOST_INDICATORS,
) -> Grid:
    """Every county's shares in percent, with their status by the policy; printed order.

    Where each county has a line of its own, the *most* indicators that lag in most counties are
    shown, and how many are not.
    """
    every = _names(counties)
    cells = {
        (each.unit.name, _key(share)): _cell(share) for each in counties for share in each.shares
    }
    behind = {each.unit.name: sum(map(_is_behind, each.shares)) for each in counties}
    side_by_side = len(counties) <= MOST_SIDE_BY_SIDE
    names = every if side_by_side else _worst(every, counties, most)
    return Grid(
        title=title,
        subtitle=subtitle,
        corner="任务" if side_by_side else "县市区",
        columns=tuple(behind) if side_by_side else tuple(names.values()),
        groups=_by_task(names, behind, cells) if side_by_side else _by_county(names, behind, cells),
        meanings=(*meanings_of(policy), Meaning(UNKNOWN, "尚无数据")),
        end="" if side_by_side else "滞后",
        totals=_totals("滞后项数", behind.values()) if side_by_side and names else None,
        below=_below(counties, len(every) - len(names)),
        footer=footer,
        empty="尚未分解到县市区的任务",
        mark=mark,
    )


def _key(share: CountyShare) -> _Key:
    return share.task.id, share.indicator


def _names(counties: Sequence[CountyStanding]) -> dict[_Key, str]:
    """The indicators that any county has a share of, in printed order, as a phone shows them."""
    shares = sorted(
        (share for each in counties for share in each.shares),
        key=lambda share: (share.task.position, share.task.id or 0),
    )
    keys = dict.fromkeys(map(_key, shares))
    tasks = {share.task.id: share.task for share in shares}
    many = Counter(task_id for task_id, _ in keys)
    return {
        (task_id, name): f"{tasks[task_id].number} {name}"
        if many[task_id] > 1
        else short_name(tasks[task_id])
        for task_id, name in keys
    }


def _cell(share: CountyShare) -> GridCell:
    progress = share.progress
    if progress.met is not None:
        text = MET if progress.met else NOT_MET
    else:
        text = "" if progress.percent is None else str(half_up(progress.percent, 2))
    return GridCell(sign_of(share.band.standing if share.band else None), text)


def _is_behind(share: CountyShare) -> bool:
    return share.band is not None and share.band.standing is Standing.BEHIND


def _by_task(
    names: Mapping[_Key, str], counties: Iterable[str], cells: Mapping[_Place, GridCell]
) -> tuple[GridGroup, ...]:
    rows = (
        GridRow(name, tuple(cells.get((county, key), GridCell()) for county in counties))
        for key, name in names.items()
    )
    return (GridGroup("", tuple(rows)),)


def _by_county(
    names: Mapping[_Key, str], behind: Mapping[str, int], cells: Mapping[_Place, GridCell]
) -> tuple[GridGroup, ...]:
    rows = (
        GridRow(
            county, tuple(cells.get((county, key), GridCell()) for key in names), end=str(count)
        )
        for county, count in behind.items()
    )
    return (GridGroup("", tuple(rows)),)


def _totals(name: str, counts: Iterable[int]) -> GridRow:
    return GridRow(name, tuple(GridCell(text=str(count)) for count in counts))


def _worst(
    names: Mapping[_Key, str], counties: Iterable[CountyStanding], most: int
) -> dict[_Key, str]:
    """The indicators that lag in most counties, in printed order."""
    behind = Counter(_key(s) for each in counties for s in each.shares if _is_behind(s))
    kept = set(sorted(names, key=lambda key: -behind[key])[:most])
    return {key: name for key, name in names.items() if key in kept}


def _below(counties: Sequence[CountyStanding], hidden: int) -> str:
    """How to read a cell; the schedule is said where all indicators share one."""
    due = {percent_text(share.progress.scheduled) for each in counties for share in each.shares}
    scheduled = f"序时进度{due.pop()}。" if len(due) == 1 else ""
    rest = f"所列为滞后县市最多的指标，另有{hidden}项未列出，“滞后”按全部指标计。" if hidden else ""
    return f"格内为累计完成数占该地年度任务的百分比（%），空格为没有此项任务。{scheduled}{rest}"


def named_grid(
    lines: Sequence[CountyLine],
    *,
    title: str,
    subtitle: str,
    footer: str = "",
    mark: str | None = None,
) -> Grid:
    """What an issued document named as behind in each county, the most frequent first."""
    named = Counter(name for line in lines for name in line.named)
    rows = tuple(
        GridRow(
            name,
            tuple(GridCell(BEHIND) if name in line.named else GridCell() for line in lines),
            end=str(count),
        )
        for name, count in named.most_common()
    )
    return Grid(
        title=title,
        subtitle=subtitle,
        corner="滞后事项",
        columns=tuple(line.unit for line in lines),
        groups=(GridGroup("", rows),) if rows else (),
        meanings=(Meaning(BEHIND, "工作进度相对滞后"),),
        end="县市数",
        totals=_totals("点名项数", [len(line.named) for line in lines]) if rows else None,
        below="空格为文件没有点名。" if rows else "",
        footer=footer,
        empty="没有点名的滞后事项",
        mark=mark,
    )
