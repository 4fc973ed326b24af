"""Names that are nearly the same: what an unknown one may mean, which known ones may be one."""

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

#: From here on two names of four letters or more are asked about.
_ALIKE = 85
_PROBABLE = 60


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that *name* most probably means; None where nothing is near."""
    best = process.extractOne(name, known, scorer=_likeness, score_cutoff=_PROBABLE)
    return best[0] if best else None


def near_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of long names that differ in little: 国网湘西电力公司 and 国网湘西供电公司."""
    for one, other in combinations(names, 2):
        if abs(len(one) - len(other)) <= 2 and fuzz.ratio(one, other) >= _ALIKE:
            yield one, other


def _likeness(one: str, other: str, *, score_cutoff: float = 0, **_: object) -> float:
    """How alike two names are; a short form is like its full name (州人社局)."""
    shorter = min(len(one), len(other))
    held = 100 * LCSseq.similarity(one, other) / shorter if shorter > 1 else 0
    score = (fuzz.ratio(one, other) + 2 * held) / 3
    return score if score >= score_cutoff else 0
