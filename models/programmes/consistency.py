"""Which names in a definition must agree: doubled ones, and ones that it never declares."""

from collections.abc import Iterator, Mapping, Sequence

from models.programmes.definition import Definition, TaskEntry, UnitEntry
from models.programmes.issued import FigureFact, Issued

#: Where something stands in the file: keys and list positions from the top.
Place = tuple[int | str, ...]


def name_problems(definition: Definition) -> Iterator[tuple[Place, str]]:
    """Places where a definition contradicts itself: doubled names, and names it never declares."""
    yield from unit_problems(definition.units)
    yield from _doubled_names(definition)
    yield from _unknown_units(definition)
    yield from _requirement_problems(definition)
    yield from _project_problems(definition)
    for at, issued in enumerate(definition.issued):
        yield from _issued_problems(definition, issued, ("issued", at))


def unit_problems(units: Sequence[UnitEntry]) -> Iterator[tuple[Place, str]]:
    """Places where a list of units contradicts itself: doubled names, parents that cannot be."""
    owners: dict[str, str] = {}
    for at, unit in enumerate(units):
        for name in unit.names:
            if name in owners:
                yield ("units", at), f"单位名称“{name}”重复（已属于“{owners[name]}”）"
            owners[name] = unit.name
    parents = {unit.name: unit.parent for unit in units}
    for at, unit in enumerate(units):
        if unit.parent and unit.parent not in owners:
            yield ("units", at, "parent"), f"单位“{unit.parent}”没有列入 units"
        if unit.parent and _is_own_ancestor(unit, parents):
            yield ("units", at, "parent"), f"单位“{unit.name}”的上级成了循环"


def _doubled_names(definition: Definition) -> Iterator[tuple[Place, str]]:
    numbers: set[str] = set()
    for at, task in enumerate(definition.tasks):
        if task.number in numbers:
            yield ("tasks", at, "number"), f"任务编号“{task.number}”重复"
        numbers.add(task.number)
        yield from _doubled_indicators(task, ("tasks", at, "indicators"))


def _doubled_indicators(task: TaskEntry, place: Place) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for at, indicator in enumerate(task.indicators):
        for name in (indicator.name, *indicator.aliases):
            if name in seen:
                yield (*place, at), f"指标名称“{name}”在任务 {task.number} 中重复"
            seen.add(name)


def _unknown_units(definition: Definition) -> Iterator[tuple[Place, str]]:
    for place, name in _units_used(definition):
        if name not in definition.unit_names:
            yield place, f"单位“{name}”没有列入 units"


def _is_own_ancestor(unit: UnitEntry, parents: Mapping[str, str | None]) -> bool:
    passed: set[str] = set()
    above = unit.parent
    while above is not None and above not in passed:
        passed.add(above)
        above = parents.get(above)
    return unit.name in passed


def _units_used(definition: Definition) -> Iterator[tuple[Place, str]]:
    for at, task in enumerate(definition.tasks):
        yield from ((("tasks", at, "lead", i), name) for i, name in enumerate(task.lead))
        yield from ((("tasks", at, "supporting", i), n) for i, n in enumerate(task.supporting))
        for i, clause in enumerate(task.clauses):
            place = ("tasks", at, "clauses", i)
            yield from (((*place, "lead", j), name) for j, name in enumerate(clause.lead))
            yield from (((*place, "supporting", j), n) for j, n in enumerate(clause.supporting))
        for i, indicator in enumerate(task.indicators):
            for j, share in enumerate(indicator.allotments):
                yield ("tasks", at, "indicators", i, "allotments", j, "unit"), share.unit


def _requirement_problems(definition: Definition) -> Iterator[tuple[Place, str]]:
    places = [(("requirements", at), r) for at, r in enumerate(definition.requirements)]
    own = [
        (("tasks", at, "requirements", i), r)
        for at, task in enumerate(definition.tasks)
        for i, r in enumerate(task.requirements)
    ]
    for place, requirement in [*places, *own]:
        if requirement.form not in definition.forms:
            yield (*place, "form"), f"报送内容“{requirement.form}”没有列入 forms"


