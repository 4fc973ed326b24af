"""Which figures of a text are those of a report's indicators, and how sure that is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise, zip_longest

from handlers.reading.likeness import STRONG, WEAK, begins_with, is_related, likeness, says_nothing
from handlers.reading.normalise import normalise
from handlers.reading.prose.figures import Kind, Prose
from handlers.reading.prose.plans import NEXT, PLANNED
from handlers.reading.quantity import Problem
from handlers.reporting.content import Chosen, FigureSaid, StatedSaid
from handlers.reporting.contradicting import contradict
from handlers.reporting.counted import (
    MARGIN,
    best_of,
    counts,
    fits,
    is_all,
    is_broken,
    is_explained,
)
from handlers.reporting.county_figures import county_figures
from handlers.reporting.form import Form, is_amount
from handlers.reporting.own_words import names_of
from handlers.reporting.seen import Seen, said_by, seen_in, unit_in, value_in
from models.indicator import Indicator
from models.rules.unit import same_kind

_EVENLY = re.compile("[均都各]")
_WHOLE = re.compile("累计|共|合计|总计|全[州市县省区]|截至|截止|至今|目前")
_PLANNED = re.compile(
    f"{PLANNED}|{NEXT}|计划|目标|拟|任务|将|[需应]|不[少低]于|设计|规划|待|概算|共有|总投资|未|尚"
)
_LEVEL = re.compile(r"(?:均|都|已|已经|全部)(?:达到?|提高到|提高至|执行)[^,;]*$")
_AND = re.compile("[、,;和与及以]+")
_ALIKE = 0.25
_MOST_CHOICES = 5
_MOST_UNUSED = 3
_FEW = 10
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Told:
    """What a text says for a report.

    *unused* are figures that were not taken though one like them is missing, as written; *others*
    those that were neither taken nor asked about.
    """

    figures: tuple[FigureSaid, ...] = ()
    stated: tuple[StatedSaid, ...] = ()
    unused: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Owner:
    """The indicator a figure is of; *is_named*: its own words say so."""

    indicator: Indicator
    is_named: bool


Owned = Mapping[Seen, Sequence[Owner]]


def told(prose: Prose, text: str, form: Form) -> Told:
    """The figures of *text* that belong to the form's indicators.

    One that can only be meant is taken; where several can, or the words do not say, it is asked.
    """
    seen = seen_in(prose, text, form.area, form.programme.year)
    whole = [each for each in seen if not each.figure.place]
    owned = _owned(whole, form)
    settled = [
        (indicator, *_settled(found, indicator, form, text))
        for indicator in form.indicators
        if (found := _of(owned, indicator))
    ]
    taken = {used: indicator for indicator, _, used in settled if used is not None}
    unsettled = [indicator for indicator, _, used in settled if used is None]
    chosen = {seen for indicator in unsettled for seen, _ in _of(owned, indicator)}
    missing = [each for each in form.indicators if not _of(owned, each)]
    counties = tuple(county_figures(seen, taken, form, text))
    stated = tuple(_stated(whole, taken, form, text))
    used = {*taken, *chosen}
    return Told(
        figures=(*(said for _, said, _ in settled), *counties),
        stated=stated,
        unused=tuple(_unused([each for each in whole if each not in used], missing)),
        others=tuple(_others([each for each in seen if each not in used], counties, stated)),
    )


def _of(owned: Owned, indicator: Indicator) -> list[tuple[Seen, bool]]:
    return [
        (seen, owner.is_named)
        for seen, owners in owned.items()
        for owner in owners
        if owner.indicator is indicator
    ]


def _owned(whole: Sequence[Seen], form: Form) -> Owned:
    found: dict[Seen, Sequence[Owner]] = {}
    before: Seen | None = None
    for each in whole:
        if fitting := [i for i in form.indicators if counts(each, i, form.task.title)]:
            found[each] = _owners(each, before, fitting, form)
            before = each
    found = _without_rivals({**found, **_in_turn(whole, form)}, form)
    found |= _left_for_one_another(found, form)
    return {**found, **_from_others(found)}


def _from_others(found: Owned) -> Owned:
    """电信公司说基站建成6个，铁塔公司说建成5个: a second source of the figure before it."""
    pairs = pairwise(found)
    return {
        other: [replace(owner, is_named=False) for owner in found[seen]]
        for seen, other in pairs
        if found[seen] and not found[other] and contradict(seen, other)
    }


def _in_turn(whole: Sequence[Seen], form: Form) -> Owned:
    """甲、乙分别完成10265人、12000人: each figure with the name in its place."""
    found: dict[Seen, Sequence[Owner]] = {}
    for (_, words), group in groupby(whole, lambda each: (each.figure.sentence, each.words)):
        figures = [each for each in group if each.figure.unit != "%"]
        head, each_in_turn, _ = words.rpartition("分别")
        names = [name for name in _AND.split(head) if name]
        if not each_in_turn or len(names) != len(figures):
            continue
        meant = [best_of(name, form.indicators, STRONG) for name in names]
        pairs = [(one, which) for one, which in zip(figures, meant, strict=True) if which]
        if len({id(which) for _, which in pairs}) == len(figures):
            fitting = (pair for pair in pairs if counts(*pair, form.task.title))
            found |= {one: [Owner(which, True)] for one, which in fitting}
    return found


def _without_rivals(found: Owned, form: Form) -> dict[Seen, Sequence[Owner]]:
    """Where one figure names an indicator, others that only resemble it are not of it."""
    if len(form.indicators) == 1:
        return dict(found)
    named = {id(owner.indicator) for owners in found.values() for owner in owners if owner.is_named}
    return {
        seen: [owner for owner in owners if owner.is_named or id(owner.indicator) not in named]
        for seen, owners in found.items()
    }


def _left_for_one_another(found: Owned, form: Form) -> Owned:
    """新增床位60张，其中护理床位45张: the whole before its part is the one left."""
    owned = {id(owner.indicator) for owners in found.values() for owner in owners}
    missing = [each for each in form.indicators if id(each) not in owned]
    for seen, part in pairwise(found):
        is_whole = part.is_of_which and found[part] and not found[seen]
        if len(missing) == 1 and is_whole and seen.likeness(missing[0]) >= _ALIKE:
            return {seen: [Owner(missing[0], False)]}
    return {}


def _owners(
    seen: Seen, before: Seen | None, fitting: Sequence[Indicator], form: Form
) -> Sequence[Owner]:
    """By the words of the figure, or by a unit that only one indicator has."""
    if len(form.indicators) == 1:
        return [Owner(fitting[0], seen.likeness(fitting[0]) >= STRONG)]
    if _EVENLY.search(seen.clause):
        named = [each for each in fitting if _stands_in(seen.clause, each)]
        if len(named) > 1:
            return [Owner(each, True) for each in named]
    begun = [each for each in fitting if begins_with(seen.after, names_of(each))]
    if len(begun) == 1 and best_of(seen.words, fitting, STRONG) is None:
        return [Owner(begun[0], True)]  # 7个4G基站
    said = [seen.words, seen.after, seen.clause]
    if before is not None and before.figure.sentence == seen.figure.sentence:
        # 农村低保标准4425元/年，人均救助水平243元/月: the thing itself was said before.
        said.append(before.words + seen.words)
    if best := next(filter(None, (best_of(words, fitting, STRONG) for words in said)), None):
        return [Owner(best, True)]
    if len(fitting) == 1 and _is_only_of_kind(fitting[0], form):
        return [Owner(fitting[0], False)]
    weak = best_of(seen.words, fitting, WEAK) or best_of(seen.after, fitting, WEAK)
    return [Owner(weak, False)] if weak else []


def _stands_in(clause: str, indicator: Indicator) -> bool:
    return any(normalise(name) in clause for name in names_of(indicator))


def _is_only_of_kind(indicator: Indicator, form: Form) -> bool:
    others = (each for each in form.indicators if each is not indicator)
    return not any(same_kind(each.unit, indicator.unit) for each in others)


def _settled(
    found: Sequence[tuple[Seen, bool]], indicator: Indicator, form: Form, text: str
) -> tuple[FigureSaid, Seen | None]:
    """What is said for an indicator, and by which figure; None where there is a choice."""
    left = _likeliest([seen for seen, _ in found], indicator)
    left += [each for each, _ in found if each not in left and contradict(left[0], each)]
    if len({value_in(each.figure, indicator) for each in left}) > 1:
        is_meant = any(_is_meant(each, indicator, form) for each in left)
        return replace(_choice(left, indicator), is_sure=is_meant), None
    seen, is_named = next((s, named) for s, named in found if s is left[0])
    is_proved = seen.is_proved_for(indicator)
    is_said = is_named or _says_own(seen.clause, form)
    is_done = seen.figure.certain or is_proved or _is_reached(seen, indicator, is_named=is_said)
    is_meant = is_named or is_proved or _is_meant(seen, indicator, form)
    is_whole = not _is_part(seen, indicator) and not _is_added(seen, indicator, form)
    is_sure = is_done and is_meant and is_whole and not seen.is_doubted
    is_sure = is_sure and is_explained(seen, text, form, is_proved=is_proved)
    is_sure = is_sure and is_all(seen, text, form)
    is_sure = is_sure and not is_broken(value_in(seen.figure, indicator), indicator)
    return replace(said_by(seen, indicator), is_sure=is_sure), seen


def _is_reached(seen: Seen, indicator: Indicator, *, is_named: bool) -> bool:
    """Whether words that alone say too little say enough in a report on this very indicator."""
    is_target = value_in(seen.figure, indicator) == indicator.target
    if is_target and indicator.threshold and _LEVEL.search(seen.clause):
        is_target = False  # 补贴标准都达到每人每月100元: a level is held where it is reached
    if _PLANNED.search(seen.clause) or is_target:
        return False
    return is_named or says_nothing(seen.clause)


def _says_own(clause: str, form: Form) -> bool:
    """Whether the one thing that the report counts is called by a name of it or of its task."""
    only = form.only_indicator
    names = (*names_of(only), *form.task.aliases) if only else ()
    return any(normalise(name) in clause for name in names)


def _is_meant(seen: Seen, indicator: Indicator, form: Form) -> bool:
    """Whether a figure that only its unit points to is one of this task, by the words around."""
    if len(form.indicators) > 1 and not _is_only_of_kind(indicator, form):
        return False
    names = (*names_of(indicator), form.task.title, *form.task.aliases)
    around = seen.clause + seen.words + seen.after
    return (
        likeness(seen.words, names) >= WEAK or is_related(around, names) or says_nothing(seen.words)
    )


def _is_added(seen: Seen, indicator: Indicator, form: Form) -> bool:
    """新增210个 of what is counted as a whole; no percentage proves it to be all there is."""
    asked = "".join((form.task.title, *names_of(indicator)))
    if not is_amount(indicator) or seen.is_proved_for(indicator):
        return False
    return seen.is_on_top(asked) or seen.timing.is_event


def _is_part(seen: Seen, indicator: Indicator) -> bool:
    """Whether it counts a part: 其中 does not where the indicator itself is what is named."""
    return seen.is_partial or (seen.is_of_which and seen.likeness(indicator) < STRONG)


def _likeliest(found: Sequence[Seen], indicator: Indicator) -> list[Seen]:
    """Those that remain when parts, other things and what no percentage proves are left out."""
    left = _some([each for each in found if not _is_part(each, indicator)], found)
    left = _wholes(_some([each for each in left if not each.is_of_which], left), indicator)
    left = _latest(left, indicator)
    left = _some([each for each in left if each.is_proved_for(indicator)], left)
    left = _some([each for each in left if each.figure.certain], left)
    left = _some([e for e in left if value_in(e.figure, indicator) != indicator.target], left)
    best = max(each.likeness(indicator) for each in left)
    if best >= WEAK:
        near = best - 2 * MARGIN
        left = [e for e in left if e.likeness(indicator) > near or _names_nothing(e)]
    return list(_some([each for each in left if _WHOLE.search(each.clause)], left))


def _names_nothing(seen: Seen) -> bool:
    """已安装1710个 may be of the thing named before; 组建3个督查组 names its own."""
    return says_nothing(seen.words) and says_nothing(seen.after)


def _wholes(found: Sequence[Seen], indicator: Indicator) -> Sequence[Seen]:
    """Without those of a sentence that add up to another figure of it."""
    values = [value_in(each.figure, indicator) for each in found]
    sums: dict[int, list[Decimal]] = {}
    for each, value in zip(found, values, strict=True):
        sums.setdefault(each.figure.sentence, []).append(value)
    halves = {key: sum(added) / 2 for key, added in sums.items() if len(added) > 2}
    pairs = [*zip(found, values, strict=True)]
    wholes = {e.figure.sentence for e, v in pairs if halves.get(e.figure.sentence) == v}
    return [
        each
        for each, value in pairs
        if each.figure.sentence not in wholes or value == halves[each.figure.sentence]
    ]


def _latest(found: Sequence[Seen], indicator: Indicator) -> Sequence[Seen]:
    """Without those of an earlier day than another; one whose day is not said stays."""
    own = [e for e in found if e.likeness(indicator) >= WEAK or _names_nothing(e)]
    last = max((each.timing.rank for each in own if each.timing.rank), default=None)
    return [each for each in found if each not in own or each.timing.rank in (None, last)]


def _some(kept: Sequence[Seen], found: Sequence[Seen]) -> Sequence[Seen]:
    """What was kept, unless that is nothing."""
    return kept or found


def _choice(found: Sequence[Seen], indicator: Indicator) -> FigureSaid:
    choices: dict[Decimal, Chosen] = {}
    for seen in found:
        value, unit = value_in(seen.figure, indicator), unit_in(seen.figure, indicator)
        about = seen.figure.approximate
        chosen = Chosen(seen.figure.text, value, unit, seen.source, about, seen.day)
        choices.setdefault(value, chosen)
    kept = tuple(choices.values())[:_MOST_CHOICES]
    text = "、".join(each.text for each in kept)
    return FigureSaid(indicator.id or 0, text, problem=Problem.SEVERAL, choices=kept)


def _stated(
    whole: Sequence[Seen], taken: Mapping[Seen, Indicator], form: Form, text: str
) -> Iterator[StatedSaid]:
    """Percentages of the task: each with the figure before it, or of the task as a whole."""
    whole = [each for each in whole if _is_own_share(each, text, form)]
    found = {indicator.id: share for indicator, share in _shares(whole, taken)}
    only = form.only_indicator
    alone = [e for e in whole if e.figure.kind is Kind.PERCENT and e.figure.certain]
    if only and not taken and len(alone) == 1:
        found[only.id] = alone[0]
    judged = [e for e in whole if e.figure.kind is Kind.STATED and e.figure.certain]
    key = only.id if only else None
    if judged and (form.task.stated or key is None or (not found and not taken)):
        found[key] = judged[-1]
    for indicator_id, seen in found.items():
        yield StatedSaid(indicator_id, seen.figure.text, seen.figure.value)


def _is_own_share(seen: Seen, text: str, form: Form) -> bool:
    """Whether a percentage can be the task's: 完成25%的验收, 占全省25% are of something else."""
    is_share = seen.figure.kind in (Kind.PERCENT, Kind.STATED)
    return not is_share or is_explained(seen, text, form)


