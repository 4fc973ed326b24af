"""项目: what several tasks stand under, such as a row of the activity matrix."""

from collections.abc import Sequence

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select


class Project(SQLModel, table=True):
    """One project of a programme; its tasks carry its name, its *position* is the printed order."""

    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    name: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    assumed: list[str] = Field(default_factory=list, sa_type=JSON)
    position: int = 0


def projects_of(session: Session, programme_id: int) -> Sequence[Project]:
    """The projects of a programme in printed order."""
    return session.exec(
        select(Project)
        .where(Project.programme_id == programme_id)
        .order_by(col(Project.position), col(Project.id))
    ).all()
