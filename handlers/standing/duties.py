"""Obligations as people see them at a moment: who owes what, what came in, what is chased."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from handlers.standing.matters import Matter, by_clause
from models.obligation import Obligation, ObligationState, ObligationUnit, owing_units
from models.programme import Programme
from models.programmes.obligations import NO_LONGER_ASKED
from models.requirement import Requirement
from models.rules.assumption import own_assumptions
from models.rules.recurrence import Recurrence, from_data
from models.rules.reporting import (
    IN_REVIEW,
    STILL_OWED,
    Duty,
    State,
    is_bygone,
    is_chased,
    is_closed,
    is_confirmed,
    is_late,
    is_on_time,
    state_at,
)
from models.submission import Submission, submissions_of
from models.task import Task
from models.unit import Unit, units_by_id


@dataclass(frozen=True)
class DutyStanding:
    """One obligation with everything said about it; *state* is the one at the moment asked for.

    *matter* is the task or the clause of it that the report is on. *is_closed*: never reported,
    and the next due time has closed it. *is_bygone*: it is taken, and not asked for.
    """

    obligation: Obligation
    programme: Programme
    task: Task
    matter: Matter
    requirement: Requirement
    units: tuple[Unit, ...]
    submission: Submission | None
    duty: Duty
    state: State
    is_closed: bool
    is_bygone: bool

    @property
    def id(self) -> int:
        """The obligation's id."""
        return self.obligation.id or 0

    @property
    def chased(self) -> bool:
        """Whether people are held to its deadline: confirmed in time, and no history."""
        return is_chased(self.duty)

    @property
    def is_confirmed(self) -> bool:
        """Whether its due time was stated, or confirmed by an admin, be it too late."""
        return is_confirmed(self.duty)

    @property
    def is_dropped(self) -> bool:
        """Whether a changed requirement no longer asks for it: nobody let anyone off."""
        is_waived = self.state is State.WAIVED
        return is_waived and self.obligation.waiver_reason == NO_LONGER_ASKED

    @property
    def is_owed(self) -> bool:
        """Whether somebody still has to write: owed, overdue, extended or returned."""
        return self.state in STILL_OWED

    @property
    def is_overdue(self) -> bool:
        """Whether it should have come: also one that is returned, but came in time once."""
        return self.state is State.OVERDUE

    @property
    def awaits_review(self) -> bool:
        """Whether a report came in that nobody has reviewed."""
        return self.state in IN_REVIEW

    @property
    def is_returned(self) -> bool:
        """Whether it was returned and nothing accepted holds in its place."""
        return self.state is State.RETURNED and not self.duty.has_accepted

    @property
    def correction_waits(self) -> bool:
        """Whether a correction is reviewed while the accepted version holds."""
        return self.awaits_review and self.duty.has_accepted

    @property
    def correction_returned(self) -> bool:
        """Whether a correction was returned while the accepted version holds."""
        return self.state is State.RETURNED and self.duty.has_accepted

    @property
    def came_on_time(self) -> bool:
        """Whether its first report came by the deadline."""
        return is_on_time(self.duty)

    @property
    def is_missing(self) -> bool:
        """Whether no report ever came."""
        return self.duty.first_received is None

    @property
    def came_late(self) -> bool:
        """Whether its first report came, after the deadline."""
        return is_late(self.duty)

    @property
    def name(self) -> str:
        """Number and short name of its task or clause."""
        return self.matter.name

    @property
    def number(self) -> str:
        """What is typed to report it: 州1-7, 政7-2."""
        return self.matter.number


def duty_of(
    obligation: Obligation,
    submission: Submission | None,
    *,
    assumed: bool = False,
    confirmed_at: datetime | None = None,
) -> Duty:
    """The obligation with the report that stands for it, as the rules of its states see it.

    Its due time is taken as stated unless said otherwise; where time decides, ask for `timed_duty`.
    """
    covers = None
    if obligation.covers_from is not None and obligation.covers_to is not None:
        covers = (obligation.covers_from, obligation.covers_to)
    return Duty(
        due=obligation.due,
        closes=obligation.closes,
        extended_to=obligation.extended_to,
        state=_state(obligation, submission),
        first_received=submission.first_received_at if submission else None,
        returns=submission.returns if submission else 0,
        has_accepted=submission is not None and submission.accepted_version is not None,
        covers=covers,
        history=obligation.history,
        assumed=assumed,
        confirmed_at=confirmed_at,
    )


def timed_duty(
    session: Session, obligation: Obligation, submission: Submission | None, zone: ZoneInfo
) -> Duty:
    """The same where time decides: on time or late, open or closed."""
    wording = _Wording(session.get_one(Requirement, obligation.requirement_id))
    return _timed(obligation, submission, wording, zone)


def _timed(
    obligation: Obligation, submission: Submission | None, wording: "_Wording", zone: ZoneInfo
) -> Duty:
    return duty_of(
        obligation,
        submission,
        assumed=wording.assumes(obligation, zone),
        confirmed_at=wording.requirement.confirmed_at,
    )


def _state(obligation: Obligation, submission: Submission | None) -> State:
    state = State(obligation.state)
    if state is State.SUBMITTED and submission is not None and submission.version > 1:
        return State.RESUBMITTED
    return state


