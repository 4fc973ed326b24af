"""What an unknown name may mean: the nearest of the known ones."""

from collections.abc import Collection

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

_PROBABLE, _THINKABLE = 60, 35


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that *name* most probably means; None where nothing is near."""
    near = process.extract(name, known, scorer=fuzz.ratio, limit=8, score_cutoff=_THINKABLE)
    best = max((word for word, *_ in near), key=lambda word: _likeness(name, word), default=None)
    return best if best and _likeness(name, best) >= _PROBABLE else None


def _likeness(one: str, other: str) -> float:
    """How alike two names are; a short form is like its full name (州人社局)."""
    shorter = min(len(one), len(other))
    held = 100 * LCSseq.similarity(one, other) / shorter if shorter > 1 else 0
    return (fuzz.ratio(one, other) + 2 * held) / 3
