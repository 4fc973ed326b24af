"""Which task of a changed file is which task that people have reported on."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

#: From here on two titles without their figures are so near that a person should look.
_ALIKE = 85
#: Under the same number a title may change this much before it is another task's.
_RELATED = 55
#: More pairs than this are not compared for likeness: such a file is another programme.
_MOST_PAIRS = 250_000
_FIGURES = re.compile(r"[\d.,，％%]+|[\W_]+")


@dataclass(frozen=True)
class Listed:
    """A task as a file or the database has it; *names* are its title and everything it is called.

    *leads* are its lead units, *counts* the names of what it counts.
    """

    number: str
    title: str
    names: frozenset[str]
    leads: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()


@dataclass
class Matching:
    """The stored number of each new one that is the *same* task.

    *doubtful*: the same number under an unlike title, for a person to decide. *near*: a new task
    that resembles one which the file no longer has; it is taken as new and said to be so.
    """

    same: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)


def match_tasks(new: Sequence[Listed], stored: Sequence[Listed]) -> Matching:
    """Each task of *new* with the one of *stored* that it continues.

    A document that inserts an item shifts the numbers after it, and a year's plan is revised
    while it runs. So the title decides before the number: exactly, then by another name, then
    without its figures (新增学位3000个 and 3500个). A number with an unlike title continues its
    task only if somebody says so, by writing the old title among the new names.
    """
    found = Matching()
    for of_new, of_stored in _STEPS:
        _pair(found, new, stored, of_new, of_stored)
    kept = {two.number: two for two in _rest_of(stored, set(found.same.values()))}
    for one in _rest_of(new, set(found.same)):
        if (two := kept.get(one.number)) is not None:
            place = found.same if _is_related(one, two) else found.doubtful
            place[one.number] = two.number
    found.near = dict(_near(found, new, stored))
    return found


Keys = Callable[[Listed], Iterable[Hashable]]

#: What must be equal on both sides at each step, the surest first.
_STEPS: tuple[tuple[Keys, Keys], ...] = (
    (lambda one: [(one.number, one.title)], lambda two: [(two.number, two.title)]),
    (lambda one: [one.title], lambda two: [two.title]),
    (lambda one: one.names, lambda two: [two.title]),
    (lambda one: [(one.number, _bare(one.title))], lambda two: [(two.number, _bare(two.title))]),
    (lambda one: [_bare(one.title)], lambda two: [_bare(two.title)]),
)


def _pair(
    found: Matching,
    new: Sequence[Listed],
    stored: Sequence[Listed],
    of_new: Keys,
    of_stored: Keys,
) -> None:
    """Pair what shares a key with exactly one task of the other side."""
    theirs: dict[Hashable, list[Listed]] = defaultdict(list)
    for two in _rest_of(stored, set(found.same.values())):
        for key in filter(None, of_stored(two)):
            theirs[key].append(two)
    claims: dict[str, list[str]] = defaultdict(list)
    for one in _rest_of(new, set(found.same)):
        partners = {two.number for key in of_new(one) for two in theirs.get(key, ())}
        if len(partners) == 1:
            claims[partners.pop()].append(one.number)
    found.same |= {ones[0]: number for number, ones in claims.items() if len(ones) == 1}


def _near(
    found: Matching, new: Sequence[Listed], stored: Sequence[Listed]
) -> Iterator[tuple[str, str]]:
    """New tasks with the likest of those that are gone."""
    theirs = _rest_of(stored, {*found.same.values(), *found.doubtful.values()})
    ours = _rest_of(new, {*found.same, *found.doubtful})
    if len(theirs) * len(ours) > _MOST_PAIRS:
        return
    for one in ours:
        likest = max(theirs, key=lambda two: _likeness(one, two), default=None)
        if likest is not None and _likeness(one, likest) >= _ALIKE:
            yield one.number, likest.number


def _rest_of(tasks: Sequence[Listed], taken: set[str]) -> list[Listed]:
    return [each for each in tasks if each.number not in taken]


def _is_related(one: Listed, two: Listed) -> bool:
    if _likeness(one, two) >= _RELATED:
        return True
    return bool(one.counts) and one.counts == two.counts and one.leads == two.leads


def _likeness(one: Listed, two: Listed) -> float:
    """How alike two titles are from 0 to 100, without figures and punctuation."""
    first, second = _bare(one.title), _bare(two.title)
    return fuzz.ratio(first, second) if first and second else 0


def _bare(title: str) -> str:
    return _FIGURES.sub("", title)
