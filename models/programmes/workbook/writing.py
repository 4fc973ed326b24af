"""What stands in each sheet for an existing programme: rows of values by column."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.programmes.definition import (
    Definition,
    Form,
    IndicatorEntry,
    RequirementEntry,
    SectionEntry,
    TaskEntry,
)
from models.programmes.roster import Roster
from models.programmes.workbook import sheets
from models.programmes.workbook.columns import Column, Shape
from models.programmes.workbook.lists import NAME_MARKS, TEXT_MARKS, together
from models.programmes.workbook.requirement_part import NEEDS
from models.programmes.workbook.words import PLATFORMS, STANDINGS

Cell = str | int | float | date | None
Entry = Mapping[str, Any]


def entries(definition: Definition, roster: Roster | None) -> dict[str, list[Entry]]:
    """The rows of every sheet by its name, each as fields of the definition by column key."""
    policies = definition.policies
    steps = policies.verification.steps if policies.verification else ()
    return {
        sheets.PROGRAMME.name: [_programme(definition)],
        sheets.UNITS.name: [unit.model_dump() for unit in definition.units],
        sheets.PROJECTS.name: [project.model_dump() for project in definition.projects],
        sheets.TASKS.name: [_task(task) for task in definition.tasks],
        sheets.CLAUSES.name: list(_clauses(definition)),
        sheets.INDICATORS.name: list(_indicators(definition)),
        sheets.ALLOTMENTS.name: list(_allotments(definition)),
        sheets.REQUIREMENTS.name: list(_requirements(definition)),
        sheets.BANDS.name: list(_bands(definition)),
        sheets.VERIFICATION.name: [step.model_dump() for step in steps],
        sheets.PEOPLE.name: list(_people(roster)) if roster else [],
        sheets.GROUPS.name: list(_groups(roster)) if roster else [],
    }


def cell(column: Column, value: Any) -> Cell:
    """*value* as the column writes it; the usual value of a field is left empty."""
    if value is None or value == () or value == "" or value is False:
        return None
    if column.words is not None and column.shape is Shape.CHOICE:
        return column.words.word(value)
    if value is True:
        return "是"
    if column.shape is Shape.NAMES:
        return together(tuple(value), NAME_MARKS)
    if column.shape is Shape.TEXTS:
        return together(tuple(value), TEXT_MARKS)
    if column.shape in (Shape.NUMBERS, Shape.WHOLES, Shape.CLOCKS):
        return "、".join(
            format(each, "f") if isinstance(each, Decimal) else str(each) for each in value
        )
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> Cell:
    """A number as Excel holds it; one that it would round is written out as text."""
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    return float(value) if Decimal(f"{value:.15g}") == value else format(value, "f")


def _programme(definition: Definition) -> Entry:
    data = definition.model_dump(
        include={"code", "title", "short", "area", "year", "rules", "policies"}
    )
    return dict(_paths(data, ""))


def _paths(data: Mapping[str, Any], start: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _paths(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value


def _task(task: TaskEntry) -> Entry:
    awards = tuple(f"{year}：{'、'.join(won) or '无'}" for year, won in task.awards.items())
    short = "" if task.short == task.title else task.short
    return task.model_dump() | {"short": short, "awards": awards}


def _clauses(definition: Definition) -> Iterator[Entry]:
    for task in definition.tasks:
        for at, clause in enumerate(task.clauses, start=1):
            yield clause.model_dump() | {"task": task.number, "order": at}


def _indicators(definition: Definition) -> Iterator[Entry]:
    for task in definition.tasks:
        for indicator in task.indicators:
            yield _indicator(indicator) | {"task": task.number}


def _indicator(indicator: IndicatorEntry) -> dict[str, Any]:
    linked = tuple(f"{link.programme}/{link.task}/{link.indicator}" for link in indicator.linked)
    curve = () if indicator.curve == "linear" else indicator.curve
    usual = indicator.comparator == ">="
    changed = {
        "linked": linked,
        "curve": curve,
        "comparator": None if usual else indicator.comparator,
    }
    return indicator.model_dump() | changed


def _allotments(definition: Definition) -> Iterator[Entry]:
    for task in definition.tasks:
        for indicator in task.indicators:
            for share in indicator.allotments:
                yield {"task": task.number, "name": indicator.name, **share.model_dump()}


def _requirements(definition: Definition) -> Iterator[Entry]:
    """One row for all tasks with the same duties; a form is written out where it first stands."""
    written: set[str] = set()
    for numbers, duties in _duties(definition).items():
        for duty in duties:
            form = definition.forms[duty.form]
            yield {
                **duty.model_dump(),
                "tasks": numbers,
                "wording": definition.wording_of(duty),
                **({} if duty.form in written else _form(form)),
            }
            written.add(duty.form)


def _duties(definition: Definition) -> dict[tuple[str, ...], tuple[RequirementEntry, ...]]:
    """The duties by the tasks that have them in common."""
    shared: dict[tuple[RequirementEntry, ...], list[str]] = {}
    for task in definition.tasks:
        if task.requirements:
            shared.setdefault(task.requirements, []).append(task.number)
    found = {tuple(numbers): duties for duties, numbers in shared.items()}
    return {(sheets.ALL_TASKS,): definition.requirements} | found


def _form(form: Form) -> Entry:
    sections = {
        need: tuple(_section(section) for section in form.sections if section.need == need)
        for need in NEEDS
    }
    pictures = form.pictures
    return {
        **form.model_dump(include={"county_figures", "verified", "comments"}),
        **sections,
        "pictures": pictures.compulsory if pictures else None,
        "reason": pictures.reason if pictures else None,
    }


def _section(section: SectionEntry) -> str:
    aliases = f"（{together(section.aliases)}）" if section.aliases else ""
    least = f"不少于{section.minimum}字" if section.minimum > 1 else ""
    return f"{section.name}{aliases}{least}"


def _bands(definition: Definition) -> Iterable[Entry]:
    policies = definition.policies
    if policies.status_labels is not None:
        names = policies.status_labels.model_dump()
        return [{"standing": standing, "label": names[standing]} for standing in STANDINGS.by_value]
    return [band.model_dump() for band in policies.status]


def _people(roster: Roster) -> Iterator[Entry]:
    for person in roster.people:
        for role in person.roles:
            yield {
                "name": person.name,
                "account": person.account,
                "role": role.role,
                "units": role.units,
                "platform": _platform(roster),
            }


def _groups(roster: Roster) -> Iterator[Entry]:
    for group in roster.groups:
        yield group.model_dump() | {"platform": _platform(roster)}


def _platform(roster: Roster) -> str:
    known = roster.platform in PLATFORMS.by_value
    return PLATFORMS.word(roster.platform) if known else roster.platform
