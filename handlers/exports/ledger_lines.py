"""What a ledger is made of: the lines of a programme's tasks, in a fixed number of queries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.context import ExportContext
from handlers.standing.clauses import ClauseStanding, clauses
from handlers.standing.outlooks import Outlook, outlooks
from handlers.standing.tasks import IndicatorStanding, TaskStanding, data_date, standing
from handlers.standing.words import Words, words_of
from models.award import awards_of
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.rules.clause import clause_label
from models.submission import Submission, SubmissionState, SubmissionVersion

_STATES = {
    SubmissionState.SUBMITTED: "待审",
    SubmissionState.ACCEPTED: "已通过",
    SubmissionState.RETURNED: "已退回",
    SubmissionState.WITHDRAWN: "已撤回",
}


@dataclass(frozen=True)
class Last:
    """The newest version that was reported: its report's number, by which unit, when, its state."""

    number: str
    unit: str
    received: datetime
    state: str


@dataclass(frozen=True)
class Line:
    """One indicator or one clause of a task, or the whole task where it has neither."""

    task: TaskStanding
    label: str
    indicator: IndicatorStanding | None = None
    clause: ClauseStanding | None = None
    last: Last | None = None
    words: Words = field(default_factory=dict)
    outlook: Outlook | None = None
    levels: str = ""
    awards: str = ""


@dataclass(frozen=True)
class Ledger:
    """The lines of a programme in printed order at a data date, and its units by name."""

    data_date: date
    lines: tuple[Line, ...]
    units: tuple[str, ...]


def ledger_of(ctx: ExportContext, programme: Programme) -> Ledger:
    """The programme at the end of the period asked for, else at its own data date."""
    session, zone = ctx.session, ctx.services.zone
    day = data_date(session, programme, ctx.now, zone)
    if ctx.round is not None:
        day = min(ctx.round.last, ctx.today)
    state = standing(session, programme, day)
    names = {unit.id or 0: unit.name for unit in state.units}
    known = _Known(session, programme, state.tasks, names, day, zone)
    lines = tuple(line for task in state.tasks for line in known.lines(task))
    return Ledger(day, lines, tuple(names.values()))


class _Known:
    """What is known of a programme's tasks besides their figures."""

    def __init__(
        self,
        session: Session,
        programme: Programme,
        tasks: Sequence[TaskStanding],
        names: Mapping[int, str],
        day: date,
        zone: ZoneInfo,
    ) -> None:
        ids = [each.task.id or 0 for each in tasks]
        self._names = names
        self._clauses = clauses(session, ids, names)
        self._outlooks = outlooks(session, ids)
        self._awards = awards_of(session, ids)
        self._words = words_of(session, ids, day)
        self._last = _last_reports(session, programme, names, zone)

    def lines(self, task: TaskStanding) -> Iterator[Line]:
        parts = self._clauses[task.task.id or 0]
        for place, clause in enumerate(parts, start=1):
            label = clause_label(task.task.number, place if len(parts) > 1 else 0)
            yield self._line(task, label, clause=clause)
        for indicator in task.indicators:
            yield self._line(task, task.task.number, indicator=indicator)
        if not parts and not task.indicators:
            yield self._line(task, task.task.number)

    def _line(
        self,
        task: TaskStanding,
        label: str,
        *,
        indicator: IndicatorStanding | None = None,
        clause: ClauseStanding | None = None,
    ) -> Line:
        task_id = task.task.id or 0
        outlook = self._outlooks[task_id]
        levels = outlook.named(self._names).items()
        won = self._awards.get(task_id, {}).items()
        return Line(
            task=task,
            label=label,
            indicator=indicator,
            clause=clause,
            last=self._last.get((task_id, clause.clause.id if clause else None)),
            words=self._words.get(task_id, {}),
            outlook=outlook,
            levels="；".join(f"{name}：{level}" for name, level in levels),
            awards="；".join(f"{year}年：{'、'.join(names) or '无'}" for year, names in won),
        )


def _last_reports(
    session: Session, programme: Programme, names: Mapping[int, str], zone: ZoneInfo
) -> dict[tuple[int, int | None], Last]:
    """The newest report on each task or clause that stands, in one query."""
    rows = session.exec(
        select(Submission, col(SubmissionVersion.received_at), col(Requirement.clause_id))
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(
            Obligation.programme_id == programme.id,
            Submission.state != SubmissionState.WITHDRAWN,
            col(SubmissionVersion.version) == col(Submission.version),
        )
        .order_by(col(SubmissionVersion.received_at), col(SubmissionVersion.id))
    )
    return {
        (row.task_id, clause_id): Last(
            f"#{row.id}",
            names.get(row.unit_id, ""),
            received.astimezone(zone),
            report_state(row.state, has_accepted=row.accepted_version is not None),
        )
        for row, received, clause_id in rows
    }


def report_state(state: str, *, has_accepted: bool) -> str:
    """How a report stands, in people's words: the version in force, and its open correction."""
    if has_accepted and state == SubmissionState.SUBMITTED:
        return "已通过，更正待审"
    if has_accepted and state == SubmissionState.RETURNED:
        return "已通过，更正已退回"
    return _STATES[SubmissionState(state)]
