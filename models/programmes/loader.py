"""Loading a programme: its definition becomes rows and obligations; again changes nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from models.area import area_named
from models.errors import Problem, ProgrammeError
from models.indicator import Indicator, IndicatorLink
from models.programme import Programme, programme_by_code
from models.programmes.areas import unit_ids
from models.programmes.contradictions import contradictions
from models.programmes.definition import UNSTATED, Definition, Link
from models.programmes.facts import keep_issued
from models.programmes.loading import Loading
from models.programmes.obligations import Upkeep, ensure_obligations
from models.programmes.outlooks import keep_facts
from models.programmes.requirements import keep_clauses, keep_requirements
from models.programmes.rows import programme_row
from models.programmes.sync import Sync
from models.programmes.tasks import keep_projects, keep_tasks
from models.setting import keep_setting, setting
from models.task import Task


@dataclass(frozen=True)
class LoadReport:
    """What a load did and what it could not know.

    *assumed* names each assumption with the tasks it concerns, *newly_assumed* those that no
    earlier load of the programme made; *differences* lists changes to rows that were there
    before, by place.
    """

    programme: str
    tasks: tuple[str, ...]
    created: int
    updated: int
    unchanged: int
    obligations: Upkeep
    assumed: tuple[Problem, ...]
    newly_assumed: tuple[Problem, ...]
    not_understood: tuple[Problem, ...]
    differences: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in the database differs from before."""
        made = self.obligations
        return bool(self.created or self.updated or made.created or made.updated or made.waived)


def load(
    session: Session, definition: Definition, now: datetime, *, demo: bool = False
) -> LoadReport:
    """Bring the programme's rows to its definition and make its year of obligations.

    What was reported stays: a task or indicator that the definition no longer has is switched
    off, not deleted. *demo* marks everything the programme sends as 演示数据.
    """
    sync = Sync(session)
    under_way = _begin(sync, definition, now, demo=demo)
    keep_projects(under_way)
    keep_tasks(under_way)
    keep_requirements(under_way, keep_clauses(under_way))
    _keep_links(under_way)
    for issued in definition.issued:
        keep_issued(under_way, issued)
        keep_facts(under_way, issued)
    return _report(under_way, ensure_obligations(session, under_way.programme, now))


def untold(found: Iterable[Problem], told: Iterable[Problem]) -> tuple[Problem, ...]:
    """What loading found beyond what reading told already, there with its place in the file."""
    known = {each.text for each in told}
    return tuple(each for each in found if each.text not in known)


def _report(load: Loading, upkeep: Upkeep) -> LoadReport:
    sync = load.sync
    assumed = _assumed(load)
    return LoadReport(
        programme=load.definition.code,
        tasks=tuple(task.number for task in load.definition.tasks),
        created=sync.created,
        updated=sync.updated,
        unchanged=sync.unchanged,
        obligations=upkeep,
        assumed=assumed,
        newly_assumed=_newly(load, assumed),
        not_understood=_not_understood(load),
        differences=_together(load),
    )


def _other_year(stored: Programme, definition: Definition) -> Problem:
    """A new year is a new programme: figures of the old one must not count for it."""
    example = f"{definition.code.rsplit('-', 1)[0]}-{definition.year}"
    text = f"已有专项是{stored.year}年的，文件是{definition.year}年的；新一年请换代码，如 {example}"
    return Problem(f"专项 {definition.code}", text)


def _assumed(load: Loading) -> tuple[Problem, ...]:
    """One line an assumption, the widest first, with the tasks that it concerns."""
    widest_first = sorted(load.assumed.items(), key=lambda item: -len(item[1]))
    of_tasks = [Problem(_listed(load, numbers), note) for note, numbers in widest_first]
    return (*of_tasks, *(Problem("原件前后不一", t) for t in contradictions(load.definition)))


def _newly(load: Loading, assumed: Sequence[Problem]) -> tuple[Problem, ...]:
    """What nobody was told at an earlier load; from now on it counts as told."""
    name = f"assumed:{load.definition.code}"
    told = set(setting(load.session, name, []))
    lines = [str(each) for each in assumed]
    if told != set(lines):
        keep_setting(load.session, name, lines)
    return tuple(each for each in assumed if str(each) not in told)


