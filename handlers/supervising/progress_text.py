"""The words for progress: of one task, of a unit's tasks, of a county, of a programme."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.reading.harmless import harmless
from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.counties import CountyFigure
from handlers.standing.duties import DutyStanding
from handlers.standing.policy import status_policy
from handlers.standing.ranks import is_behind
from handlers.standing.reported import Reported
from handlers.standing.tasks import IndicatorStanding, Standing, TaskStanding, short_name
from handlers.supervising.texts import full_day_text, state_title
from models.programme import Programme
from models.programmes.issued import CountyLine
from models.rules.progress import NOT_UPDATED, is_stale
from models.rules.rounding import percent_text
from models.rules.unit import amount_text

UNKNOWN = "尚无通过的数据"
COMPARED = {">=": "不低于", "<=": "不高于", "range": "不低于"}


def task_text(
    each: TaskStanding,
    programme: Programme,
    data_date: date,
    reporting: str,
    *,
    named: bool,
    facts: Sequence[str] = (),
) -> str:
    """One task in full; who leads it and what it owes stay out where laggards are not *named*.

    *facts* are lines on what is known of it besides its figures, *reporting* is how its reports
    stand.
    """
    task, progress = each.task, each.progress
    name = short_name(task)
    lines = [f"{name}（{programme.short_title}）"]
    title = harmless(task.title)
    if not name.endswith(title):
        lines.append(title)
    if each.leads and (named or not is_behind(each)):
        lines.append(_units_line(each))
    if _is_measured(each):
        scheduled = percent_text(progress.scheduled)
        lines.append(f"数据截至{full_day_text(data_date)}，序时进度{scheduled}")
    lines += [indicator_text(one) for one in each.indicators]
    if not each.indicators and progress.done is not None:
        stage = f"已到“{each.stage}”阶段，" if each.stage else ""
        lines.append(f"{stage}完成{percent_text(progress.done)}")
    # An item that is not measured has no status; something else is known of it.
    if _is_measured(each) or progress.status is not None or not facts:
        lines.append(f"状态：{_status(each)}")
    # What has no figure yet is already said in the indicator's own line.
    lines += [f"说明：{note}" for note in progress.notes if not note.startswith("尚无数据")]
    lines += facts
    if reporting and named:
        lines.append(f"报送：{reporting}")
    return "\n".join(lines)


def _is_measured(each: TaskStanding) -> bool:
    return each.has_target or each.progress.done is not None


def _units_line(each: TaskStanding) -> str:
    leads = "、".join(unit.name for unit in each.leads)
    helping = "、".join(unit.name for unit in each.supporting)
    return f"牵头：{leads}{f'；配合：{helping}' if helping else ''}"


def _status(each: TaskStanding) -> str:
    status = each.progress.status
    if status is None:
        return UNKNOWN if each.progress.done is None else "数据不全，暂不能判定"
    return f"{status}{'（评定）' if each.progress.judged else ''}"


def indicator_text(one: IndicatorStanding) -> str:
    """One indicator: value, target, percentage or met, and whether the value is old."""
    row, progress = one.indicator, one.progress
    if one.value is None:
        return f"{row.name}：{UNKNOWN}"
    parts = [f"{row.name}：{amount_text(one.value, row.unit)}"]
    if progress is None or row.target is None:
        return parts[0]
    goal = amount_text(row.target, row.unit)
    if progress.met is not None:
        level = f"{goal}至{amount_text(row.upper, row.unit)}" if row.upper else goal
        word = "" if row.upper else COMPARED[row.comparator]
        parts.append(f"标准{word}{level}，{'达标' if progress.met else '未达标'}")
    else:
        parts.append(f"目标{goal}，完成{percent_text(progress.percent)}")
    if progress.is_stale and one.as_of is not None:
        parts.append(f"{day_text(one.as_of)}数据，{NOT_UPDATED}")
    return "，".join(parts)


def reported_text(reported: Reported, zone: ZoneInfo) -> str:
    """How the reports of a period stand: one with its state and number, several counted."""
    if reported.asked == 1:
        return duty_text(reported.first, zone)
    due = due_text(reported.first.duty.deadline, zone)
    period = period_text(reported.first.obligation)
    return f"{period}，{due}截止，{_counted(reported)}"


def _counted(reported: Reported) -> str:
    return f"已报{reported.came}/应报{reported.asked}"


def duty_text(duty: DutyStanding, zone: ZoneInfo) -> str:
    """How one report stands: its period, its due day, its state and number."""
    due = due_text(duty.duty.deadline, zone)
    number = f"（#{duty.submission.id}）" if duty.submission else ""
    title = state_title(duty.duty, duty.state, closed=duty.is_closed)
    return f"{period_text(duty.obligation)}，{due}截止，{title}{number}"


def task_line(each: TaskStanding, reported: Reported | None = None) -> str:
    """One task in one line, for lists; one that is told in words, by what was *reported* of it."""
    progress = each.progress
    if is_told(each) and reported is not None:
        period = period_text(reported.first.obligation)
        return f"{short_name(each.task)}：{period}{_counted(reported)}"
    done = f"{percent_text(progress.done)} " if progress.done is not None else ""
    stale = f"（{NOT_UPDATED}）" if progress.is_stale else ""
    return f"{short_name(each.task)}：{done}{_status(each)}{stale}"


def is_told(each: TaskStanding) -> bool:
    """Whether a task is told in words alone: nothing is measured and nobody judged it."""
    return not _is_measured(each) and each.progress.status is None


def overview_lines(standing: Standing, reported: Reported | None = None) -> list[str]:
    """A programme in numbers: how many tasks have which status.

    Those told in words are counted by what was *reported* of them.
    """
    found = Counter(each.progress.status for each in standing.tasks)
    labels = dict.fromkeys(band.label for band in status_policy(standing.programme).bands)
    head = (
        f"【{standing.programme.short_title}】共{len(standing.tasks)}项{data_date_text(standing)}"
    )
    unknown = sum(each.progress.status is None for each in standing.tasks)
    told = sum(map(is_told, standing.tasks)) if reported else 0
    unknown -= told
    counted = [f"{label}{found[label]}项" for label in labels if told < len(standing.tasks)]
    if reported:
        period = period_text(reported.first.obligation)
        counted.append(f"文字报送{told}项：{period}{_counted(reported)}")
    return [head, *counted, *([f"暂不能判定或没有数据{unknown}项"] if unknown else [])]


def data_date_text(standing: Standing) -> str:
    """The day the figures speak of, and how many tasks are further; empty where all is words."""
    if all(map(is_told, standing.tasks)):
        return ""
    newer = f"，另{standing.newer}项已有更新的数据" if standing.newer else ""
    return f"，数据截至{full_day_text(standing.data_date)}{newer}"


def county_lines(figures: Sequence[CountyFigure], data_date: date) -> list[str]:
    """A county's indicators, a line each."""
    lines = []
    for each in figures:
        name = f"{each.task.number} {each.indicator.name}"
        if each.value is None or each.as_of is None:
            target = amount_text(each.target, each.indicator.unit) if each.target else ""
            lines.append(f"{name}：{UNKNOWN}，任务{target}")
            continue
        parts = [f"{name}：{amount_text(each.value, each.indicator.unit)}"]
        if each.target is not None:
            parts.append(f"任务{amount_text(each.target, each.indicator.unit)}")
        if each.percent is not None:
            parts.append(f"完成{percent_text(each.percent)}")
        if is_stale(each.as_of, data_date):
            parts.append(f"{day_text(each.as_of)}数据，{NOT_UPDATED}")
        lines.append("，".join(parts))
    return lines


def issued_text(line: CountyLine, as_of: date) -> str:
    """A county's line in the last issued document."""
    named = f"：{'、'.join(line.named)}" if line.named else ""
    return (
        f"最近一期通报（数据截至{full_day_text(as_of)}）：实施{line.items}项、"
        f"{line.indicators}个指标，其中完成{line.completed}个，有序推进{line.on_track}个，"
        f"滞后{line.behind}个{named}"
    )