class _Wording:
    """What the due times of a requirement rest on; its rules are read once for all of a year."""

    def __init__(self, requirement: Requirement) -> None:
        self.requirement = requirement

    @cached_property
    def _rules(self) -> Sequence[Recurrence]:
        return from_data(self.requirement.recurrences)

    def assumes(self, obligation: Obligation, zone: ZoneInfo) -> bool:
        """Whether the due time rests on an assumption of its own.

        Once confirmed or written anew, the requirement no longer tells what a past due time rested
        on; the obligation does.
        """
        if self.requirement.confirmed_at is not None:
            return bool(obligation.assumed)
        if not self.requirement.assumed:
            return False
        day = obligation.due.astimezone(zone).date()
        return bool(own_assumptions(self.requirement.assumed, self._rules, day))


@dataclass(frozen=True)
class _Asked:
    """What obligations of a year have in common: the wording, its task, clause and programme."""

    wording: _Wording
    task: Task
    programme: Programme
    matter: Matter


@dataclass(frozen=True)
class DutyFilter:
    """Which obligations are wanted; None asks for all. Both ends of the due time count."""

    ids: tuple[int, ...] | None = None
    programme_ids: tuple[int, ...] | None = None
    task_ids: tuple[int, ...] | None = None
    unit_ids: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    states: tuple[ObligationState, ...] | None = None
    with_history: bool = True

    def of_units(self, unit_ids: Iterable[int]) -> "DutyFilter":
        """The same, of these units alone."""
        return replace(self, unit_ids=tuple(unit_ids))


def duties(
    session: Session,
    wanted: DutyFilter,
    now: datetime,
    zone: ZoneInfo,
    known: Iterable[Unit] = (),
) -> tuple[DutyStanding, ...]:
    """The obligations of active tasks and programmes that fit, by due time.

    Four queries whatever the number of rows, one more where clauses are among them, and one for
    units that are not among the *known* ones.
    """
    query = (
        select(Obligation)
        .join(Task, col(Task.id) == col(Obligation.task_id))
        .join(Programme, col(Programme.id) == col(Obligation.programme_id))
        .where(col(Task.active), col(Programme.active), *_conditions(wanted))
        .order_by(col(Obligation.due), col(Task.position), col(Obligation.id))
    )
    rows = session.exec(query).all()
    ids = [obligation.id or 0 for obligation in rows]
    units, submissions = _units_of(session, ids, known), submissions_of(session, ids)
    asked = _asked(session, {each.requirement_id for each in rows})
    return tuple(
        _standing(
            each,
            asked[each.requirement_id],
            units[each.id or 0],
            submissions.get(each.id or 0),
            now,
            zone,
        )
        for each in rows
    )


def _standing(
    obligation: Obligation,
    asked: _Asked,
    units: tuple[Unit, ...],
    submission: Submission | None,
    now: datetime,
    zone: ZoneInfo,
) -> DutyStanding:
    duty = _timed(obligation, submission, asked.wording, zone)
    return DutyStanding(
        obligation=obligation,
        programme=asked.programme,
        task=asked.task,
        matter=asked.matter,
        requirement=asked.wording.requirement,
        units=units,
        submission=submission,
        duty=duty,
        state=state_at(duty, now),
        is_closed=is_closed(duty, now),
        is_bygone=is_bygone(duty, now),
    )


def _asked(session: Session, requirement_ids: Collection[int]) -> dict[int, _Asked]:
    """What is asked, of which task and programme: each once, for many obligations of a year."""
    if not requirement_ids:
        return {}
    rows = session.exec(
        select(Requirement, Task, Programme)
        .join(Task, col(Task.id) == col(Requirement.task_id))
        .join(Programme, col(Programme.id) == col(Task.programme_id))
        .where(col(Requirement.id).in_(requirement_ids))
    ).all()
    of_clauses = {task.id: task for requirement, task, _ in rows if requirement.clause_id}
    clauses = by_clause(session, of_clauses.values())
    return {
        requirement.id or 0: _Asked(
            _Wording(requirement),
            task,
            programme,
            clauses.get(requirement.clause_id or 0) or Matter(task),
        )
        for requirement, task, programme in rows
    }


def any_duty(session: Session, wanted: DutyFilter) -> bool:
    """Whether some obligation fits: a cheap look before all are read."""
    return (
        session.exec(select(Obligation.id).where(*_conditions(wanted)).limit(1)).first() is not None
    )


def _conditions(wanted: DutyFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        conditions.append(col(Obligation.id).in_(wanted.ids))
    if wanted.programme_ids is not None:
        conditions.append(col(Obligation.programme_id).in_(wanted.programme_ids))
    if wanted.task_ids is not None:
        conditions.append(col(Obligation.task_id).in_(wanted.task_ids))
    if wanted.unit_ids is not None:
        owing = select(ObligationUnit.obligation_id).where(
            col(ObligationUnit.unit_id).in_(wanted.unit_ids)
        )
        conditions.append(col(Obligation.id).in_(owing))
    if wanted.since is not None:
        conditions.append(col(Obligation.due) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(Obligation.due) <= wanted.until)
    if wanted.states is not None:
        conditions.append(col(Obligation.state).in_(wanted.states))
    if not wanted.with_history:
        conditions.append(col(Obligation.history).is_(False))
    return conditions


def _units_of(
    session: Session, ids: Sequence[int], known: Iterable[Unit]
) -> Mapping[int, tuple[Unit, ...]]:
    # Ids first: joined, a unit would be read as often as it owes something.
    owing = owing_units(session, ids)
    units = {unit.id or 0: unit for unit in known}
    missing = {unit_id for each in owing.values() for unit_id in each} - units.keys()
    units |= units_by_id(session, missing)
    return {id_: tuple(units[unit_id] for unit_id in each) for id_, each in owing.items()}
