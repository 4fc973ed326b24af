"""研判: the order of levels, an item's own level, and the two tables that follow from entries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How likely an item is to win its award; declared from best to worst."""

    VERY_LIKELY = "很有可能"
    LIKELY = "有可能"
    DIFFICULT = "难度较大"
    UNLIKELY = "不太可能"

    @property
    def strength(self) -> int:
        """Higher is likelier."""
        return len(Level) - list(Level).index(self)


class Origin(StrEnum):
    """Where an item's level comes from."""

    ENTRIES = "entries"
    JUDGED = "judged"
    STATED = "stated"


@dataclass(frozen=True)
class ItemLevel:
    """An item's level; judged only where it was set apart from its entries."""

    level: Level
    origin: Origin

    @property
    def judged(self) -> bool:
        return self.origin is Origin.JUDGED


def highest(levels: Iterable[Level]) -> Level | None:
    """The likeliest of these levels, or None of none."""
    return max(levels, key=lambda level: level.strength, default=None)


def is_key(level: Level) -> bool:
    """Whether an entry makes its item a key item of the county: 有可能 or better."""
    return level.strength >= Level.LIKELY.strength


def item_level(entries: Iterable[Level], set_level: Level | None = None) -> ItemLevel | None:
    """The level set for the item, else the highest of its units' entries, else None.

    An award needs one winner, hence the highest. A level set without any entry is stated, not
    judged, and one that equals the entries' highest says nothing new.
    """
    best = highest(entries)
    if set_level is None:
        return ItemLevel(best, Origin.ENTRIES) if best else None
    if best is None:
        return ItemLevel(set_level, Origin.STATED)
    return ItemLevel(set_level, Origin.ENTRIES if set_level is best else Origin.JUDGED)


@dataclass(frozen=True)
class Item:
    """One item as judged: its lead units, the entries of units, and one for all *counties*.

    *set_level* is the item's own level where one was stated or set apart from the entries.
    """

    number: str
    leads: tuple[str, ...]
    entries: Mapping[str, Level] = field(default_factory=dict)
    counties: Level | None = None
    set_level: Level | None = None

    @property
    def level(self) -> ItemLevel | None:
        """The item's level, to which the entry for all counties counts too; None if unknown."""
        everywhere = () if self.counties is None else (self.counties,)
        return item_level((*self.entries.values(), *everywhere), self.set_level)

    @property
    def key_units(self) -> tuple[str, ...]:
        """The units for which it is a key item; the entry for all counties names none."""
        return tuple(unit for unit, level in self.entries.items() if is_key(level))


@dataclass(frozen=True)
class Counts:
    """How many of *items* stand at which level; each stands at one, or is *unknown*."""

    items: int = 0
    very_likely: int = 0
    likely: int = 0
    difficult: int = 0
    unlikely: int = 0
    unknown: int = 0
    judged: int = 0


def counted(items: Iterable[Item]) -> Counts:
    """A line of the table of levels, and its total: every item counts once, whoever leads it."""
    levels = [item.level for item in items]
    at = Counter(found.level for found in levels if found is not None)
    return Counts(
        items=len(levels),
        very_likely=at[Level.VERY_LIKELY],
        likely=at[Level.LIKELY],
        difficult=at[Level.DIFFICULT],
        unlikely=at[Level.UNLIKELY],
        unknown=levels.count(None),
        judged=sum(found is not None and found.judged for found in levels),
    )


def counts_by_lead(items: Sequence[Item]) -> dict[str, Counts]:
    """A line for each lead unit, in the order of their first items; joint items count for each."""
    leads = dict.fromkeys(lead for item in items for lead in item.leads)
    return {lead: counted(item for item in items if lead in item.leads) for lead in leads}


def key_items(items: Iterable[Item], parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each unit's key items (有可能 or better) by number, in the order of *items*.

    What is a key item of a park is one of the county that *parents* puts it under, too.
    """
    cells: dict[str, list[str]] = {}
    for item in items:
        above = [parents[unit] for unit in item.key_units if unit in parents]
        for unit in dict.fromkeys((*item.key_units, *above)):
            cells.setdefault(unit, []).append(item.number)
    return {unit: tuple(numbers) for unit, numbers in cells.items()}


@dataclass(frozen=True)
class CellDifference:
    """A unit's cell that is not what its entries say: the items that only one side has."""

    unit: str
    printed_only: tuple[str, ...]
    computed_only: tuple[str, ...]


def cell_differences(
    printed: Mapping[str, Sequence[str]],
    computed: Mapping[str, Sequence[str]],
    parents: Mapping[str, str],
) -> tuple[CellDifference, ...]:
    """Where a printed table of key items contradicts the entries, cell by cell.

    The order within a cell does not matter; an item printed twice is a difference. A park that
    is not printed needs no cell of its own if its county has one.
    """
    units = [*printed, *(u for u in computed if u not in printed and parents.get(u) not in printed)]
    pairs = [
        (unit, Counter(printed.get(unit, ())), Counter(computed.get(unit, ()))) for unit in units
    ]
    return tuple(
        CellDifference(unit, tuple((said - found).elements()), tuple((found - said).elements()))
        for unit, said, found in pairs
        if said != found
    )
