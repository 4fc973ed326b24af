"""What a 动态 is recorded under: a task, a project, or a task and the project it stands under."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.names import Name, find
from handlers.reading.normalise import command_key
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import Subject
from handlers.supervising.fact_rights import rights_in, subject_meant
from models.activity import Activity, activities_of
from models.corrected import Numbered
from models.errors import Refused
from models.message import Reply
from models.programme import Programme
from models.project import Project, projects_of
from models.task import Task, tasks_of

NOT_LEAD = "“{name}”不是您单位牵头的事项，不能登记动态。您的事项请发“任务”查看。"


@dataclass(frozen=True)
class Topic:
    """A task or a project; *tasks* are the one, or all that stand under the project."""

    programme: Programme
    tasks: Sequence[Task]
    task: Task | None = None
    project: Project | None = None

    @property
    def name(self) -> str:
        """What it is called in answers and in the matrix."""
        if self.project is not None:
            return harmless(self.project.name)
        return short_name(self.task) if self.task else ""

    @property
    def word(self) -> str:
        """What to type to mean exactly this."""
        if self.task is not None:
            return self.task.number
        return self.project.name if self.project is not None else ""

    @property
    def task_ids(self) -> list[int]:
        """All tasks whose items count for it."""
        return [task.id or 0 for task in self.tasks]

    @property
    def project_ids(self) -> list[int]:
        """The project, where there is one."""
        return [self.project.id or 0] if self.project else []


def topic_called(
    ctx: Context, name: str, programmes: Sequence[Programme], template: str, names: str
) -> Topic | Reply:
    """The project or task that *name* means; refused where nothing is so named.

    A project's own name wins over that of a task under it: its months are what is counted.
    """
    projects = [
        (each, row) for each in programmes for row in projects_of(ctx.session, each.id or 0)
    ]
    if found := _project_called(name, projects, exactly=True):
        return of_project(ctx, *found)
    subjects = [
        Subject(each, task=task)
        for each in programmes
        for task in tasks_of(ctx.session, each.id or 0)
    ]
    try:
        subject = subject_meant(ctx, name, subjects, template, names)
    except Refused:
        if found := _project_called(name, projects, exactly=False):
            return of_project(ctx, *found)
        raise
    if isinstance(subject, Subject) and subject.task is not None:
        return of_task(ctx, subject.programme, subject.task)
    if found := _project_called(name, projects, exactly=False):
        return of_project(ctx, *found)
    return subject if isinstance(subject, Reply) else Reply(names)


def _project_called(
    name: str, projects: Sequence[tuple[Programme, Project]], *, exactly: bool
) -> tuple[Programme, Project] | None:
    if exactly:
        key = command_key(name)
        same = [
            each for each in projects if key in map(command_key, (each[1].name, *each[1].aliases))
        ]
        return same[0] if len(same) == 1 else None
    known = [
        Name(str(at), "", row.name, tuple(row.aliases)) for at, (_, row) in enumerate(projects)
    ]
    best = find(name, known).best
    return projects[int(best.key)] if best else None


def of_project(ctx: Context, programme: Programme, project: Project) -> Topic:
    """A project with the tasks under it."""
    tasks = tasks_of(ctx.session, programme.id or 0)
    return Topic(
        programme, [task for task in tasks if task.project == project.name], project=project
    )


def of_task(ctx: Context, programme: Programme, task: Task) -> Topic:
    """A task, with the project whose months its items count for."""
    projects = projects_of(ctx.session, programme.id or 0) if task.project else ()
    project = next((each for each in projects if each.name == task.project), None)
    if project is None:
        return Topic(programme, [task], task)
    whole = of_project(ctx, programme, project)
    return Topic(programme, whole.tasks, task, project)


def topic_of(ctx: Context, row: Activity) -> Topic:
    """What a recorded item stands under."""
    if row.task_id is not None:
        task = ctx.session.get_one(Task, row.task_id)
        return of_task(ctx, ctx.session.get_one(Programme, task.programme_id), task)
    project = ctx.session.get_one(Project, row.project_id)
    return of_project(ctx, ctx.session.get_one(Programme, project.programme_id), project)


def may_record(ctx: Context, topic: Topic) -> bool:
    """Whether the speaker is an admin, or one of their units leads a task of it."""
    rights = rights_in(ctx, topic.programme, topic.task_ids)
    return rights.is_admin or rights.leads(topic.task_ids)


def require_right(ctx: Context, topic: Topic) -> None:
    """Refuse unless the speaker may record something under what they named."""
    if not may_record(ctx, topic):
        raise Refused(NOT_LEAD.format(name=topic.name))


def published(ctx: Context, topic: Topic) -> list[Numbered[Activity]]:
    """Everything that counts for it, oldest month first."""
    return activities_of(ctx.session, topic.task_ids, topic.project_ids)
