"""群众意见: how many comments of citizens came in for a task, and how many were handled."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select


class CommentCount(SQLModel, table=True):
    """Cumulative counts at an as-of date, from one version of a report.

    Like figures they count once *accepted_at* is set.
    """

    __tablename__ = "comment_count"
    __table_args__ = (CheckConstraint("handled <= received", name="handled_of_received"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int | None = Field(default=None, foreign_key="submission_version.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    as_of: date
    received: int
    handled: int
    accepted_at: datetime | None = None
    source: str = ""


def accepted_comments(
    session: Session, task_ids: Iterable[int], until: date
) -> Sequence[CommentCount]:
    """The accepted counts of these tasks up to a day, oldest first: the last one holds."""
    return session.exec(
        select(CommentCount)
        .where(
            col(CommentCount.task_id).in_(set(task_ids)),
            col(CommentCount.accepted_at).is_not(None),
            col(CommentCount.as_of) <= until,
        )
        .order_by(col(CommentCount.as_of), col(CommentCount.accepted_at), col(CommentCount.id))
    ).all()


def comments_of_version(session: Session, version_id: int) -> CommentCount | None:
    """What one version of a report says of comments, or None."""
    return session.exec(select(CommentCount).where(CommentCount.version_id == version_id)).first()


def comments_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, CommentCount]:
    """The same of many versions at once, by version, in one query."""
    wanted = set(version_ids)
    if not wanted:
        return {}
    rows = session.exec(select(CommentCount).where(col(CommentCount.version_id).in_(wanted))).all()
    return {row.version_id or 0: row for row in rows}
