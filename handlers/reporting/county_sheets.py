"""Sheets with the counties of one task: which task it is, and the report that they are."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.normalise import command_key, normalise
from handlers.reporting.begin import repeating
from handlers.reporting.cells import MOST_ABOVE, Row
from handlers.reporting.county_tables import Beside, CountyTable, day_read, read_county_table
from handlers.reporting.items import Item
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.owed import owed_listing
from handlers.reporting.tables import Table
from handlers.reporting.work import open_work
from models.indicator import Indicator, indicators_of
from models.message import Reply
from models.task import Task
from models.unit import Unit, UnitKind

if TYPE_CHECKING:
    from models.programmes.workbook.plain import PlainSheet

_FEWEST = 2
_SHORTEST = 3
#: Where a title goes on to say what of the task is listed: 雪亮工程｜各县市完成情况.
_OF_TASK = re.compile(
    r"(?:各|分|按)?(?:县|区|市州)|(?:目标)?任务?完成|进[度展]|推进|统计|情况|台账|汇总|通报|截[至止]|[(（【]"
    r"|(?:\d{4}年)?\d{1,2}(?:[-—至]\d{1,2})?月|\d{4}年|上半年"
)


def county_names(context: Context) -> list[str]:
    """What the counties of the running programmes are called."""
    areas = {each.area_id for each in context.programmes}
    of_areas = (col(Unit.area_id).in_(areas), Unit.kind == UnitKind.COUNTY)
    units = context.session.exec(select(Unit).where(*of_areas)).all()
    return [name for unit in units for name in (unit.name, *unit.aliases)]


def county_report(context: Context, rows: Sequence[Row], text: str) -> Table | None:
    """A pasted table of counties below a title that names its task, as a report on that."""
    places = county_names(context)
    if sum(text.count(name) for name in places) < _FEWEST:
        return None
    above = [row for row in rows[:MOST_ABOVE] if sum(map(bool, row.cells)) == 1]
    task = _task_in(context, next((cell for cell in above[0].cells if cell), "")) if above else None
    table = _read_rows(context, rows, places, task) if task else None
    if task is None or table is None or table.span[0] > len(above[:1]):
        return None
    return Table((Item(task.number, _without_name(text, task)),), (), has_header=True)


def _without_name(text: str, task: Task) -> str:
    """The table without its task's name ahead; 雪亮工程各县市完成情况 is its title."""
    plain = text.lstrip()
    for name in sorted((task.number, task.title, task.theme, *task.aliases), key=len, reverse=True):
        if name and (found := re.match(rf"{re.escape(name)}(?:[\s,，;；:：]+|$)", plain)):
            return plain[found.end() :]
    return text


def holds_counties(context: Context, sheets: Sequence["PlainSheet"]) -> bool:
    """Whether a sheet is a table of counties."""
    places = county_names(context)
    tables = (_read(context, each, places, None) for each in sheets)
    return any(each is not None for each in tables)


def county_reports(
    context: Context, sheets: Sequence["PlainSheet"], name: str
) -> Table | Reply | None:
    """The report that each sheet is, or the question on which task; None where none is of counties.

    The task is that of its title, of the sheet's or the file's *name*, else of the open report.
    """
    places = county_names(context)
    items: list[Item] = []
    notes: list[str] = []
    for sheet in sheets:
        task = _task(context, sheet, name)
        table = _read(context, sheet, places, task)
        if table is None:
            continue
        days = "、".join(_beside(context, task).days(table.days)) if table.days else ""
        lines = "\n".join((*table.lines, f"截至：{days}" if days else ""))
        if task is None and not items and len(sheets) == 1:
            return _which(context, lines, name)
        if task is None:
            notes.append(f"工作表“{harmless(sheet.name)}”没有写明是哪一项任务，未采用。")
            continue
        items.append(Item(task.number, lines))
        if table.unread:
            notes.append(f"未采用：{'、'.join(table.unread)}。")
    return Table(tuple(items), tuple(notes), has_header=True) if items or notes else None


def _which(context: Context, lines: str, name: str) -> Reply:
    owed, listing = owed_listing(context, repeating(lines))
    asks = f"《{harmless(name)}》是分县市的数，请问是哪一项任务？请回复序号：" if owed else ""
    return Reply("\n".join(filter(None, (asks, listing))))


def _read(
    context: Context, sheet: "PlainSheet", places: Sequence[str], task: Task | None
) -> CountyTable | None:
    rows = [Row(each.number, each.cells) for each in sheet.rows]
    return _read_rows(context, rows, places, task)


def _read_rows(
    context: Context, rows: Sequence[Row], places: Sequence[str], task: Task | None
) -> CountyTable | None:
    return read_county_table(rows, places, _vocabulary(context, task), _beside(context, task))


def _beside(context: Context, task: Task | None) -> Beside:
    """How a sheet is read, with the day that its open report was told before."""
    work = open_work(context)
    is_of = work is not None and task is not None and work.form.task.id == task.id
    stated = work.content.as_of if work and is_of and not work.content.is_day_assumed else None
    units = tuple(each.unit for each in _indicators(context, task))
    return Beside(lambda said: day_read(said, context.today, None), stated, units)


def _vocabulary(context: Context, task: Task | None) -> Vocabulary:
    own = _indicators(context, task)
    return Vocabulary(tuple(Heading(str(each.id), (each.name, *each.aliases)) for each in own))


def _indicators(context: Context, task: Task | None) -> Sequence[Indicator]:
    ids = [task.id or 0] if task else []
    return [each for own in indicators_of(context.session, ids).values() for each in own]


def _task(context: Context, sheet: "PlainSheet", name: str) -> Task | None:
    """The one task of the speaker's units that is named, else the one of the open report."""
    titles = [cell for row in sheet.rows[:MOST_ABOVE] for cell in row.cells[:1] if cell]
    named = (_task_in(context, text) for text in (*titles, sheet.name, PurePath(name).stem))
    if found := next(filter(None, named), None):
        return found
    work = open_work(context)
    return work.form.task if work and work.form.places else None


def _task_in(context: Context, title: str) -> Task | None:
    """The one own task that a title names, whole or before the words on what is listed."""
    parts = _OF_TASK.split(normalise(title))
    for text in (normalise(title), *parts):
        if len(command_key(text)) >= _SHORTEST and len(found := own_tasks_in(context, text)) == 1:
            return found[0]
    return None
