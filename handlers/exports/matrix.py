"""矩阵: every task's reports by period, each as a word on a fill: what came, waits, is late."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO
from zoneinfo import ZoneInfo

from handlers.context import ExportContext
from handlers.exports.contract import XLSX, Exported, export
from handlers.exports.sheet import Cell, Column, Look, Sheet, Shown
from handlers.reporting.texts import due_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.supervising.owing import Counts, counts
from handlers.supervising.texts import DEMO, issue_text, moment_text, state_title
from models.programme import Programme
from models.rules.reporting import State
from models.rules.rounding import percent_text
from models.unit import Unit

#: A row: a task or clause with the units that owe it together.
_Row = tuple[int, int | None, tuple[int, ...]]
#: A period by the day it ends on and its name; what covers none comes first.
_Period = tuple[date, str]
_SIDE = (Column("编号", 10), Column("任务", 34), Column("应报单位", 24))
_BYGONE = "载入前到期"
_WORST = (Look.BAD, Look.WAITS, Look.PLAIN, Look.GOOD, Look.QUIET)
_COUNTED = ("应报", "已报", "其中逾期报送", "未报", "报送率")


@export("matrix", word="矩阵", about="每项任务各期报送到了没有", mime=XLSX)
def matrix(ctx: ExportContext, out: BinaryIO) -> Exported:
    """One sheet a programme: its reports of the whole year, or those due in the period named."""
    from handlers.render.excel import write_book  # its library costs a start 0.1 s

    holds: list[str] = []
    made = ctx.now.astimezone(ctx.services.zone)
    write_book(out, _sheets(ctx, holds), made, ctx.most_rows)
    return Exported(tuple(holds))


def _sheets(ctx: ExportContext, holds: list[str]) -> Iterator[Sheet]:
    for programme in ctx.programmes:
        found = _Matrix(_asked(ctx, programme), ctx.services.zone)
        holds.append(found.said(programme))
        yield found.sheet(ctx, programme)


def _asked(ctx: ExportContext, programme: Programme) -> list[DutyStanding]:
    """The reports that anybody was asked for, each piece of work once."""
    zone, named = ctx.services.zone, ctx.round
    wanted = DutyFilter(
        programme_ids=(programme.id or 0,),
        since=named.starts(zone) if named else None,
        until=named.ends(zone) if named else None,
    )
    found = duties(ctx.session, wanted, ctx.now, zone)
    return merged(each for each in found if not each.is_dropped)


class _Matrix:
    """Tasks by periods."""

    def __init__(self, asked: Sequence[DutyStanding], zone: ZoneInfo) -> None:
        self._zone = zone
        self._asked = asked
        self._rows: dict[_Row, DutyStanding] = {}
        self._cells: Mapping[tuple[_Row, _Period], list[DutyStanding]] = defaultdict(list)
        for each in sorted(asked, key=_printed):
            row = (each.task.id or 0, each.matter.clause_id, tuple(_ids(each.units)))
            self._rows.setdefault(row, each)
            self._cells[row, _period(each)].append(each)
        self._periods = sorted({_period(each) for each in asked})

    def said(self, programme: Programme) -> str:
        """How many reports of how many tasks and periods the sheet shows."""
        found, overdue = counts(self._asked), sum(map(_is_late, self._asked))
        return (
            f"{programme.short_title}：{len(self._rows)}行、{len(self._periods)}期，"
            f"应报{found.expected}件，已报{found.came}件，逾期未报{overdue}件{self._aside()}"
        )

    def _aside(self) -> str:
        """How many are shown that nobody is held to; empty where there are none."""
        bygone = sum(each.duty.history for each in self._asked)
        waits = sum(not each.is_confirmed and not each.duty.history for each in self._asked)
        parts = [f"{waits}件期限待确认"] * bool(waits) + [f"{bygone}件{_BYGONE}"] * bool(bygone)
        return f"（另有{'、'.join(parts)}，不计入应报）" if parts else ""

    def sheet(self, ctx: ExportContext, programme: Programme) -> Sheet:
        """The programme's sheet: tasks, then what they add up to."""
        of_round = f"（{ctx.round.first.year}年{ctx.round.name}截止）" if ctx.round else ""
        return Sheet(
            name=programme.short_title,
            title=f"{programme.title}报送情况{of_round}",
            notes=[
                f"截至{moment_text(ctx.now, self._zone)}。一列为一期，即报送所涵盖的时间；"
                "末尾几行为合计，期限未确认的和载入前到期的不计。"
            ],
            columns=[
                *_SIDE,
                *(Column(issue_text(name), 14, centred=True) for _, name in self._periods),
            ],
            rows=self._lines(),
            totals=self._totals() if self._rows else (),
            frozen=2,
            empty="没有要报送的",
            mark=DEMO if programme.demo else "",
        )

    def _lines(self) -> Iterator[Sequence[Cell]]:
        for row, first in self._rows.items():
            units = "、".join(unit.name for unit in first.units)
            side = (first.matter.label, _about(first), units)
            yield (*side, *(self._cell(self._cells.get((row, p), ())) for p in self._periods))

    def _cell(self, found: Sequence[DutyStanding]) -> Cell:
        if not found:
            return None
        shown = [_stands(each, self._zone) for each in found]
        worst = min((look for _, look in shown), key=_WORST.index)
        return Shown("\n".join(dict.fromkeys(text for text, _ in shown)), worst)

    def _totals(self) -> Iterator[Sequence[Cell]]:
        found = [
            counts(each for each in self._asked if _period(each) == period)
            for period in self._periods
        ]
        columns = [_numbers(each) for each in found]
        for at, title in enumerate(_COUNTED):
            side = (Shown(title, Look.TOTAL), Shown("", Look.TOTAL), Shown("", Look.TOTAL))
            yield (*side, *(Shown(each[at], Look.TOTAL) for each in columns))


