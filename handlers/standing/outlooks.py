"""研判 as it stands: each item's level, the entries it follows from, and who set it apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.outlook import OutlookEntry, outlooks_of
from models.rules.outlook import ItemLevel, Level, item_level

#: The name of the one entry that speaks for every county.
ALL_COUNTIES = "各县市"


@dataclass(frozen=True)
class Scope:
    """What one judgement speaks of: a unit, all counties at once, or the item itself."""

    unit_id: int | None = None
    counties: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is the item's own level."""
        return self.unit_id is None and not self.counties


ITEM = Scope()


@dataclass(frozen=True)
class Outlook:
    """One item as judged so far; *holding* is the newest row of each scope, oldest first."""

    holding: Mapping[Scope, OutlookEntry]

    @property
    def entries(self) -> dict[Scope, Level]:
        """The levels of units and of all counties."""
        return {scope: Level(row.level) for scope, row in self.holding.items() if not scope.is_item}

    @property
    def level(self) -> ItemLevel | None:
        """The item's level; None where nothing was judged.

        A level stated while there was no entry gives way to the entries that came later: only
        one with a reason was set apart from them.
        """
        own, entries = self.holding.get(ITEM), self.entries
        set_level = None if own is None or (entries and not own.reason) else Level(own.level)
        return item_level(entries.values(), set_level)

    @property
    def reason(self) -> str:
        """Why the item's level stands apart from its entries; empty where it does not."""
        own = self.holding.get(ITEM)
        return own.reason if own is not None and self.level and self.level.judged else ""

    def named(self, units: Mapping[int, str]) -> dict[str, Level]:
        """The entries by name, in the order of *units* and with all counties last."""
        levels = self.entries
        found = {
            name: levels[scope]
            for unit_id, name in units.items()
            if (scope := Scope(unit_id)) in levels
        }
        everywhere = levels.get(Scope(counties=True))
        return {**found, ALL_COUNTIES: everywhere} if everywhere else found


def outlook_from(rows: Iterable[OutlookEntry]) -> Outlook:
    """The outlook of one item from all its rows, oldest first."""
    holding: dict[Scope, OutlookEntry] = {}
    for row in rows:
        scope = Scope(row.unit_id, row.counties)
        holding.pop(scope, None)
        if not row.withdrawn:
            holding[scope] = row
    return Outlook(holding)


def outlooks(session: Session, task_ids: Sequence[int]) -> dict[int, Outlook]:
    """Every task's outlook, in one query."""
    rows = outlooks_of(session, task_ids)
    return {task_id: outlook_from(rows.get(task_id, ())) for task_id in task_ids}
