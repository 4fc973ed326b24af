"""指标: what is counted, its target, a county's share of it, and its twins in other programmes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.db import ExactDecimal, one_of
from models.rules.progress import Comparator
from models.task import Task


class Indicator(SQLModel, table=True):
    """One indicator; *target* and *upper* in base units of *unit* (16500 人次, not 1.65 万).

    *threshold*: the value is a level to be met, not an amount that grows towards the target.
    """

    __table_args__ = (UniqueConstraint("task_id", "name"), one_of("comparator", Comparator))

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int = 0
    name: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    unit: str
    target: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    upper: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    comparator: str = Comparator.AT_LEAST
    threshold: bool = False
    curve: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    active: bool = True


class Allotment(SQLModel, table=True):
    """分解任务: a county's share of an indicator's target."""

    __table_args__ = (UniqueConstraint("indicator_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    target: Decimal = Field(sa_type=ExactDecimal)


class IndicatorLink(SQLModel, table=True):
    """Two indicators that count the same thing: a value of one is offered for the other."""

    __tablename__ = "indicator_link"
    __table_args__ = (UniqueConstraint("indicator_id", "other_id"),)

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    other_id: int = Field(foreign_key="indicator.id", index=True)


def indicators_of(session: Session, task_ids: Iterable[int]) -> dict[int, list[Indicator]]:
    """The active indicators of these tasks by task, in printed order, in one query."""
    found: dict[int, list[Indicator]] = {task_id: [] for task_id in task_ids}
    if not found:
        return found
    rows = session.exec(
        select(Indicator)
        .where(col(Indicator.task_id).in_(found), col(Indicator.active))
        .order_by(col(Indicator.position), col(Indicator.id))
    ).all()
    for row in rows:
        found[row.task_id].append(row)
    return found


def linked_to(
    session: Session, indicator_ids: Iterable[int]
) -> dict[int, list[tuple[Indicator, Task]]]:
    """The indicators linked with each of these, in either direction, with their active tasks."""
    wanted = set(indicator_ids)
    found: dict[int, list[tuple[Indicator, Task]]] = {each: [] for each in wanted}
    if not wanted:
        return found
    links = session.exec(
        select(IndicatorLink)
        .where(
            col(IndicatorLink.indicator_id).in_(wanted) | col(IndicatorLink.other_id).in_(wanted)
        )
        .order_by(col(IndicatorLink.id))
    ).all()
    if not links:
        return found
    ids = {end for link in links for end in (link.indicator_id, link.other_id)}
    rows = session.exec(
        select(Indicator, Task)
        .join(Task, col(Task.id) == col(Indicator.task_id))
        .where(col(Indicator.id).in_(ids), col(Task.active))
    ).all()
    by_id = {indicator.id: (indicator, task) for indicator, task in rows}
    for link in links:
        for one, other in ((link.indicator_id, link.other_id), (link.other_id, link.indicator_id)):
            if one in wanted and other in by_id:
                found[one].append(by_id[other])
    return found