def _shares(
    whole: Sequence[Seen], taken: Mapping[Seen, Indicator]
) -> Iterator[tuple[Indicator, Seen]]:
    """A percentage belongs to the figure before it; 分别 to as many figures as there are."""
    counted: list[Seen] = []
    shares: list[Seen] = []
    for each, after in zip_longest(whole, whole[1:]):
        if counted and counted[-1].figure.sentence != each.figure.sentence:
            counted = []
        if each.figure.kind in (Kind.DONE, Kind.MONEY):
            counted = [each] if shares else [*counted, each]
            shares = []
        elif each.figure.kind is Kind.PERCENT and each.figure.certain:
            shares.append(each)
        if shares and (after is None or after.figure.kind is not Kind.PERCENT):
            same = shares if len(shares) == len(counted) else shares[:1]
            for one, share in zip(counted[-len(same) :], same, strict=False):
                if one in taken:
                    yield taken[one], share


def _may_fit(seen: Seen, indicator: Indicator) -> bool:
    """Whether its unit could be the indicator's, whatever its words say."""
    return fits(seen, indicator) or same_kind(seen.figure.unit, indicator.unit)


def _unused(whole: Sequence[Seen], missing: Sequence[Indicator]) -> Iterator[str]:
    """The figures that might be looked for where an indicator's own is not there."""
    kinds = (Kind.DONE, Kind.TARGET, Kind.OTHER, Kind.MONEY)
    near = [
        each.source
        for each in whole
        if each.figure.kind in kinds and any(_may_fit(each, indicator) for indicator in missing)
    ]
    yield from list(dict.fromkeys(near))[:_MOST_UNUSED]


def _others(
    seen: Sequence[Seen], counties: Sequence[FigureSaid], stated: Sequence[StatedSaid]
) -> Iterator[str]:
    """The figures that went nowhere: no county's, no percentage that was stated, no 三个县."""
    said = {each.text for each in counties} | {each.text for each in stated}
    left = (e for e in seen if e.figure.text not in said and not _is_in_passing(e))
    yield from dict.fromkeys(each.source for each in left)


def _is_in_passing(seen: Seen) -> bool:
    return seen.figure.value <= _FEW and _DIGIT.search(seen.figure.text) is None
