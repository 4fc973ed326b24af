"""A figure of a text with the words around it, and as it goes into a report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from handlers.reading.denied import is_withdrawn
from handlers.reading.doubts import is_doubted
from handlers.reading.likeness import begins_with, likeness
from handlers.reading.marks import BREAK, SENTENCE_END
from handlers.reading.normalise import normalise
from handlers.reading.partial import is_besides, is_of_which
from handlers.reading.prose.figures import Kind, Prose, ProseFigure
from handlers.reading.timing import Timing, day_of, is_on_top, timing_of
from handlers.reporting.content import FigureSaid
from handlers.reporting.form import base_unit, done_percent
from handlers.reporting.own_words import names_of
from models.indicator import Indicator
from models.rules.unit import convert, same_kind, tidy, unit_called

_WRITTEN_BREAK = re.compile(r"[，。；：！？,;:!?\n、】]")
_BEHIND = re.compile(r"[，。；：！？,;:!?\n、（()）]")
_TOLERANCE = Decimal("0.5")
_MOST_PERCENTS = 8
_OF_ALL = re.compile(r"\s*(?:截至?止?[^,;]{0,8})?(?:全[州市县省区]|累计|总体|整体|合计)")
_DIGIT = re.compile(r"\d")
_FAR = 200
#: So far before a figure words may speak of it.
WINDOW = 80
_WORDS_BEFORE = 24
_LONGEST_SOURCE = 24


@dataclass(frozen=True)
class Seen:
    """A figure with the words that say what it counts, its clause so far, and what is shown.

    *after* are the words behind it up to the next mark (7个4G基站), *percents* the percentages of
    the task that its sentence goes on with. *said* is its sentence up to it, *own* what of that
    stands behind the figure before.
    """

    figure: ProseFigure
    words: str
    clause: str
    after: str
    source: str
    percents: tuple[Decimal, ...]
    said: str
    own: str
    timing: Timing
    is_doubted: bool
    is_withdrawn: bool
    year: int

    @property
    def is_partial(self) -> bool:
        """Whether it counts no more than a month, or what is besides."""
        return self.timing.is_part or is_besides(self.clause)

    @property
    def is_of_which(self) -> bool:
        """Whether it is a part of the figure before it."""
        return is_of_which(self.said)

    @property
    def day(self) -> date | None:
        """The day up to which it is said to count."""
        return day_of(self.timing, self.year)

    def is_on_top(self, asked: str) -> bool:
        """Whether it tells what was added: 新增210个, 又建成210个; not where that is *asked*."""
        return is_on_top(self.own, asked)

    def likeness(self, indicator: Indicator) -> float:
        """How far the words before or behind it say the indicator's name."""
        names = names_of(indicator)
        behind = 1.0 if begins_with(self.after, names) else likeness(self.after, names)
        return max(likeness(self.words, names), behind)

    def is_proved_for(self, indicator: Indicator) -> bool:
        """Whether a percentage beside it is the one that it amounts to."""
        done = done_percent(indicator, value_in(self.figure, indicator))
        if done is None or not self.percents:
            return False
        return any(abs(done - each) <= _TOLERANCE for each in self.percents)


def seen_in(prose: Prose, text: str, area: str, year: int) -> list[Seen]:
    """Every figure of *text* in order, with its words; one of the *area* is of the whole.

    *year* is the one that the report is of.
    """
    figures = [replace(e, place="") if e.place == area else e for e in prose.figures]
    figures = [*_shares_placed(figures, text)]
    places = sorted({each.place for each in figures if each.place}, key=len, reverse=True)
    percents: dict[tuple[int, str], tuple[Decimal, ...]] = {}
    found: list[Seen] = []
    for each in reversed(figures):
        key = (each.sentence, each.place)
        found.append(_seen(each, percents.get(key, ()), places, text, year))
        if each.kind in (Kind.PERCENT, Kind.RATE) and each.unit == "%":
            percents[key] = (each.value, *percents.get(key, ())[:_MOST_PERCENTS])
    return found[::-1]


def _shares_placed(figures: Sequence[ProseFigure], text: str) -> Iterator[ProseFigure]:
    """吉首市建成1000个，完成全市任务的243%: a share of the county where no other count is said.

    A judgement (总体进度58%) is of the whole work, though a county without figures is named before.
    """
    before: list[ProseFigure] = []
    for each in figures:
        if before and before[-1].sentence != each.sentence:
            before = []
        place = each.place
        if each.kind in (Kind.PERCENT, Kind.STATED):
            clause = BREAK.split(normalise(text[max(0, each.start - WINDOW) : each.start]))[-1]
            counties = [other.place for other in before]
            if _OF_ALL.match(clause):
                place = ""
            elif counties and all(counties) and not (place and place in clause):
                place = counties[-1]
            elif each.kind is Kind.STATED and place not in counties and place not in clause:
                place = ""
        before.append(each)
        yield replace(each, place=place)


def _seen(
    figure: ProseFigure,
    percents: tuple[Decimal, ...],
    places: Sequence[str],
    text: str,
    year: int,
) -> Seen:
    said = SENTENCE_END.split(normalise(text[max(0, figure.start - _FAR) : figure.start]))[-1]
    clause = BREAK.split(said[-WINDOW:])[-1]
    words = normalise(figure.label) or clause[-_WORDS_BEFORE:]
    for place in map(normalise, places):
        words = words.replace(place, "")
    after = _BEHIND.split(text[figure.end : figure.end + _WORDS_BEFORE])[0]
    return Seen(
        figure=figure,
        words=words,
        clause=clause,
        after=normalise(after),
        source=_source(figure, text, after),
        percents=percents,
        said=said,
        own=_DIGIT.split(clause)[-1],
        timing=timing_of(said, year),
        is_doubted=is_doubted(text, figure.start, figure.end),
        is_withdrawn=is_withdrawn(text, figure.end),
        year=year,
    )


def _source(figure: ProseFigure, text: str, after: str) -> str:
    """The figure with the words around it, between two marks, cut to fit a phone."""
    before = text[max(0, figure.start - WINDOW) : figure.start]
    shown = f"{_WRITTEN_BREAK.split(before)[-1].strip()}{figure.text}"
    if len(shown) > _LONGEST_SOURCE:
        return f"…{shown[-_LONGEST_SOURCE:]}"
    return shown + after if len(shown + after) <= _LONGEST_SOURCE else shown


def value_in(figure: ProseFigure, indicator: Indicator) -> Decimal:
    """The value in the indicator's base unit; 元 for 元/月 where the period was left out."""
    unit = base_unit(indicator)
    if not figure.unit:
        asked = unit_called(indicator.unit)
        return tidy(figure.value * asked.scale) if asked else figure.value
    return (
        convert(figure.value, figure.unit, unit) if same_kind(figure.unit, unit) else figure.value
    )


def unit_in(figure: ProseFigure, indicator: Indicator) -> str:
    """The unit that value is in."""
    unit = base_unit(indicator)
    is_own = not figure.unit or same_kind(figure.unit, unit) or figure.unit == "元"
    return unit if is_own else figure.unit


def said_by(seen: Seen, indicator: Indicator) -> FigureSaid:
    """The figure as it goes into the report."""
    return FigureSaid(
        indicator_id=indicator.id or 0,
        text=seen.figure.text,
        value=value_in(seen.figure, indicator),
        unit=unit_in(seen.figure, indicator),
        approximate=seen.figure.approximate,
        source=seen.source,
        day=seen.day,
    )
