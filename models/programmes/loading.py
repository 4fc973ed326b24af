"""One load under way: the definition, its rows so far, and what to tell afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from models.errors import Problem, ProgrammeError
from models.indicator import Indicator
from models.programme import Programme
from models.programmes.definition import Definition, TaskEntry
from models.programmes.sync import Sync
from models.project import Project
from models.rules.wording import Defaults, Reading, read_wording
from models.task import Task

Row = TypeVar("Row", bound=SQLModel)


@dataclass
class Loading:
    """The state that the parts of a load share; rows are found by the names in the file."""

    definition: Definition
    sync: Sync
    now: datetime
    programme: Programme
    units: Mapping[str, int]
    tasks: dict[str, Task] = field(default_factory=dict)
    indicators: dict[tuple[str, str], Indicator] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    assumed: dict[str, list[str]] = field(default_factory=dict)
    not_understood: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    refusals: list[Problem] = field(default_factory=list)
    _readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.sync.session

    @property
    def entries(self) -> Iterable[tuple[TaskEntry, Task]]:
        """Every task of the file with its row, in printed order."""
        return ((entry, self.tasks[entry.number]) for entry in self.definition.tasks)

    def assume(self, note: str, number: str) -> None:
        """Remember an assumption with the task that it concerns."""
        numbers = self.assumed.setdefault(note, [])
        if number not in numbers:
            numbers.append(number)

    def refuse(self, problem: Problem) -> None:
        """Remember why nothing of this file may be loaded; all reasons are told together."""
        self.refusals.append(problem)

    def check(self) -> None:
        """Raise ProgrammeError with everything that was refused so far."""
        if self.refusals:
            raise ProgrammeError(self.refusals)

    def miss(self, wording: str, text: str, number: str) -> None:
        """Remember what of a wording was not understood, with the task that it concerns."""
        numbers = self.not_understood.setdefault((wording, text), [])
        if number not in numbers:
            numbers.append(number)

    def read(self, wording: str) -> Reading:
        """What a wording means; many tasks share one, so each is read once."""
        if wording not in self._readings:
            day = self.definition.rules.default_day
            defaults = None if day is None else Defaults(day)
            self._readings[wording] = read_wording(wording, self.definition.year, defaults)
        return self._readings[wording]

    def stored(self, table: type[Row]) -> list[Row]:
        """Every row of *table* that belongs to the programme's tasks, in one query."""
        ids = [task.id for task in self.tasks.values()]
        return list(self.session.exec(select(table).where(col(_task_id(table)).in_(ids))).all())


def _task_id(table: type[SQLModel]) -> int:
    found: int = vars(table)["task_id"]
    return found
