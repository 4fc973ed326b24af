"""通报: a month's circular on every project and county, made of the accepted figures."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.context import BulletinContext
from handlers.registry import bulletin
from handlers.render.document import (
    Align,
    Annex,
    Block,
    Cell,
    Count,
    Document,
    Editable,
    Heading,
    Line,
    Paragraph,
    Piece,
    Rule,
    Share,
    Source,
    Sum,
    Table,
    Tally,
    joined,
)
from handlers.render.document_sections import Section, names, numeral, places, sections
from handlers.reporting.texts import day_text
from handlers.standing.circular import circular_data
from handlers.supervising.texts import full_day_text
from models.programme import Programme

#: The blocks that an admin writes: key, name in chat, heading.
WORDS = (
    ("features", "特点", "工作特点"),
    ("problems", "问题", "存在问题"),
    ("next", "要求", "下一步要求"),
)


def _serves(session: Session, programme: Programme) -> bool:
    """Any programme can be reported on by month."""
    return True


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str]) -> Document:
    """The circular that follows from a snapshot; it looks at nothing else."""
    source = Source(snapshot)
    month = source.value("month")
    span = f"1—{month}月" if month > 1 else "1月"
    return Document(
        title=(f"关于{source.value('year')}年{span}{source.value('short')}", "进展情况的通报"),
        addressee="各县市、各责任单位：",
        blocks=(Paragraph(_overview(source)), *sections(_sections(source, texts))),
        annexes=tuple(_annexes(source)),
        rules=tuple(_rules(source)),
    )


@bulletin("circular", title="通报", serves=_serves, build=build, general=True)
def circular(ctx: BulletinContext) -> dict[str, Any]:
    """Figures, statuses, counties and counts at the data date."""
    return circular_data(ctx.session, ctx.programme, ctx.data_date)


def _sections(source: Source, texts: Mapping[str, str]) -> Iterator[Section]:
    yield "项目进展", tuple(_projects(source))
    if source.value("counties"):
        yield "县市情况", tuple(_counties(source))
    for key, title, heading in WORDS:
        yield heading, (Editable(key, title, texts.get(key, "")),)


def _overview(source: Source) -> tuple[Piece, ...]:
    day = date.fromisoformat(source.value("day"))
    return (
        f"截至{full_day_text(day)}，",
        source.datum("counts/tasks"),
        "个项目中，",
        *_status_counts(source, "counts", "个"),
        "。现将有关情况通报如下。",
    )


def _status_counts(source: Source, at: str, unit: str) -> tuple[Piece, ...]:
    """达到…的8个，工作有序推进的9个, …; what nobody reported on is said apart."""
    counted: list[Line] = [
        (source.datum(f"{own}/label"), "的", source.datum(f"{own}/count"), unit)
        for own in places(source, f"{at}/statuses")
    ]
    if source.value(f"{at}/unknown"):
        counted.append(("暂无数据的", source.datum(f"{at}/unknown"), unit))
    if at == "counts" and source.value("counts/uncounted"):
        counted.append(("只报材料、不计进度的", source.datum("counts/uncounted"), unit))
    return joined(counted, "，")


def _projects(source: Source) -> Iterator[Block]:
    """Each theme with its projects, numbered anew."""
    tasks = source.value("tasks")
    themes = list(dict.fromkeys(each["theme"] for each in tasks))
    for place, theme in enumerate(themes):
        own = [at for at, each in enumerate(tasks) if each["theme"] == theme]
        if theme and len(themes) > 1:
            yield Heading(2, f"（{numeral(place)}）{theme}项目（{len(own)}个）")
        for number, at in enumerate(own, start=1):
            yield Paragraph((f"{number}．", *_sentence(source, f"tasks/{at}")))


def _sentence(source: Source, at: str) -> tuple[Piece, ...]:
    """Lead, quoted title, figures with percentages, short facts, status."""
    lead = source.data(f"{at}/lead")
    head: tuple[Piece, ...] = ("由", *joined(lead), "牵头的") if lead else ()
    stated = source.value(f"{at}/stated")
    own = places(source, f"{at}/indicators")
    said = [
        # Where a percentage is stated for the whole, nobody waits for its parts.
        *(_indicator(source, each) for each in own if not (stated and _is_silent(source, each))),
        *_overall(source, at),
        *source.data(f"{at}/notes"),
    ]
    if not source.value(f"{at}/counted"):
        is_there = "已报送材料" if source.value(f"{at}/reported") else "本期尚未报送材料"
        return (
            *head,
            "“",
            source.datum(f"{at}/title"),
            "”事项：",
            *joined([*said, is_there], "；"),
            "。",
        )
    body = joined(said, "；") if said else ("尚未报送数据",)
    end = "；" if len(said) > 1 else "，"
    return (*head, "“", source.datum(f"{at}/title"), "”项目：", *body, end, *_status(source, at))


def _is_silent(source: Source, at: str) -> bool:
    return source.value(f"{at}/amount") is None and not source.value(f"{at}/counties")


def _indicator(source: Source, at: str) -> tuple[Piece, ...]:
    one = source.value(at)
    name = source.datum(f"{at}/name")
    counties = _county_figures(source, at)
    if one["amount"] is None:
        return (name, *(counties or ("尚未报送",)))
    said: tuple[Piece, ...] = (name, "完成", source.datum(f"{at}/amount"))
    if one["met"] is not None:
        is_met = "已达标" if one["met"] else "未达标"
        said = (name, source.datum(f"{at}/amount"), "（标准", source.datum(f"{at}/goal"))
        said = (*said, f"，{is_met}）")
    elif one["percent"] is not None:
        said = (*said, "，完成年任务", source.datum(f"{at}/percent"), "%")
    if one["as_of"]:
        said = (*said, f"（数据截至{day_text(date.fromisoformat(one['as_of']))}）")
    return (*said, *counties)


def _county_figures(source: Source, at: str) -> tuple[Piece, ...]:
    """（其中吉首市1000个、完成243.00%，花垣县完成55.00%）, as they were reported."""
    listed = []
    for own in places(source, f"{at}/counties"):
        said: tuple[Piece, ...] = (source.datum(f"{own}/unit"),)
        if source.value(f"{own}/amount") is not None:
            said = (*said, source.datum(f"{own}/amount"))
        if source.value(f"{own}/stated") is not None:
            said = (*said, "自报完成", source.datum(f"{own}/stated"), "%")
        listed.append(said)
    return ("（其中", *joined(listed), "）") if listed else ()


def _overall(source: Source, at: str) -> Iterator[Line]:
    """A percentage that the unit states for the whole, and the stage of a project in steps."""
    if source.value(f"{at}/stage"):
        yield ("已到“", source.datum(f"{at}/stage"), "”阶段")
    if source.value(f"{at}/stated"):
        yield ("形象进度", source.datum(f"{at}/done"), "%（自报）")


def _status(source: Source, at: str) -> tuple[Piece, ...]:
    if source.value(f"{at}/status") is None:
        return ("进度暂不能判定。",)
    status = source.datum(f"{at}/status")
    if source.value(f"{at}/judged"):
        return ("经研判评定为", status, "（", source.datum(f"{at}/judged"), "）。")
    return (status, "。")


def _counties(source: Source) -> Iterator[Block]:
    for n, at in enumerate(places(source, "counties")):
        named = source.data(f"{at}/named")
        behind: tuple[Piece, ...] = ("滞后指标：", *joined(named), "。") if named else ()
        yield Paragraph(
            (
                f"（{numeral(n)}）",
                source.datum(f"{at}/unit"),
                "：承担",
                source.datum(f"{at}/items"),
                "件、",
                source.datum(f"{at}/indicators"),
                "个指标，",
                *_status_counts(source, at, "个"),
                "。",
                *behind,
            )
        )


def _annexes(source: Source) -> Iterator[Annex]:
    yield Annex("项目进展情况表", (_project_table(source),), landscape=True)
    if source.value("counties"):
        yield Annex("县市情况表", (_county_table(source),), landscape=True)


def _project_table(source: Source) -> Table:
    rows: list[tuple[Cell | Line, ...]] = []
    for at in places(source, "tasks"):
        rows += _project_rows(source, at)
    header = ("序号", "项目", "牵头单位", "指标", "年度目标", "完成数", "完成率%", "序时%", "状态")
    aligns = (Align.CENTRE, Align.LEFT, Align.LEFT, Align.LEFT)
    return Table((header,), tuple(rows), (8, 25, 12, 16, 10, 10, 9, 9, 13), aligns)


def _project_rows(source: Source, at: str) -> Iterator[tuple[Cell | Line, ...]]:
    """A row an indicator; what is said of the whole project spans them."""
    indicators = places(source, f"{at}/indicators")
    high = max(len(indicators), 1)
    task = source.value(at)
    mark = "（评定）" if task["judged"] else ""
    status: Line = "暂不能判定" if task["counted"] else "不计进度"
    if task["status"]:
        status = (source.datum(f"{at}/status"), mark)
    head = (
        Cell(source.datum(f"{at}/number"), rows=high),
        Cell(source.datum(f"{at}/title"), rows=high),
        Cell(joined(source.data(f"{at}/lead")), rows=high),
    )
    tail = (Cell(source.datum(f"{at}/scheduled"), rows=high), Cell(status, rows=high))
    if not indicators:
        yield (*head, "—", "—", "—", source.datum(f"{at}/done"), *tail)
    for n, own in enumerate(indicators):
        figures = tuple(source.datum(f"{own}/{key}") for key in ("name", "goal", "amount"))
        percent: tuple[Cell | Line, ...] = (source.datum(f"{own}/percent"),)
        if task["stated"]:
            # It speaks of the whole project, whatever its indicators amount to.
            percent = (Cell((source.datum(f"{at}/done"), "（自报）"), rows=high),) if n == 0 else ()
        yield (*head, *figures, *percent, *tail) if n == 0 else (*figures, *percent)


def _county_table(source: Source) -> Table:
    labels = [each["label"] for each in source.value("counties/0/statuses")]
    header = ("县市", "件数", "指标数", *labels, "暂无数据", "滞后指标")
    rows = tuple(
        (
            source.datum(f"{at}/unit"),
            source.datum(f"{at}/items"),
            source.datum(f"{at}/indicators"),
            *(source.datum(f"{at}/statuses/{n}/count") for n in range(len(labels))),
            source.datum(f"{at}/unknown"),
            names(source, f"{at}/named", "无"),
        )
        for at in places(source, "counties")
    )
    widths = (10, 7, 8, *(12 for _ in labels), 9, 50)
    aligns = (*(Align.CENTRE for _ in widths[:-1]), Align.LEFT)
    return Table((header,), rows, widths, aligns)


def _rules(source: Source) -> Iterator[Rule]:
    """Counts add up, shares follow from their amounts, as many laggards are named as counted."""
    yield _adds_up(source, "counts", "counts/tasks", "项目总数", "counts/uncounted")
    statuses = tuple(f"{at}/status" for at in places(source, "tasks"))
    for n, each in enumerate(source.value("counts/statuses")):
        yield Tally(f"{each['label']}的项目", f"counts/statuses/{n}/count", statuses, each["label"])
    for at, task in enumerate(source.value("tasks")):
        for n, one in enumerate(task["indicators"]):
            if one["percent"] is not None and one["amount"] is not None:
                own = f"tasks/{at}/indicators/{n}"
                what = f"{task['number']} {one['name']}完成率"
                yield Share(what, f"{own}/percent", f"{own}/amount", f"{own}/goal")
    for at, county in enumerate(source.value("counties")):
        own = f"counties/{at}"
        yield _adds_up(source, own, f"{own}/indicators", f"{county['unit']}指标数")
        behind = [n for n, each in enumerate(county["statuses"]) if each["behind"]]
        # Where several labels mean behind, together they count what is named.
        count = f"{own}/statuses/{behind[0]}/count" if len(behind) == 1 else f"{own}/behind"
        yield Count(f"{county['unit']}滞后指标", count, f"{own}/named")


def _adds_up(source: Source, at: str, total: str, what: str, *besides: str) -> Sum:
    counts = tuple(f"{own}/count" for own in places(source, f"{at}/statuses"))
    return Sum(what, total, (*counts, f"{at}/unknown", *besides))
