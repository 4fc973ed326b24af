"""专报: items done, on schedule and behind; acceptance, 动态 by month, comments of citizens."""

from collections.abc import Iterator, Mapping
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
    Datum,
    Document,
    Editable,
    Line,
    Paragraph,
    Piece,
    Rule,
    Same,
    Share,
    Source,
    Sum,
    Table,
    Tally,
    joined,
)
from handlers.render.document_sections import Section, names, places, sections
from handlers.standing.policy import activity_policy, verification_policy
from handlers.standing.special_report import TICK, special_report_data
from models.programme import Programme

Row = tuple[Cell | Line, ...]
_LEFT, _CENTRE = Align.LEFT, Align.CENTRE


def _serves(session: Session, programme: Programme) -> bool:
    """Programmes that ask for acceptance or for 动态 besides progress."""
    return verification_policy(programme) is not None or activity_policy(programme) is not None


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str]) -> Document:
    """The special report with its annexes that follows from a snapshot."""
    source = Source(snapshot)
    month = f"{source.value('year')}年{source.value('month')}月份"
    return Document(
        title=(source.value("short"), f"{month}工作情况专报"),
        addressee="各责任单位：",
        blocks=tuple(sections(_sections(source, texts))),
        annexes=tuple(_annexes(source)),
        rules=tuple(_rules(source)),
    )


@bulletin("special_report", title="专报", serves=_serves, build=build, early=True)
def special_report(ctx: BulletinContext) -> dict[str, Any]:
    """Items by status, acceptance, 动态 and comments at the data date."""
    return special_report_data(ctx.session, ctx.programme, ctx.data_date)


def _sections(source: Source, texts: Mapping[str, str]) -> Iterator[Section]:
    yield "工作推动情况", (Paragraph(_overview(source)),)
    problems: list[Block] = [*_acceptance(source), *_activities(source), *_comments(source)]
    yield "存在问题", (*problems, Editable("problems", "问题", texts.get("problems", "")))
    yield "工作亮点", (Editable("highlights", "亮点", texts.get("highlights", "")),)
    yield "下一步工作要求", (Editable("next", "要求", texts.get("next", "")),)


def _overview(source: Source) -> tuple[Piece, ...]:
    """共45项，涉及责任单位15个。截至9月，已完成25项，…"""
    themes: list[Line] = [
        (source.datum(f"{at}/name"), source.datum(f"{at}/count"), "项")
        for at in places(source, "counts/themes")
    ]
    of: tuple[Piece, ...] = ("，其中", *joined(themes, "、")) if len(themes) > 1 else ()
    shared: tuple[Piece, ...] = ()
    if source.value("counts/shared"):
        shared = ("，", source.datum("counts/shared"), "项两级重合")
    statuses: list[Line] = [
        (source.datum(f"{at}/label"), "的", source.datum(f"{at}/count"), "项")
        for at in places(source, "counts/statuses")
    ]
    return (
        "共办理",
        source.datum("counts/items"),
        "项",
        *of,
        *shared,
        "，涉及责任单位",
        source.datum("counts/units"),
        f"个。截至{source.value('month')}月，",
        *joined(statuses, "，"),
        "。各项情况见附件。",
    )


def _acceptance(source: Source) -> Iterator[Block]:
    if source.value("acceptance") is None:
        return
    said: list[Line] = [("有验收率的", source.datum("acceptance/known"), "项")]
    if source.value("acceptance/holding"):
        said.append(("符合要求的", source.datum("acceptance/kept"), "项"))
        wide: tuple[Piece, ...] = ("超过的", source.datum("acceptance/wide"), "项")
        if source.value("acceptance/named"):
            wide = (*wide, "（", *joined(source.data("acceptance/named")), "）")
        said.append(wide)
    said.append(("差距未知的", source.datum("acceptance/unknown"), "项"))
    asked: list[Line] = [
        source.datum(f"acceptance/{key}")
        for key in ("holding", "coming")
        if source.value(f"acceptance/{key}")
    ]
    demand = ("。要求：", *joined(asked, "；")) if asked else ()
    yield Paragraph((*joined(said, "，"), *demand, "。"), lead="验收情况。")


def _activities(source: Source) -> Iterator[Block]:
    if source.value("matrix") is None:
        return
    yield Paragraph(
        (
            source.datum("matrix/projects"),
            "个项目中，",
            source.datum("matrix/lacking"),
            "个有月份动态不足（每月不少于",
            source.datum("matrix/monthly"),
            "条），逐月情况见附件。",
        ),
        lead="每月动态。",
    )


def _comments(source: Source) -> Iterator[Block]:
    if source.value("comments") is None:
        return
    said: list[Piece] = [
        "收到",
        source.datum("comments/received"),
        "条，办理",
        source.datum("comments/handled"),
        "条",
    ]
    if source.value("comments/rate") is not None:
        rate = ("，处理率", source.datum("comments/rate"), "%（要求达到")
        said += [*rate, source.datum("comments/asked"), "%）"]
    said += ["，未办", source.datum("comments/open"), "条"]
    if source.value("comments/waiting"):
        said += ["：", *joined(source.data("comments/waiting"))]
    yield Paragraph((*said, "。"), lead="群众意见。")


