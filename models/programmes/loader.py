"""Loading a programme: its definition becomes rows and obligations; again changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, or_, select

from models.area import area_named
from models.errors import Problem
from models.indicator import Allotment, Indicator, IndicatorLink
from models.programme import Programme, programme_by_code
from models.programmes.areas import unit_ids
from models.programmes.definition import (
    Definition,
    IndicatorEntry,
    Link,
    RequirementEntry,
    TaskEntry,
)
from models.programmes.facts import Published, keep_issued
from models.programmes.obligations import Upkeep, ensure_obligations
from models.programmes.rows import indicator_row, programme_row, requirement_row, task_row
from models.programmes.sync import Sync
from models.requirement import Requirement
from models.rules.wording import Defaults, Reading, read_wording
from models.task import Task, TaskUnit, UnitRole


@dataclass(frozen=True)
class LoadReport:
    """What a load did and what it could not know.

    *assumed* names each assumption with the tasks it concerns; *differences* lists changes to
    rows that were there before, by place.
    """

    programme: str
    tasks: tuple[str, ...]
    created: int
    updated: int
    unchanged: int
    obligations: Upkeep
    assumed: tuple[str, ...]
    not_understood: tuple[Problem, ...]
    differences: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in the database differs from before."""
        made = self.obligations
        return bool(self.created or self.updated or made.created or made.updated or made.waived)


@dataclass
class _Load:
    """One load under way: the definition, its rows so far, what to tell afterwards."""

    definition: Definition
    sync: Sync
    now: datetime
    programme: Programme
    units: dict[str, int]
    tasks: dict[str, Task] = field(default_factory=dict)
    indicators: dict[tuple[str, str], Indicator] = field(default_factory=dict)
    assumed: dict[str, list[str]] = field(default_factory=dict)
    not_understood: list[Problem] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.sync.session

    @property
    def published(self) -> Published:
        """The rows by name, for the facts that issued documents state."""
        policies = self.definition.policies
        return Published(
            self.programme, policies, self.tasks, self.indicators, self.units, self.now
        )

    def assume(self, note: str, number: str) -> None:
        self.assumed.setdefault(note, []).append(number)

    def read(self, wording: str) -> Reading:
        """What a wording means; many tasks share one, so each is read once."""
        if wording not in self.readings:
            day = self.definition.rules.default_day
            defaults = None if day is None else Defaults(day)
            self.readings[wording] = read_wording(wording, self.definition.year, defaults)
        return self.readings[wording]


def load(
    session: Session, definition: Definition, now: datetime, *, demo: bool = False
) -> LoadReport:
    """Bring the programme's rows to its definition and make its year of obligations.

    What was reported stays: a task or indicator that the definition no longer has is switched
    off, not deleted. *demo* marks everything the programme sends as 演示数据.
    """
    sync = Sync(session)
    under_way = _begin(sync, definition, now, demo=demo)
    _keep_tasks(under_way)
    _keep_links(under_way)
    for issued in definition.issued:
        keep_issued(sync, issued, under_way.published)
    return _report(under_way, ensure_obligations(session, under_way.programme, now))


def _report(load: _Load, upkeep: Upkeep) -> LoadReport:
    sync = load.sync
    return LoadReport(
        programme=load.definition.code,
        tasks=tuple(task.number for task in load.definition.tasks),
        created=sync.created,
        updated=sync.updated,
        unchanged=sync.unchanged,
        obligations=upkeep,
        assumed=tuple(f"{'、'.join(n)}：{note}" for note, n in load.assumed.items()),
        not_understood=tuple(load.not_understood),
        differences=tuple(sync.differences),
    )


def _begin(sync: Sync, definition: Definition, now: datetime, *, demo: bool) -> _Load:
    area = area_named(sync.session, definition.area)
    units = unit_ids(sync, definition.units, area.id or 0)
    row = programme_row(definition, area.id or 0, now, demo=demo)
    stored = programme_by_code(sync.session, definition.code)
    keep = {"loaded_at", "active", "demo"}
    programme = sync.put(stored, row, f"专项 {definition.code}", keep=keep)
    return _Load(definition, sync, now, programme, units)


def _keep_tasks(load: _Load) -> None:
    stored = {
        row.number: row
        for row in load.session.exec(
            select(Task).where(Task.programme_id == load.programme.id)
        ).all()
    }
    for position, entry in enumerate(load.definition.tasks):
        row = task_row(entry, load.programme.id or 0, position)
        task = load.sync.put(stored.get(entry.number), row, f"任务 {entry.number}")
        load.tasks[entry.number] = task
        _keep_parts(load, entry, task)
        _keep_indicators(load, entry, task)
        _keep_requirements(load, entry, task)
    for number in stored.keys() - load.tasks.keys():
        load.sync.retire(stored[number], f"任务 {number}")


