"""数据: every indicator as a time series over the days of its figures, its counties below."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import BinaryIO

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handlers.context import ExportContext
from handlers.exports.contract import XLSX, Exported, export
from handlers.exports.ledger_fields import target_cell
from handlers.exports.sheet import Cell, Column, Shape, Sheet, Shown, percent
from handlers.exports.streams import streamed
from handlers.supervising.texts import DEMO, full_day_text, some
from models.area import Area
from models.figure import Figure, Series
from models.indicator import Allotment, Indicator, indicators_of
from models.programme import Programme
from models.task import Task, tasks_of
from models.unit import units_of

_MOST_NAMED = 10
_SIDE = (
    Column("编号", 10),
    Column("任务", 32),
    Column("指标", 22),
    Column("计量单位", 9),
    Column("地区", 14),
    Column("目标", 12),
)
#: What is reported of a task as a whole, in the order of the rows.
_OF_TASK = {Series.STATED: "自报进度", Series.VERIFIED: "验收进度", Series.REPORTED: "完成阶段"}
#: The values of a row by day: of an indicator or the whole task (None), a unit or the area (None).
_Key = tuple[int | None, int | None, str]
_Values = Mapping[date, Figure]


@export("series", word="数据", about="各指标历次数据，含分县市", mime=XLSX)
def series(ctx: ExportContext, out: BinaryIO) -> Exported:
    """One sheet a programme: accepted values up to the end of the period named, else all."""
    from handlers.render.excel import write_book  # its library costs a start 0.1 s

    found = [_Table(ctx, programme) for programme in ctx.programmes]
    made = ctx.now.astimezone(ctx.services.zone)
    write_book(out, (each.sheet() for each in found), made, ctx.most_rows)
    missing = [line for each in found if (line := each.missing())]
    return Exported(tuple(each.held() for each in found), tuple(missing))


class _Table:
    """The series of one programme, written task by task: only one task's values are in memory."""

    def __init__(self, ctx: ExportContext, programme: Programme) -> None:
        session = ctx.session
        self._session, self._programme = session, programme
        self._until = min(ctx.round.last, ctx.today) if ctx.round else ctx.today
        self._area = session.get_one(Area, programme.area_id).name
        self._units = units_of(session, programme.area_id)
        self._tasks = tasks_of(session, programme.id or 0)
        self._indicators = indicators_of(session, [each.id or 0 for each in self._tasks])
        self._shares = _shares(session, programme)
        self._days = _days(session, programme, self._until)
        self._values = 0
        self._without: list[str] = []

    def sheet(self) -> Sheet:
        """The programme's sheet."""
        return Sheet(
            name=self._programme.short_title,
            title=f"{self._programme.title}历次数据",
            notes=[
                f"截至{full_day_text(self._until)}已通过的累计数，按数据日期分列；"
                "同一日期有更正的，列更正后的数。"
            ],
            columns=[*_SIDE, *(Column(f"{day:%Y-%m-%d}", 13) for day in self._days)],
            rows=self._rows(),
            frozen=5,
            empty="这个专项没有指标",
            mark=DEMO if self._programme.demo else "",
        )

    def held(self) -> str:
        """How much was written."""
        found = f"{len(self._days)}个数据日期，{self._values}个数" if self._values else "还没有数据"
        return f"{self._programme.short_title}：{self._count}个指标，{found}"

    @property
    def _count(self) -> int:
        return sum(map(len, self._indicators.values()))

    def missing(self) -> str:
        """The indicators without figures while others have some; empty where there is none."""
        if not self._without or not self._values:
            return ""
        names = some(self._without, _MOST_NAMED)
        return f"{self._programme.short_title}有{len(self._without)}个指标还没有数据：{names}"

    def _rows(self) -> Iterator[Sequence[Cell]]:
        with streamed(self._session, _figures(self._programme, self._until)) as rows:
            figures = _by_task(rows)
            known = next(figures, None)
            for task in self._tasks:
                values: Mapping[_Key, _Values] = {}
                if known is not None and known[0] == task.id:
                    values, known = known[1], next(figures, None)
                yield from self._of_task(task, values)

    def _of_task(self, task: Task, values: Mapping[_Key, _Values]) -> Iterator[Sequence[Cell]]:
        for indicator in self._indicators[task.id or 0]:
            yield from self._of_indicator(task, indicator, values)
        for kind, title in _OF_TASK.items():
            if own := values.get((None, None, kind)):
                is_share = kind is not Series.REPORTED
                side = (task.number, task.title, title, "" if is_share else "个", self._area, None)
                yield (*side, *self._line(own, is_share=is_share))

    def _of_indicator(
        self, task: Task, indicator: Indicator, values: Mapping[_Key, _Values]
    ) -> Iterator[Sequence[Cell]]:
        id_, head = indicator.id or 0, (task.number, task.title, indicator.name, indicator.unit)
        whole = values.get((id_, None, Series.REPORTED), {})
        counties = [
            (unit.name, share.target if share else None, own)
            for unit in self._units
            for share in [self._shares.get((id_, unit.id or 0))]
            for own in [values.get((id_, unit.id, Series.REPORTED), {})]
            if own or share is not None
        ]
        if not whole and not any(own for _, _, own in counties):
            self._without.append(f"{task.number}{indicator.name}")
        # What is counted by county alone has no line of its own.
        if whole or indicator.target is not None or not counties:
            yield (*head, self._area, target_cell(indicator), *self._line(whole))
        for name, share, own in counties:
            yield (*head, name, share, *self._line(own))

    def _line(self, values: _Values, *, is_share: bool = False) -> Iterator[Cell]:
        for day in self._days:
            figure = values.get(day)
            self._values += figure is not None
            if figure is None:
                yield None
            elif is_share:
                yield percent(figure.value)
            else:
                yield Shown(figure.value, shape=Shape.ABOUT if figure.approximate else Shape.PLAIN)


