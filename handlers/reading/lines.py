"""A report written in lines, taken apart: task, date, figures, county figures, sections, captions.

Only the parts are told apart here; each is read by its own module. Nothing is dropped: what
belongs nowhere comes back as an unknown line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.reading.headings import (
    Field,
    Head,
    Vocabulary,
    continued_head,
    head_at,
    indicator_key,
)
from handlers.reading.normalise import Mapped, clean, mapped


@dataclass(frozen=True)
class Line:
    """A piece of the message without its heading, and the number of the line it stood in."""

    text: str
    number: int


@dataclass(frozen=True)
class FigureLine:
    """What was written for an indicator; *indicator* is None where only 完成数 was said."""

    indicator: str | None
    text: str
    number: int


@dataclass(frozen=True)
class CountyLine:
    """What was written for a county, and for which indicator where that is known.

    *is_named*: the indicator's name stands with it, and not only on a line above.
    """

    county: str
    indicator: str | None
    text: str
    number: int
    is_named: bool = False


@dataclass(frozen=True)
class ExtraLine:
    """What was written on a further line of its own kind, such as 验收进度."""

    key: str
    text: str
    number: int


@dataclass(frozen=True)
class SectionText:
    """A section's whole text as written, its lines joined."""

    key: str
    text: str


@dataclass(frozen=True)
class ReportLines:
    """A message taken apart; *name* is what stood before the first field: the task's name."""

    name: str
    as_of: tuple[Line, ...]
    figures: tuple[FigureLine, ...]
    stated: tuple[FigureLine, ...]
    counties: tuple[CountyLine, ...]
    sections: tuple[SectionText, ...]
    captions: tuple[Line, ...]
    unknown: tuple[Line, ...]
    extras: tuple[ExtraLine, ...] = ()

    def section(self, key: str) -> str | None:
        """The text of one section; None where the report does not have it."""
        return next((section.text for section in self.sections if section.key == key), None)


_SEPARATOR = re.compile(r"[;。,、(:\s]+")
_STOPS = frozenset(";。 \t\u3000")
#: 完成 and 已完成 say what was done; 完成数 and 完成量 name a field.
_VERB = re.compile(r"完成\s*$")
_TOLD = re.compile(r"^[^%]*\d[^%]*$")
_PERCENT = re.compile(r"\s*(?:约|达到?|为|是)*\d[\d.]*\s*%")
_EDGES = " \t\u3000,，;；、:："
_THREE_PARTS = re.compile(r"[^;|]+[;|][^;|]+[;|][^;|]+")
_HAS_DATE = re.compile(r"\d\s*[年月]\s*\d|\d{4}[-/.]\d|(?<!\d)\d{1,2}\.\d{1,2}(?!\d)")


def read_lines(text: str, vocabulary: Vocabulary) -> ReportLines:
    """The parts of *text*, which begins after the command word.

    Fields come in any order, one to a line or several; 、 ， ； may stand between them. A line
    without a heading continues the section above it.
    """
    reader = _Reader(vocabulary)
    for number, line in enumerate(clean(text).split("\n"), start=1):
        if line.strip():
            reader.take(line, number)
    return reader.report()


