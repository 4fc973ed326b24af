"""别名: other names of units and tasks as admins give and take them in chat; a load keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.rules.plain import name_key


class Alias(SQLModel, table=True):
    """One name given to a unit or a task, or with *withdrawn* taken from it; the newest holds."""

    __table_args__ = (CheckConstraint("(unit_id IS NULL) <> (task_id IS NULL)", name="one_bearer"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    name: str
    withdrawn: bool = False
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="member.id")


def aliases_of_units(session: Session, ids: Iterable[int]) -> dict[int, list[Alias]]:
    """What was said in chat of these units' names, oldest first, by unit."""
    return _by(session, "unit_id", ids)


def aliases_of_tasks(session: Session, ids: Iterable[int]) -> dict[int, list[Alias]]:
    """What was said in chat of these tasks' names, oldest first, by task."""
    return _by(session, "task_id", ids)


def _by(session: Session, bearer: str, ids: Iterable[int]) -> dict[int, list[Alias]]:
    column = vars(Alias)[bearer]
    found: dict[int, list[Alias]] = {}
    rows = session.exec(
        select(Alias).where(col(column).in_(set(ids))).order_by(col(Alias.id))
    ).all()
    for row in rows:
        found.setdefault(getattr(row, bearer), []).append(row)
    return found


def with_said(names: Sequence[str], said: Sequence[Alias]) -> list[str]:
    """*names* without what was taken back and with what was given, each once, in order.

    Two writings of one name are one; what was declared keeps the form of the declaration.
    """
    newest: Mapping[str, Alias] = {name_key(each.name): each for each in said}
    known = {name_key(name): name for name in reversed(names)}
    held = {name_key(name): known[name_key(name)] for name in names}
    for key, each in newest.items():
        if each.withdrawn:
            held.pop(key, None)
        else:
            held.setdefault(key, each.name)
    return list(held.values())
