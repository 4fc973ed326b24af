"""动态 of a whole programme: its projects by months, in three queries."""

from datetime import date

from sqlmodel import Session

from handlers.standing.policy import activity_policy
from models.activity import activities_of
from models.programme import Programme
from models.project import projects_of
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
    names = {row.id: row.name for row in projects}
    tasks = tasks_of(session, programme.id or 0)
    above = {task.id: task.project for task in tasks if task.project in names.values()}
    rows = activities_of(session, [id_ for id_ in above if id_], [row.id or 0 for row in projects])
    published = [
        Published(name, each.row.month)
        for each in rows
        if (name := names.get(each.row.project_id) or above.get(each.row.task_id))
    ]
    months = months_between(begin, min(until, date(programme.year, 12, 31)))
    return activity_matrix([row.name for row in projects], months, published)
