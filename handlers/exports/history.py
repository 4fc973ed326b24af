"""The history of a programme's reports: every version, who reported it for which unit, and when."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.context import ExportContext
from handlers.exports.ledger_lines import report_state
from handlers.exports.sheet import Cell, Column, Look, Shown
from handlers.exports.streams import streamed
from handlers.reporting.texts import period_text
from handlers.standing.duties import timed_duty
from handlers.standing.matters import Matter, by_clause
from models.figure import Figure, Series
from models.indicator import Indicator
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.rules.reporting import is_chased, is_late
from models.rules.rounding import percent_text
from models.rules.unit import amount_text
from models.submission import AnswerKind, Submission, SubmissionVersion
from models.task import Task
from models.unit import units_of

HISTORY = (
    Column("编号", 10),
    Column("任务", 34),
    Column("期次", 14),
    Column("报送单位", 20),
    Column("报送编号", 10),
    Column("版本", 7, centred=True),
    Column("方式", 9, centred=True),
    Column("报送时间", 17),
    Column("截止时间", 17),
    Column("时效", 9, centred=True),
    Column("数据截至", 12),
    Column("数据", 40),
    Column("内容", 60),
    Column("审核", 16),
    Column("退回次数", 9, centred=True),
    Column("退回原因", 26),
)
_Row = tuple[SubmissionVersion, Submission, Obligation, Requirement]


def history(ctx: ExportContext, programme: Programme) -> Iterator[Sequence[Cell]]:
    """The rows of the history, oldest version first, in a fixed number of queries."""
    session, zone = ctx.session, ctx.services.zone
    rows = session.exec(select(Task).where(Task.programme_id == programme.id)).all()
    tasks = {each.id or 0: each for each in rows}
    clauses = by_clause(session, tasks.values())
    names = {each.id or 0: each.name for each in units_of(session, programme.area_id)}
    with (
        streamed(session, _versions(programme)) as versions,
        streamed(session, _figures(programme)) as figures,
    ):
        said = _Figures(figures)
        for row in versions:
            version, submission, obligation, requirement = row
            task = tasks[obligation.task_id]
            matter = clauses.get(requirement.clause_id or 0) or Matter(task)
            unit = names.get(submission.unit_id, "")
            yield (
                *(matter.label, _title(task), period_text(obligation), unit),
                *_times(session, row, zone),
                version.as_of,
                said.of(version.id or 0),
                "\n".join(f"{name}：{text}" for name, text in version.sections.items() if text),
                *_review(version, submission),
            )


def _title(task: Task) -> str:
    """What a task is; what was reported on it stays when it is taken off the list."""
    return task.title if task.active else f"{task.title}（已不在任务清单）"


def _versions(programme: Programme) -> Any:
    return (
        select(SubmissionVersion, Submission, Obligation, Requirement)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(Obligation.programme_id == programme.id)
        .order_by(col(SubmissionVersion.id))
    )


def _figures(programme: Programme) -> Any:
    return (
        select(Figure, Indicator)
        .join(Indicator, col(Indicator.id) == col(Figure.indicator_id), isouter=True)
        .join(Task, col(Task.id) == col(Figure.task_id))
        .where(Task.programme_id == programme.id, col(Figure.version_id).is_not(None))
        .order_by(col(Figure.version_id), col(Figure.id))
    )


class _Figures:
    """What each version says in figures, read beside the versions and in their order."""

    def __init__(self, rows: Iterator[tuple[Figure, Indicator | None]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0].version_id or 0)
        self._next: tuple[int, str] | None = None

    def of(self, version_id: int) -> str:
        """The figures of a version; versions are asked for in their order."""
        while self._next is None or self._next[0] < version_id:
            found = next(self._groups, None)
            if found is None:
                return ""
            self._next = (found[0], _figures_text(found[1]))
        return self._next[1] if self._next[0] == version_id else ""


def _figures_text(rows: Iterator[tuple[Figure, Indicator | None]]) -> str:
    parts, counties = [], 0
    for figure, indicator in rows:
        if figure.unit_id is not None:
            counties += 1
        elif indicator is not None:
            about = "约" if figure.approximate else ""
            parts.append(f"{indicator.name}{about}{amount_text(figure.value, indicator.unit)}")
        else:
            parts.append(_of_task(figure))
    return "；".join([*parts, *([f"分县市数据{counties}个"] if counties else [])])


def _of_task(figure: Figure) -> str:
    """A value of the task as a whole: a percentage, or how many of its stages are reached."""
    if figure.series == Series.REPORTED:
        return f"完成{figure.value:f}个阶段"
    word = "验收进度" if figure.series == Series.VERIFIED else "自报进度"
    return f"{word}{percent_text(figure.value)}"


def _times(session: Session, row: _Row, zone: ZoneInfo) -> Sequence[Cell]:
    """Which version of which report it is, what kind, when it came, and whether in time."""
    version, submission, obligation, _ = row
    return (
        f"#{submission.id}",
        version.version,
        "无变化" if version.kind == AnswerKind.NIL else "报送",
        version.received_at.astimezone(zone),
        obligation.effective_due.astimezone(zone),
        _timeliness(session, obligation, submission, zone),
    )


def _timeliness(
    session: Session, obligation: Obligation, submission: Submission, zone: ZoneInfo
) -> Cell:
    """Of the report as a whole: a correction later changes nothing; empty where nobody was held."""
    # Its requirement came with the row, so that nothing is asked of the database here.
    duty = timed_duty(session, obligation, submission, zone)
    if not is_chased(duty):
        return ""
    return Shown("逾期", Look.BAD) if is_late(duty) else "按时"


def _review(version: SubmissionVersion, submission: Submission) -> Sequence[Cell]:
    """What became of a version; how often its report went back is said beside the newest one."""
    is_accepted = version.version == submission.accepted_version
    if version.version != submission.version:
        return ("已通过，现行" if is_accepted else "已有新版本", None, "")
    state = "已通过" if is_accepted else report_state(submission.state, has_accepted=False)
    return state, submission.returns, submission.return_reason
