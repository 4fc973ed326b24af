"""A paragraph of a report: its figures, its day and its parts go where they belong."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from handlers.reading.likeness import closeness, other_task
from handlers.reading.lines import SectionText
from handlers.reading.loose_words import EFFORTS, HINDRANCES, UNDER_WAY, is_status
from handlers.reading.normalise import command_key, normalise
from handlers.reading.prose import read_prose
from handlers.reading.prose.figures import Kind, Prose
from handlers.reading.sections import Part, part_called, passages_of
from handlers.reporting.content import (
    Content,
    Extra,
    ExtraSaid,
    FigureSaid,
    SectionSaid,
    with_day,
    with_extras,
    with_figures,
    with_sections,
    with_stated,
)
from handlers.reporting.form import Form, SectionForm
from handlers.reporting.own_words import names_of
from handlers.reporting.told import told
from handlers.reporting.unclear import other_key

_ACCEPTED = re.compile("验收(?:合格|通过)?(?:率|进度|比例)?$")
_REACHED = (Kind.DONE, Kind.PERCENT, Kind.STATED, Kind.RATE, Kind.GROWTH, Kind.MONEY)
_DATED = re.compile(
    r"\s*(?:数据)?截[至止]到?(?:[\s\d年月日号底末止上中下旬半第前季度./\-—一二三四五六七八九十]{2,14}|目前|今[天日])"
    r"[,，;；。]\s*(?=\S)"
)
_UNTIL = re.compile("截[至止]")
_SENTENCE = re.compile(r"[^。！!？?\n]*[。！!？?\n]?")
_QUESTION = re.compile(r"[?？吗呢]\s*$")
_SHORTEST = 20
#: Fewer characters are a greeting, and no news of what is done.
_SHORTEST_LOST = 8
_FEWEST_WORDS = 2
#: A text with so much of the task's name in it is about the task.
_OURS = 0.3


def with_paragraph(content: Content, text: str, form: Form, today: date, *, new: bool) -> Content:
    """*content* with what *text* says: figures, percentages, its day, and the form's sections.

    The later word replaces the earlier. *new*: the text stands behind the task's name; in a
    report under way talk that is no report changes nothing.
    """
    if other := other_task(text, _own_names(form), form.others):
        return replace(content, other=other, held=text)
    return _with_text(content, text, form, today, new=new)


def with_held(content: Content, form: Form, today: date) -> Content:
    """*content* with the text that was confirmed to be of this task after all."""
    if not content.held or not content.is_confirmed(other_key(content)):
        return content
    text, content = content.held, replace(content, held="", other="")
    return _with_text(content, text, form, today, new=True)


def _with_text(content: Content, text: str, form: Form, today: date, *, new: bool) -> Content:
    prose = read_prose(text, today, form.places)
    before, said = content, told(prose, text, form)
    is_ours = closeness(text, _own_names(form)) >= _OURS or (new and _is_official(text, prose))
    figures = _asked_figures(said.figures, is_ours=is_ours)
    content = with_stated(with_figures(content, figures), said.stated)
    content = with_extras(content, _accepted(prose, form))
    is_told = any(each.is_sure for each in figures)
    content = _with_sections(content, text, prose, form, is_told=is_told)
    if content == before:
        return _with_date_only(before, text, prose.as_of, form)
    lost = _lost(content, text, figures, form)
    content = replace(content, left=(*content.left, *lost))
    dropped = (each for each in said.figures if each not in figures)
    others = (*said.others, *(source for each in dropped for source in _sources(each)))
    kept_nowhere = (each for each in others if not is_kept(content, each))
    unused = dict.fromkeys((*content.unused, *said.unused, *kept_nowhere))
    content = replace(content, unused=tuple(unused))
    if not form.has_values:
        return content
    as_of = _day_told(figures, prose, text)
    return _with_day(content, as_of, is_later=content.figures != before.figures)


def is_kept(content: Content, source: str) -> bool:
    """Whether the words around a figure stand in a section, or are named as not understood."""
    words = source.removeprefix("…")
    return any(words in each for each in (*(e.text for e in content.sections), *content.left))


def _sources(said: FigureSaid) -> tuple[str, ...]:
    return tuple(each.source for each in said.choices) or tuple(filter(None, [said.source]))


def _lost(content: Content, text: str, figures: Sequence[FigureSaid], form: Form) -> Iterator[str]:
    """The parts of *text* that went into no section and of which no figure was used."""
    sources = [source.removeprefix("…") for each in figures for source in _sources(each)]
    for passage in passages_of(text, _names(form)):
        words = passage.text
        said = _DATED.sub("", words, count=1)
        is_said = len(command_key(said)) >= _SHORTEST_LOST
        if is_said and not is_kept(content, words) and not any(e in words for e in sources):
            yield said


def _day_told(figures: Sequence[FigureSaid], prose: Prose, text: str) -> date | None:
    """The day of the data: that of 截至, before the one that a figure alone names."""
    days = (prose.as_of, _day_of(figures)) if _UNTIL.search(text) else (_day_of(figures),)
    return next(filter(None, (*days, prose.as_of)), None)


def _with_date_only(content: Content, text: str, day: date | None, form: Form) -> Content:
    """*content* with the day of a text of which nothing else could be taken: the rest is left."""
    dated = _DATED.match(text)
    if not form.has_values or day is None or dated is None:
        return replace(content, left=(*content.left, text))
    content = _with_day(content, day, is_later=False)
    return replace(content, left=(*content.left, text[dated.end() :]))


def with_sentence(content: Content, text: str, form: Form, today: date, *, new: bool) -> Content:
    """*content* with the missing figures that a few words say; unchanged where they say none."""
    prose = read_prose(text, today, form.places)
    said = told(prose, text, form)
    is_ours = new or closeness(text, _own_names(form)) >= _OURS
    figures = [
        each
        for each in _asked_figures(said.figures, is_ours=is_ours)
        if each.unit_id or not _is_known(content, each.indicator_id)
    ]
    if not figures:
        return content
    content = with_stated(with_figures(content, figures), said.stated)
    return _with_day(content, _day_of(figures) or prose.as_of, is_later=False)


def _asked_figures(figures: Iterable[FigureSaid], *, is_ours: bool) -> list[FigureSaid]:
    """Those that are sure, and those to be asked about where the text is about this task."""
    return [each for each in figures if is_ours or each.is_sure]


def _accepted(prose: Prose, form: Form) -> Iterator[ExtraSaid]:
    """验收率80%: how much of it was accepted, in a report that has a line for that."""
    rates = [
        each
        for each in prose.figures
        if each.kind is Kind.RATE and each.certain and not each.place
        if _ACCEPTED.search(normalise(each.label))
    ]
    if Extra.VERIFIED in form.extras and len(rates) == 1:
        yield ExtraSaid(Extra.VERIFIED, rates[0].text, rates[0].value)


def _is_known(content: Content, indicator_id: int) -> bool:
    said = content.figure(indicator_id)
    return said is not None and said.value is not None


def _day_of(figures: Iterable[FigureSaid]) -> date | None:
    """The one day that the figures' own words name; None where they name none or several."""
    days = {each.day for each in figures if each.unit_id is None}
    return days.pop() if len(days) == 1 else None


