"""真抓实干研判情况: levels by lead unit, key items by county, awards, progress and contacts."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.context import BulletinContext
from handlers.registry import bulletin
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
    Same,
    Source,
    Sum,
    Table,
    Tally,
    joined,
)
from handlers.render.document_sections import lines, names, places, sections, unless_zero
from handlers.standing.incentives import incentive_data
from handlers.supervising.texts import full_day_text
from models.outlook import programmes_judged
from models.programme import Programme

Row = tuple[Cell | Line, ...]
#: The blocks that an admin writes: key, name in chat, heading.
WORDS = (
    ("features", "特点", "总体研判"),
    ("problems", "问题", "存在问题"),
    ("next", "要求", "下一步工作"),
)
_LEFT, _CENTRE = Align.LEFT, Align.CENTRE


def _serves(session: Session, programme: Programme) -> bool:
    """Programmes whose items are judged for their awards."""
    return bool(programmes_judged(session, [programme.id or 0]))


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str]) -> Document:
    """The document with its five annexes that follows from a snapshot."""
    source = Source(snapshot)
    return Document(
        title=(f"关于{source.value('year')}年{source.value('short')}事项", "研判和进展情况的通报"),
        addressee="各县市、各牵头单位：",
        blocks=(
            Paragraph(_overview(source)),
            *sections(
                (heading, (Editable(key, title, texts.get(key, "")),))
                for key, title, heading in WORDS
            ),
        ),
        annexes=tuple(_annexes(source)),
        rules=tuple(_rules(source)),
    )


@bulletin("incentives", title="研判通报", serves=_serves, build=build, early=True)
def incentive_annexes(ctx: BulletinContext) -> dict[str, Any]:
    """Levels, key items, awards, progress and contacts as of the data date."""
    return incentive_data(ctx.session, ctx.programme, ctx.data_date)


def _overview(source: Source) -> tuple[Piece, ...]:
    day = full_day_text(date.fromisoformat(source.value("day")))
    counted: list[Line] = [
        (source.datum(f"{at}/label"), "的", source.datum(f"{at}/count"), "项")
        for at in places(source, "total/levels")
    ]
    if source.value("total/unknown"):
        counted.append(("未研判的", source.datum("total/unknown"), "项"))
    head = (f"截至{day}，", source.datum("total/items"), "个事项中，")
    return (*head, *joined(counted, "，"), "。现将研判和进展情况通报如下。")


def _annexes(source: Source) -> Iterator[Annex]:
    yield Annex("激励事项研判统计表", (_counts_table(source),))
    if source.value("keys"):
        yield Annex("县市区重点事项汇总表", (_keys_table(source),))
    yield Annex("激励事项研判分析表", (_outlook_table(source), *_signs(source)), landscape=True)
    yield Annex("激励事项进展情况表", (_progress_table(source),), landscape=True)
    if source.value("counties"):
        yield Annex("县市区对接情况统计表", (_contact_table(source),), landscape=True)


def _counts_table(source: Source) -> Table:
    """Every item counts once in the total, whoever leads it; a joint one for each of its leads."""
    labels = [each["label"] for each in source.value("total/levels")]
    unknown = bool(source.value("total/unknown"))
    header: Row = ("牵头单位", "总项数", *labels, *(["未研判"] if unknown else []))
    total = _counts_row(source, "total", "合计", with_unknown=unknown)
    units = (
        _counts_row(source, at, source.datum(f"{at}/unit"), with_unknown=unknown)
        for at in places(source, "units")
    )
    widths = (30, 12, *(14 for _ in header[2:]))
    return Table((header,), (total, *units), widths, (_LEFT,))


def _counts_row(source: Source, at: str, name: Line, *, with_unknown: bool) -> Row:
    levels = (unless_zero(source, f"{each}/count") for each in places(source, f"{at}/levels"))
    unknown = (unless_zero(source, f"{at}/unknown"),) if with_unknown else ()
    return (name, source.datum(f"{at}/items"), *levels, *unknown)


def _keys_table(source: Source) -> Table:
    rows = tuple(
        (
            source.datum(f"{at}/unit"),
            source.datum(f"{at}/count"),
            lines(source, f"{at}/items", numbered=True) or "无",
        )
        for at in places(source, "keys")
    )
    header = ("单位", "项数", "重点事项（有可能及以上）")
    return Table((header,), rows, (16, 8, 76), (_CENTRE, _CENTRE, _LEFT))


def _outlook_table(source: Source) -> Table:
    years = [f"{year}年" for year in source.value("years")]
    header = ("牵头单位", "序号", "激励事项", "激励名额", "研判情况", *years)
    rows = _by_item(
        source,
        lambda at: (
            source.datum(f"{at}/printed"),
            source.datum(f"{at}/title"),
            source.datum(f"{at}/quota"),
            _level(source, at),
            *(source.datum(f"{own}/text") for own in places(source, f"{at}/awards")),
        ),
    )
    widths = (13, 8, 20, 14, 21, *(9 for _ in years))
    return Table((header,), rows, widths, (_LEFT, _CENTRE, _LEFT, _LEFT, _LEFT))


def _signs(source: Source) -> Iterator[Paragraph]:
    if source.value("years"):
        yield Paragraph("注：“×”为当年未获激励，“——”为当年未设该项。", indent=False)


def _level(source: Source, at: str) -> Line:
    """州本级：有可能, an entry a line; the item's own level where it has none or stands apart."""
    found: list[Line] = [
        (source.datum(f"{each}/unit"), "：", source.datum(f"{each}/level"))
        for each in places(source, f"{at}/entries")
    ]
    if source.value(f"{at}/judged"):
        reason = ("（", source.datum(f"{at}/judged"), "）")
        found.insert(0, ("评定：", source.datum(f"{at}/level"), *reason))
    return joined(found, "\n") if found else source.datum(f"{at}/level")


