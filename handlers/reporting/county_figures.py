"""The figures of single counties in a text, each for its indicator."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from handlers.reading.likeness import STRONG
from handlers.reading.prose.figures import Kind
from handlers.reporting.content import FigureSaid
from handlers.reporting.counted import best_of, counts, fits, is_explained, says_no_other
from handlers.reporting.form import Form
from handlers.reporting.seen import Seen, said_by, value_in
from models.indicator import Indicator

#: 吉首市贡献1500个
_GIVES = re.compile(r"(?:贡献|占)了?$")


def county_figures(
    seen: Sequence[Seen], taken: Mapping[Seen, Indicator], form: Form, text: str
) -> Iterator[FigureSaid]:
    """A county's own figures; its percentage alone stays text, and so does what is not sure.

    Those that add up to the whole are its parts, however they are written.
    """
    found: dict[int, dict[int, list[tuple[FigureSaid, bool]]]] = {}
    listed = {e.figure.sentence for e in seen if e.figure.place and e.is_of_which and taken}
    for each, unit_id, indicator in _of_counties(seen, taken, form):
        is_listed = each.figure.sentence in listed or bool(each.percents)
        is_listed = is_listed or (bool(taken) and _GIVES.search(each.words) is not None)
        is_sure = (each.figure.certain or is_listed) and not each.is_doubted
        is_sure = is_sure and is_explained(each, text, form)
        said = replace(said_by(each, indicator), unit_id=unit_id, source="")
        found.setdefault(said.indicator_id, {}).setdefault(unit_id, []).append((said, is_sure))
    whole = {i.id: value_in(each.figure, i) for each, i in taken.items()}
    for indicator_id, by_unit in found.items():
        once = [said[0] for said in by_unit.values() if len(said) == 1]
        is_sum = sum(said.value or 0 for said, _ in once) == whole.get(indicator_id)
        yield from (said for said, is_sure in once if is_sure or is_sum)


def _of_counties(
    seen: Sequence[Seen], taken: Mapping[Seen, Indicator], form: Form
) -> Iterator[tuple[Seen, int, Indicator]]:
    """The counties' figures; in 吉首市开工8个、保靖县6个 the second is of what the first is of."""
    ids = {name: unit.id or 0 for unit in form.counties for name in (unit.name, *unit.aliases)}
    last: Indicator | None = None
    listed: tuple[int, str, Indicator] | None = None
    whole = ""
    for each in seen:
        last = taken.get(each, last)
        if each in taken:
            whole = each.words
        unit_id = ids.get(each.figure.place)
        if unit_id is None:
            continue
        indicator = _of_county(each, last, form, whole)
        place = (each.figure.sentence, each.figure.unit)
        if indicator is None and listed and place == listed[:2] and _names_only(each):
            indicator = listed[2]
        listed = (*place, indicator) if indicator else None
        if indicator is not None:
            yield each, unit_id, indicator


def _names_only(seen: Seen) -> bool:
    """Whether nothing but a county's name stands between a figure and the one before."""
    between = seen.own.rpartition("、")[2]
    return between.strip("个名人户件张家所项座套处台条 ").endswith(seen.figure.place) and (
        len(between) <= len(seen.figure.place) + 2
    )


def _of_county(seen: Seen, last: Indicator | None, form: Form, whole: str) -> Indicator | None:
    """What a county's figure is of; *whole* are the words of the one that *last* was taken of."""
    fitting = [each for each in form.indicators if counts(seen, each, form.task.title)]
    if last and not fitting and seen.is_of_which and _goes_on(seen, last):
        return last
    if not fitting or seen.is_partial:
        return None
    if best := best_of(seen.words, fitting, STRONG):
        return best
    only = last if last in fitting else form.only_indicator
    is_same = only is last and seen.words == whole
    is_said = is_same or says_no_other(_GIVES.sub("", seen.words), only) if only else False
    return only if only in fitting and is_said else None


def _goes_on(seen: Seen, last: Indicator) -> bool:
    """已开工31个，其中吉首市8个: the county's part of the step that was counted before."""
    is_count = seen.figure.kind in (Kind.DONE, Kind.OTHER) and not seen.is_partial
    return is_count and fits(seen, last) and says_no_other(seen.words, last)
