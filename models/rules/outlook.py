"""研判 levels: their order, and which one an item has."""

from collections.abc import Iterable
from dataclasses import dataclass
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
