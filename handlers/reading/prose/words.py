"""The scan for words that say what a number is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True, eq=False)
class Scanner:
    """Finds the words of its classes; made when it is first used.

    The four take half a second to make, which a start should not wait for.
    """

    classes: tuple[tuple[Cue, str], ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All classes in one pattern; a class may stand twice: what is written first wins."""
        named = [
            (openers(words), f"(?P<{cue.value}_{place}>{words})")
            for place, (cue, words) in enumerate(self.classes)
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
    Scanner, (CLASSES_COUNTING, CLASSES_SHARING, CLASSES_PAYING, CLASSES_MODAL)
)


def all_hits(scanner: Scanner, text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
    """Every cue that *scanner* knows in ``text[start:end]``, in order."""
    return map(_hit, scanner.pattern.finditer(text, start, len(text) if end is None else end))


def _hit(match: re.Match[str]) -> Hit:
    return Hit(_CUES[match.lastgroup or ""], match.start(), match.end(), match[0])


def has(hits: Iterable[Hit], cue: Cue) -> bool:
    """Whether one of *hits* is *cue*."""
    return any(hit.cue is cue for hit in hits)