@dataclass
class _Reader:
    """Goes through the lines and remembers to what the next one belongs."""

    vocabulary: Vocabulary
    name: str | None = None
    as_of: list[Line] = field(default_factory=list)
    figures: list[FigureLine] = field(default_factory=list)
    stated: list[FigureLine] = field(default_factory=list)
    counties: list[CountyLine] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)
    captions: list[Line] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)
    extras: list[ExtraLine] = field(default_factory=list)
    open_section: str | None = None
    indicator: str | None = None
    figure_number: int = 0
    county: str | None = None
    county_waits: bool = False
    county_line: int = 0
    number: int = 0

    def take(self, line: str, number: int) -> None:
        self.number = number
        source = mapped(line)
        heads = [*self._heads(source.text)]
        self._forget_county_unless_waiting(heads, source.text)
        first = heads[0].start if heads else len(source.text)
        self._headless(_cut(line, source, 0, first))
        ends = [*(head.start for head in heads[1:]), len(source.text)]
        for head, end in zip(heads, ends, strict=False):
            more = end < len(source.text)
            text = _cut(line, source, head.end, end)
            self._field(head, text, _cut(line, source, head.start, end), more)

    def report(self) -> ReportLines:
        sections = (SectionText(key, "\n".join(texts)) for key, texts in self.sections.items())
        return ReportLines(
            name=self.name or "",
            as_of=tuple(self.as_of),
            figures=tuple(self.figures),
            stated=tuple(self.stated),
            counties=tuple(self.counties),
            sections=tuple(sections),
            captions=tuple(self.captions),
            unknown=tuple(self.unknown),
            extras=tuple(self.extras),
        )

    def _heads(self, plain: str) -> Iterator[Head]:
        """The headings of a line, each after a separator; fewer count inside a section."""
        last = head_at(plain, 0, self.vocabulary)
        if last and (last.strong or self._may_begin(plain, last)):
            yield last
        else:
            last = None
        inside = None if last and self._is_county_list(plain) else self._section_at(last)
        for separator in _SEPARATOR.finditer(plain):
            place = separator.end()
            if last and (place < last.end or last.field is Field.CAPTION):
                continue
            head = head_at(plain, place, self.vocabulary)
            if head is None and last and last.field is Field.INDICATOR:
                head = continued_head(plain, place, last.key, self.vocabulary)
            if head and last and (_goes_on(plain, last, head) or _is_share_of(plain, last, head)):
                continue
            of_county = head and head.field in (Field.COUNTY, Field.INDICATOR)
            in_counties = of_county and inside == self.vocabulary.county_section is not None
            in_counties = in_counties or (head is not None and self._opens_counties(head))
            if head and (in_counties or _may_follow(head, separator[0], inside is not None)):
                yield head
                is_section = head.field is Field.SECTION
                last, inside = head, head.key if is_section else inside

    def _opens_counties(self, head: Head) -> bool:
        """各县市： is no word of a sentence, wherever it stands."""
        is_section = head.field is Field.SECTION and head.key == self.vocabulary.county_section
        return is_section and head.strong

    def _section_at(self, head: Head | None) -> str | None:
        """The section whose text goes on after *head*."""
        if head is None or (head.field is Field.COUNTY and head.key):
            return self.open_section
        return head.key if head.field is Field.SECTION else None

    def _is_county_list(self, plain: str) -> bool:
        """吉首市6个、泸溪县7个、凤凰县10个: nothing but figures of counties, so no prose."""
        pieces = [piece for piece in re.split(r"[;。,、\s]+", plain) if piece]
        heads = [head_at(piece, 0, self.vocabulary) for piece in pieces]
        fields = [head.field for head in heads if head and head.key]
        return len(pieces) > 1 and fields == [Field.COUNTY] * len(pieces)

    def _may_begin(self, plain: str, head: Head) -> bool:
        """In an open section 完成1710个 is prose, 完成数 1710个 with a gap is a field."""
        if self.open_section is None or head.field in (Field.SECTION, Field.AS_OF):
            return True
        if head.field is Field.COUNTY:
            is_open = self.open_section == self.vocabulary.county_section
            return is_open or self._is_county_list(plain)
        return plain[head.end : head.end + 1].isspace()

    def _headless(self, text: str) -> None:
        if self.name is None:
            self.name = _value(text)
        elif text and self._is_nearly_caption(text):
            self.captions.append(Line(text, self.number))
        elif text and self.open_section is not None:
            self.sections[self.open_section].append(text)
        elif text:
            self.unknown.append(Line(text, self.number))

    def _is_nearly_caption(self, text: str) -> bool:
        """标题；日期；地点 without 图1 before it."""
        plain = mapped(text).text
        return bool(_THREE_PARTS.fullmatch(plain) and _HAS_DATE.search(plain))

    def _forget_county_unless_waiting(self, heads: list[Head], plain: str) -> None:
        """A county's name alone on a line holds for the indicator lines below it."""
        goes_on = heads and heads[0].field in (Field.INDICATOR, Field.DONE)
        if not (self.county_waits and goes_on):
            self.county = None
            is_alone = len(heads) == 1 and not plain[heads[0].end :].strip(_EDGES)
            self.county_waits = is_alone and heads[0].field is Field.COUNTY

    def _field(self, head: Head, text: str, written: str, more: bool) -> None:
        of_county = head.field is Field.COUNTY or self.county is not None
        if head.field is Field.SECTION:
            self._section(head.key, text)
        elif of_county and self.open_section == self.vocabulary.county_section is not None:
            self._of_counties(self.vocabulary.county_section, written)
        else:
            self.open_section = None
        if head.field is Field.CAPTION:
            self.captions.append(Line(text, self.number))
        elif head.field is Field.AS_OF:
            self._as_of(text)
        elif head.field is Field.STATED:
            indicator = self.indicator if self.figure_number == self.number else None
            self.stated.append(FigureLine(indicator, _value(text), self.number))
        elif head.field is Field.COUNTY:
            self._county(head, _value(text))
        elif head.field is Field.EXTRA:
            self.extras.append(ExtraLine(head.key, _value(text), self.number))
        elif head.field is not Field.SECTION:
            self._figure(head, _value(text), more)

    def _of_counties(self, section: str, written: str) -> None:
        """One county's words in the section about all, on the line where they stood."""
        texts = self.sections[section]
        if texts and self.county_line == self.number:
            texts[-1] += written
        else:
            texts.append(written)
        self.county_line = self.number

    def _section(self, key: str, text: str) -> None:
        self.open_section = key
        texts = self.sections.setdefault(key, [])
        if text:
            texts.append(text)

    def _as_of(self, text: str) -> None:
        """The date ends at the first mark; a sentence that goes on is kept as unknown."""
        day, *further = re.split(r"[，,；;。]", text, maxsplit=1)
        self.as_of.append(Line(day.strip(_EDGES), self.number))
        if further and (left := further[0].strip(_EDGES + "。")):
            self.unknown.append(Line(left, self.number))

    def _figure(self, head: Head, text: str, more: bool) -> None:
        indicator = head.key or None
        if self.county is not None:
            self.counties.append(
                CountyLine(self.county, indicator, text, self.number, is_named=bool(indicator))
            )
            return
        self.indicator, self.figure_number = indicator, self.number
        if text or not more:
            self.figures.append(FigureLine(indicator, text, self.number))

    def _county(self, head: Head, text: str) -> None:
        """A county's figure; where a section about counties is open, it keeps the words as well."""
        self.county = head.key or None
        if self.county and text:
            named = indicator_key(re.split(r"[\d０-９]", text, maxsplit=1)[0], self.vocabulary)
            indicator = named or self.indicator
            is_named = named is not None
            line = CountyLine(self.county, indicator, text, self.number, is_named=is_named)
            self.counties.append(line)
        elif text:
            self.unknown.append(Line(text, self.number))


