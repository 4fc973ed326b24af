"""The word classes: no word in two of them, and each word found as what it is listed for."""

from itertools import combinations

import pytest

from handlers.reading.prose.cues import Cue
from handlers.reading.prose.verbs import WORDS
from handlers.reading.prose.words import COUNTING, all_hits

_CUES = {
    "achieved": Cue.RESULT,
    "active": Cue.ACTIVITY,
    "reaching": Cue.SCOPE,
    "described": Cue.EXTENT,
}


@pytest.mark.parametrize(("one", "two"), list(combinations(WORDS, 2)))
def test_no_word_is_in_two_classes(one: str, two: str) -> None:
    assert not WORDS[one] & WORDS[two]


@pytest.mark.parametrize("name", WORDS)
def test_each_word_is_found_whole_and_as_listed(name: str) -> None:
    lost = []
    for word in sorted(word for word in WORDS[name] if word.isalpha()):
        hits = list(all_hits(COUNTING, f"{word}12个"))
        if [(hit.cue, hit.text) for hit in hits[:1]] != [(_CUES[name], word)]:
            lost.append(f"{word}: {[(hit.cue.value, hit.text) for hit in hits]}")

    assert not lost
