"""Task tables → items: merged and repeated cells, sections, several tasks in one cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import Problem, ProgrammeError
from models.programmes.documents.blocks import Block, Line, Row, Table, one_line
from models.programmes.documents.headers import (
    Column,
    columns_of,
    is_header,
    is_known_title,
    joined_head,
    shown,
    titles_of,
)
from models.programmes.documents.items import Item, Notes, Section
from models.programmes.documents.table_rows import Above, RowReader, said
from models.rules.unit import unit_called

_SECTION = re.compile(r"^(?:([一二三四五六七八九十]+)、|[（(]([一二三四五六七八九十]+)[）)])\s*")
_TOTAL = re.compile(r"^(?:合计|小计|总计|共计)")
_REMARK = re.compile(r"^(?:注|说明|备注|单位|计量单位|统计|截[止至]|填报|[（(])")
_HEADING_LENGTH = 40
_FIGURE = re.compile(r"^[≥≤<>=约\s]*\d[\d,，.]*\s*[万亿%％]?\D{0,5}$")


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A table of tasks: where its head ends and what its columns hold."""

    table: Table
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    title: str
    first: int
    headed: bool = True

    @property
    def holds(self) -> frozenset[Column]:
        return frozenset(self.columns) - {Column.OTHER}


def task_tables(blocks: Sequence[Block], notes: Notes) -> list[TaskTable]:
    """The document's task tables: the fullest kind, and others as full; the rest are listed."""
    tables = [block for block in blocks if isinstance(block, Table)]
    found: list[TaskTable] = []
    for table in tables:
        headed = _headed(table, notes) or _continued(table, found, blocks)
        if headed is not None:
            found.append(headed)
    taken = _fullest(found)
    for table in tables:
        if table not in [each.table for each in taken]:
            notes.miss(table.place, f"不是任务表，没有读入（{len(table.rows)}行，{_begin(table)}）")
    return taken


def table_items(blocks: Sequence[Block], tables: Sequence[TaskTable], notes: Notes) -> list[Item]:
    """Every task of *tables*, in printed order; headings between tables are their sections."""
    by_number = {each.table.number: each for each in tables}
    state = Above()
    centred = any(_begins_empty(each) for each in tables)
    items: list[Item] = []
    for at, block in enumerate(blocks):
        task_table = by_number.get(block.number) if isinstance(block, Table) else None
        if task_table is not None:
            if heading := _heading_above(blocks[:at]):
                state.enter(_section(heading), 0)
                if re.match(r"附[件表]", heading):
                    notes.assume(task_table.table.place, f"“{heading}”的任务另作一类读入，请核对")
            _items_of(task_table, state, centred, notes, items)
    _refuse_figures(tables, items)
    state.tell_borrowed(notes)
    _list_unread(tables, notes)
    return items


def _begins_empty(task_table: TaskTable) -> bool:
    """Whether the first task of a table has no unit: it stands further down, in the middle."""
    for row in task_table.table.rows[task_table.first :]:
        if said(row, task_table.columns, Column.TITLE) and _heading(row) is None:
            return task_table.headed and not said(row, task_table.columns, Column.LEAD)
    return False


def _fullest(found: Sequence[TaskTable]) -> list[TaskTable]:
    """Tables of the fullest kind; a list of the same tasks without numbers is another kind."""
    best = max(found, key=lambda each: len(each.holds), default=None)
    if best is None:
        return []
    numbered = Column.NUMBER in best.columns
    return [
        each
        for each in found
        if (each.title == best.title and (Column.NUMBER in each.columns) is numbered)
        or len(each.holds) == len(best.holds)
    ]


def _headed(table: Table, notes: Notes) -> TaskTable | None:
    for at, row in enumerate(table.rows[:4]):
        if is_header(row.texts):
            labels, after = joined_head(table.rows, at)
            columns = columns_of(labels, _measures(table, labels, after))
            _tell_unknown_title(table, labels, columns, notes)
            if Column.TITLE in columns and Column.LEAD not in columns:
                columns = _with_nameless_lead(table, labels, columns, notes)
            if {Column.TITLE, Column.LEAD} <= set(columns):
                return TaskTable(table, columns, labels, titles_of(table, at), after)
            return None
    return None


def _measures(table: Table, labels: Sequence[str], first: int) -> bool:
    """Whether the column 单位 holds units of measure rather than of government."""
    if "单位" not in labels:
        return False
    if Column.LEAD in columns_of([each for each in labels if each != "单位"]):
        return True
    at = labels.index("单位")
    words = [row.cells[at].text for row in table.rows[first:] if row.cells[at].text.strip()]
    return bool(words) and all(unit_called(word) is not None for word in words)


