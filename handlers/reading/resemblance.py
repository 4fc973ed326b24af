"""How much one writing of a name resembles another, and whether the difference is a mere slip."""

from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq

#: Characters or syllables.
Written = str | tuple[str, ...]

_OFFICE_ENDS = frozenset("局委办厅会") | {"ju", "wei", "ban", "tin", "hui"}


def resemblance(asked: Written, called: Written) -> float:
    """Order of characters, pairs of neighbours, best window; each as a share of the query."""
    if len(asked) < 2 or set(asked).isdisjoint(called):
        return 0.0
    in_order = LCSseq.similarity(asked, called) / len(asked)
    pairs = set(pairwise(asked))
    neighbours = len(pairs.intersection(pairwise(called))) / len(pairs)
    window = fuzz.partial_ratio(asked, called) / 100
    return 100 * (0.45 * in_order + 0.25 * neighbours + 0.30 * window)


def is_slip_of(asked: Written, called: Written) -> bool:
    """Whether the query differs so little that it can be the name written carelessly.

    Left-out characters are one thing, other characters another: 州财政局 is not 州民政局, nor
    亮化工程 the 雪亮工程. What all offices share counts for nothing here, and two characters far
    apart are no short form.
    """
    if len(asked) == 2:
        after = (at for at, each in enumerate(called) if each == asked[0])
        return any(asked[1] in called[at + 1 : at + 3] for at in after)
    stem = asked[:-1] if asked[-1] in _OFFICE_ENDS else asked
    same = LCSseq.similarity(stem, called)
    if same == len(stem):
        return True
    return same / len(stem) >= 0.75 and is_near_a_run(stem, called, max(len(stem) // 4, 1))


def is_near_a_run(part: Written, whole: Written, slips: int) -> bool:
    """Whether a stretch of the name is the same but for so many slips.

    What is too much in the query is a slip only where the name begins: elsewhere it makes another
    word. Things picked out here and there mean nothing: there are only four hundred syllables.
    """
    return slips > 0 and any(
        OSA.distance(part, whole[at : at + size], score_cutoff=slips) <= slips
        for size in range(len(part) - 1, len(part) + 2)
        for at in range(max(len(whole) - size, 0) + 1)
        if size >= len(part) or at == 0
    )
