"""Reading official prose: amounts, what each counts, where and of when, one after the other."""

from collections.abc import Iterable
from datetime import date

from handlers.reading.amounts import Amount, amounts_in
from handlers.reading.normalise import mapped
from handlers.reading.prose.as_of import as_of
from handlers.reading.prose.clauses import laid_out, settings, starts_in_title
from handlers.reading.prose.context import Context
from handlers.reading.prose.figures import Kind, Prose, ProseFigure
from handlers.reading.prose.kinds import read_kinds
from handlers.reading.prose.labels import label_of
from handlers.reading.prose.places import places_of
from handlers.reading.prose.spaces import closed_up, with_stops
from handlers.reading.prose.status import status_of


def figures_read(text: str, today: date, places: Iterable[str]) -> Prose:
    """As `read_prose`, which calls it."""
    source = closed_up(mapped(text))
    written = "".join(map(text.__getitem__, source.origin[:-1]))
    context = _judged(source.text, written, tuple(places), today)
    counties = places_of(context)
    labels: list[str] = []
    for setting in context.settings:
        labels.append(label_of(context, setting, labels))
    figures = []
    for setting, reading, place, label in zip(
        context.settings, context.readings, counties, labels, strict=True
    ):
        amount = setting.amount
        start, end = source.span(amount.start, amount.end)
        figures.append(
            ProseFigure(
                value=-amount.value if reading.negative else amount.value,
                unit=amount.unit if reading.unit is None else reading.unit,
                kind=reading.kind,
                certain=reading.certain,
                approximate=amount.approximate and not _is_limit(amount, reading.kind),
                label=label if label.startswith(place) else f"{place}{label}",
                place=place,
                text=text[start:end],
                start=start,
                end=end,
                sentence=setting.sentence,
            )
        )
    return Prose(tuple(figures), status_of(_told(context)), as_of(source.text, today))


def day_read(text: str, today: date) -> date | None:
    """As `day_in_prose`, which calls it."""
    return as_of(closed_up(mapped(text)).text, today)


def _judged(plain: str, written: str, places: tuple[str, ...], today: date) -> Context:
    """The figures of *plain* among their words, the kind of each read."""
    amounts = amounts_in(plain, written)
    layout = laid_out(with_stops(plain, amounts), written)
    context = Context(
        layout, settings(layout, amounts), places, starts_in_title(layout), today.year, today.month
    )
    read_kinds(context)
    return context


def _told(context: Context) -> str:
    """The text without the sentences of plans."""
    layout = context.layout
    spans = (layout.span_of(number) for number, ahead in enumerate(context.ahead) if not ahead)
    return "".join(layout.text[start:end] for start, end in spans)


def _is_limit(amount: Amount, kind: Kind) -> bool:
    """不少于100张 is exactly what is wanted; more than 100 achieved is a rough count."""
    return kind is Kind.TARGET and amount.is_limit
