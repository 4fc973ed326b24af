"""What calls for a supervision order: reports long overdue or returned twice, tasks on red."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from handlers.reading.harmless import shown
from handlers.reporting.texts import day_text, due_text, period_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.policy import ladder_policy, order_policy
from handlers.standing.tasks import TaskStanding, data_date, standing
from models.obligation import OPEN_STATES, ObligationState
from models.programme import Programme
from models.rules.order import Case, OrderBasis, is_long_overdue, is_red, is_returned_often
from models.rules.reporting import takes_reports
from models.rules.rounding import percent_text
from models.rules.workday import Calendar
from models.rules.zone import local_zone
from models.task import Task
from models.unit import Unit

_LONGEST_REASON = 40
_REQUIRED = {
    OrderBasis.OVERDUE: "尽快补报，并说明逾期原因",
    OrderBasis.RED: "查明滞后原因，落实赶进度的措施",
    OrderBasis.RETURNED: "按退回原因改好后重新报送",
}


@dataclass(frozen=True)
class Found:
    """One case with all that an order about it would say; *units* may be several that lead."""

    case: Case
    programme: Programme
    task: Task
    units: tuple[Unit, ...]
    problem: str

    @property
    def said(self) -> str:
        """What is wrong, with the units where several bear it together."""
        if len(self.units) == 1:
            return self.problem
        return f"{'、'.join(each.name for each in self.units)}共同承担，{self.problem}"

    @property
    def required(self) -> str:
        """What such an order asks for, unless the admin words it."""
        return _REQUIRED[self.case.basis]


def cases_found(
    session: Session,
    programmes: Sequence[Programme],
    days: Calendar,
    now: datetime,
    *,
    with_red: bool = True,
) -> list[Found]:
    """Every case of these programmes at *now*: returned, overdue, then red ones if wanted.

    A fixed number of queries, and a fixed number more for each programme.
    """
    by_id = {each.id or 0: each for each in programmes}
    wanted = DutyFilter(programme_ids=tuple(by_id), with_history=False)
    returned = replace(wanted, states=(ObligationState.RETURNED,))
    overdue = replace(wanted, until=now, states=OPEN_STATES)
    found = list(_returned(duties(session, returned, now, local_zone()), by_id))
    found += _overdue(duties(session, overdue, now, local_zone()), by_id, days, now)
    for each in programmes if with_red else ():
        found += _red(session, each, now)
    return [each for each in found if each.units]


def _returned(rows: Sequence[DutyStanding], programmes: Mapping[int, Programme]) -> Iterator[Found]:
    for each in merged(rows):
        policy = order_policy(programmes[each.obligation.programme_id])
        if each.submission is None or not is_returned_often(each.submission.returns, policy):
            continue
        key = f"returned:{each.submission.id}:{each.submission.returns}"
        reason = shown(each.submission.return_reason, _LONGEST_REASON)
        yield _of_duty(
            each,
            Case(OrderBasis.RETURNED, each.task.id or 0, each.id, key),
            f"{period_text(each.obligation)}情况已退回{each.submission.returns}次"
            f"{f'，最近一次原因：{reason}' if reason else ''}",
        )


def _overdue(
    rows: Sequence[DutyStanding],
    programmes: Mapping[int, Programme],
    days: Calendar,
    now: datetime,
) -> Iterator[Found]:
    late = [e for e in rows if e.is_overdue and e.chased and takes_reports(e.duty, now)]
    for each in merged(late):
        ladder = ladder_policy(programmes[each.obligation.programme_id])
        deadline = each.duty.deadline
        if not is_long_overdue(deadline, now, days, ladder):
            continue
        key = f"overdue:{each.id}:{deadline.astimezone(local_zone()).date()}"
        yield _of_duty(
            each,
            Case(OrderBasis.OVERDUE, each.task.id or 0, each.id, key),
            f"{period_text(each.obligation)}情况应于{due_text(deadline, local_zone())}前报送，"
            "逾期未报",
        )


def _of_duty(each: DutyStanding, case: Case, problem: str) -> Found:
    clause = f"{each.matter.label} " if each.matter.place else ""
    return Found(case, each.programme, each.task, each.units, f"{clause}{problem}")


def _red(session: Session, programme: Programme, now: datetime) -> Iterator[Found]:
    """Tasks whose accepted figures show red; silence and older figures are no red light.

    What was not reported is overdue, and offered as that.
    """
    day = data_date(session, programme, now, local_zone())
    for each in standing(session, programme, day).tasks:
        if not shows_red(each):
            continue
        case = Case(OrderBasis.RED, each.task.id or 0, None, f"red:{each.task.id}:{day}")
        yield Found(case, programme, each.task, each.leads, behind_text(each))


def shows_red(each: TaskStanding) -> bool:
    """Whether a task shows red by figures of the data date."""
    is_known = each.as_of is not None and not each.progress.is_stale
    return is_known and is_red(each.progress.band)


def behind_text(each: TaskStanding) -> str:
    """How a task stands, in one line: 截至8月31日完成28.50%，序时进度66.67%，工作进度相对滞后."""
    progress = each.progress
    day = f"截至{day_text(each.as_of)}" if each.as_of else ""
    done = f"完成{percent_text(progress.done)}，" if progress.done is not None else ""
    status = progress.status or "状态未定"
    return f"{day}{done}序时进度{percent_text(progress.scheduled)}，{status}"
