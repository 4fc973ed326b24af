"""研判 as a board: items by units, each level a sign, the item's own level in front."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.render.grid_table import Grid, GridCell, GridGroup, GridRow
from handlers.render.signs import (
    DIFFICULT,
    LIKELY,
    UNKNOWN,
    UNLIKELY,
    VERY_LIKELY,
    Meaning,
    Meanings,
)
from handlers.standing.outlooks import ALL_COUNTIES, Outlook
from models.rules.outlook import Level

OF_LEVEL = {
    Level.VERY_LIKELY: VERY_LIKELY,
    Level.LIKELY: LIKELY,
    Level.DIFFICULT: DIFFICULT,
    Level.UNLIKELY: UNLIKELY,
}
NOT_JUDGED = "未研判"


@dataclass(frozen=True)
class JudgedItem:
    """An item of the board: its short name, its lead units as one text, and its outlook."""

    name: str
    leads: str
    outlook: Outlook


def outlook_grid(
    items: Sequence[JudgedItem],
    units: Mapping[int, str],
    *,
    title: str,
    subtitle: str,
    footer: str = "",
    mark: str | None = None,
) -> Grid:
    """Items in printed order by the units that have an entry anywhere; *units* by id, in order."""
    entries = [each.outlook.named(units) for each in items]
    used = {name for each in entries for name in each}
    columns = [name for name in (*units.values(), ALL_COUNTIES) if name in used]
    rows = tuple(
        GridRow(
            item.name,
            (_own(item.outlook), *(_cell(levels.get(name)) for name in columns)),
            note=item.leads,
        )
        for item, levels in zip(items, entries, strict=True)
    )
    judged = any(each.outlook.reason for each in items)
    return Grid(
        title=title,
        subtitle=subtitle,
        corner="事项",
        columns=("事项研判", *columns),
        groups=(GridGroup("", rows),) if rows else (),
        meanings=_meanings(items),
        below="“事项研判”取各单位最高" + ("，标“评”的为人工评定。" if judged else "。"),
        footer=footer,
        empty="还没有需要研判的事项",
        mark=mark,
    )


def _own(outlook: Outlook) -> GridCell:
    level = outlook.level
    if level is None:
        return GridCell(UNKNOWN)
    return GridCell(OF_LEVEL[level.level], tag="评" if level.judged else "")


def _cell(level: Level | None) -> GridCell:
    return GridCell() if level is None else GridCell(OF_LEVEL[level])


def _meanings(items: Sequence[JudgedItem]) -> Meanings:
    """Every level with how many items stand at it, and how many nobody judged."""
    found = Counter(each.outlook.level.level for each in items if each.outlook.level)
    said = [Meaning(sign, f"{level.value} {found[level]}项") for level, sign in OF_LEVEL.items()]
    unknown = len(items) - sum(found.values())
    return (*said, *([Meaning(UNKNOWN, f"{NOT_JUDGED} {unknown}项")] if unknown else []))
