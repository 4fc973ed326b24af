"""A task and a report as one row of a page: words, a mark with a shape, the width of a bar."""

from dataclasses import dataclass
from decimal import Decimal

from handlers.board.look import Look
from handlers.reporting.texts import due_text, period_text
from handlers.standing.duties import DutyStanding
from handlers.standing.ranks import is_behind
from handlers.standing.reported import Reported
from handlers.standing.tasks import TaskStanding, short_name
from handlers.supervising.progress_text import UNKNOWN, is_told
from handlers.supervising.texts import some, state_title
from models.rules.progress import NOT_UPDATED
from models.rules.reporting import State
from models.rules.rounding import HUNDRED, half_up, percent_text
from models.rules.status import Band, Standing

#: Lead units named in a row.
MOST_LEADS = 4
#: What a status is drawn as: a photocopy keeps the shape where it loses the colour.
NONE = "none"
_KINDS = {Standing.COMPLETED: "done", Standing.ON_TRACK: "track", Standing.BEHIND: "behind"}
_STATE_KINDS = {
    State.OVERDUE: "behind",
    State.RETURNED: "behind",
    State.SUBMITTED: "track",
    State.RESUBMITTED: "track",
    State.ACCEPTED: "done",
}


@dataclass(frozen=True)
class Mark:
    """A status in words, and which shape stands before it: done, track, behind or none."""

    label: str
    kind: str = NONE


@dataclass(frozen=True)
class Bar:
    """How far something is and should be; widths in percent of the bar, with one decimal."""

    said: str
    done: Decimal
    kind: str
    scheduled: Decimal | None = None


@dataclass(frozen=True)
class TaskRow:
    """One task; *leads* stays empty where units are not named."""

    id: int
    name: str
    leads: str
    mark: Mark
    bar: Bar | None
    note: str = ""


@dataclass(frozen=True)
class DutyRow:
    """One report that is or was owed; *task_id* leads to its task, 0 on the task's own page."""

    task_id: int
    name: str
    units: str
    when: str
    mark: Mark


def kind_of(band: Band | None) -> str:
    """The shape of a status."""
    return NONE if band is None else _KINDS[band.standing]


def bar_of(done: Decimal | None, scheduled: Decimal | None, kind: str) -> Bar | None:
    """The bar of a percentage; None where nothing is known. Beyond 100 % it is full."""
    if done is None:
        return None
    said = f"完成{percent_text(done)}"
    if scheduled is not None:
        said += f"，序时{percent_text(scheduled)}"
    return Bar(said, width(done), kind, None if scheduled is None else width(scheduled))


def width(percent: Decimal) -> Decimal:
    """A percentage as the part of a bar that it fills."""
    return half_up(min(max(percent, Decimal(0)), HUNDRED), 1)


def task_row(look: Look, each: TaskStanding, reported: Reported | None = None) -> TaskRow:
    """One task as lists show it; one told in words by what was *reported* of it."""
    progress, kind = each.progress, kind_of(each.progress.band)
    if is_told(each):
        return TaskRow(
            each.task.id or 0, name_of(look, each), leads_of(look, each), _told(reported), None
        )
    judged = "（评定）" if progress.judged else ""
    unknown = UNKNOWN if progress.done is None else "数据不全，暂不能判定"
    return TaskRow(
        id=each.task.id or 0,
        name=name_of(look, each),
        leads=leads_of(look, each),
        mark=Mark(f"{progress.status}{judged}" if progress.status else unknown, kind),
        bar=bar_of(progress.done, progress.scheduled, kind),
        note=NOT_UPDATED if progress.is_stale else "",
    )


def _told(reported: Reported | None) -> Mark:
    if reported is None:
        return Mark("文字事项")
    period = period_text(reported.first.obligation)
    is_full = reported.came == reported.asked
    said = f"文字事项，{period}已报{reported.came}/应报{reported.asked}"
    return Mark(said, "done" if is_full else NONE)


def name_of(look: Look, each: TaskStanding) -> str:
    """Number and short name; of what lags the number alone, where the name would name a unit."""
    name = short_name(each.task)
    is_telling = not look.named and is_behind(each) and look.names.stand_in(name)
    return each.task.number if is_telling else name


def leads_of(look: Look, each: TaskStanding) -> str:
    """Who leads it, the first of many, where units are named."""
    return some([unit.name for unit in each.leads], MOST_LEADS) if look.named else ""


def duty_row(look: Look, each: DutyStanding) -> DutyRow:
    """One report with its period, its due day and how it stands."""
    due = due_text(each.duty.deadline, look.zone)
    number = f"（#{each.submission.id}）" if each.submission else ""
    title = state_title(each.duty, each.state, closed=each.is_closed)
    kind = "behind" if each.is_closed else _STATE_KINDS.get(each.state, NONE)
    return DutyRow(
        task_id=each.task.id or 0,
        name=each.name,
        units="、".join(unit.name for unit in each.units) if look.named else "",
        when=f"{period_text(each.obligation)}，{due}截止",
        mark=Mark(f"{title}{number}", "done" if each.duty.has_accepted else kind),
    )
