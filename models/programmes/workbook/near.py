"""Names that are nearly the same: what an unknown one may mean, which known ones may be one."""

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

#: From here on two names of four letters or more are asked about.
_ALIKE = 85
_PROBABLE, _THINKABLE = 60, 35


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that *name* most probably means; None where nothing is near."""
    near = process.extract(name, known, scorer=fuzz.ratio, limit=8, score_cutoff=_THINKABLE)
    best = max((word for word, *_ in near), key=lambda word: _likeness(name, word), default=None)
    return best if best and _likeness(name, best) >= _PROBABLE else None


def near_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of long names that differ in little: 国网湘西电力公司 and 国网湘西供电公司."""
    for one, other in combinations(names, 2):
        if abs(len(one) - len(other)) <= 2 and fuzz.ratio(one, other) >= _ALIKE:
            yield one, other


def _likeness(one: str, other: str) -> float:
    """How alike two names are; a short form is like its full name (州人社局)."""
    shorter = min(len(one), len(other))
    held = 100 * LCSseq.similarity(one, other) / shorter if shorter > 1 else 0
    return (fuzz.ratio(one, other) + 2 * held) / 3
