"""What came in of what is asked for in a period: how tasks that are told in words stand."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.standing.duties import DutyStanding
from handlers.standing.merging import merged
from models.rules.reporting import State


@dataclass(frozen=True)
class Reported:
    """The pieces of work of one period, of a clause, a task or several; at least one."""

    duties: tuple[DutyStanding, ...]

    @property
    def first(self) -> DutyStanding:
        """The one that is due first; all are of its period."""
        return self.duties[0]

    @property
    def asked(self) -> int:
        """How many reports are asked for."""
        return len(self.duties)

    @property
    def came(self) -> int:
        """How many came in, be they reviewed or not; what was returned is asked for again."""
        return sum(not each.is_missing and not each.is_returned for each in self.duties)


def newest_period(duties: Iterable[DutyStanding], today: date) -> Reported | None:
    """The newest period that has ended by *today*, else the first one; None where none is."""
    asked = [each for each in duties if each.duty.covers and each.state is not State.WAIVED]
    periods = {each.duty.covers for each in asked if each.duty.covers}
    ended = [each for each in periods if each[1] <= today]
    if not periods:
        return None
    last = max(each[1] for each in ended) if ended else min(each[1] for each in periods)
    of_period = [each for each in asked if each.duty.covers and each.duty.covers[1] == last]
    return Reported(tuple(merged(of_period)))


def owed_by(duties: Sequence[DutyStanding], unit_ids: Container[int | None]) -> list[DutyStanding]:
    """Those that one of these units owes; all of them where it owes none."""
    own = [each for each in duties if any(unit.id in unit_ids for unit in each.units)]
    return own or list(duties)
