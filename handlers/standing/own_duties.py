"""What the speaker's units owe, read once while a message is answered."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.standing.duties import DutyFilter, DutyStanding, duties
from models.obligation import (
    OPEN_STATES,
    Obligation,
    ObligationState,
    ObligationUnit,
    locked_obligations,
)
from models.programme import Programme
from models.requirement import Requirement
from models.task import Task

#: Read together: who asks what is owed asks what waits for its review, too.
_UNSETTLED = (*OPEN_STATES, ObligationState.SUBMITTED)


class OwnDuties:
    """The obligations of somebody's units, kept by task as they are asked for.

    *unit_ids* are those for which the person reports, in one programme or in any. Whoever stores
    something on an obligation calls `changed`: it is read again when it is asked for next.
    """

    def __init__(
        self,
        session: Session,
        unit_ids: Callable[[int | None], Collection[int]],
        now: datetime,
        zone: ZoneInfo,
    ) -> None:
        self._session = session
        self._unit_ids = unit_ids
        self._now, self._zone = now, zone
        self._by_task: dict[int, list[DutyStanding]] = {}
        self._has_all = False
        self._unsettled: list[DutyStanding] | None = None
        #: The state in which each was read, and those that were changed since.
        self._seen: dict[int, str] = {}
        self._stale: set[int] = set()
        self._held: set[int] = set()

    def all(self) -> list[DutyStanding]:
        """All of them, by due time."""
        if not self._has_all:
            self._keep(self._read(DutyFilter()))
            self._has_all = True
        return self._of(self._by_task)

    def of_tasks(self, task_ids: Iterable[int]) -> list[DutyStanding]:
        """Those on these tasks, by due time."""
        wanted = set(task_ids)
        missing = set() if self._has_all else wanted - self._by_task.keys()
        if missing:
            self._by_task |= {each: [] for each in missing}
            self._keep(self._read(DutyFilter(task_ids=tuple(missing))))
        return self._of(wanted & self._by_task.keys())

    def in_states(self, states: tuple[ObligationState, ...]) -> list[DutyStanding]:
        """Those in these states, by due time."""
        if self._has_all or not set(states).issubset(_UNSETTLED):
            return [each for each in self.all() if each.obligation.state in states]
        if self._unsettled is None:
            self._unsettled = self._read(DutyFilter(states=_UNSETTLED))
        return [each for each in self._unsettled if each.obligation.state in states]

    def requirements(self) -> list[Requirement]:
        """What is still asked of the units: the requirements of all that is open, each once."""
        if self._has_all or self._unsettled is not None:
            open_ = self.in_states(OPEN_STATES)
            return list({each.requirement.id: each.requirement for each in open_}.values())
        rows = _open_requirements(self._session, self._unit_ids(None))
        own = {each: frozenset(self._unit_ids(each)) for each in {row[1] for row in rows}}
        found = {each.id: each for each, programme, unit in rows if unit in own[programme]}
        return list(found.values())

    def changed(self, obligation_id: int) -> None:
        """Somebody reported on it, or took a report back."""
        self._stale.add(obligation_id)
        self._unsettled = None

    def lock(self, obligation_ids: Iterable[int]) -> None:
        """Lock these until the transaction ends; one that a colleague changed is read again.

        All are locked in one order: else two people with several reports might block each other.
        """
        wanted = set(obligation_ids) - self._held
        for row in locked_obligations(self._session, wanted) if wanted else ():
            if self._seen.get(row.id or 0, row.state) != row.state:
                self.changed(row.id or 0)

    def hold(self, obligation_ids: Iterable[int]) -> None:
        """Lock these once for the whole message: never within a savepoint that may be undone."""
        ids = set(obligation_ids)
        self.lock(ids)
        self._held |= ids

    def _of(self, task_ids: Collection[int]) -> list[DutyStanding]:
        self._mend(task_ids)
        found = [each for task_id in task_ids for each in self._by_task[task_id]]
        return sorted(found, key=_place)

    def _mend(self, task_ids: Collection[int]) -> None:
        """Read anew what was changed on these tasks since it was read."""
        known = (each.id for task_id in task_ids for each in self._by_task[task_id])
        if not self._stale or not (stale := self._stale.intersection(known)):
            return
        self._stale -= stale
        for task_id in task_ids:
            self._by_task[task_id] = [e for e in self._by_task[task_id] if e.id not in stale]
        self._keep(self._read(DutyFilter(ids=tuple(sorted(stale)))))

    def _keep(self, found: Iterable[DutyStanding]) -> None:
        for each in found:
            self._by_task.setdefault(each.task.id or 0, []).append(each)

    def _read(self, wanted: DutyFilter) -> list[DutyStanding]:
        found = duties(self._session, wanted.of_units(self._unit_ids(None)), self._now, self._zone)
        # Asked once for each programme: somebody may report for a hundred units.
        programmes = {each.programme.id or 0 for each in found}
        own = {each: frozenset(self._unit_ids(each)) for each in programmes}
        kept = [e for e in found if any(u.id in own[e.programme.id or 0] for u in e.units)]
        self._seen |= {each.id: each.obligation.state for each in kept}
        return kept


def _open_requirements(
    session: Session, unit_ids: Collection[int]
) -> Sequence[tuple[Requirement, int, int]]:
    """What is asked in active programmes, with the programme and each of these units it is of."""
    asked = (
        select(Obligation.requirement_id, Obligation.programme_id, ObligationUnit.unit_id)
        .join(ObligationUnit, col(ObligationUnit.obligation_id) == col(Obligation.id))
        .where(col(Obligation.state).in_(OPEN_STATES), col(ObligationUnit.unit_id).in_(unit_ids))
        .distinct()
        .subquery()
    )
    query = (
        select(Requirement, asked.c.programme_id, asked.c.unit_id)
        .join(asked, asked.c.requirement_id == col(Requirement.id))
        .join(Task, col(Task.id) == col(Requirement.task_id))
        .join(Programme, col(Programme.id) == col(Task.programme_id))
        .where(col(Task.active), col(Programme.active))
        .order_by(col(Requirement.id))
    )
    return session.exec(query).all()


def _place(duty: DutyStanding) -> tuple[datetime, int, int]:
    return duty.obligation.due, duty.task.position, duty.id
