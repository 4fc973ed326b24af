"""Bringing rows to what a file says: what is new, what differs, what stays as it was."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session, SQLModel

from models.indicator import Indicator
from models.requirement import Requirement
from models.task import Clause, Task

Row = TypeVar("Row", bound=SQLModel)


@dataclass
class Sync:
    """One load's changes. *differences* describes each change to a row that was there before."""

    session: Session
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differences: list[str] = field(default_factory=list)

    def put(self, old: Row | None, new: Row, where: str, keep: Collection[str] = ()) -> Row:
        """The stored row: *new* itself, or *old* brought to it except for the fields in *keep*.

        A new row has its id after the next flush: a thousand rows are sent in one go.
        """
        if old is None:
            self.session.add(new)
            self.created += 1
            return new
        changes = _changes(old, new, {"id", *keep})
        if not changes:
            self.unchanged += 1
            return old
        self.updated += 1
        for name in changes:
            before, after = getattr(old, name), getattr(new, name)
            self.differences.append(f"{where} {name}：{_shown(before)} → {_shown(after)}")
            setattr(old, name, after)
        self.session.add(old)
        return old

    def retire(self, row: Task | Clause | Indicator | Requirement, where: str) -> None:
        """Switch off a row that the file no longer has; what was reported under it stays."""
        if row.active:
            row.active = False
            self.session.add(row)
            self.updated += 1
            self.differences.append(f"{where}：文件中已没有，停用（已报送的内容保留）")

    def drop(self, row: SQLModel, where: str) -> None:
        """Delete a row that nothing was ever reported under, such as a unit's part in a task."""
        self.session.delete(row)
        self.updated += 1
        self.differences.append(f"{where}：文件中已没有，删除")


def _changes(old: SQLModel, new: SQLModel, keep: Collection[str]) -> list[str]:
    fields = [name for name in type(old).model_fields if name not in keep]
    return [name for name in fields if getattr(old, name) != getattr(new, name)]


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