def _with_day(content: Content, day: date | None, *, is_later: bool) -> Content:
    """The text's own day where none is known, or where it brings the later figures."""
    if day is None:
        return content
    if not is_later and content.as_of is not None and not content.is_day_assumed:
        return content
    return with_day(content, day, told=True)


def _own_names(form: Form) -> tuple[str, ...]:
    indicators = (name for each in form.indicators for name in names_of(each))
    return (form.task.title, *form.task.aliases, *indicators)


def with_sections_read(content: Content, form: Form, today: date) -> Content:
    """Figures still missing that stand for certain in a section about progress or effects."""
    spoken = (Part.PROGRESS, Part.EFFECTS)
    for section in form.sections:
        text = content.section(section.name)
        if all(content.figure(each.id or 0) for each in form.indicators):
            return content
        if text and part_called((section.name, *section.aliases)) in spoken:
            content = with_sentence(content, text, form, today, new=False)
    return content


def names_missing(content: Content, form: Form) -> Iterator[str]:
    """What the sections that are asked for and not yet said may be called.

    进展 is left out: 进展顺利 is said of the work, and opens no section.
    """
    for each in form.sections:
        names = (each.name, *each.aliases)
        is_asked = each.is_required or each.is_expected
        if is_asked and not content.section(each.name) and part_called(names) is not Part.PROGRESS:
            yield from names


def with_progress(content: Content, text: str, form: Form, today: date) -> Content:
    """*content* with a few words on what was reached, where the report counts nothing itself."""
    section = section_of(Part.PROGRESS, "", form)
    if form.indicators or section is None or content.section(section.name):
        return content
    figures = read_prose(text, today, form.places).figures
    if _QUESTION.search(text) or not any(each.kind in _REACHED for each in figures):
        return content
    return with_sections(content, [SectionSaid(section.name, text)])


