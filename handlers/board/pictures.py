"""The pictures of accepted reports: what they show, when and where, and which one is opened."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from handlers.board.look import Look, Pages
from handlers.board.reader import readable_tasks
from handlers.standing.tasks import short_name
from handlers.supervising.texts import full_day_text
from models.picture import Picture
from models.submission import Submission, SubmissionVersion
from models.task import Task

#: So many small pictures stand on a page: with them it stays below 150 kB.
MOST = 8
#: So many on the page of a task.
FEW = 4
UNTITLED = "图片"


@dataclass(frozen=True)
class Shown:
    """One picture; *about* is its caption and *task* what it was sent for."""

    id: int
    title: str
    about: str
    task_id: int
    task: str


@dataclass(frozen=True)
class Gallery:
    """One page of pictures, the newest first."""

    rows: tuple[Shown, ...]
    pages: Pages


@dataclass(frozen=True)
class Opened:
    """The stored picture behind an id; *is_demo* ones are marked before they are shown."""

    sha: str
    is_demo: bool


def gallery(look: Look) -> Gallery:
    """The pictures of the programme's tasks that the reader may read."""
    all_ = [each.task.id or 0 for each in look.standing.tasks]
    task_ids = readable_tasks(look.session, look.reader, all_)
    total = look.session.exec(_accepted(task_ids)).one()
    count = max(-(-total // MOST), 1)
    pages = Pages(min(max(look.wanted.page, 1), count), count)
    rows = _rows(look, task_ids, MOST, (pages.number - 1) * MOST)
    return Gallery(rows, pages)


def pictures_of_task(look: Look, task: Task) -> tuple[Shown, ...]:
    """The newest pictures of one task."""
    return _rows(look, [task.id or 0], FEW, 0)


def opened(look: Look) -> Opened | None:
    """The picture asked for, where it belongs to an accepted report that the reader may read."""
    session, wanted = look.session, look.wanted.id
    row = session.exec(
        select(Picture, Task)
        .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .where(
            Picture.id == wanted,
            Task.programme_id == look.programme.id,
            col(Task.active),
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
    ).first()
    if row is None or not readable_tasks(session, look.reader, [row[1].id or 0]):
        return None
    return Opened(row[0].delivered_sha, look.programme.demo)


def _rows(look: Look, task_ids: Collection[int], most: int, after: int) -> tuple[Shown, ...]:
    found = look.session.exec(
        select(Picture, Task)
        .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .where(
            col(Task.id).in_(task_ids),
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
        .order_by(col(SubmissionVersion.received_at).desc(), col(Picture.id).desc())
        .offset(after)
        .limit(most)
    ).all()
    return tuple(_shown(look, picture, task) for picture, task in found)


def _accepted(task_ids: Collection[int]) -> SelectOfScalar[int]:
    return (
        select(func.count(col(Picture.id)))
        .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .where(
            col(Submission.task_id).in_(task_ids),
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
    )


def _shown(look: Look, picture: Picture, task: Task) -> Shown:
    """The caption; title and place stay out where they would name a unit that may not be named."""
    day = full_day_text(picture.taken_on) if picture.taken_on else ""
    texts = [picture.title or UNTITLED, picture.place, short_name(task)]
    title, place, name = (
        text if look.named or not look.names.stand_in(text) else "" for text in texts
    )
    return Shown(
        id=picture.id or 0,
        title=title or UNTITLED,
        about="；".join(filter(None, (day, place))),
        task_id=task.id or 0,
        task=name or task.number,
    )