def _shares(session: Session, programme: Programme) -> dict[tuple[int, int], Allotment]:
    """What each county is to do of an indicator, by indicator and county."""
    rows = session.exec(
        select(Allotment)
        .join(Indicator, col(Indicator.id) == col(Allotment.indicator_id))
        .join(Task, col(Task.id) == col(Indicator.task_id))
        .where(Task.programme_id == programme.id)
    ).all()
    return {(row.indicator_id, row.unit_id): row for row in rows}


def _days(session: Session, programme: Programme, until: date) -> list[date]:
    """The days that accepted figures speak of, oldest first."""
    query = select(col(Figure.as_of)).join(Task, col(Task.id) == col(Figure.task_id)).distinct()
    return sorted(session.exec(query.where(*_counted(programme, until))).all())


def _figures(programme: Programme, until: date) -> SelectOfScalar[Figure]:
    """Accepted figures in the order of the tasks, of one day the one that holds last."""
    return (
        select(Figure)
        .join(Task, col(Task.id) == col(Figure.task_id))
        .where(*_counted(programme, until))
        .order_by(
            *(col(Task.position), col(Task.id)),
            *(col(Figure.as_of), col(Figure.accepted_at), col(Figure.id)),
        )
    )


def _counted(programme: Programme, until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Task.programme_id) == programme.id,
        col(Task.active).is_(True),
        col(Figure.accepted_at).is_not(None),
        col(Figure.as_of) <= until,
    )


def _by_task(figures: Iterable[Figure]) -> Iterator[tuple[int, Mapping[_Key, _Values]]]:
    for task_id, rows in groupby(figures, key=lambda row: row.task_id):
        found: dict[_Key, dict[date, Figure]] = defaultdict(dict)
        for row in rows:
            found[row.indicator_id, row.unit_id, row.series][row.as_of] = row
        yield task_id, found
