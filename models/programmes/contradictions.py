"""Where an issued document contradicts itself: told at load, never mended silently."""

from collections.abc import Iterator

from models.programmes.definition import Definition
from models.programmes.issued import Issued, OutlookCount
from models.rules.outlook import (
    Counts,
    Item,
    Level,
    cell_differences,
    counts_by_lead,
    key_items,
)


def contradictions(definition: Definition) -> Iterator[str]:
    """Each printed cell that its own document's data do not bear out, and what counts instead."""
    for issued in definition.issued:
        yield from _county_lines(issued)
        yield from _outlook_tables(definition, issued)


def _county_lines(issued: Issued) -> Iterator[str]:
    for line in issued.counties:
        if not line.adds_up:
            parts = f"{line.completed}、{line.on_track}、{line.behind}"
            yield (
                f"《{issued.title}》{line.unit}：各状态{parts}之和不等于指标数{line.indicators}，照印保留"
            )
        if not line.names_all_behind:
            yield (
                f"《{issued.title}》{line.unit}：写明滞后{line.behind}个，点名{len(line.named)}个，"
                "照印保留"
            )


def _outlook_tables(definition: Definition, issued: Issued) -> Iterator[str]:
    """The printed counts and key items against the entries of the same document."""
    if not issued.outlooks:
        return
    items = list(_items(definition, issued))
    if issued.outlook_counts:
        yield from _counts(definition, issued, items)
    if issued.key_items:
        yield from _cells(definition, issued, items)


def _counts(definition: Definition, issued: Issued, items: list[Item]) -> Iterator[str]:
    computed = counts_by_lead(items)
    for printed in issued.outlook_counts:
        unit = definition.unit_names[printed.unit]
        found = computed.get(unit, Counts())
        if _printed(printed) != _computed(found):
            yield (
                f"《{issued.title}》{unit}：研判统计印为{_printed(printed)}，"
                f"按各事项为{_computed(found)}，按各事项计"
            )


def _printed(line: OutlookCount) -> tuple[int, ...]:
    return line.items, line.very_likely, line.likely, line.difficult, line.unlikely


def _computed(found: Counts) -> tuple[int, ...]:
    return found.items, found.very_likely, found.likely, found.difficult, found.unlikely


def _cells(definition: Definition, issued: Issued, items: list[Item]) -> Iterator[str]:
    names = definition.unit_names
    parents = {u.name: names[u.parent] for u in definition.units if u.parent is not None}
    printed = {names[cell.unit]: cell.tasks for cell in issued.key_items}
    titles = {task.number: task.short for task in definition.tasks}
    for cell in cell_differences(printed, key_items(items, parents), parents):
        said = "、".join(titles[number] for number in cell.printed_only) or "无"
        found = "、".join(titles[number] for number in cell.computed_only) or "无"
        yield (
            f"《{issued.title}》{cell.unit}：重点事项一栏印有而研判没有的是{said}，"
            f"研判有而未印的是{found}，按研判计"
        )


def _items(definition: Definition, issued: Issued) -> Iterator[Item]:
    names = definition.unit_names
    for fact in issued.outlooks:
        yield Item(
            fact.task,
            tuple(names[lead] for lead in definition.tasks_by_number[fact.task].leads),
            {names[unit]: Level(level) for unit, level in fact.entries.items()},
            Level(fact.counties) if fact.counties else None,
            Level(fact.level) if fact.level else None,
        )
