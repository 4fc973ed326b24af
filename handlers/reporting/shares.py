"""Percentages that are written on a line of their own, or alone as an answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from handlers.reading.lines import FigureLine
from handlers.reading.normalise import normalise
from handlers.reading.quantity import Problem, StatedPercent, Unreadable, read_percent
from handlers.reporting.content import Content, StatedSaid, with_stated
from handlers.reporting.form import Form, done_percent
from handlers.reporting.paragraph import with_progress, with_sentence

#: What a cell of 0.339 may be: `tables` leaves it to the figure beside it.
_EITHER = re.compile(r"\s*(\d[\d.]*)%或(\d[\d.]*)%\s*")
_BARE = re.compile(
    r"(?:完成率?|进度|占|是|应该?|为|大?约|共|总体|整体|达到?|了|[:,\s])*\d[\d.]*\s*%[。.!\s]*"
)
_SAYING = re.compile(r"[\d一二三四五六七八九十百千万]\s*[^\W\d_]")
#: So many points lie between two readings of one percentage at most.
_NEAR = Decimal("1.5")


def stated_on(lines: Iterable[FigureLine], content: Content, form: Form) -> Iterator[StatedSaid]:
    """The percentages of lines such as 完成率：, each of its indicator or of the whole task."""
    for line in lines:
        indicator = form.indicator(int(line.indicator)) if line.indicator else form.only_indicator
        read = read_percent(line.text)
        if isinstance(read, Unreadable) and read.problem is Problem.EMPTY:
            continue
        indicator_id = indicator.id if indicator else None
        value = _fitting(line.text, indicator_id, content, form)
        if isinstance(read, StatedPercent):
            value = read.value
        yield StatedSaid(indicator_id, line.text, value)


def _fitting(text: str, indicator_id: int | None, content: Content, form: Form) -> Decimal | None:
    """Of two readings the one that is the figure's own percentage."""
    found, indicator = _EITHER.fullmatch(text), form.indicator(indicator_id)
    said = content.figure(indicator.id or 0) if indicator else None
    share = done_percent(indicator, said.value) if indicator and said else None
    if found is None or share is None:
        return None
    near = [each for each in map(Decimal, found.groups()) if abs(each - share) <= _NEAR]
    return near[0] if len(near) == 1 else None


def with_words_beside(
    content: Content, lines: Iterable[FigureLine], form: Form, today: date
) -> Content:
    """完成进度：建设示范村45个，完成90%: what is told beside the percentage is the progress.

    In a report with indicators it is the figure that is still missing, or is said to be left out.
    """
    for each in lines:
        if not _is_telling(each.text):
            continue
        before = content
        content = with_progress(content, each.text, form, today)
        is_wanting = any(content.figure(i.id or 0) is None for i in form.indicators)
        if is_wanting:
            content = with_sentence(content, each.text, form, today, new=True)
        if content == before and (is_wanting or not form.indicators):
            content = replace(content, left=(*content.left, each.text))
    return content


def _is_telling(text: str) -> bool:
    read = read_percent(text)
    return isinstance(read, StatedPercent) and _SAYING.search(normalise(read.rest)) is not None


def bare_share(content: Content, text: str, form: Form) -> Content | None:
    """*content* with a percentage alone as that of the only figure, or as the one asked for."""
    said = _share_meant(content, form) if _BARE.fullmatch(normalise(text)) else None
    read = read_percent(text)
    if said is None or not isinstance(read, StatedPercent):
        return None
    return with_stated(content, [replace(said, text=text, value=read.value)])


def _share_meant(content: Content, form: Form) -> StatedSaid | None:
    """Whose percentage is still to be said; None where that is of several things, or known."""
    if content.stated:
        open_ = [each for each in content.stated if each.value is None]
        return open_[0] if len(open_) == 1 else None
    only = form.only_indicator
    said = content.figure(only.id or 0) if only else None
    if only and said and done_percent(only, said.value) is not None:
        return StatedSaid(only.id, "")
    return None if form.indicators else StatedSaid(None, "")
