"""动态 of a whole programme: its projects by months, in three queries."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from handlers.standing.policy import activity_policy
from models.activity import Activity, activities_of
from models.programme import Programme
from models.project import Project, projects_of
from models.rules.activity import Matrix, Published, activity_matrix, months_between
from models.task import tasks_of


def programme_matrix(session: Session, programme: Programme, until: date) -> Matrix | None:
    """Every project's months of the year up to *until*; None before the first that is counted.

    What was published for a task counts for the project that the task stands under.
    """
    policy = activity_policy(programme)
    begin = (policy.since if policy else None) or date(programme.year, 1, 1)
    projects = projects_of(session, programme.id or 0)
    if until < begin or not projects:
        return None
    published = [
        Published(name, row.month) for name, row in _activities(session, programme, projects)
    ]
    months = months_between(begin, min(until, date(programme.year, 12, 31)))
    return activity_matrix([row.name for row in projects], months, published)


def assumed_ticks(session: Session, programme: Programme) -> dict[str, str]:
    """What was assumed of a project's months where an original is damaged, by project."""
    projects = projects_of(session, programme.id or 0)
    rows = _activities(session, programme, projects)
    return {name: row.assumed for name, row in rows if row.assumed}


def _activities(
    session: Session, programme: Programme, projects: Sequence[Project]
) -> Iterator[tuple[str, Activity]]:
    """What was published, each with its project."""
    names = {row.id: row.name for row in projects}
    tasks = tasks_of(session, programme.id or 0)
    above = {task.id: task.project for task in tasks if task.project in names.values()}
    for each in activities_of(session, [id_ for id_ in above if id_], [id_ or 0 for id_ in names]):
        if name := names.get(each.row.project_id) or above.get(each.row.task_id):
            yield name, each.row