def _keep_parts(load: _Load, entry: TaskEntry, task: Task) -> None:
    """The task's lead and supporting units, in printed order."""
    wanted = [
        TaskUnit(task_id=task.id or 0, unit_id=load.units[name], role=role, position=at)
        for role, names in ((UnitRole.LEAD, entry.leads), (UnitRole.SUPPORTING, entry.supporters))
        for at, name in enumerate(names)
    ]
    query = select(TaskUnit).where(TaskUnit.task_id == task.id)
    stored = {(row.unit_id, row.role): row for row in load.session.exec(query).all()}
    for row in wanted:
        old = stored.pop((row.unit_id, row.role), None)
        load.sync.put(old, row, f"任务 {entry.number} 单位")
    for row in stored.values():
        load.sync.drop(row, f"任务 {entry.number} 单位")


def _keep_indicators(load: _Load, entry: TaskEntry, task: Task) -> None:
    query = select(Indicator).where(Indicator.task_id == task.id)
    stored = {row.name: row for row in load.session.exec(query).all()}
    for position, indicator in enumerate(entry.indicators):
        where = f"任务 {entry.number} 指标 {indicator.name}"
        row = indicator_row(indicator, task.id or 0, position)
        kept = load.sync.put(stored.pop(indicator.name, None), row, where)
        load.indicators[entry.number, indicator.name] = kept
        load.indicators |= {(entry.number, alias): kept for alias in indicator.aliases}
        _keep_allotments(load, indicator, kept, where)
        for note in indicator.assumed:
            load.assume(note, entry.number)
    for name, row in stored.items():
        load.sync.retire(row, f"任务 {entry.number} 指标 {name}")


def _keep_allotments(load: _Load, entry: IndicatorEntry, row: Indicator, where: str) -> None:
    query = select(Allotment).where(Allotment.indicator_id == row.id)
    stored = {share.unit_id: share for share in load.session.exec(query).all()}
    for share in entry.allotments:
        unit_id = load.units[share.unit]
        new = Allotment(indicator_id=row.id or 0, unit_id=unit_id, target=share.target)
        load.sync.put(stored.pop(unit_id, None), new, f"{where} 分解 {share.unit}")
    for old in stored.values():
        load.sync.drop(old, f"{where} 分解")


def _keep_requirements(load: _Load, entry: TaskEntry, task: Task) -> None:
    query = select(Requirement).where(Requirement.task_id == task.id)
    stored = {row.key: row for row in load.session.exec(query).all()}
    for at, requirement in enumerate(load.definition.requirements_of(entry), start=1):
        where = f"任务 {entry.number} 报送要求{at}"
        row = _requirement(load, entry, requirement, where)
        row.task_id, row.key = task.id or 0, str(at)
        old = stored.pop(row.key, None)
        # A confirmation holds for what was confirmed, not for new assumptions.
        confirmed = old is not None and set(row.assumed) <= set(old.assumed)
        load.sync.put(old, row, where, keep={"confirmed_at"} if confirmed else ())
    for old in stored.values():
        load.sync.retire(old, f"任务 {entry.number} 报送要求{old.key}")


def _requirement(
    load: _Load, entry: TaskEntry, requirement: RequirementEntry, where: str
) -> Requirement:
    definition = load.definition
    wording = definition.wording_of(requirement)
    reading = load.read(wording)
    for miss in reading.not_understood:
        load.not_understood.append(Problem(f"{where}“{wording}”", miss.text))
    row = requirement_row(definition, entry, requirement, reading.recurrences, load.now)
    for note in row.assumed:
        load.assume(note, entry.number)
    return row


def _keep_links(load: _Load) -> None:
    """Indicators counted in another programme too; one not loaded yet links when it is.

    Both programmes declare the link, so that the order of loading does not matter.
    """
    for entry in load.definition.tasks:
        for indicator in entry.indicators:
            mine = load.indicators[entry.number, indicator.name]
            for other in _linked(load.session, indicator.linked):
                _keep_link(load.sync, mine, other, f"任务 {entry.number} 关联指标")


def _linked(session: Session, links: Sequence[Link]) -> Iterator[Indicator]:
    for link in links:
        found = session.exec(
            select(Indicator)
            .join(Task, col(Task.id) == col(Indicator.task_id))
            .join(Programme, col(Programme.id) == col(Task.programme_id))
            .where(
                Programme.code == link.programme,
                Task.number == link.task,
                Indicator.name == link.indicator,
            )
        ).first()
        if found is not None:
            yield found


def _keep_link(sync: Sync, mine: Indicator, other: Indicator, where: str) -> None:
    pair = [(mine.id, other.id), (other.id, mine.id)]
    stored = sync.session.exec(
        select(IndicatorLink).where(
            or_(
                *(
                    (col(IndicatorLink.indicator_id) == a) & (col(IndicatorLink.other_id) == b)
                    for a, b in pair
                )
            )
        )
    ).first()
    if stored is not None:
        sync.unchanged += 1
        return
    link = IndicatorLink(indicator_id=mine.id or 0, other_id=other.id or 0)
    sync.put(None, link, where)