def _project_problems(definition: Definition) -> Iterator[tuple[Place, str]]:
    """Projects named twice, and ones that only tasks name, unless none are declared at all."""
    seen: set[str] = set()
    for at, project in enumerate(definition.projects):
        for name in (project.name, *project.aliases):
            if name in seen:
                yield ("projects", at), f"项目名称“{name}”重复"
            seen.add(name)
    for at, task in enumerate(definition.tasks):
        if seen and task.project and task.project not in seen:
            yield ("tasks", at, "project"), f"项目“{task.project}”没有列入 projects"


def _issued_problems(
    definition: Definition, issued: Issued, place: Place
) -> Iterator[tuple[Place, str]]:
    for at, figure in enumerate(issued.figures):
        yield from _figure_problems(definition, figure, (*place, "figures", at))
    for used, number in _tasks_named(issued):
        if number not in definition.tasks_by_number:
            yield (*place, *used), f"没有编号为“{number}”的任务"
    for used, name in _units_named(issued):
        if name not in definition.unit_names:
            yield (*place, *used), f"单位“{name}”没有列入 units"
    projects = {name for each in definition.projects for name in (each.name, *each.aliases)}
    for at, activity in enumerate(issued.activities):
        if activity.project not in projects:
            yield (
                (*place, "activities", at, "project"),
                f"项目“{activity.project}”没有列入 projects",
            )
    known = {i.name for task in definition.tasks for i in task.indicators}
    for at, line in enumerate(issued.counties):
        for i, name in enumerate(line.named):
            if name not in known:
                yield (*place, "counties", at, "named", i), f"没有叫“{name}”的指标"


def _tasks_named(issued: Issued) -> Iterator[tuple[Place, str]]:
    """Every task number that the facts use, but for the figures', with its place."""
    yield from ((("statuses", at, "task"), f.task) for at, f in enumerate(issued.statuses))
    yield from ((("outlooks", at, "task"), f.task) for at, f in enumerate(issued.outlooks))
    yield from ((("notes", at, "task"), f.task) for at, f in enumerate(issued.notes))
    yield from ((("contacts", at, "task"), f.task) for at, f in enumerate(issued.contacts))
    for at, cell in enumerate(issued.key_items):
        yield from ((("key_items", at, "tasks", i), n) for i, n in enumerate(cell.tasks))


def _units_named(issued: Issued) -> Iterator[tuple[Place, str]]:
    """Every unit that the facts use, but for the figures', with its place."""
    yield from ((("counties", at, "unit"), line.unit) for at, line in enumerate(issued.counties))
    for at, fact in enumerate(issued.outlooks):
        yield from ((("outlooks", at, "entries", name), name) for name in fact.entries)
    for at, contact in enumerate(issued.contacts):
        if contact.unit is not None:
            yield ("contacts", at, "unit"), contact.unit
    for at, note in enumerate(issued.notes):
        if note.unit is not None:
            yield ("notes", at, "unit"), note.unit
    yield from (
        (("outlook_counts", at, "unit"), c.unit) for at, c in enumerate(issued.outlook_counts)
    )
    yield from ((("key_items", at, "unit"), c.unit) for at, c in enumerate(issued.key_items))


def _figure_problems(
    definition: Definition, figure: FigureFact, place: Place
) -> Iterator[tuple[Place, str]]:
    task = definition.tasks_by_number.get(figure.task)
    if task is None:
        yield (*place, "task"), f"没有编号为“{figure.task}”的任务"
    elif figure.indicator is not None and task.indicator(figure.indicator) is None:
        yield (*place, "indicator"), f"任务 {task.number} 没有叫“{figure.indicator}”的指标"
    if figure.unit is not None and figure.unit not in definition.unit_names:
        yield (*place, "unit"), f"单位“{figure.unit}”没有列入 units"
