"""A workbook with reports: its rows are read as a pasted table is, and reported at once.

What is complete and clear is submitted without a 确认 in between: nobody who has filled in a row
wants to be asked whether they meant it, a report can be taken back until it is reviewed, and every
row is echoed. What is incomplete, strange or somebody else's is listed and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.normalise import name_key
from handlers.reporting.blocks import Known
from handlers.reporting.cells import Row
from handlers.reporting.county_sheets import county_names, county_reports, holds_counties
from handlers.reporting.said import known_tasks, own_unit_names, report_table
from handlers.reporting.sheets import sheets_of
from handlers.reporting.tables import Table, of_programme, read_bare, read_table
from models.errors import Refused
from models.media import Media
from models.message import Reply
from models.programme import Programme

if TYPE_CHECKING:
    from models.programmes.workbook.plain import PlainSheet

_WORDS = ("报送", "填报", "上报")
_GUIDE = "说明"
_MOST_NAMED = 5
_MOST_FAULTS = 10
_EXPECTED = "第一行请写明“任务编号”（或“任务名称”）和“完成数”等列名；领取填好任务的表格请发“模板”。"


def report_workbook(context: Context, media: Media) -> Reply:
    """Report what the workbook holds; one refusal where nothing in it can be read."""
    sheets = sheets_of(media, context.services.media)
    table = _table(context, sheets) or county_reports(context, sheets, media.name)
    if isinstance(table, Reply):
        _taken(context, media)
        return table
    if table is None or not table.items:
        raise Refused("\n".join(_nothing(media, sheets, has_header=table is not None)))
    _taken(context, media)
    return report_table(context, table, always=True)


def _taken(context: Context, media: Media) -> None:
    """The file is read: what is said of files that cannot be is not said of it."""
    context.media = [each for each in context.media if each.sha != media.sha]


def _nothing(media: Media, sheets: Sequence["PlainSheet"], *, has_header: bool) -> list[str]:
    """That nothing can be reported; a row that could not be read may have been its header."""
    faults = _faults(sheets)
    if faults:
        return [f"《{media.name}》没有可报送的内容，未作处理。", *faults]
    if has_header:
        return [f"《{media.name}》没有填写内容，未作处理。请填好“完成数”等列后重发。"]
    return [f"《{media.name}》没有读到报送内容，未作处理。{_EXPECTED}"]


def holds_reports(context: Context, sheets: Sequence["PlainSheet"]) -> bool:
    """Whether a sheet has a table of reports, with its header or without."""
    known, sections = known_tasks(context)
    units = own_unit_names(context)
    counties = county_names(context)
    tables = (_read(_rows(each), known, sections, units, counties) for each in sheets)
    return any(each is not None for each in tables) or holds_counties(context, sheets)


def _read(
    rows: Sequence[Row],
    known: Sequence[Known],
    sections: Sequence[str],
    units: Sequence[str],
    counties: Sequence[str],
) -> Table | None:
    return read_table(rows, known, sections, units, counties) or read_bare(rows, known)


def _table(context: Context, sheets: Sequence["PlainSheet"]) -> Table | None:
    """The reports of the sheets that are meant, with what was not read of the file."""
    known, sections = known_tasks(context)
    units = own_unit_names(context)
    counties = county_names(context)
    named = [each for each in sheets if _is_meant(context, each.name)]
    wanted = named or [each for each in sheets if each.name.strip() != _GUIDE]
    tables = []
    for sheet in wanted:
        table = _read(_rows(sheet), known, sections, units, counties)
        if table is not None:
            tables.append(_placed(context, table, sheet, known, is_one=len(wanted) == 1))
    items = tuple(item for table in tables for item in table.items)
    if not tables:
        return None
    notes = [note for table in tables for note in table.notes]
    notes += _unread(sheets, wanted)
    return Table(items, tuple(notes), has_header=True)


def _placed(
    context: Context, table: Table, sheet: "PlainSheet", known: Sequence[Known], *, is_one: bool
) -> Table:
    """The table with the sheet's name before its rows, and the programme the sheet stands for."""
    programmes = _programmes(context, sheet.name)
    if len(programmes) == 1:
        table = of_programme(table, programmes[0].code, known)
    if is_one:
        return table
    name = harmless(sheet.name)
    items = tuple(replace(each, where=f"{name}{each.where}") for each in table.items)
    return replace(table, items=items, notes=tuple(f"{name}：{each}" for each in table.notes))


def _unread(sheets: Sequence["PlainSheet"], wanted: Sequence["PlainSheet"]) -> list[str]:
    others = [each for each in sheets if each not in wanted and each.rows]
    names = [harmless(each.name) for each in others if each.name.strip() != _GUIDE]
    notes = [f"未读的工作表：{_few(names)}。"] if names else []
    notes += _faults(wanted)
    formulas = [place for each in wanted for place in each.formulas]
    if formulas:
        notes.append(f"公式未读取：{_few(formulas)}，请“粘贴为数值”后重发这几行。")
    return notes


def _faults(sheets: Sequence["PlainSheet"]) -> list[str]:
    """The rows that could not be read, each with the cell that is to be mended."""
    lines = [
        f"{harmless(each.name) if len(sheets) > 1 else ''}{fault}"
        for each in sheets
        for fault in each.faults
    ]
    if not lines:
        return []
    shown, more = lines[:_MOST_FAULTS], len(lines) - _MOST_FAULTS
    rest = f"；另有{more}行" if more > 0 else ""
    return [f"未读取的行：{'；'.join(shown)}{rest}。请改正后重发这几行。"]


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")


def _rows(sheet: "PlainSheet") -> list[Row]:
    return [Row(each.number, each.cells) for each in sheet.rows]


def _is_meant(context: Context, name: str) -> bool:
    """Whether a sheet is called so, or after a programme."""
    return any(word in name for word in _WORDS) or bool(_programmes(context, name))


def _programmes(context: Context, name: str) -> list[Programme]:
    """The programmes after which a sheet is named."""
    key = name_key(name)
    return [each for each in context.programmes if any(called in key for called in _names(each))]


def _names(programme: Programme) -> set[str]:
    names = (programme.short_title, programme.title, programme.code)
    return {key for each in names if (key := name_key(each))}
