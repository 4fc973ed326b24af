"""数据: cumulative values at an as-of date, whole or per county, reported, stated or verified."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, Index
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.db import ExactDecimal, batches, one_of


class Series(StrEnum):
    """Which series a value belongs to; they are never mixed."""

    REPORTED = "reported"
    STATED = "stated"
    VERIFIED = "verified"


class Figure(SQLModel, table=True):
    """One value in base units; a stated percentage of the task has no indicator.

    *accepted_at* is empty until an admin accepts the version; only accepted figures count.
    *source* names where a value without a report comes from (an issued document).
    """

    __table_args__ = (
        one_of("series", Series),
        Index("ix_figure_task_id_as_of", "task_id", "as_of"),
    )

    id: int | None = Field(default=None, primary_key=True)
    version_id: int | None = Field(default=None, foreign_key="submission_version.id", index=True)
    task_id: int = Field(foreign_key="task.id")
    indicator_id: int | None = Field(default=None, foreign_key="indicator.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    series: str = Series.REPORTED
    as_of: date
    value: Decimal = Field(sa_type=ExactDecimal)
    approximate: bool = False
    accepted_at: datetime | None = None
    source: str = ""


def accepted_figures(session: Session, task_ids: Iterable[int], until: date) -> Sequence[Figure]:
    """Accepted whole-area figures of these tasks up to the data date, oldest first.

    The last one of an indicator and series is the one that holds.
    """
    return session.exec(
        select(Figure)
        .where(*_accepted(task_ids, until))
        .order_by(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id))
    ).all()


def last_figures(session: Session, task_ids: Iterable[int], until: date) -> Sequence[Figure]:
    """Of the same only those that hold: the last one of each task, indicator and series.

    However many months were reported, these are as many as the tasks have indicators.
    """
    newest = (col(Figure.as_of).desc(), col(Figure.accepted_at).desc(), col(Figure.id).desc())
    part = (col(Figure.task_id), col(Figure.indicator_id), col(Figure.series))
    place = func.row_number().over(partition_by=part, order_by=newest)
    ranked = select(col(Figure.id), place.label("place")).where(*_accepted(task_ids, until))
    last = ranked.subquery()
    return session.exec(
        select(Figure)
        .join(last, last.c.id == col(Figure.id))
        .where(last.c.place == 1)
        .order_by(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id))
    ).all()


def _accepted(task_ids: Iterable[int], until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Figure.task_id).in_(set(task_ids)),
        col(Figure.accepted_at).is_not(None),
        col(Figure.unit_id).is_(None),
        col(Figure.as_of) <= until,
    )


def figures_of_version(session: Session, version_id: int) -> Sequence[Figure]:
    """The figures of one version of a report, in the order they were written."""
    return session.exec(
        select(Figure).where(Figure.version_id == version_id).order_by(col(Figure.id))
    ).all()


def figures_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Figure]]:
    """The same of many versions at once, by version, in one query for some ten thousand."""
    found: dict[int, list[Figure]] = {each: [] for each in version_ids}
    for ids in batches(found):
        wanted = select(Figure).where(col(Figure.version_id).in_(ids))
        for row in session.exec(wanted.order_by(col(Figure.id))):
            found[row.version_id or 0].append(row)
    return found


def newest_day(session: Session, task_id: int, until: date) -> date | None:
    """The day of a task's newest accepted figure as a whole, None while there is none."""
    return session.exec(
        select(func.max(Figure.as_of)).where(
            Figure.task_id == task_id,
            col(Figure.accepted_at).is_not(None),
            col(Figure.unit_id).is_(None),
            col(Figure.as_of) <= until,
        )
    ).one()
