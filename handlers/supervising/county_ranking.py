"""排名 激54: counties and parks ranked by what they have done of their shares of one indicator."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.context import Context
from handlers.render.ranking_picture import ranking_layout
from handlers.render.ranking_table import ranking_table
from handlers.standing.counties import CountyFigure, figures_by_county
from handlers.standing.ranks import group_of
from handlers.standing.tasks import data_date, short_name
from handlers.supervising.choosing import Subject
from handlers.supervising.fact_rights import LOCAL
from handlers.supervising.pictures import kept_pictures, lacking_line
from handlers.supervising.scope import names_shown
from handlers.supervising.texts import DEMO, full_day_text, some
from models.errors import Refused
from models.indicator import Indicator
from models.message import Reply
from models.programme import Programme
from models.rules.ranking import Completion, Ranking, Row, rank_indicator, recipe_text
from models.rules.rounding import percent_text
from models.task import Task
from models.unit import Unit, units_of

#: So many stand in a group that does not read who lags.
_FIRST = 3


def county_ranking(ctx: Context, subject: Subject) -> Reply:
    """A picture and a few lines for each indicator of the task that is shared out to counties."""
    programme, task = subject.programme, subject.task
    rankings = list(_rankings(ctx, programme, task)) if task is not None else []
    if task is None or not rankings:
        raise Refused(
            f"{subject.label}没有分到县市的任务数，不能按县市排名。进展请发“进度 {subject.word}”。"
        )
    found = [_shown(ctx, programme, task, *each) for each in rankings]
    pictures = tuple(picture for reply in found for picture in reply.pictures)
    return Reply("\n\n".join(each.text for each in found), pictures)


def _rankings(
    ctx: Context, programme: Programme, task: Task
) -> Iterator[tuple[Indicator, Ranking]]:
    """Each indicator with shares, ranked; a county without an accepted figure counts 0."""
    units = [each for each in units_of(ctx.session, programme.area_id) if each.kind in LOCAL]
    day = data_date(ctx.session, programme, ctx.now, ctx.services.zone)
    figures = figures_by_county(ctx.session, programme, units, day, task.id)
    shared: dict[int, list[tuple[Unit, CountyFigure]]] = {}
    for unit in units:
        for each in figures[unit.id or 0]:
            if each.target and not each.indicator.threshold:
                shared.setdefault(each.indicator.id or 0, []).append((unit, each))
    for pairs in shared.values():
        done = [_completion(unit, each) for unit, each in pairs]
        yield pairs[0][1].indicator, rank_indicator(done, day)


def _completion(unit: Unit, each: CountyFigure) -> Completion:
    return Completion(
        unit.name, group_of(unit), each.value or Decimal(0), each.target or Decimal(0)
    )


def _shown(
    ctx: Context, programme: Programme, task: Task, indicator: Indicator, ranking: Ranking
) -> Reply:
    title = f"{short_name(task)}县市排名"
    rows = ranking.rows
    if not names_shown(ctx):
        rows = tuple(row for row in rows if row.rank is not None and row.rank <= _FIRST)
    hidden = len(ranking.rows) - len(rows)
    table = ranking_table(
        replace(ranking, rows=rows),
        title=title,
        subtitle=f"{indicator.name} · 数据截至{full_day_text(ranking.data_date)}",
        footer=f"另有{hidden}家未列出" if hidden else "",
        mark=DEMO if programme.demo else None,
    )
    plan = ranking_layout(table)
    mark = f"【{DEMO}】" if programme.demo else ""
    day = full_day_text(ranking.data_date)
    head = f"{mark}【{programme.short_title}】{title}：{indicator.name}（数据截至{day}）"
    lines = [head, *_lines(rows, hidden), recipe_text(ranking), *lacking_line(plan)]
    pictures = kept_pictures(ctx.services, plan, title, marked=programme.demo)
    return Reply("\n".join(lines), pictures)


def _lines(rows: Sequence[Row], hidden: int) -> Iterator[str]:
    """Who leads each group and, where all are listed, who is last."""
    for group in dict.fromkeys(row.group for row in rows):
        own = [row for row in rows if row.group == group]
        ranked = [row for row in own if row.rank is not None]
        silent = [row.unit for row in own if row.rank is None]
        if ranked:
            yield f"{group}领先：{_named(ranked[0])}"
        if len(ranked) > 1 and not hidden:
            yield f"{group}靠后：{_named(ranked[-1])}"
        if silent:
            yield f"{group}尚未计分：{some(silent)}"
    if hidden:
        yield f"另有{hidden}家未列出"


def _named(row: Row) -> str:
    """泸溪县 91.67%（任务48，完成44）."""
    return f"{row.unit} {percent_text(row.parts[0].value)}（{row.parts[0].detail}）"
