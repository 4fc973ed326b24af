"""Tasks of a definition as rows: their units, indicators, allotments, awards and projects."""

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from models.alias import aliases_of_tasks, with_said
from models.award import Award
from models.indicator import Allotment
from models.programmes.definition import TaskEntry
from models.programmes.identity import KnownIndicators, known_tasks
from models.programmes.loading import Loading
from models.programmes.rows import indicator_row, task_row
from models.project import Project, projects_of
from models.task import Task, TaskUnit, UnitRole
from models.unit import units_by_id


def keep_projects(load: Loading) -> None:
    """The projects that tasks stand under, in printed order."""
    stored = {row.name: row for row in projects_of(load.session, load.programme.id or 0)}
    for position, entry in enumerate(load.definition.projects):
        row = Project(
            programme_id=load.programme.id or 0,
            name=entry.name,
            aliases=list(entry.aliases),
            assumed=list(entry.assumed),
            position=position,
        )
        kept = load.sync.put(stored.get(entry.name), row, f"项目 {entry.name}")
        load.projects |= dict.fromkeys((entry.name, *entry.aliases), kept)
        for note in entry.assumed:
            load.assume(note, entry.name)
    load.session.flush()


def keep_tasks(load: Loading) -> None:
    """The tasks with everything that is theirs; one that the file no longer has is switched off."""
    query = select(Task).where(Task.programme_id == load.programme.id)
    stored = {row.number: row for row in load.session.exec(query).all()}
    matched = known_tasks(load)
    load.check()
    _renumber(load, stored, matched)
    said = aliases_of_tasks(load.session, [row.id or 0 for row in stored.values()])
    for position, entry in enumerate(load.definition.tasks):
        row = task_row(entry, load.programme.id or 0, position)
        row.project = _project_name(load, entry)
        known = matched.get(entry.number)
        row.aliases = with_said(row.aliases, said.get((known.id if known else None) or 0, ()))
        if entry.number not in matched and stored:
            load.sync.differences.append(f"任务 {entry.number} 新增：{entry.title}")
        task = load.sync.put(known, row, f"任务 {entry.number}")
        load.tasks[entry.number] = task
        for note in entry.assumed:
            load.assume(note, entry.number)
    load.session.flush()
    kept = {task.id for task in load.tasks.values()}
    for number, row in stored.items():
        if row.id not in kept:
            load.sync.retire(row, f"任务 {number}")
    _keep_parts(load)
    _keep_indicators(load)
    _keep_awards(load)


def _project_name(load: Loading, entry: TaskEntry) -> str:
    project = load.projects.get(entry.project or "")
    return project.name if project else entry.project or ""


def _renumber(load: Loading, stored: Mapping[str, Task], matched: Mapping[str, Task]) -> None:
    """Give tasks that moved their new numbers; each is freed first, as none is ever held twice."""
    moved = {number: row for number, row in matched.items() if row.number != number}
    if not moved:
        return
    for number, row in moved.items():
        load.sync.differences.append(f"任务 {row.number} 编号改为 {number}（报送内容随任务保留）")
    leaving = [row for row in stored.values() if row.number in moved and row not in moved.values()]
    for row in leaving:
        row.number = f"{row.number}·{row.id}"
    for row in moved.values():
        row.number = f"~{row.id}"
    load.session.flush()
    for number, row in moved.items():
        row.number = number
        load.sync.updated += 1


_ROLES = {UnitRole.LEAD: "牵头单位", UnitRole.SUPPORTING: "配合单位"}


def _keep_parts(load: Loading) -> None:
    """Each task's lead and supporting units, in printed order."""
    stored = {(row.task_id, row.unit_id, row.role): row for row in load.stored(TaskUnit)}
    before = {task_id for task_id, _, _ in stored}
    for entry, task in load.entries:
        sides = ((UnitRole.LEAD, entry.leads), (UnitRole.SUPPORTING, entry.supporters))
        for role, names in sides:
            units = {load.units[name]: name for name in reversed(names)}
            for at, unit_id in enumerate(dict.fromkeys(load.units[name] for name in names)):
                row = TaskUnit(task_id=task.id or 0, unit_id=unit_id, role=role, position=at)
                old = stored.pop((row.task_id, unit_id, role), None)
                where = f"任务 {entry.number} {_ROLES[role]}"
                load.sync.put(old, row, where)
                if old is None and row.task_id in before:
                    load.sync.differences.append(f"{where}：增加{units[unit_id]}")
    _drop_parts(load, list(stored.values()))


def _drop_parts(load: Loading, rows: Sequence[TaskUnit]) -> None:
    numbers = {task.id: number for number, task in load.tasks.items()}
    units = units_by_id(load.session, [row.unit_id for row in rows])
    for row in rows:
        where = f"任务 {numbers[row.task_id]} {_ROLES[UnitRole(row.role)]}"
        load.sync.drop(row, f"{where}“{units[row.unit_id].name}”")


def _keep_indicators(load: Loading) -> None:
    known = KnownIndicators.of(load)
    left = {row.id: row for row in known.rows.values()}
    for entry, task in load.entries:
        same = known.of_task(entry, task)
        for position, indicator in enumerate(entry.indicators):
            where = f"任务 {entry.number} 指标 {indicator.name}"
            row = indicator_row(indicator, task.id or 0, position)
            old = same.get(indicator.name)
            left.pop(old.id if old else None, None)
            kept = load.sync.put(old, row, where)
            load.indicators |= {
                (entry.number, name): kept for name in (indicator.name, *indicator.aliases)
            }
            for note in indicator.assumed:
                load.assume(note, entry.number)
    load.check()
    for row in left.values():
        load.sync.retire(row, f"指标 {row.name}")
    load.session.flush()
    _keep_allotments(load)


def _keep_allotments(load: Loading) -> None:
    ids = {row.id for row in load.indicators.values()}
    query = select(Allotment).where(col(Allotment.indicator_id).in_(ids))
    stored = {(row.indicator_id, row.unit_id): row for row in load.session.exec(query).all()}
    for entry, _ in load.entries:
        for indicator in entry.indicators:
            for share in indicator.allotments:
                row = Allotment(
                    indicator_id=load.indicators[entry.number, indicator.name].id or 0,
                    unit_id=load.units[share.unit],
                    target=share.target,
                )
                old = stored.pop((row.indicator_id, row.unit_id), None)
                load.sync.put(old, row, f"任务 {entry.number} 分解 {share.unit}")
    for old in stored.values():
        load.sync.drop(old, "分解任务")


def _keep_awards(load: Loading) -> None:
    """The years' winners; a file without any, such as a workbook, says nothing of them."""
    if not any(entry.awards for entry in load.definition.tasks):
        return
    stored = {(row.task_id, row.year): row for row in load.stored(Award)}
    for entry, task in load.entries:
        for year, winners in entry.awards.items():
            row = Award(task_id=task.id or 0, year=year, winners=list(winners))
            old = stored.pop((row.task_id, year), None)
            load.sync.put(old, row, f"任务 {entry.number} {year}年获奖")
    for row in stored.values():
        load.sync.drop(row, f"{row.year}年获奖")
