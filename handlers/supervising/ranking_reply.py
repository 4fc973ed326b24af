"""A ranking as people read it: a picture and five lines, the same on demand and in the digest."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Services
from handlers.render.ranking_picture import ranking_layout
from handlers.render.ranking_table import ranking_table
from handlers.render.sheets import Layout
from handlers.reporting.texts import day_text
from handlers.standing.ranks import RankingNow
from handlers.standing.tasks import TaskStanding, short_name
from handlers.supervising.pictures import kept_pictures, lacking_line
from handlers.supervising.texts import CLOSED, DEMO, full_day_text, issue_text, some
from models.message import Reply
from models.programme import Programme
from models.rules.ranking import Ranking, Row, recipe_text
from models.rules.rounding import percent_text
from models.unit import Unit


def ranking_reply(
    services: Services,
    programme: Programme,
    found: RankingNow,
    *,
    period: str,
    named: bool,
    corrected: Sequence[str] = (),
) -> Reply:
    """The pictures and five lines; where laggards are not *named*, only their number is said.

    *corrected* are the lines on what an earlier edition printed otherwise.
    """
    plan = _layout(programme, found, period, named=named)
    lines = [
        _title_line(programme, found.ranking, period),
        *corrected,
        _leaders_line(found),
        _laggards_line(found, named=named),
        _overdue_line(found, named=named),
        recipe_text(found.ranking),
        *lacking_line(plan),
    ]
    when = issue_text(period) or day_text(found.ranking.data_date)
    name = f"{programme.short_title}排名{when}"
    return Reply("\n".join(lines), kept_pictures(services, plan, name, marked=programme.demo))


def _title_line(programme: Programme, ranking: Ranking, period: str) -> str:
    mark = f"【{DEMO}】" if programme.demo else ""
    when = f"{issue_text(period)}，" if period else ""
    return (
        f"{mark}【{programme.short_title}】排名（{when}数据截至{full_day_text(ranking.data_date)}）"
    )


def _leaders_line(found: RankingNow) -> str:
    """The best of each group; nobody leads who lags with a task, nor while nothing has counted."""
    ranking = found.ranking
    by_id = {unit.id: unit.name for unit in found.standing.units}
    lagging = {by_id[unit_id] for unit_id in found.lagging()}
    groups = dict.fromkeys(row.group for row in ranking.rows)
    lines = [_leaders(ranking.of(group), lagging, many=len(groups) > 1) for group in groups]
    if listed := "；".join(filter(None, lines)):
        return f"领先：{listed}"
    has_ranks = any(row.rank is not None for row in ranking.rows)
    return f"领先：暂无（{'有名次的单位均有滞后任务' if has_ranks else '尚无计分的数据'}）"


def _leaders(rows: tuple[Row, ...], lagging: set[str], *, many: bool) -> str:
    ahead = [row for row in rows if row.rank is not None and row.unit not in lagging]
    best = min((row.rank or 0 for row in ahead), default=0)
    first = [row for row in ahead if row.rank == best]
    if not first:
        return ""
    group = first[0].group if many else ""
    place = f"第{best}名，" if best > 1 else ""
    return f"{group}{some([row.unit for row in first])}（{place}{first[0].score}分）"


def _laggards_line(found: RankingNow, *, named: bool) -> str:
    behind = found.lagging()
    if not behind:
        is_known = any(task.progress.band for task in found.standing.tasks)
        return "滞后：无" if is_known else "滞后：暂无（尚无可判定的数据）"
    tasks = {task.task.id for each in behind.values() for task in each}
    if not named:
        return f"滞后：{len(behind)}个单位{len(tasks)}项任务"
    by_id = {unit.id: unit for unit in found.standing.units}
    scores = {row.unit: row.score for row in found.ranking.rows}
    worst = sorted(behind, key=lambda unit_id: scores.get(by_id[unit_id].name) or 0)
    listed = [_lagging(by_id[unit_id], behind[unit_id]) for unit_id in worst]
    return f"滞后：{some(listed)}"


def _lagging(unit: Unit, tasks: tuple[TaskStanding, ...]) -> str:
    worst = min(tasks, key=lambda task: task.progress.done or 0)
    more = f"等{len(tasks)}项" if len(tasks) > 1 else ""
    done = percent_text(worst.progress.done)
    return f"{unit.name}（{short_name(worst.task)} {done}{more}）"


def _overdue_line(found: RankingNow, *, named: bool) -> str:
    overdue, closed = found.overdue(), len(found.closed())
    never = f"；{CLOSED}{closed}件" if closed else ""
    if not overdue:
        return f"逾期未报：无{never}"
    units = list(dict.fromkeys(unit.name for each in overdue for unit in each.units))
    who = f"：{some(units)}" if named else ""
    return f"逾期未报：{len(overdue)}件，涉及{len(units)}个单位{who}{never}"


def _layout(programme: Programme, found: RankingNow, period: str, *, named: bool) -> Layout:
    ranking, hidden = (found.ranking, 0) if named else without_laggards(found)
    if not ranking.rows:
        return Layout(())
    day = full_day_text(ranking.data_date)
    table = ranking_table(
        ranking,
        title=f"{programme.short_title}排名",
        subtitle=" · ".join(filter(None, (issue_text(period), f"数据截至{day}"))),
        notes=_notes(found) if named else None,
        footer=f"另有{hidden}家未列出" if hidden else "",
        mark=DEMO if programme.demo else None,
    )
    return ranking_layout(table)


def _notes(found: RankingNow) -> dict[str, str]:
    by_id = {unit.id: unit.name for unit in found.standing.units}
    return {
        by_id[unit_id]: f"滞后：{some([short_name(task.task) for task in tasks], 2)}"
        for unit_id, tasks in found.lagging().items()
    }


def without_laggards(found: RankingNow) -> tuple[Ranking, int]:
    """The ranking without those that lag or owe: a group may have asked not to see them."""
    by_id = {unit.id: unit.name for unit in found.standing.units}
    hidden = {by_id[unit_id] for unit_id in found.lagging()}
    hidden |= {unit.name for each in found.overdue() for unit in each.units}
    rows = tuple(row for row in found.ranking.rows if row.unit not in hidden)
    return replace(found.ranking, rows=rows), len(found.ranking.rows) - len(rows)
