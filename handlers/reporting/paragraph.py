"""A paragraph of a report: its figures, its day and its parts go where they belong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from handlers.reading.normalise import command_key, normalise
from handlers.reading.prose import read_prose
from handlers.reading.prose.figures import Kind, Prose
from handlers.reading.sections import Part, part_called, passages_of
from handlers.reporting.content import (
    Content,
    FigureSaid,
    SectionSaid,
    with_figures,
    with_sections,
    with_stated,
)
from handlers.reporting.form import Form, SectionForm
from handlers.reporting.likeness import closeness, other_task
from handlers.reporting.seen import names_of
from handlers.reporting.told import told

#: Words of official prose that say what was done to get on.
_EFFORTS = re.compile(
    "坚持|强化|压实|狠抓|推行|印发|召开|成立|建立|加强|统筹|聚焦|围绕|督[查导办]|调度|出台|制定|"
    "落实|宣传|专班|部署|协调|压茬|挂图|倒排|包[保联]|联席|台账|责任"
)
_HINDRANCES = re.compile(
    "(?:受|因|由于)[^。;]{2,30}(?:影响|制约|滞后|缓慢|较慢|未能|难以)"
    "|(?:资金|用地|经费|人手|人员|计划)[^。,;]{0,8}(?:不足|不到位|未到位|缺口|紧张|短缺)"
    "|未下达|未落实|未到位"
)
_REACHED = (Kind.DONE, Kind.PERCENT, Kind.STATED, Kind.RATE, Kind.GROWTH, Kind.MONEY)
_SENTENCE = re.compile(r"[^。！!？?\n]*[。！!？?\n]?")
_QUESTION = re.compile(r"[?？吗呢]\s*$")
_SHORTEST = 20
_FEWEST_EFFORTS = 2
_FOREIGN = 0.3


def with_paragraph(content: Content, text: str, form: Form, today: date) -> Content:
    """*content* with what *text* says: figures, percentages, its day, and the form's sections.

    The later word replaces the earlier; talk that is no report changes nothing.
    """
    prose = read_prose(text, today, form.places)
    before = content
    content = _with_values(content, text, prose, form)
    content = _with_sections(content, text, prose, form)
    if content == before:
        return replace(before, left=(*before.left, text))
    brings = content.figures != before.figures
    if prose.as_of and (brings or before.as_of is None or before.is_day_assumed):
        content = replace(content, as_of=prose.as_of, is_day_assumed=False, as_of_text="")
    return content


def with_sentence(content: Content, text: str, form: Form, today: date) -> Content:
    """*content* with the missing figures that a few words say for certain; else unchanged."""
    prose = read_prose(text, today, form.places)
    said = told(prose, text, form)
    known = {
        each.indicator_id for each in content.figures if each.value is not None and not each.unit_id
    }
    figures = [e for e in said.figures if e.is_sure and (e.unit_id or e.indicator_id not in known)]
    if not any(each.value is not None for each in figures):
        return content
    content = with_stated(with_figures(content, figures), said.stated)
    if prose.as_of and (content.as_of is None or content.is_day_assumed):
        content = replace(content, as_of=prose.as_of, is_day_assumed=False, as_of_text="")
    return content


def with_sections_read(content: Content, form: Form, today: date) -> Content:
    """Figures still missing that stand for certain in a section about progress or effects."""
    spoken = (Part.PROGRESS, Part.EFFECTS)
    for section in form.sections:
        text = content.section(section.name)
        if text and part_called((section.name, *section.aliases)) in spoken:
            content = with_sentence(content, text, form, today)
    return content


def parted_section(said: SectionSaid, form: Form) -> Iterator[SectionSaid]:
    """A section as written under its heading, without what its words give to other sections."""
    kept = []
    for passage in passages_of(said.text, _names(form)):
        section = _section_of(passage.part, passage.name, form)
        if section is None or section.name == said.name:
            kept.append(passage.text)
        else:
            yield SectionSaid(section.name, passage.text)
    yield SectionSaid(said.name, "\n".join(kept))


def _with_values(content: Content, text: str, prose: Prose, form: Form) -> Content:
    said = told(prose, text, form)
    own = (form.task.title, *form.task.aliases, *(n for e in form.indicators for n in names_of(e)))
    other = other_task(text, own, form.others)
    figures: Iterable[FigureSaid] = said.figures
    if other:
        figures = [replace(each, is_sure=False) for each in figures]
    elif not content.says_nothing and closeness(text, own) < _FOREIGN:
        # In a report under way a stray number in talk about something else is no answer.
        figures = [each for each in figures if each.is_sure]
    content = with_stated(with_figures(content, figures), said.stated)
    return replace(content, unused=said.unused, other=other)


def _names(form: Form) -> Iterator[str]:
    for section in form.sections:
        yield from (section.name, *section.aliases)


def _section_of(part: Part | None, name: str, form: Form) -> SectionForm | None:
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


def _with_sections(content: Content, text: str, prose: Prose, form: Form) -> Content:
    found: dict[str, list[str]] = {}
    for passage in passages_of(text, _names(form)):
        section = _section_of(passage.part, passage.name, form)
        if section is not None:
            found.setdefault(section.name, []).append(passage.text)
        elif passage.part is None and _is_report(passage.text, prose):
            for name, words in _opening(passage.text, content, prose, form):
                found.setdefault(name, []).append(words)
    return with_sections(content, (SectionSaid(n, "\n".join(t)) for n, t in found.items()))


def _is_report(text: str, prose: Prose) -> bool:
    """Whether words without a heading are official prose rather than talk."""
    if len(command_key(text)) < _SHORTEST or _QUESTION.search(text):
        return False
    is_judged = prose.status is not None or any(each.certain for each in prose.figures)
    return is_judged or len(_EFFORTS.findall(normalise(text))) >= _FEWEST_EFFORTS


def _opening(text: str, content: Content, prose: Prose, form: Form) -> Iterator[tuple[str, str]]:
    """What stands before any leading words: the progress, or sentence by sentence what it is."""
    progress = _section_of(Part.PROGRESS, "", form)
    if progress is not None and not progress.is_free:
        yield progress.name, text
        return
    wanted = [e for e in form.sections if e.need != "optional" and not content.section(e.name)]
    for sentence in filter(str.strip, _SENTENCE.findall(text)):
        sections = (_section_of(part, "", form) for part in _parts_of(sentence, prose))
        section = next((each for each in sections if each in wanted), progress)
        if section is not None:
            yield section.name, sentence.strip()


def _parts_of(sentence: str, prose: Prose) -> Iterator[Part]:
    """What a sentence may speak of, likeliest first: counties, what hinders, effects, measures."""
    inside = [each for each in prose.figures if each.text in sentence]
    if sum(bool(each.place) and each.kind in _REACHED for each in inside) > 1:
        yield Part.COUNTIES
    plain = normalise(sentence)
    if _HINDRANCES.search(plain):
        yield Part.PROBLEMS
    if any(each.kind in _REACHED for each in inside):
        yield Part.EFFECTS
    if len(_EFFORTS.findall(plain)) > any(each.kind in _REACHED for each in inside):
        yield Part.MEASURES