def _annexes(source: Source) -> Iterator[Annex]:
    for at in places(source, "bands"):
        if source.value(f"{at}/count"):
            title = f"{source.value(f'{at}/label')}的项目"
            count = Paragraph(("共", source.datum(f"{at}/count"), "项。"), indent=False)
            yield Annex(title, (count, _band_table(source, at)), landscape=True)
    if source.value("matrix") is not None:
        note = Paragraph(
            f"注：当月有新闻报道、工作总结、专报或典型案例的打“{TICK}”。", indent=False
        )
        yield Annex("项目每月动态情况统计表", (_matrix_table(source), note), landscape=True)


def _band_table(source: Source, at: str) -> Table:
    """Acceptance stands beside progress only where somebody asks for it."""
    with_acceptance = source.value("acceptance") is not None
    header: Row = ("序号", "类别", "项目名称", "牵头单位", "任务数", "进度情况", "完成%")
    if with_acceptance:
        header = (*header, "验收%", "差距")
    titled = zip(places(source, f"{at}/items"), source.data(f"{at}/titles"), strict=True)
    rows = tuple(
        (str(n), *_item_row(source, own, title, with_acceptance=with_acceptance))
        for n, (own, title) in enumerate(titled, start=1)
    )
    widths = (5, 11, 19, 10, 13, 25, 9, *((8, 7) if with_acceptance else ()))
    aligns = (_CENTRE, _CENTRE, _LEFT, _CENTRE, _LEFT, _LEFT)
    return Table((header,), rows, widths, aligns)


def _item_row(source: Source, at: str, title: Datum, *, with_acceptance: bool) -> Row:
    done: Line = source.datum(f"{at}/done")
    if source.value(f"{at}/stated"):
        done = (source.datum(f"{at}/done"), "（自报）")
    if source.value(f"{at}/judged"):
        done = (source.datum(f"{at}/done"), "（评定：", source.datum(f"{at}/judged"), "）")
    row: Row = (
        source.datum(f"{at}/theme"),
        title,
        names(source, f"{at}/lead"),
        joined(source.data(f"{at}/goals"), "、") or "—",
        joined(source.data(f"{at}/said"), "；") or "—",
        done,
    )
    if not with_acceptance:
        return row
    gap: Line = source.datum(f"{at}/gap")
    wide = (source.datum(f"{at}/gap"), "（超）") if source.value(f"{at}/wide") else gap
    return (*row, source.datum(f"{at}/verified"), wide)


def _matrix_table(source: Source) -> Table:
    header: Row = ("序号", "责任单位", "项目", *source.value("matrix/months"), "月数")
    rows: list[Row] = [
        (
            str(n),
            names(source, f"{at}/lead"),
            source.datum(f"{at}/name"),
            *(source.datum(f"{tick}/tick") for tick in places(source, f"{at}/ticks")),
            source.datum(f"{at}/count"),
        )
        for n, at in enumerate(places(source, "matrix/rows"), start=1)
    ]
    totals = (source.datum(f"{at}/count") for at in places(source, "matrix/totals"))
    rows.append((Cell("有动态的项目数", columns=3), *totals, ""))
    widths = (6, 16, 34, *(6 for _ in source.value("matrix/months")), 7)
    return Table((header,), tuple(rows), widths, (_CENTRE, _CENTRE, _LEFT))


def _rules(source: Source) -> Iterator[Rule]:
    """Statuses make up all items, ticks the totals, the rate of comments follows from both."""
    counts = tuple(f"{at}/count" for at in places(source, "counts/statuses"))
    yield Sum("项目总数", "counts/items", counts)
    if themes := places(source, "counts/themes"):
        yield Sum("各类别项数", "counts/listed", tuple(f"{at}/count" for at in themes))
        yield Sum("两级重合的项数", "counts/listed", ("counts/items", "counts/shared"))
    for n, at in enumerate(places(source, "bands")):
        label = source.value(f"{at}/label")
        yield Same(f"{label}的项数（正文、附件）", f"counts/statuses/{n}/count", f"{at}/count")
        yield Count(f"{label}的项目", f"{at}/count", f"{at}/titles")
    if source.value("matrix") is not None:
        yield from _matrix_rules(source)
    if source.value("comments") is not None and source.value("comments/rate") is not None:
        yield Share("群众意见处理率", "comments/rate", "comments/handled", "comments/received")
        yield Sum("群众意见", "comments/received", ("comments/handled", "comments/open"))


def _matrix_rules(source: Source) -> Iterator[Rule]:
    rows = places(source, "matrix/rows")
    for n, at in enumerate(places(source, "matrix/totals")):
        what = f"{source.value(f'{at}/month')}有动态的项目"
        yield Tally(what, f"{at}/count", tuple(f"{row}/ticks/{n}/tick" for row in rows), TICK)
    for at in rows:
        ticks = tuple(f"{tick}/tick" for tick in places(source, f"{at}/ticks"))
        yield Tally(f"{source.value(f'{at}/name')}有动态的月份", f"{at}/count", ticks, TICK)