def _not_understood(load: Loading) -> tuple[Problem, ...]:
    """One line a wording, with the tasks that it concerns."""
    return tuple(
        Problem(_listed(load, numbers), "没有写明报送时间，未设期限；请管理员发“期限”设定")
        if wording == UNSTATED
        else Problem(f"{_listed(load, numbers)} 报送时间“{wording}”", text)
        for (wording, text), numbers in load.not_understood.items()
    )


_OF_TASK = re.compile(r"任务 (?P<number>\S+) (?P<change>.+)", re.DOTALL)


def _together(load: Loading) -> tuple[str, ...]:
    """The differences, with those that many tasks share in one line."""
    groups: dict[str, list[str]] = {}
    for line in load.sync.differences:
        found = _OF_TASK.fullmatch(line)
        key, numbers = (found["change"], [found["number"]]) if found else (line, [])
        groups.setdefault(key, []).extend(n for n in numbers if n not in groups.get(key, ()))
    return tuple(
        f"任务 {_listed(load, numbers)} {change}" if numbers else change
        for change, numbers in groups.items()
    )


def _listed(load: Loading, numbers: Sequence[str]) -> str:
    """The numbers as people write them: 全部20项任务, or 政2至政57、政59."""
    order = {entry.number: at for at, entry in enumerate(load.definition.tasks)}
    if len(numbers) == len(order) > 1:
        return f"全部{len(order)}项任务"
    runs: list[list[str]] = []
    for number in numbers:
        last = order.get(runs[-1][-1]) if runs else None
        if last is not None and order.get(number) == last + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(run[0] if len(run) == 1 else _run(run) for run in runs)


def _run(run: Sequence[str]) -> str:
    return "、".join(run) if len(run) == 2 else f"{run[0]}至{run[-1]}"


def _begin(sync: Sync, definition: Definition, now: datetime, *, demo: bool) -> Loading:
    area = area_named(sync.session, definition.area)
    units = unit_ids(sync, definition.units, area.id or 0)
    row = programme_row(definition, area.id or 0, now, demo=demo)
    stored = programme_by_code(sync.session, definition.code)
    if stored is not None and stored.year != definition.year:
        raise ProgrammeError([_other_year(stored, definition)])
    keep = {"loaded_at", "active", "demo", "fingerprint", "amended"}
    programme = sync.put(stored, row, f"专项 {definition.code}", keep=keep)
    programme.fingerprint = row.fingerprint  # which file it was says nothing to people
    sync.session.flush()
    return Loading(definition, sync, now, programme, units)


def _keep_links(load: Loading) -> None:
    """Indicators counted in another programme too; one not loaded yet links when it is.

    Both programmes declare the link, so that the order of loading does not matter.
    """
    wanted = [
        (load.indicators[entry.number, indicator.name], entry.number, link)
        for entry in load.definition.tasks
        for indicator in entry.indicators
        for link in indicator.linked
    ]
    if not wanted:
        return
    others = _linked(load.session, [link for _, _, link in wanted])
    stored = _stored_links(load.session, [mine.id or 0 for mine, _, _ in wanted])
    for mine, number, link in wanted:
        other = others.get((link.programme, link.task, link.indicator))
        if other is None:
            continue
        pair = frozenset((mine.id, other.id))
        if pair in stored:
            load.sync.unchanged += 1
            continue
        stored.add(pair)
        row = IndicatorLink(indicator_id=mine.id or 0, other_id=other.id or 0)
        load.sync.put(None, row, f"任务 {number} 关联指标")


def _linked(session: Session, links: Sequence[Link]) -> dict[tuple[str, str, str], Indicator]:
    """The indicators that the links name, as far as they are loaded, in one query."""
    rows = session.exec(
        select(Programme.code, Task.number, Indicator)
        .join(Task, col(Task.programme_id) == col(Programme.id))
        .join(Indicator, col(Indicator.task_id) == col(Task.id))
        .where(
            col(Programme.code).in_({link.programme for link in links}),
            col(Task.number).in_({link.task for link in links}),
            col(Indicator.name).in_({link.indicator for link in links}),
        )
    ).all()
    return {(code, number, indicator.name): indicator for code, number, indicator in rows}


def _stored_links(session: Session, ids: Sequence[int]) -> set[frozenset[int | None]]:
    rows = session.exec(
        select(IndicatorLink).where(
            or_(col(IndicatorLink.indicator_id).in_(ids), col(IndicatorLink.other_id).in_(ids))
        )
    ).all()
    return {frozenset((row.indicator_id, row.other_id)) for row in rows}