def _progress_table(source: Source) -> Table:
    header = ("牵头单位", "激励事项", "最新进展", "存在问题", "与上级部门对接情况")
    rows = _by_item(
        source,
        lambda at: (
            source.datum(f"{at}/title"),
            joined(source.data(f"{at}/words/progress"), "；") or "未报",
            joined(source.data(f"{at}/words/problem"), "；") or "无",
            lines(source, f"{at}/contacts") or "无",
        ),
    )
    return Table((header,), rows, (9, 11, 30, 20, 30), (_LEFT,) * 5)


def _by_item(source: Source, rest: Callable[[str], Row]) -> tuple[Row, ...]:
    """A row an item with its lead units, said anew in each: a shared cell is lost over a page."""
    return tuple((names(source, f"{at}/lead"), *rest(at)) for at in places(source, "items"))


def _contact_table(source: Source) -> Table:
    rows = tuple(
        (source.datum(f"{at}/unit"), source.datum(f"{own}/title"), lines(source, f"{own}/said"))
        for at in places(source, "counties")
        for own in places(source, f"{at}/items")
    )
    header = ("县市区", "重点事项", "对接情况")
    return Table((header,), rows, (12, 28, 60), (_CENTRE, _LEFT, _LEFT))


def _rules(source: Source) -> Iterator[Rule]:
    """Levels add up by unit and in all; as many key items are listed as counted."""
    for at in ("total", *places(source, "units")):
        what = "事项总数" if at == "total" else f"{source.value(f'{at}/unit')}项数"
        parts = (f"{each}/count" for each in places(source, f"{at}/levels"))
        yield Sum(what, f"{at}/items", (*parts, f"{at}/unknown"))
    if all(len(each["lead"]) == 1 for each in source.value("items")):
        yield Sum("合计", "total/items", tuple(f"{at}/items" for at in places(source, "units")))
    levels = tuple(f"{at}/level" for at in places(source, "items"))
    for at in places(source, "total/levels"):
        label = source.value(f"{at}/label")
        yield Tally(f"{label}的事项", f"{at}/count", levels, label)
    for at in places(source, "keys"):
        unit = source.value(f"{at}/unit")
        yield Count(f"{unit}重点事项", f"{at}/count", f"{at}/items")
        what = f"附件2 {unit}重点事项（本次研判、已印发附件2）"
        yield Same(what, f"{at}/ours", f"{at}/issued")
