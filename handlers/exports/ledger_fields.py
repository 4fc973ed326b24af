"""The columns of a ledger: what stands in each of them on a line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.exports.ledger_lines import Ledger, Line
from handlers.exports.sheet import Cell, Column, Look, Shown, percent
from models.indicator import Indicator
from models.note import NoteKind
from models.rules.progress import NOT_UPDATED, Comparator
from models.rules.rounding import number_text
from models.rules.status import Standing
from models.task import UnitRole
from models.unit import Unit


@dataclass(frozen=True)
class Field:
    """A column and what stands in it."""

    column: Column
    of: Callable[[Line], Cell]


def fields_for(lines: Sequence[Line]) -> list[Field]:
    """The columns that say something on one of these lines at least; number and task always."""
    return [
        each
        for each in _FIELDS
        if each.column in (_NUMBER, TASK) or any(_says(each.of(line)) for line in lines)
    ]


def _says(cell: Cell) -> bool:
    value = cell.value if isinstance(cell, Shown) else cell
    return value is not None and value != ""


def _names(units: Sequence[Unit]) -> str:
    return "、".join(unit.name for unit in units)


def _clause_units(*roles: UnitRole) -> Callable[[Line], Cell]:
    def of(line: Line) -> Cell:
        is_own = line.clause is not None and line.clause.clause.role in roles
        return "、".join(line.clause.lead) if line.clause is not None and is_own else ""

    return of


def _lead(line: Line) -> Cell:
    return _names(line.task.leads) if line.clause is None else _clause_units(UnitRole.LEAD)(line)


def _supporting(line: Line) -> Cell:
    if line.clause is None:
        return _names(line.task.supporting)
    return "、".join(line.clause.supporting)


def _unnamed(line: Line) -> Cell:
    return "、".join(line.clause.clause.unnamed) if line.clause else ""


def _value(line: Line) -> Cell:
    return line.indicator.value if line.indicator else None


def target_cell(row: Indicator) -> Cell:
    """What an indicator is to reach: a number, or in words where it is no amount that grows."""
    if row.target is None:
        return None
    target = number_text(row.target)
    if row.upper is not None:
        return f"{target}—{number_text(row.upper)}"
    if row.comparator == Comparator.AT_MOST:
        return f"不高于{target}"
    return f"不低于{target}" if row.threshold else row.target


def _target(line: Line) -> Cell:
    return target_cell(line.indicator.indicator) if line.indicator else None


def _of_indicator(line: Line) -> Cell:
    progress = line.indicator.progress if line.indicator else None
    if progress is None or progress.met is None:
        return percent(progress.percent) if progress else None
    return Shown("达到", Look.GOOD) if progress.met else Shown("未达到", Look.BAD)


def _scheduled(line: Line) -> Cell:
    is_measured = line.task.has_target or line.task.progress.done is not None
    return percent(line.task.progress.scheduled) if is_measured else None


_LOOKS = {Standing.COMPLETED: Look.GOOD, Standing.ON_TRACK: Look.PLAIN, Standing.BEHIND: Look.BAD}


def _status(line: Line) -> Cell:
    band = line.task.progress.band
    return Shown(band.label, _LOOKS[band.standing]) if band else ""


def _judged(line: Line) -> Cell:
    judgement = line.task.progress.judgement
    return f"{judgement.by}评定：{judgement.reason}" if judgement else ""


def _notes(line: Line) -> Cell:
    """What is to be known of the figures; an indicator without one says so on its own line."""
    progress, indicator = line.task.progress, line.indicator
    without = "、".join(progress.missing)
    notes = [each for each in progress.notes if not without or without not in each]
    if progress.is_stale:
        notes.insert(0, NOT_UPDATED)
    if indicator is not None and indicator.value is None and indicator.progress is not None:
        notes.append("尚无数据")
    return "；".join(notes)


def _outlook(line: Line) -> Cell:
    level = line.outlook.level if line.outlook else None
    return f"{level.level}{'（评定）' if level.judged else ''}" if level else ""


def _as_of(line: Line) -> Cell:
    return line.indicator.as_of if line.indicator else line.task.as_of


def _said(kind: NoteKind) -> Callable[[Line], Cell]:
    return lambda line: "\n".join(line.words.get(kind, ()))


_NUMBER = Column("编号", 10)
TASK = Column("任务", 34)
_FIELDS = (
    Field(_NUMBER, lambda line: line.label),
    Field(Column("主题", 16), lambda line: line.task.task.theme),
    Field(Column("项目", 20), lambda line: line.task.task.project),
    Field(TASK, lambda line: line.task.task.title),
    Field(Column("分工", 40), lambda line: line.clause.clause.text if line.clause else ""),
    Field(Column("牵头单位", 20), _lead),
    Field(Column("按职责分工负责", 24), _clause_units(UnitRole.SHARED)),
    Field(Column("分别负责", 24), _clause_units(UnitRole.EACH)),
    Field(Column("配合单位", 24), _supporting),
    Field(Column("未明确到单位", 16), _unnamed),
    Field(Column("指标", 20), lambda line: line.indicator.indicator.name if line.indicator else ""),
    Field(
        Column("计量单位", 9), lambda line: line.indicator.indicator.unit if line.indicator else ""
    ),
    Field(Column("年度目标", 12), _target),
    Field(Column("完成数", 12), _value),
    Field(Column("指标完成率", 12), _of_indicator),
    Field(Column("阶段", 14), lambda line: line.task.stage),
    Field(Column("任务完成率", 12), lambda line: percent(line.task.progress.done)),
    Field(Column("序时进度", 11), _scheduled),
    Field(Column("状态", 18), _status),
    Field(Column("评定", 26), _judged),
    Field(Column("数据说明", 30), _notes),
    Field(Column("验收进度", 11), lambda line: percent(line.task.verified)),
    Field(Column("研判", 14), _outlook),
    Field(Column("研判明细", 34), lambda line: line.levels),
    Field(Column("研判理由", 26), lambda line: line.outlook.reason if line.outlook else ""),
    Field(Column("获奖情况", 30), lambda line: line.awards),
    Field(Column("数据日期", 12), _as_of),
    Field(Column("最近报送", 17), lambda line: line.last.received if line.last else None),
    Field(Column("报送编号", 10), lambda line: line.last.number if line.last else ""),
    Field(Column("报送单位", 18), lambda line: line.last.unit if line.last else ""),
    Field(Column("审核", 14), lambda line: line.last.state if line.last else ""),
    Field(Column("进展", 50), _said(NoteKind.PROGRESS)),
    Field(Column("问题", 40), _said(NoteKind.PROBLEM)),
)

_ROLES: Mapping[str, str] = {
    UnitRole.LEAD: "牵头",
    UnitRole.SHARED: "按职责分工负责",
    UnitRole.EACH: "分别负责",
    UnitRole.SUPPORTING: "配合",
}
BY_UNIT = (
    Column("单位", 22),
    Column("责任", 16),
    Column("编号", 10),
    Column("任务", 36),
    Column("分工", 48),
    Column("最近报送", 17),
    Column("审核", 14),
)


def by_unit(found: Ledger) -> Iterator[Sequence[Cell]]:
    """The clauses of each unit in the units' printed order: what it answers for, what it helps."""
    parts: dict[str, list[Sequence[Cell]]] = {name: [] for name in found.units}
    for line in found.lines:
        if line.clause is None:
            continue
        own = [(name, line.clause.clause.role) for name in line.clause.lead]
        helping = [(name, UnitRole.SUPPORTING.value) for name in line.clause.supporting]
        last = line.last
        for name, role in (*own, *helping):
            parts.setdefault(name, []).append(
                (
                    name,
                    _ROLES[role],
                    line.label,
                    line.task.task.title,
                    line.clause.clause.text,
                    last.received if last else None,
                    last.state if last else "",
                )
            )
    for rows in parts.values():
        yield from rows
