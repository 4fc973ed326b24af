"""The open report without what one message brought: the later words stay as they are."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from handlers.reporting.content import Content, FigureSaid, PictureSaid
from handlers.reporting.kept import Step

T = TypeVar("T")


def unsaid(
    content: Content, steps: Sequence[Step], inbox_id: int
) -> tuple[Content, tuple[Step, ...]] | None:
    """*content* and its steps without what the message brought.

    None where it is too old to tell its part from what came before it.
    """
    states = [*(each.content for each in steps), content]
    at = next((n for n, each in enumerate(states) if inbox_id in each.messages), 0)
    if at == 0:
        return None
    before, after = states[at - 1], states[at]
    later = tuple(
        replace(each, content=_without(each.content, before, after, inbox_id))
        for each in steps[at + 1 :]
    )
    return _without(content, before, after, inbox_id), (*steps[:at], *later)


def _without(now: Content, before: Content, after: Content, inbox_id: int) -> Content:
    """*now* without what made *after* of *before*, where nothing later replaced it."""
    gone = {each.sha for each in after.pictures} - {each.sha for each in before.pictures}
    left = [each for each in now.pictures if each.sha not in gone]
    return replace(
        _with_day_back(now, before, after),
        figures=_back(now.figures, before.figures, after.figures, _figure_key),
        stated=_back(now.stated, before.stated, after.stated, lambda e: e.indicator_id),
        sections=_back(now.sections, before.sections, after.sections, lambda e: e.name),
        extras=_back(now.extras, before.extras, after.extras, lambda e: e.extra),
        pictures=_captioned_back(left, before, after),
        captions=_kept(now.captions, before.captions, after.captions),
        spare=_kept(now.spare, before.spare, after.spare),
        confirmed=_kept(now.confirmed, before.confirmed, after.confirmed),
        pending=None if now.pending == after.pending else now.pending,
        held=before.held if now.held == after.held else now.held,
        other=before.other if now.other == after.other else now.other,
        originals=_kept(now.originals, before.originals, after.originals),
        messages=tuple(each for each in now.messages if each != inbox_id),
    )


def _with_day_back(now: Content, before: Content, after: Content) -> Content:
    is_new = (before.as_of, before.as_of_text) != (after.as_of, after.as_of_text)
    if not is_new or (now.as_of, now.as_of_text) != (after.as_of, after.as_of_text):
        return now
    return replace(
        now,
        as_of=before.as_of,
        as_of_text=before.as_of_text,
        is_day_assumed=before.is_day_assumed,
        is_day_told=before.is_day_told,
    )


def _back(
    now: Iterable[T], before: Iterable[T], after: Iterable[T], key: Callable[[T], Hashable]
) -> tuple[T, ...]:
    """*now* with each thing that *after* changed as it was *before*, or gone where it was not."""
    was, became = {key(e): e for e in before}, {key(e): e for e in after}
    found: dict[Hashable, T] = {}
    for each in now:
        name = key(each)
        is_theirs = name in became and became[name] == each and was.get(name) != each
        if not is_theirs:
            found[name] = each
        elif name in was:
            found[name] = was[name]
    return tuple(found.values())


def _kept(now: Iterable[T], before: Iterable[T], after: Iterable[T]) -> tuple[T, ...]:
    """*now* without what only came with *after*."""
    was, became = tuple(before), tuple(after)
    return tuple(each for each in now if each not in became or each in was)


def _figure_key(said: FigureSaid) -> tuple[int, int | None]:
    return said.indicator_id, said.unit_id


def _captioned_back(
    now: Iterable[PictureSaid], before: Content, after: Content
) -> tuple[PictureSaid, ...]:
    was = {each.sha: each.caption for each in before.pictures}
    became = {each.sha: each.caption for each in after.pictures}
    return tuple(
        replace(each, caption=was[each.sha])
        if each.sha in was and became.get(each.sha) == each.caption
        else each
        for each in now
    )