def _goes_on(plain: str, extra: Head, head: Head) -> bool:
    """Whether a further line of its own kind goes on with words that would begin a field.

    In 验收进度：目标100%，已完成60% and in 收到12件，其中10件已办结 they speak of that line; 完成数
    and what has a colon begin their own.
    """
    if head.strong or extra.field is not Field.EXTRA:
        return False
    if head.field is Field.AS_OF:
        return head.start == extra.end
    if head.field is Field.COUNTY:
        return not head.key
    written = plain[head.start : head.end]
    return head.field is Field.DONE and _VERB.search(written) is not None


def _is_share_of(plain: str, stated: Head, head: Head) -> bool:
    """Whether 完成90% is the percentage that 完成进度：建设示范村45个 announced."""
    before = plain[stated.end : head.start]
    is_announced = stated.field is Field.STATED and stated.strong and _TOLD.search(before)
    is_percent = head.field in (Field.DONE, Field.STATED) and not head.strong
    return bool(is_announced) and is_percent and _PERCENT.match(plain, head.end) is not None


def _may_follow(head: Head, separator: str, inside: bool) -> bool:
    """Whether a heading in the middle of a line begins a field there.

    In a section only a colon after a full stop, semicolon or gap does. 完成年任务28% after a
    comma belongs to the figure before it.
    """
    stops = not _STOPS.isdisjoint(separator)
    if head.field is Field.CAPTION:
        return stops and head.strong
    if inside:
        return head.strong and stops
    if head.field in (Field.STATED, Field.SECTION):
        return stops and (head.strong or head.field is Field.STATED)
    return True


def _cut(line: str, source: Mapped, start: int, end: int) -> str:
    return line[source.origin[start] : source.origin[end]].lstrip(_EDGES).rstrip()


def _value(text: str) -> str:
    """A field's text without the marks that stood between it and the next field."""
    text = text.rstrip(_EDGES + "（(")
    closes = text.count("）") + text.count(")") - text.count("（") - text.count("(")
    return text.rstrip("）)") if closes > 0 else text