def with_status(content: Content, form: Form) -> Content:
    """*content* with 工作有序推进 and the like as progress, where it was left over."""
    section = section_of(Part.PROGRESS, "", form)
    told = [each for each in content.left if is_status(each)]
    if section is None or not told:
        return content
    text = "\n".join(filter(None, dict.fromkeys([content.section(section.name), *told])))
    left = tuple(each for each in content.left if each not in told)
    return replace(with_sections(content, [SectionSaid(section.name, text)]), left=left)


def sections_on(lines: Iterable[SectionText], form: Form) -> tuple[SectionSaid, ...]:
    """The sections under their headings; what two of them say of one stands in it together."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        for each in parted_section(SectionSaid(line.key, line.text.strip()), form):
            texts.setdefault(each.name, []).append(each.text)
    return tuple(SectionSaid(name, "\n".join(filter(None, said))) for name, said in texts.items())


def parted_section(said: SectionSaid, form: Form) -> Iterator[SectionSaid]:
    """A section as written under its heading, without what its words give to other sections."""
    kept = []
    for passage in passages_of(said.text, _names(form)):
        section = section_of(passage.part, passage.name, form)
        if section is None or section.name == said.name:
            kept.append(passage.text)
        else:
            yield SectionSaid(section.name, passage.text)
    yield SectionSaid(said.name, "\n".join(kept))


def _names(form: Form) -> Iterator[str]:
    for section in form.sections:
        yield from (section.name, *section.aliases)


def section_of(part: Part | None, name: str, form: Form) -> SectionForm | None:
    """The section with this name, or the first that is this part by its name or an alias."""
    if name:
        return next((e for e in form.sections if name in (e.name, *e.aliases)), None)
    if part is None:
        return None
    by_name = (each for each in form.sections if part_called((each.name,)) is part)
    by_alias = (
        each
        for each in form.sections
        if any(part_called((alias,)) is part for alias in each.aliases)
    )
    return next((*by_name, *by_alias).__iter__(), None)


def _with_sections(
    content: Content, text: str, prose: Prose, form: Form, *, is_told: bool
) -> Content:
    """The parts of *text* in the form's sections; *is_told*: it is known to be a report."""
    found: dict[str, list[str]] = {}
    passages = passages_of(text, _names(form))
    is_told = is_told or len(passages) > 1
    for passage in passages:
        section = section_of(passage.part, passage.name, form)
        if section is not None:
            found.setdefault(section.name, []).append(passage.text)
        elif passage.part is None and _is_report(passage.text, prose, is_told=is_told):
            for name, words in _opening(passage.text, content, prose, form):
                found.setdefault(name, []).append(words)
    return with_sections(content, (SectionSaid(n, "\n".join(t)) for n, t in found.items()))


def _is_report(text: str, prose: Prose, *, is_told: bool) -> bool:
    """Whether words without a heading are part of the report: a figure of it stands there, or
    they read like one."""
    return not _QUESTION.search(text) and (is_told or _is_official(text, prose))


def _is_official(text: str, prose: Prose) -> bool:
    """Whether it is official prose rather than talk."""
    if len(passages_of(text)) > 1:
        return True
    plain = normalise(text)
    words = [*EFFORTS.findall(plain), *HINDRANCES.findall(plain), *UNDER_WAY.findall(plain)]
    is_figured = any(each.certain for each in prose.figures)
    is_judged = prose.status is not None or len(words) + is_figured >= _FEWEST_WORDS
    return is_judged and len(command_key(text)) >= _SHORTEST


def _opening(text: str, content: Content, prose: Prose, form: Form) -> Iterator[tuple[str, str]]:
    """What stands before any leading words: the progress, or sentence by sentence what it is."""
    progress = section_of(Part.PROGRESS, "", form)
    if progress is not None and not progress.is_free:
        yield progress.name, text
        return
    wanted = [e for e in form.sections if not e.is_optional and not content.section(e.name)]
    for sentence in filter(str.strip, _SENTENCE.findall(text)):
        sections = (section_of(part, "", form) for part in _parts_of(sentence, prose, form))
        section = next((each for each in sections if each in wanted), progress)
        if section is not None:
            yield section.name, sentence.strip()


def _parts_of(sentence: str, prose: Prose, form: Form) -> Iterator[Part]:
    """What a sentence may speak of, likeliest first: counties, what hinders, effects, measures."""
    inside = [each for each in prose.figures if each.text in sentence]
    if sum(each.place in form.places and each.kind in _REACHED for each in inside) > 1:
        yield Part.COUNTIES
    plain = normalise(sentence)
    if HINDRANCES.search(plain):
        yield Part.PROBLEMS
    if any(each.kind in _REACHED for each in inside):
        yield Part.EFFECTS
    if len(EFFORTS.findall(plain)) > any(each.kind in _REACHED for each in inside):
        yield Part.MEASURES
