"""An item's report as a document, for its Word file and its plain text: both say the same."""

from collections.abc import Iterable, Iterator, Sequence

from handlers.exports.items import Item, Items, period_of
from handlers.render.document import Align, Block, Cell, Document, Line, Paragraph, Table, plain
from handlers.render.document_parts import Grid, Printed, parts
from handlers.render.document_sections import Section, sections
from handlers.render.legible import legible
from handlers.reporting.extra_rows import TITLES, extra_text
from handlers.reporting.figure_texts import figure_text
from handlers.reporting.form import section_forms
from handlers.reporting.texts import due_text
from handlers.supervising.differences import caption_text
from handlers.supervising.texts import DEMO, full_day_text
from models.figure import Figure, Series
from models.indicator import Indicator
from models.rules.rounding import percent_text
from models.rules.unit import amount_text
from models.rules.zone import local_zone
from models.submission import AnswerKind, SubmissionVersion

_NIL = "本期无变化，数据沿用上次通过的数据。"
#: Windows' own editor takes a text for UTF-8 by this, and ends lines so.
_MARK, _LINE_END = "\ufeff", "\r\n"


def item_document(items: Items, item: Item, version: SubmissionVersion) -> Document:
    """The accepted text of an item: whose it is, figures, sections in their order, captions."""
    return Document(
        title=(item.title,),
        blocks=(*_head(item, version), *sections(_sections(items, item, version))),
        mark=DEMO if item.duty.programme.demo else "",
    )


def plain_file(document: Document) -> bytes:
    """The document as a text file; the cells of a table stand with blanks between them."""
    lines = [f"【{document.mark}】"] if document.mark else []
    for part in parts(document):
        if isinstance(part, Printed):
            lines.append(part.lead + plain(part.text))
        elif isinstance(part, Grid):
            rows = (*part.table.header, *part.table.rows)
            lines += ["　".join(_words(cell) for cell in row) for row in rows]
    return plain_lines(lines)


def plain_lines(lines: Iterable[str]) -> bytes:
    """These lines as a text file that Windows' own editor reads as it is."""
    whole = legible("\n".join([*lines, ""]))
    return (_MARK + whole.replace("\n", _LINE_END)).encode()


def _words(cell: Cell | Line) -> str:
    text = plain(cell.text if isinstance(cell, Cell) else cell)
    return " ".join(text.split())


def _head(item: Item, version: SubmissionVersion) -> Iterator[Paragraph]:
    obligation = item.duty.obligation
    due = due_text(obligation.effective_due, local_zone())
    yield Paragraph(f"责任单位：{item.units}")
    yield Paragraph(f"报送期间：{period_of(item)}（{due}截止）")
    if version.as_of is not None:
        yield Paragraph(f"数据截至：{full_day_text(version.as_of)}")
    if version.kind == AnswerKind.NIL:
        yield Paragraph(_NIL)


def _sections(items: Items, item: Item, version: SubmissionVersion) -> Iterator[Section]:
    figures = (*_figures(item, version), *_county_table(items, item))
    if figures:
        yield "完成数据", figures
    for name in _in_order(item, version):
        text = version.sections[name]
        yield name, tuple(Paragraph(line) for line in map(str.strip, text.splitlines()) if line)
    if item.pictures:
        captions = enumerate((caption_text(picture) for picture, _ in item.pictures), start=1)
        yield "图片说明", tuple(Paragraph(f"图{n}：{text}") for n, text in captions)


def _in_order(item: Item, version: SubmissionVersion) -> list[str]:
    """The sections that say something: as they are asked for, then those no longer asked for."""
    asked = [form.name for form in section_forms(item.duty.requirement)]
    said = [name for name, text in version.sections.items() if text.strip()]
    return sorted(said, key=lambda name: asked.index(name) if name in asked else len(asked))


def _figures(item: Item, version: SubmissionVersion) -> Iterator[Block]:
    for indicator in item.indicators:
        for row in _reported(item.figures, indicator):
            if row.unit_id is None:
                yield Paragraph(figure_text(row, indicator))
    if version.stated_percent is not None:
        yield Paragraph(f"自报进度：{percent_text(version.stated_percent)}")
    for said in item.extras:
        yield Paragraph(f"{TITLES[said.extra]}：{extra_text(said, item.duty.task.stages)}")


def _reported(figures: Sequence[Figure], indicator: Indicator) -> list[Figure]:
    return [
        row for row in figures if row.indicator_id == indicator.id and row.series == Series.REPORTED
    ]


def _county_table(items: Items, item: Item) -> Iterator[Table]:
    """A row a county, a column an indicator; nothing where no county has a figure."""
    values = {
        (row.unit_id, row.indicator_id): row
        for row in item.figures
        if row.unit_id in items.units and row.series == Series.REPORTED
    }
    counties = sorted({unit for unit, _ in values}, key=lambda id_: _printed(items, id_))
    told = {of for _, of in values}
    shown = [each for each in item.indicators if each.id in told]
    if not counties or not shown:
        return
    yield Table(
        header=(("县市", *(each.name for each in shown)),),
        rows=tuple(
            (
                items.units[county or 0].name,
                *(_value(values.get((county, each.id)), each) for each in shown),
            )
            for county in counties
        ),
        widths=(1.0, *(1.6 for _ in shown)),
        aligns=(Align.LEFT, *(Align.RIGHT for _ in shown)),
        caption="各县市完成数",
    )


def _printed(items: Items, county: int | None) -> tuple[int, int]:
    return items.units[county or 0].position, county or 0


def _value(row: Figure | None, indicator: Indicator) -> str:
    if row is None:
        return "—"
    about = "约" if row.approximate else ""
    return f"{about}{amount_text(row.value, indicator.unit)}"
