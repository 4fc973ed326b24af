"""The scan for words that say what a number is."""

import re
from collections.abc import Iterable, Iterator

from handlers.reading.openers import led, openers
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.vocabulary import (
    CLASSES_COUNTING,
    CLASSES_MODAL,
    CLASSES_PAYING,
    CLASSES_SHARING,
)

#: By the name of the group, a cue and the place of its class.
_CUES = {f"{cue.value}_{place}": cue for cue in Cue for place in range(40)}


def _scanner(classes: Iterable[tuple[Cue, str]]) -> re.Pattern[str]:
    # A class may stand twice: what is written first wins where both fit.
    named = [
        (openers(words), f"(?P<{cue.value}_{i}>{words})") for i, (cue, words) in enumerate(classes)
    ]
    any_of_them = frozenset[str]().union(*(first for first, _ in named))
    return re.compile(led(any_of_them, f"(?:{'|'.join(led(*each) for each in named)})"))


#: Cues that alone may settle what a count is.
GOVERNING = frozenset(
    (
        *(Cue.SHORT, Cue.STUCK, Cue.UNDERWAY, Cue.SCOPE, Cue.RESULT, Cue.ACTIVITY, Cue.AIM),
        *(Cue.LEVEL, Cue.MORE, Cue.LESS, Cue.EXTENT),
    )
)
#: Verbs that nobody says of what is not over.
ENDED = frozenset(
    "完成 完成了 建成 竣工 完工 办结 建好 投入使用 投用 投产 交付 达到 实现 销号 通过".split()
)

COUNTING, SHARING, PAYING, MODAL = map(
    _scanner, (CLASSES_COUNTING, CLASSES_SHARING, CLASSES_PAYING, CLASSES_MODAL)
)


def all_hits(
    scanner: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> Iterator[Hit]:
    """Every cue that *scanner* knows in ``text[start:end]``, in order."""
    return map(_hit, scanner.finditer(text, start, len(text) if end is None else end))


def _hit(match: re.Match[str]) -> Hit:
    return Hit(_CUES[match.lastgroup or ""], match.start(), match.end(), match[0])


def has(hits: Iterable[Hit], cue: Cue) -> bool:
    """Whether one of *hits* is *cue*."""
    return any(hit.cue is cue for hit in hits)
