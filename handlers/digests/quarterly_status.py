"""月调度、季检查: how a division of work stands, clause by clause and unit by unit."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from handlers.context import BulletinContext
from handlers.registry import Span, bulletin
from handlers.render.document import (
    Align,
    Annex,
    Cell,
    Count,
    Document,
    Editable,
    Line,
    Paragraph,
    Piece,
    Rule,
    Source,
    Sum,
    Table,
    Tally,
    joined,
)
from handlers.render.document_sections import (
    Section,
    names,
    numeral,
    places,
    sections,
    unless_zero,
)
from handlers.standing.division import ROLES, division_data
from models.programme import Programme
from models.rules.recurrence import Every
from models.task import Clause, Task

Row = tuple[Cell | Line, ...]
#: The blocks that an admin writes: key, name in chat, heading.
WORDS = (
    ("features", "特点", "工作特点"),
    ("problems", "问题", "存在问题"),
    ("next", "要求", "下一步要求"),
)
_LEFT, _CENTRE = Align.LEFT, Align.CENTRE


def _serves(session: Session, programme: Programme) -> bool:
    """Programmes whose work is divided into responsibility clauses."""
    query = (
        select(Clause.id)
        .join(Task, col(Task.id) == col(Clause.task_id))
        .where(Task.programme_id == programme.id, col(Task.active), col(Clause.active))
    )
    return session.exec(query.limit(1)).first() is not None


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str], *, quarterly: bool) -> Document:
    """The status of a month or a quarter that follows from a snapshot."""
    source = Source(snapshot)
    year, month = source.value("year"), source.value("month")
    period = f"第{numeral((month + 2) // 3 - 1)}季度检查" if quarterly else f"{month}月调度"
    return Document(
        title=(f"关于{source.value('short')}", f"{year}年{period}情况的通报"),
        addressee="各责任单位：",
        blocks=tuple(sections(_sections(source, texts))),
        annexes=tuple(_annexes(source)),
        rules=tuple(_rules(source)),
    )


@bulletin(
    "monthly_status",
    title="调度通报",
    serves=_serves,
    build=partial(build, quarterly=False),
    words=("调度通报", "月调度", "调度"),
)
def monthly_status(ctx: BulletinContext) -> dict[str, Any]:
    """Clauses and units with what they reported for the month."""
    return division_data(ctx.session, ctx.programme, ctx.data_date, Every.MONTH, ctx.now)


@bulletin(
    "quarterly_status",
    title="季检查通报",
    serves=_serves,
    build=partial(build, quarterly=True),
    words=("季检查通报", "季检查", "季度检查"),
    span=Span.QUARTER,
)
def quarterly_status(ctx: BulletinContext) -> dict[str, Any]:
    """The same of the quarter's own reports."""
    return division_data(ctx.session, ctx.programme, ctx.data_date, Every.QUARTER, ctx.now)


def _sections(source: Source, texts: Mapping[str, str]) -> Iterator[Section]:
    yield "总体情况", (Paragraph(_overview(source)),)
    for key, title, heading in WORDS:
        yield heading, (Editable(key, title, texts.get(key, "")),)


def _overview(source: Source) -> tuple[Piece, ...]:
    roles: list[Line] = [
        (source.datum(f"{at}/label"), "的", source.datum(f"{at}/count"), "条")
        for at in places(source, "counts/roles")
    ]
    return (
        "重点工作",
        source.datum("counts/tasks"),
        "项、责任分工",
        source.datum("counts/clauses"),
        "条，其中",
        *joined(roles, "、"),
        "。本期应报",
        source.datum("counts/asked"),
        "件，已报",
        source.datum("counts/came"),
        "件，未报",
        source.datum("counts/missing"),
        "件。各单位、各事项情况见附件。",
    )


def _annexes(source: Source) -> Iterator[Annex]:
    if source.value("units"):
        yield Annex("责任单位情况表", (_unit_table(source),), landscape=True)
    if source.value("tasks"):
        yield Annex("重点工作分工进展情况表", (_clause_table(source),), landscape=True)


def _unit_table(source: Source) -> Table:
    """A report that several units owe together counts under each of them."""
    header = ("责任单位", *ROLES.values(), "应报", "已报", "未报", "未报的分工")
    rows = tuple(
        (
            source.datum(f"{at}/unit"),
            *(unless_zero(source, f"{own}/count") for own in places(source, f"{at}/roles")),
            *(unless_zero(source, f"{at}/{key}") for key in ("asked", "came", "missing")),
            joined(source.data(f"{at}/named")),
        )
        for at in places(source, "units")
    )
    aligns = (_LEFT, *(_CENTRE for _ in header[1:-1]), _LEFT)
    return Table((header,), rows, (19, 6, 8, 8, 6, 6, 6, 6, 35), aligns)


def _clause_table(source: Source) -> Table:
    """A row a clause, each with its item: a cell shared by many is lost over a page."""
    rows: list[Row] = []
    for at in places(source, "tasks"):
        title = source.datum(f"{at}/title")
        for own in places(source, f"{at}/clauses"):
            rows.append((source.datum(f"{own}/label"), title, *_clause_row(source, own)))
        if not source.value(f"{at}/clauses"):
            rows.append((source.datum(f"{at}/number"), title, *(("—",) * 6)))
    header = ("序号", "重点工作", "分工", "方式", "责任单位", "配合单位", "本期", "进展")
    widths = (9, 13, 21, 7, 16, 18, 6, 20)
    aligns = (_CENTRE, _LEFT, _LEFT, _CENTRE, _LEFT, _LEFT, _CENTRE, _LEFT)
    return Table((header,), tuple(rows), widths, aligns)


def _clause_row(source: Source, at: str) -> Row:
    return (
        source.datum(f"{at}/text"),
        source.datum(f"{at}/role"),
        names(source, f"{at}/lead"),
        names(source, f"{at}/supporting"),
        source.datum(f"{at}/state"),
        source.datum(f"{at}/progress"),
    )


def _rules(source: Source) -> Iterator[Rule]:
    """Roles make up all clauses, reports those asked for; whoever lacks some is named."""
    roles = places(source, "counts/roles")
    yield Sum("责任分工总数", "counts/clauses", tuple(f"{at}/count" for at in roles))
    tasks = places(source, "tasks")
    clauses = [own for at in tasks for own in places(source, f"{at}/clauses")]
    for at in roles:
        label = source.value(f"{at}/label")
        printed = tuple(f"{own}/role" for own in clauses)
        yield Tally(f"{label}的分工", f"{at}/count", printed, label)
    yield Sum("应报件数", "counts/asked", ("counts/came", "counts/missing"))
    for at in places(source, "units"):
        unit = source.value(f"{at}/unit")
        yield Sum(f"{unit}应报", f"{at}/asked", (f"{at}/came", f"{at}/missing"))
        yield Count(f"{unit}未报", f"{at}/missing", f"{at}/named")
