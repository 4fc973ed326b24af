"""What the speaker's units owe, read once while a message is answered."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.standing.duties import DutyFilter, DutyStanding, duties
from models.obligation import ObligationState, locked_obligations


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
        self._in_states: dict[tuple[ObligationState, ...], list[DutyStanding]] = {}
        #: The state in which each was read, and those that were changed since.
        self._seen: dict[int, str] = {}
        self._stale: set[int] = set()

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
        if self._has_all:
            return [each for each in self.all() if each.obligation.state in states]
        if states not in self._in_states:
            self._in_states[states] = self._read(DutyFilter(states=states))
        return self._in_states[states]

    def changed(self, obligation_id: int) -> None:
        """Somebody reported on it, or took a report back."""
        self._stale.add(obligation_id)
        self._in_states.clear()

    def lock(self, obligation_ids: Iterable[int]) -> None:
        """Lock these until the transaction ends; one that a colleague changed is read again.

        All are locked in one order: else two people with several reports might block each other.
        """
        for row in locked_obligations(self._session, obligation_ids):
            if self._seen.get(row.id or 0, row.state) != row.state:
                self.changed(row.id or 0)

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


def _place(duty: DutyStanding) -> tuple[datetime, int, int]:
    return duty.obligation.due, duty.task.position, duty.id
