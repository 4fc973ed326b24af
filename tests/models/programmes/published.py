"""Progress by rule from the figures that a definition says were published."""

from datetime import date

from models.programmes.definition import Definition, TaskEntry
from models.programmes.issued import Issued
from models.programmes.rows import status_policy
from models.rules.progress import (
    Comparator,
    Dated,
    Kind,
    Reading,
    Target,
    TaskFacts,
    TaskProgress,
    task_progress,
)


def progress_of_all(definition: Definition, on: date) -> dict[str, TaskProgress]:
    """Each task's progress on a day, from the only document that was issued."""
    [issued] = definition.issued
    policy = status_policy(definition.policies)
    return {
        task.number: task_progress(facts_of(issued, task), on, definition.year, policy)
        for task in definition.tasks
    }


def facts_of(issued: Issued, task: TaskEntry) -> TaskFacts:
    """What the document published of a task as a whole, as the rules take it."""
    mine = [f for f in issued.figures if f.task == task.number and f.unit is None]
    values = {f.indicator: Dated(f.value, issued.as_of) for f in mine if f.value is not None}
    stated = [f.stated for f in mine if f.indicator is None and f.stated is not None]
    return TaskFacts(
        kind=Kind(task.kind),
        readings=tuple(
            Reading(
                Target(i.name, i.target, i.unit, Comparator(i.comparator), threshold=i.threshold),
                values.get(i.name),
            )
            for i in task.indicators
            if i.target is not None
        ),
        stated=Dated(stated[0], issued.as_of) if stated else None,
        stated_wins=task.stated,
    )
