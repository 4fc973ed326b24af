"""动态 as a matrix: projects by months, √ where something was published, what is still owed."""

from collections.abc import Iterator, Mapping
from datetime import date

from handlers.render.grid_table import Grid, GridCell, GridGroup, GridRow
from handlers.render.signs import LACKING, RUNNING, TICKED, Meaning
from models.rules.activity import ActivityPolicy, Matrix

#: A project and the first day of a month.
Place = tuple[str, date]


def activity_grid(
    matrix: Matrix,
    policy: ActivityPolicy | None,
    data_date: date,
    *,
    title: str,
    subtitle: str,
    assumed: Mapping[str, str] | None = None,
    footer: str = "",
    mark: str | None = None,
) -> Grid:
    """Projects in printed order; months that lack something by the *policy*, as of *data_date*.

    *assumed* says of projects what was read from a damaged original; their names carry a star.
    """
    unclear = assumed or {}
    owed = _owed(matrix, policy, data_date)
    rows = tuple(_rows(matrix, owed, unclear))
    return Grid(
        title=title,
        subtitle=subtitle,
        corner="项目",
        columns=tuple(f"{month.month}月" for month in matrix.months),
        groups=(GridGroup("", rows),) if rows else (),
        meanings=_meanings(owed),
        end="合计",
        totals=_totals(matrix) if rows else None,
        below=_stars(matrix, unclear),
        footer=footer,
        empty="还没有登记动态的项目",
        mark=mark,
    )


def _rows(
    matrix: Matrix, owed: Mapping[Place, bool], unclear: Mapping[str, str]
) -> Iterator[GridRow]:
    months = len(matrix.months)
    for row in matrix.rows:
        yield GridRow(
            f"{row.project}{'＊' if row.project in unclear else ''}",
            tuple(
                _cell(ticked, owed.get((row.project, month)))
                for month, ticked in zip(matrix.months, row.ticks, strict=True)
            ),
            end=f"{sum(row.ticks)}／{months}",
        )


def _stars(matrix: Matrix, unclear: Mapping[str, str]) -> str:
    """What was read from a damaged original, under the rows."""
    starred = (row.project for row in matrix.rows if row.project in unclear)
    return "".join(f"＊{project}：{unclear[project]}。" for project in starred)


def _owed(matrix: Matrix, policy: ActivityPolicy | None, data_date: date) -> dict[Place, bool]:
    """Where something is still owed: True while the month runs and can be filled."""
    if policy is None:
        return {}
    found = {}
    for each in matrix.missing(policy, data_date):
        found.update({(each.project, month): False for month in each.months})
        if each.running:
            found[each.project, data_date.replace(day=1)] = True
    return found


def _cell(ticked: bool, running: bool | None) -> GridCell:
    """A month with something but too little is ticked and lacks all the same."""
    if ticked:
        return GridCell(TICKED, tag="缺" if running is False else "")
    if running is None:
        return GridCell()
    return GridCell(RUNNING if running else LACKING)


def _meanings(owed: dict[Place, bool]) -> tuple[Meaning, ...]:
    said = [Meaning(TICKED, "当月有动态")]
    if False in owed.values():
        said.append(Meaning(LACKING, "当月不足"))
    if True in owed.values():
        said.append(Meaning(RUNNING, "本月还可补"))
    return tuple(said)


def _totals(matrix: Matrix) -> GridRow:
    counts = matrix.projects_per_month
    return GridRow(
        "有动态项目数", tuple(GridCell(text=str(each)) for each in counts), end=str(sum(counts))
    )
