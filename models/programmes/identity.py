"""Which stored task and indicator each entry of a changed file continues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from models.errors import Problem
from models.figure import Figure
from models.indicator import Indicator
from models.programmes.definition import IndicatorEntry, TaskEntry
from models.programmes.loading import Loading
from models.rules.task_match import Listed, match_tasks
from models.rules.unit import same_kind
from models.submission import Submission, SubmissionState
from models.task import Task, TaskUnit, UnitRole


def known_tasks(load: Loading) -> dict[str, Task]:
    """The stored task of each entry by its new number: what was reported follows the task.

    A number that stands over another title now is refused where something was reported under
    it; what only resembles a task that is gone is new, and is said to be.
    """
    rows = load.session.exec(select(Task).where(Task.programme_id == load.programme.id)).all()
    active = {row.title for row in rows if row.active}
    stored = {row.number: row for row in rows if row.active or row.title not in active}
    found = match_tasks([_listed(e) for e in load.definition.tasks], _of_rows(load, stored))
    reported = _reported(load, [stored[old] for old in found.doubtful.values()])
    same = dict(found.same)
    for number, old in found.doubtful.items():
        if stored[old].id in reported:
            load.refuse(_other_task(load, number, stored[old]))
        else:
            same[number] = old
    for number, old in found.near.items():
        load.assume(
            f"与文件中已没有的“{stored[old].title}”名称相近，按新任务载入；"
            "如是同一项任务，请把原名称写进别名后重新载入",
            number,
        )
    return {number: stored[old] for number, old in same.items()}


def _listed(entry: TaskEntry) -> Listed:
    return Listed(
        entry.number,
        entry.title,
        frozenset((entry.title, entry.short, *entry.aliases)),
        frozenset(entry.leads),
        frozenset(indicator.name for indicator in entry.indicators),
    )


def _of_rows(load: Loading, stored: Mapping[str, Task]) -> list[Listed]:
    """The stored tasks in the names of the file, so that both sides compare."""
    names = {unit_id: name for name, unit_id in reversed(tuple(load.units.items()))}
    ids = [row.id for row in stored.values()]
    leads: dict[int, set[str]] = {}
    for part in load.session.exec(
        select(TaskUnit).where(col(TaskUnit.task_id).in_(ids), TaskUnit.role == UnitRole.LEAD)
    ).all():
        leads.setdefault(part.task_id, set()).add(names.get(part.unit_id, ""))
    counts: dict[int, set[str]] = {}
    for row in load.session.exec(select(Indicator).where(col(Indicator.task_id).in_(ids))).all():
        counts.setdefault(row.task_id, set()).add(row.name)
    return [
        Listed(
            number,
            row.title,
            frozenset((row.title,)),
            frozenset(leads.get(row.id or 0, ())),
            frozenset(counts.get(row.id or 0, ())),
        )
        for number, row in stored.items()
    ]


def _reported(load: Loading, tasks: Iterable[Task]) -> set[int]:
    ids = [task.id for task in tasks]
    rows = load.session.exec(
        select(Submission.task_id)
        .where(col(Submission.task_id).in_(ids), Submission.state != SubmissionState.WITHDRAWN)
        .distinct()
    ).all()
    return set(rows)


def _other_task(load: Loading, number: str, stored: Task) -> Problem:
    title = load.definition.tasks_by_number[number].title
    return Problem(
        f"任务 {number}",
        f"原为“{stored.title}”，已有报送；文件中这个编号是“{title}”。"
        "如是同一项任务，请把原名称写进它的别名；如是另一项任务，请换一个没有用过的编号",
    )


@dataclass(frozen=True)
class KnownIndicators:
    """The stored indicators of the programme, and which of them have reported figures."""

    load: Loading
    rows: Mapping[tuple[int, str], Indicator]
    reported: frozenset[int]

    @classmethod
    def of(cls, load: Loading) -> "KnownIndicators":
        rows = {(row.task_id, row.name): row for row in load.stored(Indicator)}
        ids = [row.id for row in rows.values()]
        figures = load.session.exec(
            select(Figure.indicator_id)
            .where(col(Figure.indicator_id).in_(ids), col(Figure.version_id).is_not(None))
            .distinct()
        ).all()
        return cls(load, rows, frozenset(each for each in figures if each is not None))

    def of_task(self, entry: TaskEntry, task: Task) -> dict[str, Indicator]:
        """The stored row of each indicator of *entry*, by its name in the file.

        A new name continues the old one's figures where the old name stands among its aliases.
        """
        mine = {name: row for (task_id, name), row in self.rows.items() if task_id == task.id}
        names = {indicator.name for indicator in entry.indicators}
        found: dict[str, Indicator] = {}
        for indicator in entry.indicators:
            olds = [n for n in (indicator.name, *indicator.aliases) if n in mine]
            old = next((n for n in olds if n == indicator.name or n not in names), None)
            if old is not None:
                found[indicator.name] = mine[old]
                self._check_measure(entry, indicator, mine[old])
        self._check_gone(entry, [r for r in mine.values() if r not in found.values()], found)
        return found

    def _check_measure(self, entry: TaskEntry, new: IndicatorEntry, old: Indicator) -> None:
        if old.id in self.reported and not same_kind(new.unit, old.unit):
            text = (
                f"计量单位由“{old.unit}”改为“{new.unit}”，而已有报送的数据；"
                "请保留原计量单位，或另立一个指标（换名称）"
            )
            self.load.refuse(Problem(f"任务 {entry.number} 指标 {new.name}", text))

    def _check_gone(
        self, entry: TaskEntry, gone: list[Indicator], found: Mapping[str, Indicator]
    ) -> None:
        """An indicator with figures that seems to have been given another name is asked about."""
        lost = [row for row in gone if row.active and row.id in self.reported]
        fresh = [each.name for each in entry.indicators if each.name not in found]
        if len(lost) == 1 and len(fresh) == 1:
            text = (
                f"已有报送的数据，文件中没有了，另有新指标“{fresh[0]}”。如是改名，请把“{lost[0].name}”"
                f"写进“{fresh[0]}”的别名；如不是，请先只去掉旧指标载入一次，再加新指标"
            )
            self.load.refuse(Problem(f"任务 {entry.number} 指标 {lost[0].name}", text))
