"""What one message adds to a report: its lines, or bare answers to what was asked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.reading.dictated import parted_where_dictated
from handlers.reading.doubts import is_as_before, is_open
from handlers.reading.explained import unexplained
from handlers.reading.lines import FigureLine, Line, ReportLines, SectionText, read_lines
from handlers.reading.loose_words import may_be_section, tells_of
from handlers.reading.marks import EMOJI
from handlers.reading.paragraphs import parted
from handlers.reading.partial import limits_above
from handlers.reading.quantity import Problem, Unreadable, read_percent
from handlers.reading.sections import part_called, parted_at_gaps
from handlers.reporting.captioned import bare_captions, parted_captions, with_captions_read
from handlers.reporting.content import (
    Content,
    Extra,
    FigureSaid,
    SectionSaid,
    StatedSaid,
    with_captions,
    with_day,
    with_extras,
    with_figures,
    with_sections,
    with_stated,
    without_left,
)
from handlers.reporting.county_sums import with_sums
from handlers.reporting.day_said import bare_day, behind_day, with_as_of
from handlers.reporting.extras import bare_stage, read_extra
from handlers.reporting.form import Form
from handlers.reporting.misstated import put_right
from handlers.reporting.own_words import known_words
from handlers.reporting.paragraph import (
    is_kept,
    names_missing,
    sections_on,
    with_paragraph,
    with_progress,
    with_sections_read,
    with_sentence,
    with_status,
)
from handlers.reporting.reworded import as_lines, with_colons
from handlers.reporting.shares import bare_share, stated_on, with_words_beside
from handlers.reporting.tabled import with_county_tables
from handlers.reporting.unclear import with_choice
from handlers.reporting.written import Taken, bare_figure, figure_said, one_of
from models.indicator import Indicator
from models.rules.checks import is_filler
from models.rules.finding import DEFAULT_CHECKS

#: A bare answer is short, and there are not many of them.
_MOST_PIECES = 40
#: An emoji before a heading is passed over as the bullet of a scan is; 1️⃣ is one too.
_DECORATION = re.compile(rf"(?:(?<=^)|(?<=[\n，,；;。]))[ \t]*(?:\d\ufe0f?\u20e3|[{EMOJI}])+[ \t]*")
#: 对了问题是……: said before what was forgotten.
_ADDING = re.compile(r"^\s*(?:哦|噢|嗯|对了|忘了?说了?|补充(?:一下|一句|一点))[\s,，:：。]*")


@dataclass(frozen=True)
class Heard:
    """The report after a message, and whether the message said anything that belongs to it."""

    content: Content
    is_understood: bool


def hear(content: Content, text: str, form: Form, today: date) -> Heard:
    """*content* with what *text* says, which begins behind the task's name.

    The later word replaces the earlier one. What cannot be placed is kept as left over.
    """
    if (chosen := with_choice(content, text)) is not None:
        return Heard(chosen, True)
    asked, content = content, replace(content, unused=(), other="", held="")
    text, untaken = _as_fields(content, text, form, today)
    text, captions = parted_captions(content, text, form, today)
    after = _with_parts(content, text, captions, form, today)
    after = _completed(content, replace(after, left=(*after.left, *untaken)), form, today)
    if is_open(text):
        after = _unsettled(content, after)
    after = _limited(content, after, text, form, apart=[e for e in after.left if e not in untaken])
    if after.as_of != content.as_of and not after.is_day_told:
        after = _as_of_now(content, after)
    if _substance(after) == _substance(content):
        return Heard(replace(asked, left=after.left, unclear=after.unclear), False)
    return Heard(after, True)


def _as_fields(content: Content, text: str, form: Form, today: date) -> tuple[str, tuple[str, ...]]:
    """*text* with its tables, corrections and loose headings as lines; and what of it is lost."""
    text, untaken = with_county_tables(text, content, form, today)
    text = put_right(content, _ADDING.sub("", _DECORATION.sub("", text)), form)
    text = parted_at_gaps(parted_where_dictated(as_lines(text, form.vocabulary)))
    return with_colons(text, names_missing(content, form)), untaken


def _with_parts(content: Content, text: str, captions: str, form: Form, today: date) -> Content:
    """*content* with the paragraphs, the fields, the captions and the bare pieces of a message."""
    written = parted(text, form.vocabulary)
    lines = read_lines(written.fields, form.vocabulary)
    # Without a task's name in front, what stands before the first field is a bare piece as well.
    loose = [*filter(None, [lines.name]), *(line.text for line in lines.unknown)]
    after, is_new = content, content.says_nothing
    for paragraph in written.paragraphs:
        after = with_paragraph(after, paragraph, form, today, new=is_new)
    after = _with_both(
        after, _with_lines(after, lines, written.fields, form, today, new=is_new), content
    )
    captions = "\n".join([captions, *(line.text for line in lines.captions)])
    after = with_captions_read(after, captions, form, today)
    for piece in loose[:_MOST_PIECES]:
        after = _with_piece(content, after, piece, form, today, new=is_new)
    return replace(after, left=(*after.left, *loose[_MOST_PIECES:]))


def _completed(before: Content, after: Content, form: Form, today: date) -> Content:
    """*after* with what follows from all that the message said: a section, the status, the sums."""
    if _has_answer(before, after):
        after = with_status(_with_only_section(after, form), form)
    after = with_sums(before, with_sections_read(after, form, today), form)
    if all(after.figure(each.id or 0) for each in form.indicators):
        after = replace(after, unused=tuple(e for e in after.unused if not is_kept(after, e)))
    return replace(after, left=tuple(dict.fromkeys(after.left)))


def _with_both(before: Content, after: Content, start: Content, *, always: bool = False) -> Content:
    """*after*, asking which is meant where a step changes what the same message said for sure.

    *always*: though it was not sure before.
    """
    figures = []
    for each in after.figures:
        was = before.figure(each.indicator_id, each.unit_id)
        is_new = was is not None and was != start.figure(each.indicator_id, each.unit_id)
        is_said = was is not None and was.value is not None and (was.is_sure or always)
        if is_new and was and is_said and each.value is not None:
            each = one_of([was, each])
        figures.append(each)
    return replace(after, figures=tuple(figures))


def _with_piece(
    start: Content, content: Content, piece: str, form: Form, today: date, *, new: bool
) -> Content:
    """*content* with a bare piece; a figure for what the message gave already is a second one."""
    after = _with_answer(content, piece, form, today, new=new)
    if after.figures != content.figures:
        return (
            after
            if start.figures == content.figures
            else _with_both(content, after, start, always=True)
        )
    alone = _with_answer(replace(content, figures=start.figures), piece, form, today, new=new)
    if alone.figures == start.figures:
        return after
    figures = list(content.figures)
    for each in alone.figures:
        was = content.figure(each.indicator_id, each.unit_id)
        if each not in start.figures and was is not None and was.value is not None:
            figures[figures.index(was)] = one_of([was, each])
    return replace(after, figures=tuple(figures), left=content.left)


def _as_of_now(before: Content, after: Content) -> Content:
    """The figures that were known when their day was corrected: they are of that day."""
    figures = (replace(e, day=None) if e in before.figures else e for e in after.figures)
    return replace(after, figures=tuple(figures))


def _unsettled(before: Content, after: Content) -> Content:
    """The figures of a message that says itself that they are open, to be asked about."""
    figures = (
        each
        if each in before.figures or each.unit_id
        else replace(each, is_sure=False, source=each.source or each.text)
        for each in after.figures
    )
    return replace(after, figures=tuple(figures))


def _limited(
    before: Content, after: Content, text: str, form: Form, apart: Sequence[str]
) -> Content:
    """*after* with the figures to be asked about of which a line says that they are no whole.

    Those of the message itself, or without any what was said before. *apart* are the words that
    belong to no field.
    """
    lines = [*(each.strip() for each in text.split("\n") if each.strip()), *apart]
    found = [e for e in lines if limits_above(e, form.places, is_apart=e in apart)]
    whole = [e for e in after.figures if not e.unit_id and e.value is not None]
    meant = [each for each in whole if each not in before.figures] or whole
    if not found or not meant:
        return after
    figures = (
        replace(each, is_sure=False, source=f"{each.source or each.text}；{found[0]}")
        if each in meant
        else each
        for each in after.figures
    )
    left = tuple(each for each in after.left if each != found[0])
    return replace(after, figures=tuple(figures), left=left)


def _has_answer(before: Content, after: Content) -> bool:
    """Whether the message brought a figure or a day."""
    return (before.figures, before.as_of) != (after.figures, after.as_of)


def _with_only_section(content: Content, form: Form) -> Content:
    """Words beside a figure or a day that can only be the one section that is still missing."""
    missing = [e for e in form.sections if e.is_required and not content.section(e.name)]
    if len(missing) != 1 or len(content.left) != 1 or content.unused:
        return content
    [section], [words] = missing, content.left
    part = part_called((section.name, *section.aliases))
    if not may_be_section(words) or not tells_of(words, part):
        return content
    return replace(with_sections(content, [SectionSaid(section.name, words)]), left=())


def _substance(content: Content) -> Content:
    return replace(without_left(content), unused=())


def _with_lines(
    content: Content, lines: ReportLines, fields: str, form: Form, today: date, *, new: bool
) -> Content:
    content = _with_days(content, lines.as_of, form, today, new=new)
    figures = [*_figures(lines.figures, fields, form), *_county_figures(lines, form)]
    shares = [*_shares_alone(figures, content, form)]
    figures = [each for each in figures if each[0] not in [said for said, _ in shares]]
    county = {each.id: each.name for each in form.counties}
    others = (f"{county.get(e.unit_id, '')}{e.text}" for e, stated in shares if stated is None)
    content = replace(content, left=(*content.left, *others))
    content = with_figures(content, _each_once(said for said, _, _ in figures))
    content = with_stated(content, (stated for _, stated in shares if stated))
    content = with_stated(content, (stated for _, stated, _ in figures if stated))
    content = with_stated(content, stated_on(lines.stated, content, form))
    content = with_words_beside(content, lines.stated, form, today)
    pointing = [each for each in lines.sections if _points_back(each, form)]
    left = (f"{each.key}：{each.text.strip()}" for each in pointing)
    content = replace(content, left=(*content.left, *left))
    written = [each for each in lines.sections if each not in pointing]
    content = with_sections(content, sections_on(written, form))
    extras = (read_extra(Extra(line.key), line.text, form) for line in lines.extras)
    content = with_extras(content, (said for said in extras if said is not None))
    unplaced = (line.text for line in lines.figures if _indicator_of(line.indicator, form) is None)
    content = replace(content, left=(*content.left, *unplaced))
    for rest in (rest for _, _, rest in figures if len(rest) > 1):
        answered = bare_figure(content, rest, form) if _is_wanting(content, form) else None
        content = (
            with_figures(content, [answered[0]])
            if answered
            else replace(content, left=(*content.left, rest))
        )
    return content


def _with_days(
    content: Content, lines: Iterable[Line], form: Form, today: date, *, new: bool
) -> Content:
    """*content* with the day of each line, and what stands behind it there.

    The day of a figure (截至3月31日建成900个) gives way to one that stands alone.
    """
    further = {line: behind_day(line.text, form, today) for line in lines}
    for line, behind in sorted(further.items(), key=lambda each: not each[1]):
        content = with_as_of(content, line.text, form, today)
        if behind:
            words = f"截至{line.text}"
            content = _with_answer(content, words, form, today, new=new)
            left = (behind.strip() if each == words else each for each in content.left)
            content = replace(content, left=tuple(left))
    return content


def _points_back(said: SectionText, form: Form) -> bool:
    """Whether it only says 同上; of what is required that is asked about by itself."""
    is_asked = any(each.name == said.key and each.is_required for each in form.sections)
    is_blank = is_filler(said.text, DEFAULT_CHECKS.fillers)
    return is_as_before(said.text) and not (is_blank and is_asked)


def _is_wanting(content: Content, form: Form) -> bool:
    return any(content.figure(each.id or 0) is None for each in form.indicators)


def _indicator_of(key: str | None, form: Form) -> Indicator | None:
    return form.indicator(int(key)) if key else form.only_indicator


def _figures(lines: Iterable[FigureLine], fields: str, form: Form) -> Iterator[Taken]:
    written = fields.split("\n")
    for line in lines:
        indicator = _indicator_of(line.indicator, form)
        if indicator is not None and line.text.strip():
            before, found, _ = written[line.number - 1].partition(line.text)
            yield figure_said(line.text, indicator, form, before if found else "")


def _each_once(figures: Iterable[FigureSaid]) -> Iterator[FigureSaid]:
    """The figures of the lines; two different ones for the same are the question which."""
    found: dict[tuple[int, int | None], list[FigureSaid]] = {}
    for each in figures:
        found.setdefault((each.indicator_id, each.unit_id), []).append(each)
    yield from map(one_of, found.values())


def _shares_alone(
    figures: Sequence[Taken], content: Content, form: Form
) -> Iterator[tuple[FigureSaid, StatedSaid | None]]:
    """完成56.36% beside 9300人次: a percentage of the figure, and no second figure.

    A county's, or one of something else (完成25%的验收), is none of the figure.
    """
    known = {said.indicator_id for said in content.figures if said.value is not None}
    known |= {said.indicator_id for said, _, _ in figures if said.value is not None}
    for said, _, _ in figures:
        if said.problem != Problem.PERCENT_ONLY or said.indicator_id not in known:
            continue
        read = read_percent(said.text)
        if isinstance(read, Unreadable):
            continue
        is_other = unexplained(said.text, *read.span, known_words(form), is_share=True)
        stated = StatedSaid(said.indicator_id, said.text, read.value)
        yield said, None if is_other or said.unit_id else stated


def _county_figures(lines: ReportLines, form: Form) -> Iterator[Taken]:
    """Figures by county; within prose only those that say of which indicator they are.

    吉首市1200人 in a section about counties could be any of several indicators: it stays text.
    """
    prose = lines.section(form.vocabulary.county_section or "") or ""
    for line in lines.counties:
        indicator = _indicator_of(line.indicator, form)
        if indicator is None or not line.text.strip():
            continue
        is_vague = form.only_indicator is None and not line.is_named
        if not (is_vague and line.text in prose):
            said, _, rest = figure_said(line.text, indicator, form, is_whole=False)
            yield replace(said, unit_id=int(line.county)), None, rest


def _with_answer(content: Content, text: str, form: Form, today: date, *, new: bool) -> Content:
    """A bare piece as the answer it can only be: a day, a figure, a caption; else left over."""
    if day := bare_day(text, form, today):
        is_open = content.as_of is None or content.is_day_assumed or content.is_day_told
        return with_day(content, day) if is_open else content
    if (shared := bare_share(content, text, form)) is not None:
        return shared
    if stage := bare_stage(text, form):
        return with_extras(content, (stage,))
    if said := bare_figure(content, text, form):
        figure, stated, _ = said
        content = with_figures(content, (figure,))
        if figure.day and content.as_of is None:
            content = with_day(content, figure.day, told=True)
        return with_stated(content, (stated,)) if stated else content
    if (told := with_sentence(content, text, form, today, new=new)) != content:
        return told
    if captions := bare_captions(content, text, form, today):
        return with_captions(content, captions)
    if (told := with_progress(content, text, form, today)) != content:
        return told
    return replace(content, left=(*content.left, text))
