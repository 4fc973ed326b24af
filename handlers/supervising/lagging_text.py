"""The tasks behind schedule in lines: who leads them, how far they are, and why they lag."""

from collections.abc import Sequence
from decimal import Decimal

from handlers.reading.harmless import harmless, shown
from handlers.reporting.texts import day_text
from handlers.standing.ranks import is_behind
from handlers.standing.tasks import Standing, TaskStanding, short_name
from handlers.supervising.texts import full_day_text, some
from models.rules.progress import NOT_UPDATED
from models.rules.rounding import half_up, percent_text

_LONGEST_REASON = 40


def behind(state: Standing) -> list[TaskStanding]:
    """The tasks that lag, by rule or as judged; those furthest behind their schedule first."""
    return sorted(filter(is_behind, state.tasks), key=_gap)


def _gap(each: TaskStanding) -> tuple[Decimal, int]:
    done = each.progress.done
    gap = Decimal(0) if done is None else done - each.progress.scheduled
    return gap, each.task.position


def head(state: Standing, tasks: Sequence[TaskStanding]) -> str:
    """How many lag, and the day that this speaks of."""
    title, until = state.programme.short_title, full_day_text(state.data_date)
    if not tasks:
        return f"【{title}】数据截至{until}，没有滞后的事项。"
    units = {unit.id for each in tasks for unit in each.leads}
    counts = f"滞后{len(tasks)}项（共{len(state.tasks)}项），涉及{len(units)}个牵头单位"
    return f"【{title}】数据截至{until}，{counts}"


def lagging_line(each: TaskStanding) -> str:
    """州1-7 雪亮工程（州公安局）：完成28.50%，序时66.67%，差38.17点；8月31日数据，未更新."""
    leads = some([unit.name for unit in each.leads])
    said = "；".join(_said(each))
    return f"{short_name(each.task)}（{leads}）：{said}"


def _said(each: TaskStanding) -> list[str]:
    progress = each.progress
    parts = []
    if progress.done is not None:
        done, due = half_up(progress.done, 2), half_up(progress.scheduled, 2)
        gap = f"，差{due - done}点" if done < due else ""
        parts.append(f"完成{percent_text(progress.done)}，序时{percent_text(due)}{gap}")
    if (lowest := _lowest(each)) and len(each.indicators) > 1:
        parts.append(f"最低的是{lowest}")
    if progress.is_stale and each.as_of is not None:
        parts.append(f"{day_text(each.as_of)}数据，{NOT_UPDATED}")
    if progress.judgement is not None:
        parts.append(f"评定，{shown(progress.judgement.reason, _LONGEST_REASON)}")
    return parts or [harmless(progress.status or "")]


def _lowest(each: TaskStanding) -> str:
    """The indicator that holds the task back."""
    measured = [
        (one.progress.percent, one.indicator.name)
        for one in each.indicators
        if one.progress is not None and one.progress.percent is not None
    ]
    return harmless(min(measured)[1]) if measured else ""