def _is_late(each: DutyStanding) -> bool:
    return each.chased and (each.is_overdue or each.is_closed)


def _numbers(found: Counts) -> tuple[str | int, ...]:
    missing = found.missing + found.closed
    share = percent_text(found.rate)
    return found.expected, found.came, found.late, missing, share


def _printed(each: DutyStanding) -> tuple[int, int, int, int]:
    first = each.units[0] if each.units else None
    return each.task.position, each.task.id or 0, each.matter.place, first.position if first else 0


def _ids(units: Sequence[Unit]) -> list[int]:
    return [unit.id or 0 for unit in units]


def _period(each: DutyStanding) -> _Period:
    row = each.obligation
    return row.covers_to or row.due.date(), row.label


def _about(each: DutyStanding) -> str:
    return each.matter.clause.text if each.matter.clause else each.task.title


def _stands(each: DutyStanding, zone: ZoneInfo) -> tuple[str, Look]:
    """How one report stands, with its due day while somebody still has to write."""
    if each.is_missing and each.is_bygone and each.duty.history:
        return _BYGONE, Look.QUIET
    word = state_title(each.duty, each.state, closed=each.is_closed)
    if each.came_late and not each.is_returned:
        return f"{word}（逾期报）", Look.WAITS if each.awaits_review else Look.GOOD
    if each.state is State.WAIVED:
        return word, Look.QUIET
    if each.is_returned:
        return f"{word}\n待重报", Look.BAD
    if _is_late(each):
        return f"{word}\n{_due(each, zone)}", Look.BAD
    if each.awaits_review:
        return word, Look.WAITS
    if each.duty.has_accepted:
        return word, Look.GOOD
    return f"{word}\n{_due(each, zone)}", Look.PLAIN


def _due(each: DutyStanding, zone: ZoneInfo) -> str:
    return f"{due_text(each.duty.deadline, zone)}截止"
