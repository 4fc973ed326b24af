"""工作情况: short facts on how a task goes and what stands in its way, as of a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import one_of


class NoteKind(StrEnum):
    """进展 or 问题."""

    PROGRESS = "progress"
    PROBLEM = "problem"


class Note(SQLModel, table=True):
    """One fact from an issued document, *source*; reports keep theirs in their own sections.

    *unit_id* is set where it speaks of one county only.
    """

    __table_args__ = (
        one_of("kind", NoteKind),
        Index("ix_note_task_id_as_of", "task_id", "as_of"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    kind: str
    text: str
    as_of: date
    source: str = ""
    position: int = 0


def notes_of(session: Session, task_ids: Iterable[int], until: date) -> Sequence[Note]:
    """The notes of these tasks up to a day, newest day first and in printed order."""
    return session.exec(
        select(Note)
        .where(col(Note.task_id).in_(set(task_ids)), col(Note.as_of) <= until)
        .order_by(col(Note.as_of).desc(), col(Note.position), col(Note.id))
    ).all()
