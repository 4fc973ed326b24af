"""台账: every task with its units, figures and status, and every version that was reported."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from handlers.context import ExportContext
from handlers.exports.contract import XLSX, Exported, export
from handlers.exports.history import HISTORY, history
from handlers.exports.ledger_fields import BY_UNIT, TASK, by_unit, fields_for
from handlers.exports.ledger_lines import Ledger, ledger_of
from handlers.exports.sheet import Cell, Sheet, data_note
from handlers.reporting.texts import day_text
from handlers.supervising.texts import DEMO
from models.programme import Programme

#: Letters of a programme's title in the names of its further sheets, of 31 in all.
_LONGEST = 24


@export(
    "ledger",
    word="台账",
    about="每项任务的单位、数据和状态，附报送历史",
    mime=XLSX,
    also=("台帐", "表格", "excel"),
)
def ledger(ctx: ExportContext, out: BinaryIO) -> Exported:
    """One sheet a programme at its data date, one of its clauses by unit, one of its history."""
    from handlers.render.excel import write_book  # its library costs a start 0.1 s

    holds, missing = list[str](), list[str]()
    made = ctx.now.astimezone(ctx.services.zone)
    write_book(out, _sheets(ctx, holds, missing), made, ctx.most_rows)
    return Exported(tuple(holds), tuple(missing))


def _sheets(ctx: ExportContext, holds: list[str], missing: list[str]) -> Iterator[Sheet]:
    for programme in ctx.programmes:
        found = ledger_of(ctx, programme)
        yield _tasks(programme, found)
        if rows := list(by_unit(found)):
            yield _units(programme, rows)
        versions = _Counted(history(ctx, programme))
        yield _history(programme, versions)
        holds.append(_held(programme, found, versions.count))
        if unnamed := sum(each.clause is not None and not each.clause.lead for each in found.lines):
            missing.append(f"{programme.short_title}有{unnamed}条分工没有明确到单位")


def _held(programme: Programme, found: Ledger, versions: int) -> str:
    tasks = len({each.task.task.id for each in found.lines})
    clauses = sum(each.clause is not None for each in found.lines)
    parts = f"{tasks}项任务" + (f"、{clauses}条分工" if clauses else "")
    told = f"报送历史{versions}个版本" if versions else "还没有报送"
    return f"{programme.short_title}：{parts}，数据截至{day_text(found.data_date)}，{told}"


def _tasks(programme: Programme, found: Ledger) -> Sheet:
    fields = fields_for(found.lines)
    columns = [each.column for each in fields]
    return Sheet(
        name=programme.short_title,
        title=f"{programme.title}台账",
        notes=[data_note(found.data_date)],
        columns=columns,
        rows=([each.of(line) for each in fields] for line in found.lines),
        frozen=columns.index(TASK) + 1,
        empty="这个专项还没有任务",
        mark=DEMO if programme.demo else "",
    )


def _units(programme: Programme, rows: Sequence[Sequence[Cell]]) -> Sheet:
    return Sheet(
        name=f"{programme.short_title[:_LONGEST]}（按单位）",
        title=f"{programme.title}（按单位）",
        notes=["一条分工由几个单位负责的，在每个单位下各列一行。"],
        columns=BY_UNIT,
        rows=rows,
        mark=DEMO if programme.demo else "",
    )


def _history(programme: Programme, rows: "_Counted") -> Sheet:
    return Sheet(
        name=f"{programme.short_title[:_LONGEST]}（历史）",
        title=f"{programme.title}报送历史",
        notes=["每次报送、更正各为一个版本，先后为序；只列单位，不列个人。"],
        columns=HISTORY,
        rows=rows,
        frozen=2,
        empty="还没有报送",
        mark=DEMO if programme.demo else "",
    )


class _Counted:
    """Rows that are counted while they are written."""

    def __init__(self, rows: Iterator[Sequence[Cell]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self._rows:
            self.count += 1
            yield row
