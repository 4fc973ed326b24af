"""The words for 研判: an item's level and where it comes from, and a programme by levels."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from handlers.reading.harmless import harmless
from handlers.standing.outlooks import Outlook, Scope
from models.rules.outlook import ItemLevel, Level, Origin, highest
from models.task import Task

NOT_JUDGED = "未研判"


def level_text(outlook: Outlook) -> str:
    """The item's level, and whether it was judged, stated, or follows from the entries."""
    level = outlook.level
    if level is None:
        return NOT_JUDGED
    return f"{level.level.value}（{_origin(level, outlook)}）"


def _origin(level: ItemLevel, outlook: Outlook) -> str:
    if level.origin is Origin.JUDGED:
        best = highest(outlook.entries.values())
        against = f"，各单位最高为{best.value}" if best else ""
        return f"评定{against}，原因：{harmless(outlook.reason)}"
    return "按事项填写" if level.origin is Origin.STATED else "取各单位最高"


def entries_text(outlook: Outlook, units: Mapping[int, str]) -> str:
    """Units by level, the likeliest first: 很有可能：吉首市；有可能：花垣县、泸溪县."""
    by_level: dict[Level, list[str]] = defaultdict(list)
    for name, level in outlook.named(units).items():
        by_level[level].append(harmless(name))
    return "；".join(
        f"{level.value}：{'、'.join(by_level[level])}" for level in Level if level in by_level
    )


def counts_line(outlooks: Iterable[Outlook]) -> str:
    """研判：很有可能12项，有可能30项，…; empty where nothing was judged."""
    found = Counter(each.level.level for each in outlooks if each.level)
    counted = [f"{level.value}{found[level]}项" for level in Level if found[level]]
    return f"研判：{'，'.join(counted)}" if counted else ""


def unit_lines(tasks: Iterable[tuple[Task, Outlook]], scopes: Collection[Scope]) -> list[str]:
    """The items for which one of *scopes* has an entry, by level: a county's own and 各县市."""
    by_level: dict[Level, list[str]] = defaultdict(list)
    for task, outlook in tasks:
        levels = [level for scope, level in outlook.entries.items() if scope in scopes]
        if (best := highest(levels)) is not None:
            by_level[best].append(task.number)
    return [
        f"研判{level.value}{len(by_level[level])}项：{'、'.join(by_level[level])}"
        for level in Level
        if level in by_level
    ]


def programme_lines(tasks: Iterable[tuple[Task, Outlook]]) -> list[str]:
    """The items of a programme by level, and those that nobody judged."""
    by_level: dict[Level | None, list[str]] = defaultdict(list)
    for task, outlook in tasks:
        level = outlook.level
        by_level[level.level if level else None].append(task.number)
    named: list[tuple[str, Level | None]] = [(level.value, level) for level in Level]
    return [
        f"{title}{len(by_level[level])}项：{'、'.join(by_level[level])}"
        for title, level in (*named, (NOT_JUDGED, None))
        if by_level[level]
    ]
