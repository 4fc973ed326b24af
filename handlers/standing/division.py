"""How a division of work stands after a month or quarter, as JSON data: clauses, units, reports."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from handlers.standing.clauses import ClauseStanding, clauses
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.facts import section_of
from handlers.standing.words import brief
from models.note import NoteKind
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.rules.clause import clause_label
from models.rules.recurrence import Every, from_data
from models.rules.reporting import IN_REVIEW, State
from models.rules.zone import local_zone
from models.submission import Submission, SubmissionVersion
from models.task import Task, UnitRole, tasks_of
from models.unit import Unit, units_of

Data = dict[str, Any]
#: A report may be due this long after the period that it covers.
_LONGEST_AFTER = timedelta(days=92)
ROLES = {
    UnitRole.LEAD: "牵头",
    UnitRole.SHARED: "按职责分工",
    UnitRole.EACH: "分别负责",
    UnitRole.SUPPORTING: "配合",
}
_NAMED_IN_DRAFT = 6


@dataclass(frozen=True)
class _State:
    """*owed* are the reports of the period by clause, *said* the last accepted words on each."""

    tasks: Sequence[Task]
    units: Sequence[Unit]
    parts: Mapping[int, Sequence[ClauseStanding]]
    owed: Mapping[int, Sequence[DutyStanding]]
    said: Mapping[int, Mapping[NoteKind, str]]

    def labelled(self) -> Iterator[tuple[Task, ClauseStanding, str]]:
        """Every clause with what it is called: 政7（2）."""
        for task in self.tasks:
            own = self.parts[task.id or 0]
            for at, each in enumerate(own, start=1):
                yield task, each, clause_label(task.number, at if len(own) > 1 else 0)


def division_data(
    session: Session, programme: Programme, data_date: date, every: Every, now: datetime
) -> Data:
    """What every clause and unit reported for the period that ends at *data_date*.

    *every* tells the monthly reports from the quarterly ones that end on the same day.
    """
    state = _state(session, programme, data_date, every, now)
    found = [_clause(each, label, state) for _, each, label in state.labelled()]
    tasks = list(_tasks(state, found))
    return {
        "short": programme.short_title,
        "year": data_date.year,
        "month": data_date.month,
        "day": data_date.isoformat(),
        "counts": _counts(state, found),
        "tasks": tasks,
        "units": list(_units(state, found)),
        "drafts": _drafts(found),
        "notes": list(_remarks(state)),
    }


def _state(
    session: Session, programme: Programme, day: date, every: Every, now: datetime
) -> _State:
    tasks = tasks_of(session, programme.id or 0)
    ids = [task.id or 0 for task in tasks]
    units = units_of(session, programme.area_id)
    parts = clauses(session, ids, {unit.id or 0: unit.name for unit in units})
    owed: dict[int, list[DutyStanding]] = defaultdict(list)
    for each in _period(session, programme, day, every, now):
        owed[each.matter.clause_id or 0].append(each)
    return _State(tasks, units, parts, owed, _said(session, ids, day))


def _period(
    session: Session, programme: Programme, day: date, every: Every, now: datetime
) -> Iterator[DutyStanding]:
    """The reports that cover up to this very day and come back as often as *every* says."""
    zone = local_zone()
    ended = datetime.combine(day, time.min, zone)
    wanted = DutyFilter(
        programme_ids=(programme.id or 0,), since=ended, until=ended + _LONGEST_AFTER
    )
    for each in duties(session, wanted, now, zone):
        is_asked = each.state is not State.WAIVED and each.matter.clause_id is not None
        covers = each.duty.covers
        if is_asked and covers and covers[1] == day and _comes_back(each.requirement, every):
            yield each


def _comes_back(requirement: Requirement, every: Every) -> bool:
    return any(each.every is every for each in from_data(requirement.recurrences))


def _said(
    session: Session, task_ids: Collection[int], until: date
) -> dict[int, dict[NoteKind, str]]:
    """The progress and problems of the last accepted report on each clause, in one query."""
    rows = session.exec(
        select(Requirement.clause_id, SubmissionVersion)
        .select_from(SubmissionVersion)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .join(Requirement, col(Requirement.id) == col(Obligation.requirement_id))
        .where(
            col(Submission.task_id).in_(task_ids),
            col(Requirement.clause_id).is_not(None),
            col(Obligation.covers_to) <= until,
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
        .order_by(col(Obligation.covers_to), col(SubmissionVersion.id))
    ).all()
    found: dict[int, dict[NoteKind, str]] = defaultdict(dict)
    for clause_id, version in rows:
        for kind in NoteKind:
            if (text := section_of(version, kind)) and clause_id is not None:
                found[clause_id][kind] = brief(text)
    return found


def _clause(each: ClauseStanding, label: str, state: _State) -> Data:
    clause_id = each.clause.id or 0
    owed = state.owed.get(clause_id, ())
    said = state.said.get(clause_id, {})
    return {
        "label": label,
        "text": each.clause.text,
        "role": ROLES[UnitRole(each.clause.role)],
        "lead": [*each.lead, *each.clause.unnamed],
        "supporting": list(each.supporting),
        "asked": len(owed),
        "came": sum(not _is_missing(duty) for duty in owed),
        "missing": sum(_is_missing(duty) for duty in owed),
        "state": _stands(owed),
        "progress": said.get(NoteKind.PROGRESS),
        "problem": said.get(NoteKind.PROBLEM),
    }


def _is_missing(duty: DutyStanding) -> bool:
    """Whether nothing stands for it: never reported, or returned with nothing in its place."""
    return duty.is_missing or duty.is_returned


def _stands(owed: Sequence[DutyStanding]) -> str | None:
    """已通过, 待审, 已退回, 未报; of several reports how many came. None where none is asked."""
    came = sum(not _is_missing(duty) for duty in owed)
    if not owed:
        return None
    if 0 < came < len(owed):
        return f"已报{came}/{len(owed)}"
    if not came:
        return "已退回" if all(duty.is_returned for duty in owed) else "未报"
    return "待审" if any(duty.state in IN_REVIEW for duty in owed) else "已通过"


def _tasks(state: _State, found: Sequence[Data]) -> Iterator[Data]:
    left = iter(found)
    for task in state.tasks:
        yield {
            "number": task.number,
            "theme": task.theme,
            "title": task.title,
            "clauses": [next(left) for _ in state.parts[task.id or 0]],
        }


def _counts(state: _State, found: Sequence[Data]) -> Data:
    """Clauses by the way they are answered for; reports asked for and come in."""
    roles = [each["role"] for each in found]
    own = (UnitRole.LEAD, UnitRole.SHARED, UnitRole.EACH)
    return {
        "tasks": len(state.tasks),
        "clauses": len(found),
        "roles": [{"label": ROLES[role], "count": roles.count(ROLES[role])} for role in own],
        "asked": sum(each["asked"] for each in found),
        "came": sum(each["came"] for each in found),
        "missing": sum(each["missing"] for each in found),
    }


def _units(state: _State, found: Sequence[Data]) -> Iterator[Data]:
    """Each unit that has a part: its clauses by role, and what it reported of what it owes."""
    roles: dict[str, list[str]] = defaultdict(list)
    for each in found:
        for name in each["lead"]:
            roles[name].append(each["role"])
        for name in each["supporting"]:
            roles[name].append(ROLES[UnitRole.SUPPORTING])
    owed = _owed_by_unit(state)
    for unit in state.units:
        if own := roles.get(unit.name):
            duties_ = owed.get(unit.id or 0, [])
            yield {
                "unit": unit.name,
                "roles": [{"label": e, "count": own.count(e)} for e in ROLES.values()],
                "asked": len(duties_),
                "came": sum(not _is_missing(duty) for _, duty in duties_),
                "missing": sum(_is_missing(duty) for _, duty in duties_),
                "named": [label for label, duty in duties_ if _is_missing(duty)],
            }


def _owed_by_unit(state: _State) -> dict[int, list[tuple[str, DutyStanding]]]:
    """What each unit owes, alone or with others, with what its clause is called."""
    found: dict[int, list[tuple[str, DutyStanding]]] = defaultdict(list)
    for _, each, label in state.labelled():
        for duty in state.owed.get(each.clause.id or 0, ()):
            for unit in duty.units:
                found[unit.id or 0].append((label, duty))
    return found


def _drafts(found: Sequence[Data]) -> dict[str, str]:
    """Words to begin with; the problems are those that reports name."""
    problems = [f"{each['label']}：{each['problem']}" for each in found if each["problem"]]
    asked = "请未报送的责任单位抓紧补报，牵头单位加强统筹，配合单位主动对接。"
    return {
        "features": "",
        "problems": "\n".join(problems[:_NAMED_IN_DRAFT]),
        "next": asked if any(each["missing"] for each in found) else "",
    }


def _remarks(state: _State) -> Iterator[str]:
    unnamed = [label for _, each, label in state.labelled() if each.clause.unnamed]
    if unnamed:
        more = f"等{len(unnamed)}条" if len(unnamed) > _NAMED_IN_DRAFT else ""
        listed = "、".join(unnamed[:_NAMED_IN_DRAFT])
        yield f"{listed}{more}含未点名的责任单位，点名前不计应报"