def _tell_unknown_title(
    table: Table, labels: Sequence[str], columns: Sequence[Column], notes: Notes
) -> None:
    titles = [name for name, each in zip(labels, columns, strict=True) if each is Column.TITLE]
    if titles and not any(is_known_title(name) for name in titles):
        notes.assume(f"{table.place}“{shown(titles[0])}”栏", "按任务名称读，请核对")


def _refuse_figures(tables: Sequence[TaskTable], items: Sequence[Item]) -> None:
    """ProgrammeError where most tasks would be called by a mere amount."""
    figures = [item for item in items if _FIGURE.match(item.text)]
    if len(figures) * 2 > len(items):
        text = (
            f"任务名称多是数字（如“{figures[0].text}”），可能把目标栏读成了任务；"
            "请把写任务的一栏表头改为“项目名称”"
        )
        raise ProgrammeError([Problem(tables[0].table.place, text)])


def _with_nameless_lead(
    table: Table, labels: Sequence[str], columns: tuple[Column, ...], notes: Notes
) -> tuple[Column, ...]:
    """A single column without a header beside known ones can only be who answers."""
    empty = [at for at, each in enumerate(labels) if not each]
    if len(empty) != 1:
        return columns
    at = empty[0]
    notes.assume(f"{table.place}第{at + 1}栏", "没有表头，按“牵头单位”读，请核对")
    return (*columns[:at], Column.LEAD, *columns[at + 1 :])


def _continued(
    table: Table, found: Sequence[TaskTable], blocks: Sequence[Block]
) -> TaskTable | None:
    """A table without a head that directly follows one of the same width, over a page break."""
    at = blocks.index(table)
    before = blocks[at - 1] if at else None
    if not found or before is not found[-1].table or not table.rows:
        return None
    last = found[-1]
    if len(table.rows[0].cells) != len(last.columns):
        return None
    return TaskTable(table, last.columns, last.labels, last.title, 0, headed=False)


def _begin(table: Table) -> str:
    return "、".join(one_line(text) for text in table.rows[0].texts if text.strip())[:30]


def _items_of(
    task_table: TaskTable, state: Above, centred: bool, notes: Notes, items: list[Item]
) -> None:
    if task_table.headed:
        state.cells.pop(Column.LEAD, None)
    rows = task_table.table.rows
    columns, labels, begin = task_table.columns, task_table.labels, task_table.first
    leads = [said(row, columns, Column.LEAD) for row in rows]
    for at in range(task_table.first, len(rows)):
        row = rows[at]
        if at < begin:
            continue
        if is_header(row.texts):
            labels, begin = joined_head(rows, at)
            columns = columns_of(labels, _measures(task_table.table, labels, begin))
        elif (heading := _heading(row)) is not None:
            state.enter(heading, 0 if heading.ordinal or not state.sections else 1)
        elif any(row.texts) and not _TOTAL.match("".join("".join(row.texts).split())):
            below = next((lead for lead in leads[at + 1 :] if lead), "")
            merges = task_table.table.merges
            RowReader(row, columns, labels, state, below, centred, merges, notes).add_to(items)


def _heading_above(blocks: Sequence[Block]) -> str:
    """The heading that stands directly above a table; remarks between them are none."""
    for block in reversed(blocks):
        if not isinstance(block, Line):
            return ""
        if not _REMARK.match(block.text):
            is_heading = len(block.text) <= _HEADING_LENGTH and not block.text.endswith("。")
            return re.sub(r"[（(][^（）()]*[）)]$", "", block.text) if is_heading else ""
    return ""


def _list_unread(tables: Sequence[TaskTable], notes: Notes) -> None:
    """Columns that a programme has no place for, once for each header."""
    unread: dict[str, list[str]] = {}
    for each in tables:
        for at, column in enumerate(each.columns):
            rows = each.table.rows[each.first :]
            if column is Column.OTHER and any(row.texts[at] for row in rows if at < len(row.cells)):
                name = shown(each.labels[at]) or f"第{at + 1}栏"
                unread.setdefault(name, []).append(each.table.place)
    for name, places in unread.items():
        notes.miss("、".join(dict.fromkeys(places)), f"“{name}”栏没有读入，专项里没有对应的内容")


def _heading(row: Row) -> Section | None:
    """The section that a row names: one text alone that is numbered or spans the table."""
    said = {one_line(text) for text in row.texts if text.strip()}
    if len(said) != 1:
        return None
    text = said.pop()
    spans = len(row.cells) > 1 and all(cell.left for cell in row.cells[1:])
    return _section(text) if spans or _SECTION.match(text) else None


def _section(text: str) -> Section:
    match = _SECTION.match(text)
    ordinal = (match[1] or match[2]) if match else ""
    return Section(ordinal, text[match.end() :] if match else text)
